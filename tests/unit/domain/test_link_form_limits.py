"""What is just within a link's limits and what is just beyond them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from paylink.domain.errors import InvalidRequest
from paylink.domain.link import QuantityRange
from paylink.domain.link_form import parse_link, write_link
from paylink.domain.receipt import Receipt

PLAIN = {"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT"}
FREE = {"id": "donation", "title": "Help", "currency": "KZT"}


def wrong_fields(data: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidRequest) as refused:
        parse_link(data)
    return [entry.field for entry in refused.value.entries]


@pytest.mark.parametrize(("name", "most"), [("title", 200), ("description", 2000), ("inactive_text", 500)])
def test_the_longest_texts(name: str, most: int) -> None:
    for text in ("я" * most, {"ru": "я", "en": "x" * most}):
        assert getattr(parse_link({**PLAIN, name: text}), name) == text
    for text in ("я" * (most + 1), {"ru": "я", "en": "x" * (most + 1)}):
        assert wrong_fields({**PLAIN, name: text}) == [name]


@pytest.mark.parametrize("name", ["opens_at", "closes_at"])
def test_a_moment_has_up_to_40_characters(name: str) -> None:
    longest = "2026-06-01T05:00:00.25000000000000+05:00"
    assert len(longest) == 40
    moment = getattr(parse_link({**PLAIN, name: longest}), name)
    assert moment == datetime(2026, 6, 1, 0, 0, 0, 250_000, tzinfo=UTC)
    assert wrong_fields({**PLAIN, name: longest.replace("+", "0+")}) == [name]


def test_moments_are_compared_as_they_are_kept() -> None:
    sale = {"opens_at": "2026-06-01T00:00:00.0001Z", "closes_at": "2026-06-01T00:00:00.0002Z"}
    assert wrong_fields({**PLAIN, **sale}) == ["closes_at"]
    kept = parse_link({**PLAIN, **sale, "closes_at": "2026-06-01T00:00:00.0019Z"})
    assert parse_link(write_link(kept)) == kept


def test_a_link_does_not_close_before_it_opens() -> None:
    sale = {"opens_at": "2026-06-01T00:00:00Z", "closes_at": "2026-05-31T23:59:59Z"}
    assert wrong_fields({**PLAIN, **sale}) == ["closes_at"]


def test_no_more_than_one_at_once_but_not_none() -> None:
    assert parse_link({**PLAIN, "quantity": {"max": 1}}).quantity == QuantityRange(1, 1)
    assert wrong_fields({**PLAIN, "quantity": {"max": 0}}) == ["quantity.max"]


def test_a_tax_code_is_0_to_99() -> None:
    assert parse_link({**PLAIN, "receipt": {"tax_type": 99}}).receipt == Receipt(99)
    for code in (-1, 100):
        assert wrong_fields({**PLAIN, "receipt": {"tax_type": code}}) == ["receipt.tax_type"]


@pytest.mark.parametrize(("least", "most"), [("1.50", "9"), ("1", "9.50"), ("1.50", "9.50")])
def test_an_amount_that_is_chosen_at_the_gateway_has_whole_bounds(least: str, most: str) -> None:
    bounds = {"min": least, "max": most}
    assert wrong_fields({**FREE, "amount": {**bounds, "chosen_at": "gateway"}}) == ["amount.chosen_at"]
    for at_shop in ({}, {"chosen_at": "shop"}):
        amount = parse_link({**FREE, "amount": {**bounds, **at_shop}}).amount
        assert amount is not None
        assert not amount.at_gateway


def test_whole_bounds_go_to_the_gateway() -> None:
    amount = parse_link({**FREE, "amount": {"min": "1.00", "max": 9, "chosen_at": "gateway"}}).amount
    assert amount is not None
    assert (amount.minimum, amount.maximum, amount.at_gateway) == (100, 900, True)
