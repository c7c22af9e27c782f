"""The operator's links: put, read, listed, switched off."""

from typing import Any

import pytest

from integration.deployment import Deployment
from paylink.adapters import links as adapter
from paylink.adapters.links import Links
from paylink.adapters.order_row import marshal
from paylink.adapters.places import Places
from paylink.domain.place import Place

from .desk import Desk, Till

COFFEE: dict[str, Any] = {"title": "Coffee", "price": "1500", "currency": "KZT"}
FULL: dict[str, Any] = {
    "title": {"ru": "Билет «Степь»", "kz": "Билет", "en": "Ticket"},
    "description": {"ru": "Билет; один", "en": "By the window"},
    "image_url": "https://shop.example/ticket.png",
    "price": "1500.50",
    "currency": "KZT",
    "quantity": {"min": 2, "max": 7},
    "opens_at": "2026-01-01T05:00:00.250+05:00",
    "closes_at": "2099-01-01T00:00:00Z",
    "limit": 40,
    "active": False,
    "inactive_text": {"en": "Come back in spring"},
    "success_url": "https://elsewhere.example/thanks",
    "failure_url": "https://elsewhere.example/sorry",
    "language": "kz",
    "metadata": {"campaign": "spring", "shelf": "a-1"},
    "fields": [{"name": "phone", "required": True}, {"name": "comment", "required": False}],
    "capture": "manual",
    "test": False,
    "receipt": {"tax_type": 3, "unit_code": "796", "gtin": "4870000000017", "ntin": "0101"},
}
DONATION: dict[str, Any] = {
    "title": "A gift",
    "amount": {"min": "100.00", "max": "500000.00", "suggested": "500.00", "chosen_at": "gateway"},
    "currency": "KZT",
    "active": True,
    "capture": "automatic",
}


@pytest.mark.parametrize("document", [FULL, DONATION], ids=["full", "donation"])
def test_every_field_comes_back_as_it_was_put(desk: Desk, document: dict[str, Any]) -> None:
    put = desk.put("ticket", document)
    url = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/pay/ticket"
    assert put.status == 200
    expected = {"id": "ticket", **document, "url": url}
    if document is FULL:
        expected |= {"opens_at": "2026-01-01T00:00:00.250Z", "closes_at": "2099-01-01T00:00:00.000Z"}
    assert put.content == expected
    assert desk.get("ticket").content == expected
    del expected["url"]
    again = desk.put("ticket", expected)
    assert (again.status, again.content) == (200, put.content)


def test_what_is_left_out_has_its_usual_value_and_a_put_replaces_the_whole(desk: Desk) -> None:
    desk.put("ticket", FULL)
    desk.put("ticket", COFFEE)
    stored = desk.get("ticket").content
    usual = {"id": "ticket", "price": "1500.00", "active": True, "capture": "automatic"}
    assert stored.items() >= (COFFEE | usual).items()
    assert set(stored) - {"quantity", "url"} == {*COFFEE, *usual}


@pytest.mark.parametrize("named", [{}, {"id": "ticket"}, {"id": None}])
def test_an_id_in_the_body_may_only_be_the_same(desk: Desk, named: dict[str, Any]) -> None:
    assert desk.put("ticket", {**COFFEE, **named}).status == 200


@pytest.mark.parametrize("other", ["coffee", "Ticket", "", 1, ["ticket"]])
def test_another_id_in_the_body_is_refused_with_whatever_else_is_wrong(desk: Desk, other: object) -> None:
    assert desk.put("ticket", {**COFFEE, "id": other}).wrong_fields == ["id"]
    wrong = desk.put("ticket", {**COFFEE, "id": other, "price": 1.5, "colour": "red"})
    assert sorted(wrong.wrong_fields) == ["colour", "id", "price"]
    assert desk.get("ticket").status == 404


@pytest.mark.parametrize("name", ["Ticket", "a b", "-a", "a-", "a" * 65, "%D1%8B", "a%20b", "."])
def test_what_can_be_no_id_is_refused(desk: Desk, name: str) -> None:
    assert desk.put(name, COFFEE).wrong_fields == ["id"]


