"""A link read from what its owner writes, and written back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from paylink.domain.errors import InvalidRequest
from paylink.domain.link import AmountRange, BuyerField, Link, QuantityRange, Receipt
from paylink.domain.link_form import parse_link, write_link

PLAIN = {"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT"}
FREE = {
    "id": "donation",
    "title": {"ru": "Помощь", "en": "Help"},
    "currency": "KZT",
    "amount": {"min": "100", "max": "50000", "suggested": 1000},
}
WHOLE = {
    **PLAIN,
    "id": "summer-sale-2026",
    "title": {"ru": "Кофе; зерно", "kz": "Кофе"},
    "description": {"ru": "Свежая обжарка"},
    "image_url": "https://shop.example/coffee.jpg",
    "quantity": {"min": 2, "max": 12},
    "opens_at": "2026-06-01T00:00:00+05:00",
    "closes_at": "2026-08-31T23:59:59.500+05:00",
    "limit": 40,
    "active": False,
    "inactive_text": "Скоро вернёмся",
    "success_url": "https://shop.example/thanks",
    "failure_url": "https://shop.example/sorry",
    "language": "kz",
    "metadata": {"campaign": "summer", "shelf_row": "7"},
    "fields": [{"name": "phone", "required": True}, {"name": "comment", "required": False}],
    "capture": "manual",
    "test": True,
    "receipt": {"tax_type": 3, "unit_code": "796", "gtin": "4870001234567", "ntin": "N-1"},
}


def test_a_plain_link() -> None:
    assert parse_link(PLAIN) == Link("coffee", "Coffee", "KZT", price=150_000)


def test_a_link_whose_amount_the_buyer_chooses() -> None:
    assert parse_link(FREE) == Link(
        "donation", {"ru": "Помощь", "en": "Help"}, "KZT", amount=AmountRange(10_000, 5_000_000, 100_000)
    )


def test_a_link_with_everything() -> None:
    assert parse_link(WHOLE) == Link(
        id="summer-sale-2026",
        title={"ru": "Кофе; зерно", "kz": "Кофе"},
        currency="KZT",
        price=150_000,
        description={"ru": "Свежая обжарка"},
        image_url="https://shop.example/coffee.jpg",
        quantity=QuantityRange(2, 12),
        opens_at=datetime(2026, 5, 31, 19, 0, tzinfo=UTC),
        closes_at=datetime(2026, 8, 31, 18, 59, 59, 500_000, tzinfo=UTC),
        limit=40,
        active=False,
        inactive_text="Скоро вернёмся",
        success_url="https://shop.example/thanks",
        failure_url="https://shop.example/sorry",
        language="kz",
        metadata={"campaign": "summer", "shelf_row": "7"},
        fields=(BuyerField("phone", required=True), BuyerField("comment")),
        capture="manual",
        test=True,
        receipt=Receipt(3, "796", "4870001234567", "N-1"),
    )


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"quantity": {"max": 5}}, "quantity", QuantityRange(1, 5)),
        ({"quantity": {"min": 2, "max": 2}}, "quantity", QuantityRange(2, 2)),
        ({"quantity": {"min": 1, "max": 10_000}}, "quantity", QuantityRange(1, 10_000)),
        ({"limit": 1}, "limit", 1),
        ({"limit": 10_000}, "limit", 10_000),
        ({"fields": ["email", {"name": "name"}]}, "fields", (BuyerField("email"), BuyerField("name"))),
        ({"receipt": {"tax_type": 0}}, "receipt", Receipt(0)),
        ({"id": "a"}, "id", "a"),
        ({"id": "a" * 64}, "id", "a" * 64),
        ({"active": None}, "active", True),
        ({"test": None}, "test", None),
    ],
)
def test_what_is_left_out_and_what_lies_just_within(
    changes: dict[str, Any], name: str, value: object
) -> None:
    assert getattr(parse_link({**PLAIN, **changes}), name) == value


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        FREE,
        WHOLE,
        {**PLAIN, "price": 7, "currency": "KRW"},
        {**FREE, "amount": {"min": 1, "max": 1}},
        {**PLAIN, "active": True, "test": False, "capture": "automatic"},
        {**PLAIN, "receipt": {"tax_type": 0}},
        {**PLAIN, "fields": ["email", {"name": "name"}]},
        {**PLAIN, "fields": [], "metadata": {}, "description": None},
    ],
)
def test_what_is_written_reads_as_the_same_link(data: dict[str, Any]) -> None:
    link = parse_link(data)
    written = write_link(link)
    assert parse_link(written) == link
    assert write_link(parse_link(written)) == written


def test_amounts_are_written_as_strings_with_decimals() -> None:
    assert write_link(parse_link({**PLAIN, "price": 1500}))["price"] == "1500.00"
    assert write_link(parse_link(FREE))["amount"] == {
        "min": "100.00",
        "max": "50000.00",
        "suggested": "1000.00",
    }


LONG = "x" * 201

WRONG = [
    ({"id": None}, {"id"}),
    ({"id": ""}, {"id"}),
    ({"id": "Coffee"}, {"id"}),
    ({"id": "-coffee"}, {"id"}),
    ({"id": "coffee-"}, {"id"}),
    ({"id": "a" * 65}, {"id"}),
    ({"id": "a/b"}, {"id"}),
    ({"id": "a#b"}, {"id"}),
    ({"id": 7}, {"id"}),
    ({"title": None}, {"title"}),
    ({"title": ""}, {"title"}),
    ({"title": LONG}, {"title"}),
    ({"title": {"de": "Kaffee"}}, {"title"}),
    ({"title": "two\nlines"}, {"title"}),
    ({"currency": None}, {"currency"}),
    ({"currency": "kzt"}, {"currency"}),
    ({"currency": "XXX"}, {"currency"}),
    ({"currency": "XXX", "price": 1.5}, {"currency"}),
    ({"price": None}, {"price"}),
    ({"price": 1500.0}, {"price"}),
    ({"price": "0"}, {"price"}),
    ({"price": "-5"}, {"price"}),
    ({"price": "1.005"}, {"price"}),
    ({"price": "1.5", "currency": "KRW"}, {"price"}),
    ({"amount": {"min": 1, "max": 2}}, {"price"}),
    ({"price": None, "amount": 500}, {"amount"}),
    ({"price": None, "amount": {}}, {"amount.min", "amount.max"}),
    ({"price": None, "amount": {"min": 1}}, {"amount.max"}),
    ({"price": None, "amount": {"min": 1.5, "max": "x"}}, {"amount.min", "amount.max"}),
    ({"price": None, "amount": {"min": 5, "max": 4}}, {"amount.max"}),
    ({"price": None, "amount": {"min": 5, "max": 9, "suggested": 4}}, {"amount.suggested"}),
    ({"price": None, "amount": {"min": 5, "max": 9, "suggested": 10}}, {"amount.suggested"}),
    ({"price": None, "amount": {"min": 5, "max": 9, "step": 1}}, {"amount.step"}),
    ({"price": None, "amount": {"min": 5, "max": 9}, "quantity": {"max": 2}}, {"quantity"}),
    ({"description": 7}, {"description"}),
    ({"description": "x" * 2001}, {"description"}),
    ({"image_url": "http://shop.example/x.jpg"}, {"image_url"}),
    ({"quantity": 5}, {"quantity"}),
    ({"quantity": {"min": 3, "max": 2}}, {"quantity.max"}),
    ({"quantity": {"min": 0, "max": 2}}, {"quantity.min"}),
    ({"quantity": {"max": 10_001}}, {"quantity.max"}),
    ({"quantity": {"max": "5"}}, {"quantity.max"}),
    ({"quantity": {"max": 2, "step": 1}}, {"quantity.step"}),
    ({"opens_at": "2026-06-01"}, {"opens_at"}),
    ({"opens_at": "2026-06-01T00:00:00"}, {"opens_at"}),
    ({"opens_at": 1780000000}, {"opens_at"}),
    ({"opens_at": "0001-01-01T00:00:00+05:00"}, {"opens_at"}),
    ({"closes_at": "soon"}, {"closes_at"}),
    ({"opens_at": "2026-06-01T00:00:00Z", "closes_at": "2026-06-01T05:00:00+05:00"}, {"closes_at"}),
    ({"limit": 0}, {"limit"}),
    ({"limit": 10_001}, {"limit"}),
    ({"limit": "5"}, {"limit"}),
    ({"active": "yes"}, {"active"}),
    ({"active": 1}, {"active"}),
    ({"inactive_text": "x" * 501}, {"inactive_text"}),
    ({"success_url": "thanks.html"}, {"success_url"}),
    ({"failure_url": "javascript:alert(1)"}, {"failure_url"}),
    ({"language": "kk"}, {"language"}),
    ({"metadata": []}, {"metadata"}),
    ({"metadata": {"Campaign": "x"}}, {"metadata"}),
    ({"metadata": {"a": 1}}, {"metadata"}),
    ({"metadata": {"a": "x;y"}}, {"metadata"}),
    ({"metadata": {"reference": "x"}}, {"metadata"}),
    ({"metadata": {"phone": "x"}, "fields": ["phone"]}, {"metadata"}),
    ({"fields": {"name": "phone"}}, {"fields"}),
    ({"fields": [{"name": "passport"}]}, {"fields"}),
    ({"fields": [{"required": True}]}, {"fields"}),
    ({"fields": [{"name": "phone", "required": "yes"}]}, {"fields"}),
    ({"fields": [{"name": "phone", "label": "x"}]}, {"fields"}),
    ({"fields": ["phone", {"name": "phone"}]}, {"fields"}),
    ({"fields": [7]}, {"fields"}),
    ({"capture": "later"}, {"capture"}),
    ({"test": "true"}, {"test"}),
    ({"receipt": "VAT"}, {"receipt"}),
    ({"receipt": {}}, {"receipt.tax_type"}),
    ({"receipt": {"tax_type": "3"}}, {"receipt.tax_type"}),
    ({"receipt": {"tax_type": 100}}, {"receipt.tax_type"}),
    ({"receipt": {"tax_type": 3, "gtin": "a b"}}, {"receipt.gtin"}),
    ({"receipt": {"tax_type": 3, "vat": 12}}, {"receipt.vat"}),
    ({"colour": "red"}, {"colour"}),
    ({"pk": "links", "sk": "coffee"}, {"pk", "sk"}),
]


@pytest.mark.parametrize(("changes", "fields"), WRONG)
def test_every_wrong_field_is_named_and_no_other(changes: dict[str, Any], fields: set[str]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_link({**PLAIN, **changes})
    assert {entry.field for entry in refused.value.entries} == fields


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_link({"title": 7, "currency": "KZT", "price": 1.5, "limit": 0, "colour": "red"})
    assert [entry.field for entry in refused.value.entries] == ["id", "title", "price", "limit", "colour"]


@pytest.mark.parametrize("data", [None, [], "coffee", 7])
def test_what_is_no_object_is_no_link(data: object) -> None:
    with pytest.raises(InvalidRequest):
        parse_link(data)
