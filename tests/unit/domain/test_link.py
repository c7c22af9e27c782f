"""When a link is on sale."""

from datetime import timedelta
from typing import Any

import pytest

from paylink.domain.errors import LinkClosed, LinkOff, NotOnSale, NotYetOpen
from paylink.domain.link import AmountRange, QuantityRange
from unit.domain.examples import NOW, a_link

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"opens_at": NOW},
        {"opens_at": NOW - SECOND},
        {"closes_at": NOW + SECOND},
        {"opens_at": NOW, "closes_at": NOW + SECOND},
    ],
)
def test_a_link_is_on_sale(changes: dict[str, Any]) -> None:
    a_link(**changes).require_on_sale(NOW)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"active": False}, LinkOff),
        ({"opens_at": NOW + SECOND}, NotYetOpen),
        ({"closes_at": NOW}, LinkClosed),
        ({"closes_at": NOW - SECOND}, LinkClosed),
        ({"active": False, "opens_at": NOW + SECOND}, LinkOff),
    ],
)
def test_a_link_is_not_on_sale(changes: dict[str, Any], error: type[NotOnSale]) -> None:
    with pytest.raises(error, match="coffee"):
        a_link(**changes).require_on_sale(NOW)


@pytest.mark.parametrize(("minor", "admitted"), [(99, False), (100, True), (500, True), (501, False)])
def test_a_range_admits_both_its_ends(minor: int, *, admitted: bool) -> None:
    assert AmountRange(100, 500).admits(minor) is admitted


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({}, False),
        ({"quantity": QuantityRange(1, 1)}, False),
        ({"quantity": QuantityRange(1, 10_000)}, False),
        ({"quantity": QuantityRange(1, 9_999)}, True),
        ({"quantity": QuantityRange(1, 2)}, True),
        ({"quantity": QuantityRange(2, 10_000)}, True),
        ({"quantity": QuantityRange(3, 3)}, True),
        ({"price": None, "amount": AmountRange(1, 2)}, False),
        ({"price": None, "amount": AmountRange(1, 2), "quantity": QuantityRange(1, 5)}, False),
    ],
)
def test_a_page_asks_how_many_where_the_owner_set_bounds(changes: dict[str, Any], *, asks: bool) -> None:
    assert a_link(**changes).asks_how_many is asks
