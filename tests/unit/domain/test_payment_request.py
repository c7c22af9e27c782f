"""The body of POST /payments, field by field: what is taken and what each wrong one is told."""

from typing import Any

import pytest

from paylink.domain.errors import InvalidRequest
from paylink.domain.payment_request import Customer, Item, PaymentRequest, parse_payment_request

LINK = {"link": "coffee"}
EMAIL = "buyer@example.com"


def wrong_fields(body: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        parse_payment_request(body)
    return [entry.field for entry in refused.value.entries]


@pytest.mark.parametrize(
    ("body", "items"),
    [
        (LINK, [Item("coffee")]),
        ({"link": "coffee", "quantity": 2}, [Item("coffee", quantity=2)]),
        ({"link": "coffee", "quantity": 10_000}, [Item("coffee", quantity=10_000)]),
        ({"link": "donation", "amount": "500"}, [Item("donation", amount="500.00")]),
        ({"link": "donation", "amount": 500}, [Item("donation", amount="500.00")]),
        ({"link": "donation", "amount": "500.5"}, [Item("donation", amount="500.50")]),
        ({"link": "donation", "amount": "99999999.99"}, [Item("donation", amount="99999999.99")]),
        (
            {"link": "coffee", "quantity": None, "amount": None, "offer": None, "items": None},
            [Item("coffee")],
        ),
        ({"items": [{"link": "coffee"}]}, [Item("coffee")]),
        (
            {"items": [{"link": "tea", "quantity": 3}, {"link": "donation", "amount": "1"}]},
            [Item("tea", quantity=3), Item("donation", amount="1.00")],
        ),
        ({"items": [{"link": f"link-{n}"} for n in range(50)]}, [Item(f"link-{n}") for n in range(50)]),
        ({"link": "нет такой"}, [Item("нет такой")]),
    ],
)
def test_what_is_asked_for(body: dict[str, Any], items: list[Item]) -> None:
    request = parse_payment_request(body)
    assert request.items == tuple(items)
    assert request.cart is (body.get("items") is not None)


def test_an_offer_is_taken_as_it_is() -> None:
    request = parse_payment_request({"offer": "v1.e30.AAAA"})
    assert (request.offer, request.items) == ("v1.e30.AAAA", ())


def test_everything_that_may_go_with_it() -> None:
    request = parse_payment_request(
        {
            "link": "coffee",
            "customer": {"email": EMAIL, "phone": "+7 777 123 45 67", "id": "user-7"},
            "fields": {"name": " Айгуль  Ж. ", "address": "Абая 1;\nкв. 2"},
            "language": "kz",
            "reference": "INV-2026/001",
            "metadata": {"campaign": "summer"},
            "success_url": "https://shop.example/thanks",
            "failure_url": "https://shop.example/sorry",
            "presentation": "qr",
            "lifetime": 900,
        }
    )
    assert request == PaymentRequest(
        items=(Item("coffee"),),
        customer=Customer(EMAIL, "77771234567", "user-7"),
        fields={"name": "Айгуль Ж.", "address": "Абая 1, кв. 2"},
        language="kz",
        reference="INV-2026/001",
        metadata={"campaign": "summer"},
        success_url="https://shop.example/thanks",
        failure_url="https://shop.example/sorry",
        presentation="qr",
        lifetime=900,
    )


WHOLE_AND_AMOUNT = [
    ("quantity", 0),
    ("quantity", -1),
    ("quantity", 10_001),
    ("quantity", 1.0),
    ("quantity", 2.5),
    ("quantity", "2"),
    ("quantity", True),
    ("quantity", [2]),
    ("amount", 500.0),
    ("amount", 0.1),
    ("amount", float("inf")),
    ("amount", True),
    ("amount", ""),
    ("amount", "-5"),
    ("amount", -5),
    ("amount", "+5"),
    ("amount", "5,50"),
    ("amount", "1e3"),
    ("amount", "1.005"),
    ("amount", "1."),
    ("amount", ".5"),
    ("amount", "05"),
    ("amount", "007"),
    ("amount", "\u0665\u0660\u0660"),
    ("amount", "5.\u0665"),
    ("amount", "NaN"),
    ("amount", "500 KZT"),
    ("amount", "100000000"),
    ("amount", 100_000_000),
    ("amount", 10**12),
    ("amount", 10**30),
    ("amount", -(10**30)),
    ("amount", {"value": "5"}),
]


@pytest.mark.parametrize(("name", "value"), WHOLE_AND_AMOUNT)
def test_a_wrong_quantity_or_amount_is_named(name: str, value: object) -> None:
    assert wrong_fields({"link": "coffee", name: value}) == [name]
    assert wrong_fields({"items": [{"link": "tea"}, {"link": "coffee", name: value}]}) == [f"items[1].{name}"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["link"]),
        ({"link": None}, ["link"]),
        ({"link": ""}, ["link"]),
        ({"link": 7}, ["link"]),
        ({"link": "x" * 201}, ["link"]),
        ({"link": "a\nb"}, ["link"]),
        ({"link": "\ud800"}, ["link"]),
        ({"link": ["coffee"]}, ["link"]),
        ({"quantity": 2}, ["quantity", "link"]),
        ({"amount": "5"}, ["amount", "link"]),
        ({"offer": ""}, ["offer"]),
        ({"offer": 7}, ["offer"]),
        ({"offer": "x" * 8001}, ["offer"]),
        ({"offer": "t", "quantity": 2}, ["quantity"]),
        ({"offer": "t", "amount": "5"}, ["amount"]),
        ({"link": "coffee", "offer": "t"}, ["offer"]),
        ({"link": "coffee", "items": [{"link": "tea"}]}, ["items"]),
        ({"items": [{"link": "tea"}], "offer": "t"}, ["offer"]),
        ({"link": "coffee", "items": [{"link": "tea"}], "offer": "t"}, ["items"]),
        ({"link": "coffee", "quantity": 2, "amount": "5"}, ["quantity"]),
        ({"items": []}, ["items"]),
        ({"items": {}}, ["items"]),
        ({"items": "coffee"}, ["items"]),
        ({"items": [{"link": f"link-{n}"} for n in range(51)]}, ["items"]),
        ({"items": ["coffee"]}, ["items[0]"]),
        ({"items": [None]}, ["items[0]"]),
        ({"items": [{}]}, ["items[0].link"]),
        ({"items": [{"quantity": 2}]}, ["items[0].link", "items[0].quantity"]),
        ({"items": [{"link": "tea"}, {"link": 7}]}, ["items[1].link"]),
        ({"items": [{"link": "tea", "price": "1"}]}, ["items[0].price"]),
        ({"items": [{"link": "tea", "quantity": 2, "amount": "5"}]}, ["items[0].quantity"]),
        ({"items": [{"link": "tea"}, {"link": "coffee"}, {"link": "tea"}]}, ["items[2].link"]),
        ({"items": [{"link": "tea"}], "quantity": 2}, ["quantity"]),
        ({"items": [{"link": "tea"}], "amount": "5"}, ["amount"]),
    ],
)
def test_exactly_one_thing_is_asked_for(body: dict[str, Any], fields: list[str]) -> None:
    assert sorted(wrong_fields(body)) == sorted(fields)


