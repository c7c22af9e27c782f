"""What an operator asks to see, and the cursors between the pages."""

import base64
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


def test_a_cursor_has_up_to_200_characters() -> None:
    with pytest.raises(ValueError, match="none of ours"):
        read_cursor("A" * 200)
    with pytest.raises(ValueError, match="1 to 200 characters"):
        read_cursor("A" * 201)


def test_another_spelling_of_the_same_cursor_is_refused() -> None:
    """The last character has bits to spare; one spelling sorts after the true one, the other before it."""
    for day, last, other in ((date(2026, 3, 10), "A", "B"), (date(2026, 3, 13), "w", "0")):
        cursor = write_cursor(Spot(day))
        assert cursor[-1] == last
        with pytest.raises(ValueError, match="none of ours"):
            read_cursor(cursor[:-1] + other)


@pytest.mark.parametrize(
    "text",
    [
        "20260310",
        "2026-W11-2",
        "2009-W53-5",
        f"2026-03-10 2026-03-10T12:00:00Z {KEY.order_id}",
        f"2026-03-10 2026-03-10T12:00:00+00:00 {KEY.order_id}",
        f"2026-03-09 {KEY.created_at} {KEY.order_id}",
        f"2026-03-11 {KEY.created_at} {KEY.order_id}",
        f"2026-03-10 {KEY.created_at} pl_1",
        f"2026-03-10 {KEY.created_at}",
    ],
)
def test_a_spot_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match="none of ours"):
        read_cursor(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))


@pytest.mark.parametrize("day", ["2026-03-09", "2026-03-11"])
def test_a_cursor_belongs_to_the_day_that_is_asked_for(day: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_order_query({"day": day, "cursor": write_cursor(Spot(DAY, KEY))})
    assert [entry.field for entry in caught.value.entries] == ["cursor"]


@pytest.mark.parametrize("limit", [1, 50, 99, 100])
def test_up_to_100_orders_are_asked_for(limit: int) -> None:
    assert parse_order_query({"limit": str(limit)}).limit == limit


def test_usually_50_are_asked_for() -> None:
    assert parse_order_query({}).limit == 50


@pytest.mark.parametrize("limit", ["0", "101", "0050", "-5", "+5", " 5", "x", "\u0665"])
def test_no_other_number_of_orders_is_asked_for(limit: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_order_query({"limit": limit})
    assert [entry.field for entry in caught.value.entries] == ["limit"]


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2000, 1, 2), date(9999, 12, 31)])
def test_days_from_2000_on_are_asked_for(day: date) -> None:
    assert parse_order_query({"day": day.isoformat()}).day == day


@pytest.mark.parametrize(
    "day", ["1999-12-31", "20260310", "2026-W11-2", "2009-W53-5", "2026-3-10", "2026-02-30"]
)
def test_a_day_has_one_spelling(day: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_order_query({"day": day})
    assert [entry.field for entry in caught.value.entries] == ["day"]


@pytest.mark.parametrize("attention", [True, False])
def test_with_attention_or_without(*, attention: bool) -> None:
    query = parse_order_query({"attention": str(attention).lower()})
    assert query == OrderQuery(attention=attention)
    assert query.is_filtered


def test_a_status_alone_is_a_filter_and_a_day_is_none() -> None:
    assert parse_order_query({"status": "paid"}).is_filtered
    assert not parse_order_query({"day": "2026-03-10"}).is_filtered