def test_every_wrong_field_has_its_entry(desk: Desk) -> None:
    wrong = {
        "title": "",
        "description": 5,
        "image_url": "http://shop.example/x.png",
        "price": "1500.505",
        "currency": "KZT",
        "quantity": {"min": 0, "max": 3, "step": 1},
        "opens_at": "2026-01-01T00:00:00",
        "closes_at": "soon",
        "limit": 0,
        "active": "yes",
        "inactive_text": {"fr": "fermé"},
        "success_url": "javascript:alert(1)",
        "failure_url": "shop.example",
        "language": "fr",
        "metadata": {"Campaign": "spring"},
        "fields": [{"name": "passport"}],
        "capture": "later",
        "test": "no",
        "receipt": {"tax_type": "3", "gtin": "a;b", "colour": 1},
        "discount": "10%",
    }
    named = desk.put("ticket", wrong).wrong_fields
    nested = {"quantity", "receipt"}
    assert set(named) == {
        *(set(wrong) - nested - {"currency"}),
        *("quantity.min", "quantity.step", "receipt.tax_type", "receipt.gtin", "receipt.colour"),
    }
    assert len(named) == len(set(named))
    assert desk.get("ticket").status == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": None}, "price"),
        ({"amount": {"min": "1", "max": "2"}}, "price"),
        ({"price": None, "amount": {"min": "5", "max": "2"}}, "amount.max"),
        ({"price": None, "amount": {"min": "1", "max": "2", "suggested": "3"}}, "amount.suggested"),
        ({"price": None, "amount": {"min": "1"}}, "amount.max"),
        ({"price": None, "amount": {"min": "1", "max": "2"}, "quantity": {"max": 2}}, "quantity"),
        (
            {"price": None, "amount": {"min": "1.50", "max": "2", "chosen_at": "gateway"}},
            "amount.chosen_at",
        ),
        (
            {"price": None, "amount": {"min": "1", "max": "2.01", "chosen_at": "gateway"}},
            "amount.chosen_at",
        ),
        ({"price": None, "amount": {"min": "1", "max": "2", "chosen_at": "home"}}, "amount.chosen_at"),
        ({"quantity": {"min": 3, "max": 2}}, "quantity.max"),
        ({"opens_at": "2026-01-02T00:00:00Z", "closes_at": "2026-01-01T00:00:00Z"}, "closes_at"),
        ({"currency": "XXX"}, "currency"),
        ({"title": "  "}, "title"),
        ({"title": {"ru": "Чай", "en": " "}}, "title"),
        ({"title": "a\ufffe"}, "title"),
        ({"metadata": {"shelf": " a "}}, "metadata"),
        ({"metadata": {"shelf": "a\u2028b"}}, "metadata"),
        ({"price": 1500.0}, "price"),
        ({"price": "0"}, "price"),
        ({"price": "-5"}, "price"),
        ({"limit": True}, "limit"),
        ({"limit": 10_001}, "limit"),
        ({"metadata": {"reference": "x"}}, "metadata"),
        ({"fields": ["phone", "phone"]}, "fields"),
    ],
)
def test_a_wrong_field_is_named(desk: Desk, change: dict[str, Any], field: str) -> None:
    assert desk.put("ticket", {**COFFEE, **change}).wrong_fields == [field]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"title": 1, "title": 2}', b"NaN", None]
)
def test_what_is_no_object_is_refused(desk: Desk, body: bytes | None) -> None:
    assert desk.put("ticket", body).problem == (400, "invalid_body")


def test_a_body_over_64_kb_is_refused(desk: Desk) -> None:
    assert desk.put("ticket", b" " * 65_537).problem == (413, "body_too_large")


