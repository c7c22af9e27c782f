"""The operator's orders: listed by day, newest first, filtered, page by page; and one by its id."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.deployment import Deployment
from integration.stored_orders import stored_order
from paylink.app import list_orders
from paylink.app.list_orders import ListOrders
from paylink.domain.order import Attention, Order, Status
from paylink.domain.order_query import OrderQuery, Spot

from .desk import Answer, Desk

TODAY = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
Made = Callable[..., str]


@pytest.fixture
def make_order(deployment: Deployment) -> Made:
    """Puts an order made at a moment into the table; its id, which sorts as the orders were made."""
    numbers = iter(range(10_000))

    def make(created_at: datetime, status: Status = Status.PENDING, **more: Any) -> str:
        order_id = f"pl_0{next(numbers):025}"
        deployment.put_order(stored_order(status, order_id=order_id, created_at=created_at, **more))
        return order_id

    return make


@pytest.fixture
def desk_today(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(desk.function.parts.routes.orders._orders, "_now", lambda: TODAY)
    return desk


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.content
    return [order["order_id"] for order in answer.content["orders"]]


def every_page(desk: Desk, **parameters: object) -> list[list[str]]:
    pages: list[list[str]] = []
    cursor = None
    while len(pages) < 50:
        answer = desk.orders(**parameters, **({} if cursor is None else {"cursor": cursor}))
        pages.append(ids(answer))
        cursor = answer.content["cursor"]
        if cursor is None:
            return pages
    raise AssertionError("the list has no end")


def test_a_days_orders_newest_first(desk: Desk, make_order: Made) -> None:
    made = [make_order(TODAY + timedelta(minutes=minute)) for minute in (0, 1, 2)]
    make_order(TODAY - timedelta(days=1))
    make_order(TODAY + timedelta(days=1))
    answer = desk.orders(day="2026-03-10")
    assert ids(answer) == made[::-1]
    assert answer.content["cursor"] is None


def test_a_day_is_utc_from_its_first_to_its_last_millisecond(desk: Desk, make_order: Made) -> None:
    midnight = datetime(2026, 3, 10, tzinfo=UTC)
    first = make_order(midnight)
    last = make_order(midnight + timedelta(days=1, milliseconds=-1))
    make_order(midnight - timedelta(milliseconds=1))
    make_order(midnight + timedelta(days=1))
    assert ids(desk.orders(day="2026-03-10")) == [last, first]


def test_a_day_without_orders(desk: Desk) -> None:
    assert desk.orders(day="2026-03-10").content == {"orders": [], "cursor": None}


def test_without_a_day_the_list_goes_back_from_today(desk_today: Desk, make_order: Made) -> None:
    ages = [400, 366, 100, 40, 31, 30, 3, 2, 1, 0]
    made = [make_order(TODAY - timedelta(days=age) + timedelta(seconds=age)) for age in ages]
    expected = sorted(made[1:], key=lambda order_id: made_at(desk_today, order_id), reverse=True)
    pages = every_page(desk_today)
    assert [order_id for page in pages for order_id in page] == expected
    assert len(pages) > 1


def made_at(desk: Desk, order_id: str) -> str:
    answer = desk.order(order_id)
    created_at: str = answer.content["created_at"]
    return created_at


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 100])
def test_pages_hold_every_order_once(desk_today: Desk, make_order: Made, limit: int) -> None:
    # Several in one millisecond: the cursor has to tell them apart.
    moments = [TODAY, TODAY, TODAY, TODAY - timedelta(hours=1), *[TODAY - timedelta(days=2)] * 3]
    made = {make_order(moment) for moment in moments}
    pages = every_page(desk_today, limit=limit)
    listed = [order_id for page in pages for order_id in page]
    assert len(listed) == len(made)
    assert set(listed) == made
    assert all(len(page) <= limit for page in pages)


def test_a_full_last_page_of_a_day_has_no_next_one(desk: Desk, make_order: Made) -> None:
    for minute in range(4):
        make_order(TODAY + timedelta(minutes=minute))
    assert [len(page) for page in every_page(desk, day="2026-03-10", limit=2)] == [2, 2]


def test_by_status(desk: Desk, make_order: Made) -> None:
    made = {status: make_order(TODAY, status) for status in Status}
    for status, order_id in made.items():
        assert ids(desk.orders(day="2026-03-10", status=status.value)) == [order_id]


def test_by_attention(desk: Desk, make_order: Made) -> None:
    calm = make_order(TODAY)
    urgent = make_order(TODAY, Status.PAID, attention=(Attention.SECOND_CHARGE,))
    other = make_order(TODAY, Status.PENDING, attention=(Attention.AMOUNT_MISMATCH,))
    assert set(ids(desk.orders(day="2026-03-10", attention="true"))) == {urgent, other}
    assert ids(desk.orders(day="2026-03-10", attention="false")) == [calm]
    assert ids(desk.orders(day="2026-03-10", attention="true", status="paid")) == [urgent]


def test_a_filter_finds_what_lies_behind_many_others(
    desk: Desk, make_order: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_orders, "MOST_LISTED", 4)
    monkeypatch.setattr(list_orders, "MOST_LOOKED", 8)
    wanted = make_order(TODAY, Status.PAID)
    for minute in range(1, 21):
        make_order(TODAY + timedelta(minutes=minute))
    pages = every_page(desk, day="2026-03-10", status="paid")
    assert [order_id for page in pages for order_id in page] == [wanted]
    assert pages[0] == [], "one request looks at so many, then lets the caller go on"


def test_a_row_that_is_gone_is_left_out(desk: Desk, make_order: Made, deployment: Deployment) -> None:
    kept, gone = make_order(TODAY), make_order(TODAY)
    lists = desk.function.parts.routes.orders._orders._orders
    keys, is_last = lists.day(Spot(TODAY.date()), 10)
    assert ([key.order_id for key in keys], is_last) == ([gone, kept], True)
    deployment.dynamodb.delete_item(TableName=deployment.table, Key={"pk": {"S": gone}, "sk": {"S": "order"}})
    assert set(lists.orders([kept, gone])) == {kept}


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({"day": "2026-3-1"}, ["day"]),
        ({"day": "20260310"}, ["day"]),
        ({"day": "2026-02-30"}, ["day"]),
        ({"day": "0001-01-01"}, ["day"]),
        ({"day": "today"}, ["day"]),
        ({"status": "payed"}, ["status"]),
        ({"status": "PAID"}, ["status"]),
        ({"attention": "yes"}, ["attention"]),
        ({"limit": "0"}, ["limit"]),
        ({"limit": "101"}, ["limit"]),
        ({"limit": "-1"}, ["limit"]),
        ({"limit": "1.5"}, ["limit"]),
        ({"limit": "%D9%A1"}, ["limit"]),
        ({"page": "2"}, ["page"]),
        ({"cursor": ""}, ["cursor"]),
        ({"cursor": "next"}, ["cursor"]),
        ({"day": "x", "status": "y", "attention": "z", "limit": "w", "v": "u"}, None),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    desk: Desk, parameters: dict[str, str], wrong: list[str] | None
) -> None:
    expected = wrong or ["day", "status", "attention", "limit", "v"]
    assert sorted(desk.orders(**parameters).wrong_fields) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10 2026-03-10T12:00:00.000Z",
        "2026-03-10 2026-03-10T12:00:00.000Z pl_x",
        "2026-03-10 2026-03-09T12:00:00.000Z pl_00000000000000000000000000",
        "2026-03-10 2026-03-10T12:00:00Z pl_00000000000000000000000000",
        "2026-03-10 2026-03-10T12:00:00.000Z pl_00000000000000000000000000 more",
        "2026-03-10 ",
        "links",
        "",
    ],
)
def test_a_cursor_of_ones_own_making_is_refused(desk: Desk, text: str) -> None:
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    assert desk.orders(cursor=cursor).wrong_fields == ["cursor"]


def test_a_cursor_of_another_day_is_refused(desk: Desk, make_order: Made) -> None:
    for minute in range(2):
        make_order(TODAY + timedelta(minutes=minute))
    cursor = desk.orders(day="2026-03-10", limit=1).content["cursor"]
    assert desk.orders(day="2026-03-11", cursor=cursor).wrong_fields == ["cursor"]
    assert len(ids(desk.orders(day="2026-03-10", cursor=cursor))) == 1


def test_an_order_by_its_id(desk: Desk, deployment: Deployment) -> None:
    order = stored_order(Status.PAID, attention=(Attention.SECOND_CHARGE,))
    deployment.put_order(order)
    answer = desk.order(order.order_id)
    assert answer.status == 200
    told = answer.content
    assert told["order_id"] == order.order_id
    assert (told["status"], told["attention"], told["sequence"]) == ("paid", ["second_charge"], 2)
    assert (told["amount"], told["captured_amount"], told["refunded_amount"]) == (
        "1500.00",
        "1500.00",
        "0.00",
    )
    assert told["payments"] == [
        {
            "payment_id": order.payment_id,
            "status": "paid",
            "amount": "1500.00",
            "currency": "KZT",
            "captured": "1500.00",
            "refunded": "0.00",
        }
    ]
    assert (told["operation"], told["operations"], told["refunds"]) == (None, [], [])
    for hidden in (order.redirect_url, order.fingerprint):
        assert hidden is not None
        assert hidden not in str(told), "whoever reads the order cannot pay or forge it"


@pytest.mark.parametrize("order_id", ["pl_7zzzzzzzzzzzzzzzzzzzzzzzzz", "coffee", "links", "pl_", "x" * 3000])
def test_an_unknown_order(desk: Desk, order_id: str) -> None:
    answer = desk.order(order_id)
    assert answer.problem == (404, "order_unknown")


def test_one_request_looks_no_further_than_its_bounds() -> None:
    asked: list[Any] = []

    class Empty:
        def day(self, spot: Any, most: int) -> tuple[list[Any], bool]:
            asked.append((spot.day, most))
            return [], True

        def orders(self, ids: Any) -> dict[str, Order]:
            assert list(ids) == []
            return {}

    found, cursor = ListOrders(Empty(), lambda: TODAY)(OrderQuery())
    assert found == []
    assert cursor is not None
    assert len(asked) == list_orders.MOST_DAYS
