"""Orders as they are listed and shown."""

import json

import pytest

from unit.cli.fake_api import ORDER, ORDER_ID, FakeApi, problem


def orders(count: int, **changed: object) -> list[dict]:
    return [{**ORDER, "order_id": f"pl_{number:026d}", **changed} for number in range(count)]


def test_the_list_fits_eighty_columns_without_rules_or_colours(api: FakeApi) -> None:
    widest = {"status": "partially_refunded", "amount": "99999999.00", "attention": ["second_charge"]}
    api.answers("GET /orders", {"orders": [*orders(2), *orders(1, **widest)], "cursor": None})
    result = api.run("orders", "list")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["ORDER", "CREATED", "UTC", "STATUS", "AMOUNT"]
    assert lines[1].split() == [f"pl_{0:026d}", "11-22", "10:00", "paid", "1", "500.00", "KZT"]
    assert "part. refunded !" in lines[3]
    assert lines[3].endswith("99 999 999.00 KZT")
    assert max(map(len, lines)) <= 80
    assert result.stdout.isascii()
    assert "\x1b" not in result.output
    assert "needs attention" in result.stderr


def test_a_wide_terminal_shows_what_was_sold(api: FakeApi) -> None:
    api.answers("GET /orders", {"orders": orders(1), "cursor": None})
    assert "Чашка кофе" in api.run("orders", "list", env={"COLUMNS": "120"}).stdout


def test_the_filters_go_along(api: FakeApi) -> None:
    api.answers("GET /orders", {"orders": [], "cursor": None})
    result = api.run("orders", "list", "--day", "2026-11-22", "--status", "paid", "--attention")
    assert result.exit_code == 0
    assert (result.stdout, result.stderr) == ("", "No orders.\n")
    assert api.asked[0].query == {"day": "2026-11-22", "status": "paid", "attention": "true", "limit": "100"}


@pytest.mark.parametrize("words", [("--day", "yesterday"), ("--status", "paying"), ("--limit", "0")])
def test_a_wrong_filter_is_wrong_use(api: FakeApi, words: tuple[str, ...]) -> None:
    result = api.run("orders", "list", *words)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert api.asked == []


def test_it_follows_the_cursor_over_empty_pages_and_says_where_it_stopped(api: FakeApi) -> None:
    api.answers("GET /orders", {"orders": orders(2), "cursor": "one"})
    api.answers("GET /orders", {"orders": [], "cursor": "two"})
    api.answers("GET /orders", {"orders": orders(1), "cursor": "three"})
    result = api.run("orders", "list", "--limit", "3", "--status", "paid")
    assert len(result.stdout.splitlines()) == 4
    assert "--cursor three" in result.stderr
    assert [(asked.query.get("cursor"), asked.query["limit"]) for asked in api.asked] == [
        (None, "3"),
        ("one", "1"),
        ("two", "1"),
    ]


def test_without_a_filter_the_latest_orders_do(api: FakeApi) -> None:
    api.answers("GET /orders", {"orders": [], "cursor": "one"})
    api.answers("GET /orders", {"orders": orders(2), "cursor": "two"})
    result = api.run("orders", "list")
    assert len(result.stdout.splitlines()) == 3
    assert result.stderr == "There may be more: add --cursor two or --all\n"
    assert len(api.asked) == 2


def test_all_of_them(api: FakeApi) -> None:
    api.answers("GET /orders", {"orders": orders(100), "cursor": "one"})
    api.answers("GET /orders", {"orders": orders(7), "cursor": None})
    result = api.run("orders", "list", "--all", "--json", "--cursor", "zero")
    content = json.loads(result.stdout)
    assert (len(content["orders"]), content["cursor"]) == (107, None)
    assert [asked.query["cursor"] for asked in api.asked] == ["zero", "one"]


def test_one_order_whole(api: FakeApi) -> None:
    order = {
        **ORDER,
        "test": True,
        "attention": ["second_charge", "outcome_unknown"],
        "refunded_amount": "500.00",
        "refunds": [
            {
                "refund_id": "77",
                "payment_id": "900001",
                "amount": "500.00",
                "currency": "KZT",
                "source": "external",
            }
        ],
        "operations": [
            {
                "id": "o1",
                "kind": "refund",
                "status": "refused",
                "amount": "9.00",
                "currency": "KZT",
                "created_at": "2026-11-22T11:00:00.000Z",
                "gateway_code": 340,
                "gateway_description": "Not enough money on the account of the shop for this refund",
            }
        ],
        "operation": {
            "id": "o2",
            "kind": "capture",
            "status": "unknown",
            "created_at": "2026-11-22T12:00:00.000Z",
        },
    }
    api.answers(f"GET /orders/{ORDER_ID}", order)
    result = api.run("orders", "show", ORDER_ID)
    assert result.exit_code == 0
    text = result.stdout
    for part in (
        f"{ORDER_ID} (test)",
        "second charge, outcome unknown",
        "Чашка кофе",
        "2026-11-22 10:01:00 UTC",
        "table=7",
        "1 x coffee",
        "external",
        "340 Not enough",
        "capture",
        "unknown",
    ):
        assert part in text
    assert max(map(len, text.splitlines())) <= 80
    assert f"paylink orders resolve {ORDER_ID}" in result.stderr


def test_one_order_as_json(api: FakeApi) -> None:
    api.answers(f"GET /orders/{ORDER_ID}", ORDER)
    assert json.loads(api.run("orders", "show", ORDER_ID, "--json").stdout) == ORDER


def test_nothing_in_an_order_steers_the_terminal(api: FakeApi) -> None:
    evil = {
        **ORDER,
        "description": "\x1b[2J\u202eevil [red]markup[/red] :smile:",
        "reference": "one\ntwo",
        "metadata": {"a": "\x07"},
    }
    api.answers(f"GET /orders/{ORDER_ID}", evil)
    result = api.run("orders", "show", ORDER_ID)
    assert result.exit_code == 0
    assert not [mark for mark in ("\x1b", "\x07", "\u202e") if mark in result.output]
    assert "[red]markup[/red] :smile:" in result.stdout
    assert "one two" in result.stdout


def test_a_problem_cannot_steer_it_either(api: FakeApi) -> None:
    api.answers(f"GET /orders/{ORDER_ID}", problem(404, "x", "no\x1b[31m\nsuch"), 404)
    result = api.run("orders", "show", ORDER_ID)
    assert result.exit_code == 1
    assert "\x1b" not in result.output
    assert result.stderr.count("\n") == 1


def test_an_api_that_is_none_is_one_line(api: FakeApi) -> None:
    result = api.run("orders", "show", ORDER_ID)
    assert result.exit_code == 1
    assert result.stderr == "Error: this API has no such route; is it a Paylink of this version?\n"


@pytest.mark.parametrize(
    ("status", "content", "code", "said"),
    [
        (403, {"message": "Forbidden"}, 1, "execute-api:Invoke"),
        (429, {"message": "Too Many Requests"}, 1, "too many"),
        (500, {"message": "Internal Server Error"}, 3, "answered 500 Internal Server Error"),
        (200, b"<html>", 3, "without JSON"),
        (301, b"", 3, "without JSON"),
    ],
)
def test_answers_of_others_than_paylink(
    api: FakeApi, status: int, content: object, code: int, said: str
) -> None:
    api.answers(f"GET /orders/{ORDER_ID}", content, status)
    result = api.run("orders", "show", ORDER_ID)
    assert result.exit_code == code
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