@pytest.mark.parametrize(
    ("region", "tax_type", "fits"),
    [
        ("kz", 3, True),
        ("kz", 11, True),
        ("kz", 5, False),
        ("uz", 5, True),
        ("uz", 11, False),
        ("kg", 9, True),
    ],
)
def test_a_tax_code_has_to_be_one_of_the_region(
    load_function: Any, region: str, tax_type: int, fits: bool
) -> None:
    desk = Desk(load_function("manage", GatewayRegion=region))
    answer = desk.put("ticket", {**COFFEE, "receipt": {"tax_type": tax_type}})
    if fits:
        assert answer.content["receipt"] == {"tax_type": tax_type}
        return
    assert answer.wrong_fields == ["receipt.tax_type"]
    assert desk.get("ticket").status == 404


def test_an_unknown_link_is_not_found(desk: Desk) -> None:
    assert desk.get("nothing").problem == (404, "link_unknown")
    assert desk.switch_off("nothing").problem == (404, "link_unknown")
    assert desk.get("nothing").status == 404, "switching off makes nothing"


def test_a_deleted_link_is_off_and_all_of_it_stays(desk: Desk, till: Till, deployment: Deployment) -> None:
    desk.put("ticket", {**FULL, "active": True})
    before = desk.get("ticket").content
    for _ in range(2):
        answer = desk.switch_off("ticket")
        assert (answer.status, answer.content) == (200, {**before, "active": False})
    assert desk.get("ticket").content == {**before, "active": False}
    assert deployment.row("links", "ticket")
    bought = till.ask({"link": "ticket", "quantity": 2, "fields": {"phone": "+77771234567"}})
    assert bought.problem == (410, "link_off")
    desk.put("ticket", COFFEE)
    assert till.ask({"link": "ticket"}).status == 201


