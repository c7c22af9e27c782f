"""What an operator asks to see, and the cursors between the pages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paylink.domain.errors import InvalidRequest
from paylink.domain.order import Attention, Status
from paylink.domain.order_query import (
    MOST_LISTED,
    USUAL_LIMIT,
    OrderKey,
    OrderQuery,
    Spot,
    parse_order_query,
    read_cursor,
    write_cursor,
)
from unit.domain.examples import a_pending_order, an_order_in

DAY = date(2026, 3, 10)
KEY = OrderKey("2026-03-10T12:00:00.000Z", "pl_0123456789abcdefghjkmnpqrs")


def test_nothing_asked_for_is_everything() -> None:
    query = parse_order_query({})
    assert query == OrderQuery()
    assert (query.limit, query.is_filtered) == (USUAL_LIMIT, False)
    assert query.admits(a_pending_order())


def test_everything_asked_for() -> None:
    parameters = {
        "day": "2026-03-10",
        "status": "partially_refunded",
        "attention": "true",
        "limit": str(MOST_LISTED),
        "cursor": write_cursor(Spot(DAY, KEY)),
    }
    query = parse_order_query(parameters)
    assert query == OrderQuery(DAY, Status.PARTIALLY_REFUNDED, True, Spot(DAY, KEY), MOST_LISTED)
    assert query.is_filtered


@pytest.mark.parametrize("status", Status)
def test_by_status(status: Status) -> None:
    order = an_order_in(status)
    assert [asked for asked in Status if OrderQuery(status=asked).admits(order)] == [status]


@pytest.mark.parametrize("reasons", [(), (Attention.OVERSOLD,)])
def test_by_attention(reasons: tuple[Attention, ...]) -> None:
    order = a_pending_order(attention=reasons)
    assert OrderQuery(attention=True).admits(order) is bool(reasons)
    assert OrderQuery(attention=False).admits(order) is not bool(reasons)
    assert not OrderQuery(attention=bool(reasons), status=Status.PAID).admits(order)


@pytest.mark.parametrize("spot", [Spot(DAY), Spot(DAY, KEY)])
def test_a_cursor_leads_back_to_its_spot(spot: Spot) -> None:
    cursor = write_cursor(spot)
    assert read_cursor(cursor) == spot
    assert cursor.replace("-", "").replace("_", "").isalnum(), "it stands in an address as it is"


@given(st.text(max_size=200))
def test_no_other_text_is_a_cursor(text: str) -> None:
    try:
        spot = read_cursor(text)
    except ValueError:
        return
    assert write_cursor(spot) == text


@pytest.mark.parametrize("padding", ["=", "==", " ", "\n", "A"])
def test_a_cursor_is_taken_as_it_was_written_alone(padding: str) -> None:
    with pytest.raises(ValueError, match=r"none of ours|control"):
        read_cursor(write_cursor(Spot(DAY, KEY)) + padding)


def test_a_cursor_belongs_to_the_day_that_is_asked_for() -> None:
    cursor = write_cursor(Spot(DAY, KEY))
    with pytest.raises(InvalidRequest) as caught:
        parse_order_query({"day": "2026-03-11", "cursor": cursor})
    assert [entry.field for entry in caught.value.entries] == ["cursor"]
