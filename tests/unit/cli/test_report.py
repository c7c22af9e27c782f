"""What was paid, refunded and not paid, by day."""

import csv
import json
from datetime import UTC, date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paylink_cli.sums import by_day
from unit.cli.fake_api import ORDER, FakeApi

DAYS = ("--from", "2026-11-20", "--to", "2026-11-22")


def order(created: str, **changed: object) -> dict[str, Any]:
    return {**ORDER, "created_at": created, **changed}


def test_each_day_has_its_sums_for_each_currency_and_mode() -> None:
    failed = {"status": "failed", "captured_amount": "0.00", "amount": "70.00"}
    orders = [
        order("2026-11-20T00:00:00.000Z"),
        order("2026-11-20T23:59:59.999Z", refunded_amount="500.00", status="partially_refunded"),
        order("2026-11-22T10:00:00.000Z", **failed),
        order("2026-11-22T10:00:00.000Z", **{**failed, "status": "pending"}),
        order("2026-11-22T10:00:00.000Z", currency="USD", captured_amount="0.10"),
        order("2026-11-22T10:00:00.000Z", test=True),
        order("2026-11-23T00:00:00.000Z"),
    ]
    days = [date(2026, 11, day) for day in (20, 21, 22)]
    sums = by_day(orders, days, UTC)
    keys = [(line.test, line.currency, line.day.day) for line in sums]
    assert keys == [
        *((False, currency, day) for currency in ("KZT", "USD") for day in (20, 21, 22)),
        *((True, "KZT", day) for day in (20, 21, 22)),
    ]
    first, second, third = sums[:3]
    assert (first.orders, first.paid_orders, first.paid) == (2, 2, Decimal("3000.00"))
    assert (first.refunded_orders, first.refunded, first.kept) == (1, Decimal("500.00"), Decimal("2500.00"))
    assert (second.orders, second.paid) == (0, 0)
    assert (third.orders, third.paid_orders, third.failed_orders, third.failed) == (2, 0, 1, Decimal("70.00"))
    assert sums[5].paid == Decimal("0.10")


@given(st.lists(st.integers(1, 10**10), max_size=50))
def test_sums_are_exact(minors: list[int]) -> None:
    orders = [
        order("2026-11-20T10:00:00.000Z", captured_amount=f"{minor // 100}.{minor % 100:02d}")
        for minor in minors
    ]
    sums = by_day(orders, [date(2026, 11, 20)], UTC)
    assert sum((line.paid for line in sums), Decimal(0)) * 100 == sum(minors)


def test_a_day_begins_where_the_shop_is() -> None:
    orders = [order("2026-11-20T18:59:59.000Z"), order("2026-11-20T19:00:00.000Z")]
    sums = by_day(orders, [date(2026, 11, 20), date(2026, 11, 21)], ZoneInfo("Asia/Almaty"))
    assert [line.orders for line in sums] == [1, 1]


def test_the_days_that_are_asked_for_cover_the_zones_own(api: FakeApi) -> None:
    api.answers("GET /orders", {"orders": [], "cursor": None})
    result = api.run("report", *DAYS, "--zone", "Asia/Almaty")
    assert result.exit_code == 0
    assert result.stderr == "No orders from 2026-11-20 to 2026-11-22.\n"
    assert [asked.query["day"] for asked in api.asked] == [f"2026-11-{day}" for day in (19, 20, 21, 22)]


def two_days(api: FakeApi) -> FakeApi:
    paid = [order("2026-11-20T10:00:00.000Z", captured_amount="100000.00", refunded_amount="50000.00")]
    api.answers("GET /orders", {"orders": paid, "cursor": "next"})
    api.answers(
        "GET /orders", {"orders": [order("2026-11-20T09:00:00.000Z", captured_amount="0.01")], "cursor": None}
    )
    api.answers("GET /orders", {"orders": [], "cursor": None})
    failed = order("2026-11-22T10:00:00.000Z", status="failed", captured_amount="0.00")
    return api.answers("GET /orders", {"orders": [failed, order("2026-11-22T10:00:00.000Z")], "cursor": None})


def test_a_chart_of_days_in_eighty_columns(api: FakeApi) -> None:
    result = two_days(api).run("report", *DAYS)
    assert result.exit_code == 0
    title, heads, *rows = result.stdout.splitlines()
    assert title == "KZT (# kept, - given back)"
    assert heads.split() == ["DAY", "PAID", "REFUNDED", "FAILED"]
    assert [row.split()[0] for row in rows] == ["2026-11-20", "2026-11-21", "2026-11-22", "Total"]
    assert "100 000.01 (2)" in rows[0]
    assert "101 500.01 (3)" in rows[3]
    assert max(map(len, result.stdout.splitlines())) <= 80
    first, none, least = rows[0], rows[1], rows[2]
    bar = first.split()[-1]
    assert set(bar) == {"#", "-"}
    assert abs(bar.count("#") - bar.count("-")) <= 1
    assert len(first) == 80
    assert "#" not in none
    assert least.count("#") == 1
    assert result.stdout.isascii()
    assert [asked.query.get("cursor") for asked in api.asked] == [None, "next", None, None]


def test_as_csv(api: FakeApi) -> None:
    result = two_days(api).run("report", *DAYS, "--csv")
    rows = list(csv.DictReader(result.stdout.splitlines()))
    assert [row["day"] for row in rows] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert rows[0] == {
        "day": "2026-11-20",
        "currency": "KZT",
        "mode": "live",
        "orders": "2",
        "paid_orders": "2",
        "paid": "100000.01",
        "refunded_orders": "1",
        "refunded": "50000.00",
        "failed_orders": "0",
        "failed": "0",
    }


def test_as_json(api: FakeApi) -> None:
    content = json.loads(two_days(api).run("report", *DAYS, "--json").stdout)
    assert [(day["day"], day["paid"]) for day in content["days"]] == [
        ("2026-11-20", "100000.01"),
        ("2026-11-21", "0"),
        ("2026-11-22", "1500.00"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "2026-11-22", "--to", "2026-11-20"), "later than"),
        (("--from", "2020-01-01", "--to", "2026-11-20"), "at most 366"),
        (("--zone", "Asia/Nowhere"), "Asia/Almaty"),
        (("--from", "soon"), "soon"),
        (("--csv", "--json"), "exclude each other"),
    ],
)
def test_wrong_use_is_one_line(api: FakeApi, words: tuple[str, ...], said: str) -> None:
    result = api.run("report", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert api.asked == []


def test_without_dates_it_is_two_weeks(api: FakeApi) -> None:
    api.answers("GET /orders", {"orders": [], "cursor": None})
    assert api.run("report").exit_code == 0
    assert len(api.asked) == 14