@pytest.mark.parametrize(
    ("name", "value", "fields"),
    [
        ("customer", EMAIL, ["customer"]),
        ("customer", [], ["customer"]),
        ("customer", {"email": "nobody"}, ["customer.email"]),
        ("customer", {"phone": 77771234567}, ["customer.phone"]),
        ("customer", {"id": "a b"}, ["customer.id"]),
        ("customer", {"name": "Айгуль"}, ["customer.name"]),
        (
            "customer",
            {"email": "", "phone": "1", "id": ""},
            ["customer.email", "customer.phone", "customer.id"],
        ),
        ("fields", [], ["fields"]),
        ("fields", "name", ["fields"]),
        ("fields", {"pg-amount": "1"}, ["fields.pg-amount"]),
        ("fields", {"Name": "x"}, ["fields.Name"]),
        ("fields", {"": "x"}, ["fields."]),
        ("fields", {"name": "a", "passport": "b", "colour": "c"}, ["fields.passport", "fields.colour"]),
        (
            "fields",
            {"comment": "x" * 256, "name": 7, "phone": "7", "x": "y"},
            ["fields.name", "fields.comment", "fields.x"],
        ),
        ("language", "de", ["language"]),
        ("language", "kk", ["language"]),
        ("language", "RU", ["language"]),
        ("language", 7, ["language"]),
        ("reference", "", ["reference"]),
        ("reference", "a b", ["reference"]),
        ("reference", "a;b", ["reference"]),
        ("reference", "x" * 65, ["reference"]),
        ("reference", "счёт-1", ["reference"]),
        ("reference", 1001, ["reference"]),
        ("metadata", [], ["metadata"]),
        ("metadata", {"Campaign": "x"}, ["metadata"]),
        ("metadata", {"pg-x": "x"}, ["metadata"]),
        ("metadata", {"a1": "x"}, ["metadata"]),
        ("metadata", {"_a": "x"}, ["metadata"]),
        ("metadata", {"": "x"}, ["metadata"]),
        ("metadata", {"a" * 39: "x"}, ["metadata"]),
        ("metadata", {"reference": "x"}, ["metadata"]),
        ("metadata", {"a": 1}, ["metadata"]),
        ("metadata", {"a": None}, ["metadata"]),
        ("metadata", {"a": ""}, ["metadata"]),
        ("metadata", {"a": "x;y"}, ["metadata"]),
        ("metadata", {"a": "x\ny"}, ["metadata"]),
        ("metadata", {"a": "x" * 256}, ["metadata"]),
        ("metadata", {"a": {"b": "c"}}, ["metadata"]),
        ("metadata", {"a" * n: "x" for n in range(1, 22)}, ["metadata"]),
        ("success_url", "http://shop.example/", ["success_url"]),
        ("success_url", "thanks.html", ["success_url"]),
        ("failure_url", "javascript:alert(1)", ["failure_url"]),
        ("failure_url", 7, ["failure_url"]),
        ("presentation", "popup", ["presentation"]),
        ("presentation", True, ["presentation"]),
        ("lifetime", 299, ["lifetime"]),
        ("lifetime", 604_801, ["lifetime"]),
        ("lifetime", 900.0, ["lifetime"]),
        ("lifetime", "900", ["lifetime"]),
        ("lifetime", True, ["lifetime"]),
        ("price", "1", ["price"]),
        ("currency", "KZT", ["currency"]),
        ("pg_amount", "1", ["pg_amount"]),
        ("Link", "coffee", ["Link"]),
        ("", "x", [""]),
        ("x" * 500, "x", ["x" * 200]),
    ],
)
def test_each_wrong_field_is_named(name: str, value: object, fields: list[str]) -> None:
    assert wrong_fields({**LINK, name: value}) == fields


