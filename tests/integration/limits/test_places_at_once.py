"""Places alone, where two callers meet at one order's entry."""

from collections.abc import Callable
from typing import Any

import pytest

from paylink.adapters.order_row import marshal
from paylink.adapters.places import PARTITION, Places
from paylink.domain.link_form import MOST_UNITS
from paylink.domain.place import Place

from .conftest import MakeStall
from .crowd import at_once
from .stall import Stall, assert_sound

ONE = Place("test:ticket", 1, 1)


class Interrupted:
    """A client before whose write of one number (from 0) something else happens."""

    def __init__(self, client: Any, before: int, happens: Callable[[], object]) -> None:
        self._client = client
        self._before = before
        self._happens = happens
        self._writes = 0

    def update_item(self, **request: Any) -> Any:
        number, self._writes = self._writes, self._writes + 1
        if number == self._before:
            self._happens()
        return self._client.update_item(**request)


def interrupted(stall: Stall, before: int, happens: Callable[[], object]) -> Places:
    return Places(Interrupted(stall.dynamodb, before, happens), stall.table)


@pytest.mark.parametrize("before", [0, 1])
def test_a_sale_during_which_the_order_gets_its_hold_is_a_sale(make_stall: MakeStall, before: int) -> None:
    stall = make_stall()
    selling = interrupted(stall, before, lambda: stall.places.hold(ONE, "pl_a", 1))
    assert selling.sell(ONE, "pl_a")
    assert (stall.taken("ticket").sold, stall.taken("ticket").held) == ({"pl_a": 1}, {})
    stall.places.give_back(ONE, "pl_a", 9)
    assert stall.taken("ticket").sold == {"pl_a": 1}


@pytest.mark.parametrize("before", [0, 1])
def test_a_sale_during_which_the_hold_is_given_back_is_a_sale(make_stall: MakeStall, before: int) -> None:
    stall = make_stall()
    stall.places.hold(ONE, "pl_a", 1)
    selling = interrupted(stall, before, lambda: stall.places.give_back(ONE, "pl_a", 1))
    assert selling.sell(ONE, "pl_a")
    assert_sound(stall, "ticket", 1)
    assert stall.taken("ticket").sold == {"pl_a": 1}


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("happens", ["give_back", "sell"])
def test_a_hold_for_a_further_attempt_during_which_the_earlier_one_ends(
    make_stall: MakeStall, before: int, happens: str
) -> None:
    stall = make_stall()
    stall.places.hold(ONE, "pl_a", 1)
    ends = {
        "give_back": lambda: stall.places.give_back(ONE, "pl_a", 1),
        "sell": lambda: stall.places.sell(ONE, "pl_a"),
    }
    holding = interrupted(stall, before, ends[happens])
    assert holding.hold(ONE, "pl_a", 2)
    assert_sound(stall, "ticket", 1)
    assert stall.taken("ticket").units == 1
    stall.places.give_back(ONE, "pl_a", 1)
    assert stall.taken("ticket").units == 1


def test_a_place_that_another_takes_meanwhile_is_gone(make_stall: MakeStall) -> None:
    stall = make_stall()
    stall.places.hold(ONE, "pl_a", 1)

    def another_takes_it() -> None:
        stall.places.give_back(ONE, "pl_a", 1)
        assert stall.places.hold(ONE, "pl_b", 1)

    assert not interrupted(stall, 0, another_takes_it).sell(ONE, "pl_a")
    assert stall.taken("ticket").held == {"pl_b": 1}


def test_an_order_counts_its_own_place_as_left(make_stall: MakeStall) -> None:
    stall = make_stall()
    three = Place("test:ticket", 3, 4)
    stall.places.hold(three, "pl_a", 1)
    assert (stall.places.left(three), stall.places.left(three, "pl_b")) == (1, 1)
    assert stall.places.left(three, "pl_a") == 4
    stall.places.sell(three, "pl_a")
    assert stall.places.left(three, "pl_a") == 4


@pytest.mark.dynamodb_local
@pytest.mark.parametrize(("limit", "units"), [(1, 1), (5, 1), (5, 2), (6, 6), (2, 3)])
def test_many_hands_at_one_row(make_busy_stall: Callable[..., Stall], limit: int, units: int) -> None:
    """Holding, selling and giving back of ten orders, all at once and each twice, on AWS's own engine."""
    stall = make_busy_stall()
    place = Place("test:ticket", units, limit)
    work: list[Callable[[], object]] = []
    for number in range(10):
        order_id = f"pl_{number}"
        work.append(lambda order_id=order_id: stall.places.hold(place, order_id, 1))
        if number % 2:
            work += [lambda order_id=order_id: stall.places.sell(place, order_id)] * 2
        else:
            work += [lambda order_id=order_id: stall.places.give_back(place, order_id, 1)] * 2
    at_once(work)
    assert_sound(stall, "ticket", limit)
    for number in range(10):
        stall.places.give_back(place, f"pl_{number}", 1)
    assert_sound(stall, "ticket", limit)
    assert set(stall.taken("ticket").sold) <= {f"pl_{number}" for number in range(1, 10, 2)}
    assert stall.taken("ticket").held == {}


@pytest.mark.dynamodb_local
def test_the_largest_limit_fits_in_one_row(make_busy_stall: Callable[..., Stall]) -> None:
    """All of them held at once by orders of one unit each is the longest row that there can be."""
    stall = make_busy_stall()
    place = Place("test:ticket", 1, MOST_UNITS)
    entries = {f"h pl_{number:026}": [1, 99] for number in range(MOST_UNITS - 1)}
    row = {"pk": PARTITION, "sk": place.id, "taken": MOST_UNITS - 1, **entries}
    stall.dynamodb.put_item(TableName=stall.table, Item=marshal(row))
    last = f"pl_{MOST_UNITS:026}"
    assert stall.places.hold(place, last, 99)
    assert not stall.places.hold(place, "pl_another", 1)
    assert_sound(stall, "ticket", MOST_UNITS)
    assert stall.places.sell(place, last)
