"""The longest values that a payment's request may hold, and the words that some mistakes are told with."""

import pytest

from paylink.domain.errors import InvalidRequest
from paylink.domain.payment_request import Item, parse_payment_request, spelled_amount


def test_the_longest_name_of_a_link_is_taken() -> None:
    # One letter more is refused: see test_payment_request.
    name = "x" * 200
    assert parse_payment_request({"link": name}).items == (Item(name),)
    assert parse_payment_request({"items": [{"link": name}]}).items == (Item(name),)


def test_the_longest_text_of_a_buyer_is_taken() -> None:
    fields = {"comment": "x" * 255}
    assert parse_payment_request({"link": "coffee", "fields": fields}).fields == fields


@pytest.mark.parametrize(("name", "value"), [("quantity", 2), ("amount", "5")])
def test_beside_a_cart_a_quantity_or_amount_is_told_where_it_belongs(name: str, value: object) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_payment_request({"items": [{"link": "tea"}], name: value})
    assert [(entry.field, entry.detail) for entry in refused.value.entries] == [
        (name, "belongs to each of the items")
    ]


@pytest.mark.parametrize("digits", [8, 12, 5000])
def test_a_number_of_any_length_is_told_what_an_amount_may_have(digits: int) -> None:
    # Python itself refuses to write the longest of these, in words that are for programmers.
    for value in (10**digits, 10**digits + 1, -(10**digits)):
        with pytest.raises(ValueError, match="at most eight digits before the point"):
            spelled_amount(value)
