"""The process dies before or after each call to the places; then whoever asked asks again."""

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest

from freedompay_sandbox import State
from paylink.domain.errors import GatewayRefused, SoldOut, StillRunning
from paylink.domain.order import Attention, Status

from .conftest import MakeStall
from .stall import PAST_THE_LEASE, Stall, assert_settled, survived
from .struck import Dying

LIMITS = {"apron": 1, "bread": 2}
CART = {"items": [{"link": "apron"}, {"link": "bread", "quantity": 2}]}
APRON, BREAD = {"link": "apron"}, {"link": "bread", "quantity": 2}
THREE_DS = "4916307416334310"
RETRY = 1801.0
"""Seconds until the gateway tells a result again whose answer was no 200."""
MOST_CALLS = 12


@dataclass(frozen=True)
class Story:
    """Something that a process does with places; `then` is the repeat by whoever asked for it, and its end."""

    begin: Callable[[Stall], Callable[[], object]]
    then: Callable[[Stall], None]
    check_call: bool = False


def assert_sold_to(stall: Stall, key: str, *things: str) -> None:
    assert stall.order(key).status is Status.PAID
    for thing in things:
        assert set(stall.taken(thing).sold) == {stall.order_id(key)}


def buys(stall: Stall, key: str, body: dict[str, object]) -> None:
    stall.sandbox.pay(str(stall.ask(key, body).order.payment_id))
    assert stall.order(key).status is Status.PAID


def nobody_else_can_buy(stall: Stall) -> None:
    for body in (APRON, BREAD):
        with pytest.raises(SoldOut):
            stall.ask(f"late {body}", body)


def creating(stall: Stall) -> Callable[[], object]:
    return lambda: stall.ask("first", CART)


def then_the_same_key_ends_in_a_sale(stall: Stall) -> None:
    with suppress(StillRunning):  # the lease of the one who died may still stand
        stall.ask("first", CART)
    stall.sandbox.clock.advance(PAST_THE_LEASE)
    buys(stall, "first", CART)
    assert_sold_to(stall, "first", "apron", "bread")
    nobody_else_can_buy(stall)


def refused_for_lack_of_bread(stall: Stall) -> Callable[[], object]:
    stall.ask("eats", BREAD)

    def ask() -> None:
        with pytest.raises(SoldOut):
            stall.ask("first", CART)

    return ask


def then_the_apron_is_free(stall: Stall) -> None:
    stall.sandbox.clock.advance(PAST_THE_LEASE)
    with pytest.raises(SoldOut):
        stall.ask("first", CART)
    assert stall.taken("apron").units == 0
    buys(stall, "second", APRON)


def refused_by_the_gateway(stall: Stall) -> Callable[[], object]:
    stall.sandbox.faults.add("create", "error", times=None, code="200", description="Wrong value")

    def ask() -> None:
        with pytest.raises(GatewayRefused):
            stall.ask("first", CART)

    return ask


def then_everything_is_free(stall: Stall) -> None:
    stall.sandbox.clock.advance(PAST_THE_LEASE)
    with pytest.raises(GatewayRefused):
        stall.ask("first", CART)
    assert stall.taken("apron").units == stall.taken("bread").units == 0
    stall.sandbox.faults.clear()
    buys(stall, "second", APRON)
    buys(stall, "third", BREAD)


def selling(stall: Stall) -> Callable[[], object]:
    payment_id = str(stall.ask("first", CART).order.payment_id)
    stall.sandbox.present(payment_id, THREE_DS)
    return lambda: stall.sandbox.confirm(payment_id, passed=True)


def then_the_result_comes_again(stall: Stall) -> None:
    stall.sandbox.clock.advance(RETRY)
    assert_sold_to(stall, "first", "apron", "bread")
    assert stall.order("first").attention == ()
    nobody_else_can_buy(stall)


def checking(stall: Stall) -> Callable[[], object]:
    payment_id = str(stall.ask("first", CART).order.payment_id)
    return lambda: stall.sandbox.present(payment_id, THREE_DS)


def then_the_buyer_tries_again(stall: Stall) -> None:
    payment_id = str(stall.order("first").payment_id)
    if stall.sandbox.payment(payment_id).state is State.NEW:
        stall.sandbox.present(payment_id, THREE_DS)
    stall.sandbox.confirm(payment_id, passed=True)
    assert_sold_to(stall, "first", "apron", "bread")
    nobody_else_can_buy(stall)


