"""An invoice read from what its owner asks for, and the link that sells it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from paylink.domain.errors import InvalidRequest
from paylink.domain.invoice_form import Invoice, parse_invoice
from paylink.domain.link import Link, QuantityRange
from paylink.domain.payment_request import Customer

PLAIN = {"title": "Repair", "amount": "12500", "currency": "KZT"}
WHOLE = {
    **PLAIN,
    "title": {"ru": "Ремонт", "en": "Repair"},
    "description": "Screen and battery",
    "expires_at": "2026-12-31T18:00:00+05:00",
    "customer": {"phone": "+7 777 123 45 67"},
}
END = datetime(2026, 12, 31, 13, 0, tzinfo=UTC)


def wrong_fields(data: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        parse_invoice(data)
    return [entry.field for entry in refused.value.entries]


def test_a_plain_invoice() -> None:
    assert parse_invoice(PLAIN) == Invoice("Repair", 1_250_000, "KZT", None, None, Customer())


def test_an_invoice_with_everything() -> None:
    assert parse_invoice(WHOLE) == Invoice(
        title={"ru": "Ремонт", "en": "Repair"},
        amount=1_250_000,
        currency="KZT",
        description="Screen and battery",
        expires_at=END,
        customer=Customer(phone="77771234567"),
    )


def test_its_link_sells_one_unit_once() -> None:
    assert parse_invoice(WHOLE).link("inv-1") == Link(
        "inv-1",
        {"ru": "Ремонт", "en": "Repair"},
        "KZT",
        price=1_250_000,
        description="Screen and battery",
        quantity=QuantityRange(1, 1),
        closes_at=END,
        limit=1,
    )


@pytest.mark.parametrize("name", ["title", "amount", "currency"])
def test_what_is_required(name: str) -> None:
    assert wrong_fields({**PLAIN, name: None}) == [name]


def test_an_amount_has_the_decimals_of_its_own_currency() -> None:
    assert parse_invoice({**PLAIN, "currency": "KRW"}).amount == 12_500
    assert wrong_fields({**PLAIN, "currency": "KRW", "amount": "1.5"}) == ["amount"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    data = {"title": "", "currency": "kzt", "amount": 1.5, "expires_at": "soon", "colour": "red"}
    assert wrong_fields(data) == ["title", "currency", "amount", "expires_at", "colour"]


@pytest.mark.parametrize(("name", "most"), [("title", 200), ("description", 2000)])
def test_the_longest_texts(name: str, most: int) -> None:
    for text in ("я" * most, {"ru": "я", "en": "x" * most}):
        assert getattr(parse_invoice({**PLAIN, name: text}), name) == text
    for text in ("я" * (most + 1), {"ru": "я", "en": "x" * (most + 1)}):
        assert wrong_fields({**PLAIN, name: text}) == [name]


def test_its_end_has_up_to_40_characters() -> None:
    longest = "2026-12-31T18:00:00.00000000000000+05:00"
    assert len(longest) == 40
    assert parse_invoice({**PLAIN, "expires_at": longest}).expires_at == END
    assert wrong_fields({**PLAIN, "expires_at": longest.replace("+", "0+")}) == ["expires_at"]


@pytest.mark.parametrize(
    ("fraction", "microsecond"),
    [("000999", 0), ("001", 1000), ("123456", 123_000), ("999", 999_000), ("999999", 999_000)],
)
def test_its_end_is_kept_in_whole_milliseconds(fraction: str, microsecond: int) -> None:
    invoice = parse_invoice({**PLAIN, "expires_at": f"2026-12-31T13:00:00.{fraction}Z"})
    assert invoice.expires_at == END.replace(microsecond=microsecond)