@pytest.mark.parametrize(
    ("name", "text"),
    [("comment", ""), ("comment", " \n "), ("comment", "a\x00b"), ("name", "x" * 256), ("name", 7)],
)
def test_what_the_buyer_filled_in_wrongly_is_told_by_its_name(name: str, text: object) -> None:
    assert wrong_fields({**LINK, "fields": {"phone": "7", name: text}}) == [f"fields.{name}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "ru"),
        ("language", "kg"),
        ("lifetime", 300),
        ("lifetime", 604_800),
        ("presentation", "frame"),
        ("reference", "x" * 64),
        ("metadata", {"a" * 38: "x" * 255}),
        ("metadata", {"a" * n: "x" for n in range(1, 21)}),
        ("success_url", "http://localhost:8088/thanks"),
        ("fields", {"name": "a", "phone": "b", "email": "c", "address": "d", "comment": "e"}),
    ],
)
def test_what_lies_just_within_is_taken(name: str, value: object) -> None:
    assert getattr(parse_payment_request({**LINK, name: value}), name) == value


def test_all_that_is_wrong_is_told_at_once() -> None:
    body = {"link": "coffee", "quantity": 0, "customer": {"email": "x"}, "lifetime": 1, "colour": "red"}
    assert wrong_fields(body) == ["quantity", "customer.email", "lifetime", "colour"]