def then_the_buyer_stays_away(stall: Stall) -> None:
    stall.sandbox.expire(str(stall.order("first").payment_id))
    assert stall.order("first").status is Status.EXPIRED
    for key, body in (("second", APRON), ("third", BREAD)):
        stall.sandbox.pay(str(stall.ask(key, body).order.payment_id))
        assert stall.order(key).status is Status.PAID


def checked_and_refused(stall: Stall) -> Callable[[], object]:
    payment_id = str(stall.ask("first", CART).order.payment_id)
    stall.sandbox.present(str(stall.ask("eats", BREAD).order.payment_id), THREE_DS)
    return lambda: stall.sandbox.present(payment_id, THREE_DS)


def then_the_check_is_refused_again(stall: Stall) -> None:
    payment_id = str(stall.order("first").payment_id)
    assert stall.sandbox.present(payment_id, THREE_DS).state is State.NEW
    assert stall.taken("apron").units == 0
    stall.sandbox.pay(str(stall.ask("second", APRON).order.payment_id))
    assert_sold_to(stall, "second", "apron")


def expiring(stall: Stall) -> Callable[[], object]:
    payment_id = str(stall.ask("first", CART).order.payment_id)
    if stall.check_call:
        stall.sandbox.present(payment_id, THREE_DS)
    assert stall.taken("apron").held
    return lambda: stall.sandbox.expire(payment_id)


def then_the_expiry_comes_again(stall: Stall) -> None:
    stall.sandbox.clock.advance(RETRY)
    assert stall.taken("apron").units == stall.taken("bread").units == 0
    buys(stall, "second", APRON)
    buys(stall, "third", BREAD)


def trying_again(stall: Stall) -> Callable[[], object]:
    stall.sandbox.expire(str(stall.ask("first", CART).order.payment_id))
    return creating(stall)


def late_and_refused(stall: Stall) -> Callable[[], object]:
    order = stall.ask("first", CART).order
    stall.tells_expiry(order, str(order.payment_id))
    buys(stall, "eats", BREAD)
    return lambda: stall.tells(order, str(order.payment_id), can_reject=True)


def then_the_late_money_is_told_again(stall: Stall) -> None:
    """A repeat can no longer be refused: who died has to take the money."""
    order = stall.order("first")
    assert stall.tells(order, str(stall.order("first").payment_id)).status == "ok"
    assert stall.order("first").status is Status.PAID
    assert stall.order("first").attention == (Attention.OVERSOLD,)
    assert set(stall.taken("bread").sold) == {stall.order_id("eats")}


STORIES = {
    "creating": Story(creating, then_the_same_key_ends_in_a_sale),
    "creating-before-a-check": Story(creating, then_the_same_key_ends_in_a_sale, check_call=True),
    "refused-cart": Story(refused_for_lack_of_bread, then_the_apron_is_free),
    "refused-by-the-gateway": Story(refused_by_the_gateway, then_everything_is_free),
    "trying-again": Story(trying_again, then_the_same_key_ends_in_a_sale),
    "selling": Story(selling, then_the_result_comes_again),
    "selling-what-was-checked": Story(selling, then_the_result_comes_again, check_call=True),
    "checking": Story(checking, then_the_buyer_tries_again, check_call=True),
    "checking-in-vain": Story(checking, then_the_buyer_stays_away, check_call=True),
    "refused-at-the-check": Story(checked_and_refused, then_the_check_is_refused_again, check_call=True),
    "expiring": Story(expiring, then_the_expiry_comes_again),
    "expiring-after-the-check": Story(expiring, then_the_expiry_comes_again, check_call=True),
    "late-and-refused": Story(late_and_refused, then_the_late_money_is_told_again),
}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", STORIES)
def test_every_call_to_the_places_may_be_the_last_one(make_stall: MakeStall, name: str, after: bool) -> None:
    story = STORIES[name]
    struck = []
    for number in itertools.count():
        assert number < MOST_CALLS, "it never ended"
        stall = make_stall(check_call=story.check_call)
        stall.sandbox.reset()
        stall.sells("apron", limit=1)
        stall.sells("bread", limit=2, quantity={"max": 2})
        work = story.begin(stall)
        dying = Dying(stall.places, number, after=after)
        stall.places, places = dying, stall.places
        survived(work)
        stall.places = places
        if dying.struck is None:
            break
        struck.append(dying.struck)
        try:
            story.then(stall)
            assert_settled(stall, LIMITS)
        except (AssertionError, Exception) as error:
            error.add_note(f"{name}: died {'after' if after else 'before'} {dying.struck}, call {number}")
            raise
    assert len(struck) >= 2, struck
