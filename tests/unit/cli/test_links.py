"""Links: what the options stand for, and how an edit leaves the rest alone."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from unit.cli.fake_api import FakeApi, problem

URL = "https://pay.example.com/pay/coffee"
COFFEE: dict[str, Any] = {
    "id": "coffee",
    "title": {"ru": "Кофе", "kz": "Кофе"},
    "price": "1500.00",
    "currency": "KZT",
    "limit": 10,
    "active": True,
    "capture": "automatic",
    "url": URL,
}
UNKNOWN = problem(404, "link_unknown", "There is no link named 'coffee'.")


def creating(api: FakeApi) -> FakeApi:
    return api.answers("GET /links/coffee", UNKNOWN, 404).answers("PUT /links/coffee", COFFEE)


def test_what_cannot_be_read_is_put_anew(api: FakeApi) -> None:
    broken = problem(409, "link_unreadable", "The table's row of coffee holds no link.")
    api.answers("GET /links/coffee", broken, 409).answers("PUT /links/coffee", COFFEE)
    words = ("--title", "Coffee", "--price", "1500", "--currency", "KZT")
    result = api.run("links", "create", "coffee", *words)
    assert result.exit_code == 0, result.stderr
    assert put(api)["price"] == "1500"


def put(api: FakeApi) -> dict[str, Any]:
    (asked,) = api.of("PUT")
    body: dict[str, Any] = asked.body
    return body


def test_the_options_make_the_link(api: FakeApi) -> None:
    words = shlex.split(
        "--title Coffee --price 1500 --currency KZT --limit 10 --quantity-max 3 --language kz --live --inactive "
        "--field phone:required --field name --metadata till=2 --metadata shop=a=b --capture manual "
        "--opens-at 2026-12-31T18:00:00+05:00 --receipt-tax-type 0 --receipt-gtin 123 --image-url https://a.example/i"
    )
    result = creating(api).run("links", "create", "coffee", *words)
    assert result.exit_code == 0, result.stderr
    assert put(api) == {
        "title": "Coffee",
        "price": "1500",
        "currency": "KZT",
        "limit": 10,
        "quantity": {"max": 3},
        "language": "kz",
        "test": False,
        "active": False,
        "fields": [{"name": "phone", "required": True}, {"name": "name", "required": False}],
        "metadata": {"till": "2", "shop": "a=b"},
        "capture": "manual",
        "opens_at": "2026-12-31T13:00:00.000Z",
        "receipt": {"tax_type": 0, "gtin": "123"},
        "image_url": "https://a.example/i",
    }
    assert result.stdout.splitlines()[-1] == URL


def test_texts_by_language_and_an_amount_of_the_buyers(api: FakeApi) -> None:
    result = creating(api).run(
        *("links", "create", "coffee", "--title-in", "ru", "Подарок", "--title-in", "kz", "Сыйлық"),
        *("--amount-min", "500", "--amount-max", "50000", "--currency", "KZT"),
    )
    assert result.exit_code == 0, result.stderr
    assert put(api) == {
        "title": {"ru": "Подарок", "kz": "Сыйлық"},
        "amount": {"min": "500", "max": "50000"},
        "currency": "KZT",
    }


@pytest.mark.parametrize("named", [True, False])
def test_a_file_makes_the_link_and_options_go_over_it(api: FakeApi, tmp_path: Path, *, named: bool) -> None:
    file = tmp_path / "link.json"
    file.write_text(json.dumps(COFFEE).replace('"1500.00"', "1500.10"), encoding="utf-8")
    words = ("coffee",) if named else ()
    result = creating(api).run("links", "create", *words, "--file", str(file), "--limit", "5")
    assert result.exit_code == 0, result.stderr
    # A number with decimals stays what was written, and what the API adds is not sent back.
    assert put(api) == {**{k: v for k, v in COFFEE.items() if k != "url"}, "price": "1500.10", "limit": 5}


def test_a_link_that_is_there_is_not_overwritten(api: FakeApi) -> None:
    api.answers("GET /links/coffee", COFFEE)
    result = api.run("links", "create", "coffee", "--title", "x", "--price", "1", "--currency", "KZT")
    assert result.exit_code == 1
    assert "paylink links edit coffee" in result.stderr
    assert api.of("PUT") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "--title", "x"), "name it"),
        (("create", "coffee", "--title", "x", "--title-in", "ru", "y"), "--title and --title-in"),
        (("create", "coffee", "--field", "phone:maybe"), "phone:required"),
        (("create", "coffee", "--metadata", "x"), "NAME=VALUE"),
        (("create", "coffee", "--opens-at", "tomorrow"), "12h"),
        (("create", "coffee", "--file", "nowhere.json"), "nowhere.json cannot be read"),
        (("edit", "coffee"), "what shall change?"),
        (("qr", "coffee", "--out", "coffee.gif"), ".svg or .png"),
    ],
)
def test_wrong_use_is_one_line_and_reaches_nobody(api: FakeApi, words: tuple[str, ...], said: str) -> None:
    result = api.run("links", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert api.asked == []


@pytest.mark.parametrize("text", ["[]", "{", "\\xff"])
def test_a_file_that_is_no_link_is_wrong_use(api: FakeApi, tmp_path: Path, text: str) -> None:
    file = tmp_path / "link.json"
    file.write_bytes(text.encode().decode("unicode_escape").encode("latin-1"))
    result = api.run("links", "create", "coffee", "--file", str(file))
    assert result.exit_code == 2
    assert "link.json" in result.stderr


def test_an_edit_changes_what_is_named_and_nothing_else(api: FakeApi) -> None:
    api.answers("GET /links/coffee", COFFEE).answers("PUT /links/coffee", COFFEE)
    result = api.run("links", "edit", "coffee", "--price", "1700", "--unset", "limit")
    assert result.exit_code == 0, result.stderr
    assert put(api) == {
        **{k: v for k, v in COFFEE.items() if k not in {"url", "limit"}},
        "price": "1700",
    }


@pytest.mark.parametrize(
    ("words", "gone", "there"),
    [
        (("--amount-min", "1", "--amount-max", "2"), "price", ("amount", {"min": "1", "max": "2"})),
        (("--title", "Coffee"), "url", ("title", "Coffee")),
        (("--inactive",), "url", ("active", False)),
    ],
)
def test_a_price_and_a_choice_replace_each_other(
    api: FakeApi, words: tuple[str, ...], gone: str, there: tuple[str, object]
) -> None:
    api.answers("GET /links/coffee", COFFEE).answers("PUT /links/coffee", COFFEE)
    assert api.run("links", "edit", "coffee", *words).exit_code == 0
    assert gone not in put(api)
    assert put(api)[there[0]] == there[1]


def test_a_part_of_a_nested_field_is_changed_alone(api: FakeApi) -> None:
    gift = {**COFFEE, "amount": {"min": "500.00", "max": "900.00", "suggested": "600.00"}}
    del gift["price"]
    api.answers("GET /links/coffee", gift).answers("PUT /links/coffee", gift)
    assert api.run("links", "edit", "coffee", "--amount-max", "1000").exit_code == 0
    assert put(api)["amount"] == {"min": "500.00", "max": "1000", "suggested": "600.00"}


def test_a_change_of_somebody_else_in_between_is_not_undone(api: FakeApi) -> None:
    api.answers("GET /links/coffee", COFFEE).answers("GET /links/coffee", {**COFFEE, "price": "1.00"})
    result = api.run("links", "edit", "coffee", "--limit", "5")
    assert result.exit_code == 1
    assert "somebody else" in result.stderr
    assert api.of("PUT") == []


def test_what_is_not_there_cannot_be_unset(api: FakeApi) -> None:
    api.answers("GET /links/coffee", COFFEE)
    result = api.run("links", "edit", "coffee", "--unset", "closes_at")
    assert result.exit_code == 2
    assert "closes_at" in result.stderr


def test_the_list_goes_over_all_pages(api: FakeApi) -> None:
    gift = {"id": "gift", "title": "x" * 200, "amount": {"min": "1.00", "max": "2.00"}, "currency": "KZT"}
    api.answers("GET /links", {"links": [COFFEE], "cursor": "coffee"})
    api.answers("GET /links", {"links": [{**gift, "active": False}], "cursor": None})
    result = api.run("links", "list")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["LINK", "PRICE", "STATE", "TITLE"]
    assert lines[1].split() == ["coffee", "1", "500.00", "KZT", "on", "sale", "Кофе"]
    assert lines[2].startswith("gift    1.00 to 2.00 KZT  off")
    assert lines[2].endswith("x…")
    assert max(map(len, lines)) == 80
    assert api.asked[1].query == {"cursor": "coffee"}


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, "on sale"),
        ({"active": False}, "off"),
        ({"opens_at": "2999-01-01T00:00:00.000Z"}, "not yet"),
        ({"closes_at": "2020-01-01T00:00:00.000Z"}, "closed"),
    ],
)
def test_the_state_is_what_a_buyer_would_find(api: FakeApi, changed: dict[str, object], state: str) -> None:
    api.answers("GET /links", {"links": [{**COFFEE, **changed}], "cursor": None})
    assert f" {state} " in api.run("links", "list").stdout


def test_the_list_as_json_is_one_list(api: FakeApi) -> None:
    api.answers("GET /links", {"links": [COFFEE], "cursor": "coffee"})
    api.answers("GET /links", {"links": [COFFEE], "cursor": None})
    assert json.loads(api.run("links", "list", "--json").stdout) == {
        "links": [COFFEE, COFFEE],
        "cursor": None,
    }


def test_a_list_that_never_ends_is_given_up(api: FakeApi) -> None:
    api.answers("GET /links", {"links": [], "cursor": "same"})
    assert api.run("links", "list").exit_code == 3
    assert len(api.asked) == 2


def test_off_is_a_delete(api: FakeApi) -> None:
    api.answers("DELETE /links/coffee", {**COFFEE, "active": False})
    result = api.run("links", "off", "coffee")
    assert (result.exit_code, result.stdout) == (0, "Off sale: coffee\n")


def test_show_tells_all_of_it(api: FakeApi) -> None:
    more = {
        "description": "Filter",
        "closes_at": "2026-12-31T13:00:00.000Z",
        "fields": [{"name": "phone", "required": True}],
        "capture": "manual",
        "test": True,
        "metadata": {"till": "2"},
    }
    api.answers("GET /links/coffee", {**COFFEE, **more})
    text = api.run("links", "show", "coffee").stdout
    for part in (
        "Title (kz)",
        "1 500.00 KZT",
        "2026-12-31 13:00:00 UTC",
        "phone (required)",
        "manual",
        "test",
        "till=2",
        "Filter",
    ):
        assert part in text
    assert text.splitlines()[-1] == URL


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_picture_is_fetched_and_written(api: FakeApi, tmp_path: Path, ending: str) -> None:
    api.answers("GET /links/coffee", COFFEE).answers(f"GET /pay/coffee/qr.{ending}", b"\x89picture")
    file = tmp_path / f"coffee.{ending}"
    result = api.run("links", "qr", "coffee", "--out", str(file))
    assert result.exit_code == 0
    assert file.read_bytes() == b"\x89picture"
    assert URL in result.stdout


def test_a_picture_that_cannot_be_written_is_one_line(api: FakeApi, tmp_path: Path) -> None:
    api.answers("GET /links/coffee", COFFEE).answers("GET /pay/coffee/qr.svg", b"x")
    result = api.run("links", "qr", "coffee", "--out", str(tmp_path / "none" / "a.svg"))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_row_that_holds_no_link_is_listed_with_what_is_wrong(api: FakeApi) -> None:
    broken = {"id": "tea", "unreadable": True, "detail": "price: must be text"}
    result = api.answers("GET /links", {"links": [COFFEE, broken], "cursor": None}).run("links", "list")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1].split(maxsplit=2) == ["tea", "broken", "price: must be text"]