def test_switching_off_undoes_no_put_that_comes_between(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's two tools at once: one sets a new price while the other switches the link off."""
    desk.put("ticket", COFFEE)
    between = []
    parse = adapter.parse_link

    def interrupted(data: Any) -> Any:
        link = parse(data)
        if not between:
            between.append(desk.put("ticket", {**COFFEE, "price": "1700"}))
        return link

    monkeypatch.setattr(adapter, "parse_link", interrupted)
    # What was parsed before is remembered by its text, and would not be parsed again.
    adapter._parsed.cache_clear()
    assert desk.switch_off("ticket").content["price"] == "1700.00"
    assert [answer.status for answer in between] == [200]
    stored = desk.get("ticket").content
    assert (stored["price"], stored["active"]) == ("1700.00", False)


def test_a_put_while_places_are_taken_keeps_their_count(
    desk: Desk, till: Till, deployment: Deployment
) -> None:
    desk.put("ticket", {**COFFEE, "limit": 2})
    assert till.ask({"link": "ticket"}).status == 201
    desk.put("ticket", {**COFFEE, "price": "1700", "limit": 2})
    second = till.ask({"link": "ticket"})
    assert (second.status, second.content["amount"]) == (201, "1700.00")
    assert till.ask({"link": "ticket"}).problem == (409, "sold_out")
    desk.switch_off("ticket")
    desk.put("ticket", {**COFFEE, "limit": 1})
    places = Places(deployment.dynamodb, deployment.table)
    assert places.left(Place("test:ticket", 1, 1)) == -1
    assert till.ask({"link": "ticket"}).problem == (409, "sold_out")
    desk.put("ticket", {**COFFEE, "limit": 3})
    assert till.ask({"link": "ticket"}).status == 201


def test_links_are_listed_page_by_page(
    desk: Desk, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "MOST_LISTED", 3)
    names = [f"link-{number}" for number in range(8)]
    for name in reversed(names):
        assert desk.put(name, COFFEE).status == 200
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor is not None:
        answer = desk.list("" if cursor is None else f"cursor={cursor}")
        assert answer.status == 200
        found += answer.content["links"]
        cursor = answer.content["cursor"]
        pages += 1
        assert pages < 9
    assert [link["id"] for link in found] == names
    assert found[0] == desk.get("link-0").content
    assert pages == 3


def test_a_page_holds_a_hundred(desk: Desk, deployment: Deployment) -> None:
    assert adapter.MOST_LISTED == 100
    links = Links(deployment.dynamodb, deployment.table)
    desk.put("link-0", COFFEE)
    link = links.get(["link-0"])["link-0"]
    rows = [deployment.dynamodb.get_item(TableName=deployment.table, Key=adapter._key(link.id))["Item"]]
    for first in range(1, 101, 25):
        numbers = range(first, min(first + 25, 101))
        text = {n: rows[0]["link"]["S"].replace("link-0", f"link-{n}") for n in numbers}
        items = [{**rows[0], "sk": {"S": f"link-{n}"}, "link": {"S": text[n]}} for n in numbers]
        requests = {deployment.table: [{"PutRequest": {"Item": item}} for item in items]}
        assert not deployment.dynamodb.batch_write_item(RequestItems=requests)["UnprocessedItems"]
    first_page = desk.list().content
    assert (len(first_page["links"]), first_page["cursor"]) == (100, first_page["links"][-1]["id"])
    rest = desk.list(f"cursor={first_page['cursor']}").content
    assert (len(rest["links"]), rest["cursor"]) == (1, None)


UNREADABLE: dict[str, tuple[dict[str, Any], str]] = {
    "no link": ({}, "no JSON"),
    "no text": ({"link": 5}, "no JSON"),
    "no JSON": ({"link": "{"}, "no JSON"),
    "nothing but lists": ({"link": "[" * 100_000}, "no JSON"),
    "no object": ({"link": "[]"}, "must be an object"),
    "no price": ({"link": '{"id": "mug", "title": "Mug", "currency": "KZT"}'}, "price: "),
    "of another": (
        {"link": '{"id": "tea", "title": "Tea", "currency": "KZT", "price": "1"}'},
        "it names another link, tea",
    ),
}


@pytest.mark.parametrize("row", UNREADABLE)
def test_a_row_that_holds_no_link_hides_no_other_and_is_told_to_its_owner(
    desk: Desk, till: Till, deployment: Deployment, row: str
) -> None:
    """Written into the table by hand."""
    content, reason = UNREADABLE[row]
    item = marshal({"pk": "links", "sk": "mug", **content})
    desk.put("coffee", COFFEE)
    desk.put("ticket", COFFEE)
    deployment.dynamodb.put_item(TableName=deployment.table, Item=item)
    listed = desk.list()
    assert listed.status == 200
    coffee, mug, ticket = listed.content["links"]
    assert (coffee, ticket) == (desk.get("coffee").content, desk.get("ticket").content)
    assert (mug["id"], mug["unreadable"]) == ("mug", True)
    assert reason in mug["detail"]
    assert desk.switch_off("ticket").content["active"] is False
    for answer in (desk.get("mug"), desk.switch_off("mug")):
        assert answer.problem == (409, "link_unreadable")
        assert mug["detail"] in answer.content["detail"]
    assert deployment.row("links", "mug") == {"pk": "links", "sk": "mug", **content}
    assert desk.put("mug", COFFEE).status == 200
    assert till.ask({"link": "mug"}).status == 201
    assert desk.list().content["links"][1] == desk.get("mug").content


def test_an_empty_table_lists_nothing(desk: Desk) -> None:
    assert desk.list().content == {"links": [], "cursor": None}
    assert desk.list("cursor=after-everything").content == {"links": [], "cursor": None}


@pytest.mark.parametrize("cursor", ["", "A", "a;b", "%00", "a" * 65, "%D1%8B"])
def test_a_cursor_that_is_none_is_refused(desk: Desk, cursor: str) -> None:
    assert desk.list(f"cursor={cursor}").wrong_fields == ["cursor"]


def test_only_links_are_listed(desk: Desk, till: Till) -> None:
    desk.put("ticket", {**COFFEE, "limit": 5})
    assert till.ask({"link": "ticket"}).status == 201
    assert [link["id"] for link in desk.list().content["links"]] == ["ticket"]