SAME = [
    (LINK, {"link": "coffee", "quantity": 1}),
    (LINK, {"link": "coffee", "quantity": None, "customer": {}, "metadata": {}, "fields": {}}),
    (LINK, {"link": "coffee", "presentation": "redirect"}),
    (LINK, {"items": [{"link": "coffee"}]}),
    ({"link": "donation", "amount": "500"}, {"amount": 500, "link": "donation"}),
    ({"link": "donation", "amount": "500"}, {"link": "donation", "amount": "500.00"}),
    ({"link": "donation", "amount": "0.5"}, {"link": "donation", "amount": "0.50"}),
    (
        {"items": [{"link": "tea", "quantity": 1}, {"link": "coffee", "quantity": 2}]},
        {"items": [{"quantity": 2, "link": "coffee"}, {"link": "tea"}]},
    ),
    (
        {**LINK, "customer": {"phone": "+7 777 123 45 67"}},
        {**LINK, "customer": {"phone": "7(777)1234567", "email": None}},
    ),
    ({**LINK, "fields": {"comment": "a\n b;"}}, {**LINK, "fields": {"comment": " a b, "}}),
    (
        {**LINK, "metadata": {"a": "1", "b": "2"}},
        {"metadata": {"b": "2", "a": "1"}, **LINK},
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_in_another_spelling_is_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert parse_payment_request(one).content() == parse_payment_request(other).content()


def test_the_content_of_a_request_stays_the_same_over_releases() -> None:
    # The fingerprints of orders in flight are made of it: with another one an open key is refused.
    assert parse_payment_request(LINK).content() == {
        "items": [{"link": "coffee"}],
        "customer": {},
        "presentation": "redirect",
    }
    offer = parse_payment_request({"offer": "v1.a.b", "customer": {"email": EMAIL}, "metadata": {"a": "b"}})
    assert offer.content() == {
        "items": [],
        "offer": "v1.a.b",
        "customer": {"email": EMAIL},
        "metadata": {"a": "b"},
        "presentation": "redirect",
    }


def test_whatever_differs_in_meaning_differs() -> None:
    bodies: list[dict[str, Any]] = [
        LINK,
        {"link": "tea"},
        {"link": "coffee", "quantity": 2},
        {"link": "coffee", "amount": "2"},
        {"link": "coffee", "amount": "2.01"},
        {"items": [{"link": "coffee"}, {"link": "tea"}]},
        {"items": [{"link": "coffee", "quantity": 2}, {"link": "tea"}]},
        {"items": [{"link": "coffee"}, {"link": "tea", "quantity": 2}]},
        {"offer": "coffee"},
        {**LINK, "customer": {"email": EMAIL}},
        {**LINK, "customer": {"email": "b" + EMAIL}},
        {**LINK, "customer": {"phone": "77771234567"}},
        {**LINK, "customer": {"id": "77771234567"}},
        {**LINK, "fields": {"name": "x"}},
        {**LINK, "metadata": {"name": "x"}},
        {**LINK, "language": "en"},
        {**LINK, "reference": "1"},
        {**LINK, "success_url": "https://shop.example/a"},
        {**LINK, "failure_url": "https://shop.example/a"},
        {**LINK, "presentation": "qr"},
        {**LINK, "lifetime": 3600},
    ]
    contents = [parse_payment_request(body).content() for body in bodies]
    for place, content in enumerate(contents):
        assert content not in contents[:place]


def test_no_text_of_a_request_shows_the_buyer() -> None:
    request = parse_payment_request(
        {
            **LINK,
            "customer": {"email": EMAIL, "phone": "77771234567", "id": "user-7"},
            "fields": {"name": "Айгуль"},
        }
    )
    for shown in (repr(request), str(request), repr(request.customer)):
        for private in (EMAIL, "77771234567", "user-7", "Айгуль"):
            assert private not in shown
