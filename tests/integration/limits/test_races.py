"""Two processes at one order and its place, in an order that the test decides."""

import threading
from collections.abc import Callable

import pytest

from paylink.domain.errors import SoldOut
from paylink.domain.order import Status

from .conftest import MakeStall
from .late import TICKET, an_order
from .stall import assert_settled
from .struck import MOST_SECONDS, Gate, Gated

MODES = pytest.mark.parametrize("check_call", [False, True], ids=["at-creation", "at-check"])


def in_thread(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(work()), daemon=True)
    thread.start()
    return thread, answers


def let_go(gate: Gate, running: tuple[threading.Thread, list[object]]) -> object:
    """Opens the gate; what the work behind it answers."""
    gate.open()
    thread, answers = running
    thread.join(MOST_SECONDS)
    assert not thread.is_alive()
    return answers[0]


@MODES
def test_success_comes_while_the_place_is_about_to_be_given_back(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=1)
    order = an_order(stall)
    gate, places = Gate(), stall.places
    stall.places = Gated(places, "give_back", gate)
    expiry = in_thread(lambda: stall.tells_expiry(order, str(order.payment_id)))
    gate.reached()
    assert stall.order("first").status is Status.EXPIRED
    assert stall.tells(order, str(order.payment_id), can_reject=True).status == "ok"
    let_go(gate, expiry)
    assert (stall.order("first").status, stall.order("first").attention) == (Status.PAID, ())
    assert_settled(stall, {"ticket": 1})
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)


@MODES
@pytest.mark.parametrize("method", ["sell", "save"])
def test_the_payment_expires_while_its_money_is_being_written_down(
    make_stall: MakeStall, check_call: bool, method: str
) -> None:
    """The success stands before the sale of its place, or between that and the order; the expiry overtakes it."""
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=1)
    order = an_order(stall)
    gate, places, orders = Gate(), stall.places, stall.orders
    if method == "sell":
        stall.places = Gated(places, "sell", gate)
    else:
        stall.orders = Gated(orders, "save", gate)
    success = in_thread(lambda: stall.tells(order, str(order.payment_id), can_reject=True))
    gate.reached()
    stall.places, stall.orders = places, orders
    stall.tells_expiry(order, str(order.payment_id))
    assert stall.order("first").status is Status.EXPIRED
    word = let_go(gate, success)
    assert getattr(word, "status", None) == "ok"
    assert (stall.order("first").status, stall.order("first").attention) == (Status.PAID, ())
    assert_settled(stall, {"ticket": 1})


@MODES
def test_the_last_place_goes_to_another_while_the_money_is_being_written_down(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=1)
    order = an_order(stall)
    gate, places = Gate(), stall.places
    stall.places = Gated(places, "sell", gate)
    success = in_thread(lambda: stall.tells(order, str(order.payment_id), can_reject=True))
    gate.reached()
    stall.places = places
    stall.tells_expiry(order, str(order.payment_id))
    stall.sandbox.pay(str(an_order(stall, "second").payment_id))
    word = let_go(gate, success)
    assert getattr(word, "status", None) == "rejected"
    assert stall.order("first").status is Status.EXPIRED
    assert_settled(stall, {"ticket": 1})


@pytest.mark.parametrize("check_call", [False])
def test_an_expiry_that_dawdles_does_not_give_back_what_a_further_attempt_holds(
    make_stall: MakeStall, check_call: bool
) -> None:
    """Between the order's being written as expired and the giving back, the buyer has come again."""
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=1)
    order = an_order(stall)
    gate, places = Gate(), stall.places
    stall.sandbox.faults.add("result", "lost", times=None)
    stall.sandbox.expire(str(order.payment_id))
    stall.places = Gated(places, "give_back", gate)
    expiry = in_thread(lambda: stall.tells_expiry(order, str(order.payment_id)))
    gate.reached()
    stall.places = places
    again = stall.ask("first", TICKET).order
    assert again.payment_id != order.payment_id
    let_go(gate, expiry)
    assert stall.taken("ticket").held == {order.order_id: 1}
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)


def test_a_giving_back_that_the_network_delivers_twice_takes_nothing_from_a_further_attempt(
    make_stall: MakeStall,
) -> None:
    """The SDK sends a write again when its answer was lost; by then the buyer may hold a place anew."""
    stall = make_stall()
    stall.sells("ticket", limit=1)
    order = an_order(stall)
    stall.sandbox.expire(str(order.payment_id))
    before = stall.order("first")
    stall.ask("first", TICKET)
    for place in before.places:
        stall.places.give_back(place, before.order_id, before.attempt)
    assert stall.taken("ticket").held == {order.order_id: 1}
    assert_settled(stall, {"ticket": 1})


def test_an_expiry_that_comes_while_a_further_attempt_is_being_made(make_stall: MakeStall) -> None:
    stall = make_stall()
    stall.sells("ticket", limit=1)
    order = an_order(stall)
    stall.sandbox.expire(str(order.payment_id))
    gate, gateway = Gate(), stall.gateway
    stall.gateway = Gated(gateway, "create", gate)
    attempt = in_thread(lambda: stall.ask("first", TICKET))
    gate.reached()
    stall.gateway = gateway
    assert stall.tells_expiry(order, str(order.payment_id)).status == "ok"
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    let_go(gate, attempt)
    stall.sandbox.pay(str(stall.order("first").payment_id))
    assert stall.order("first").status is Status.PAID
    assert_settled(stall, {"ticket": 1})


def test_a_check_that_dawdles_holds_nothing_for_a_payment_that_has_expired(make_stall: MakeStall) -> None:
    stall = make_stall(check_call=True)
    stall.sells("ticket", limit=1)
    order = stall.ask("first", TICKET).order
    gate, places = Gate(), stall.places
    stall.places = Gated(places, "hold", gate)
    check = in_thread(lambda: stall.asks_whether(order, str(order.payment_id)))
    gate.reached()
    stall.places = places
    stall.tells_expiry(order, str(order.payment_id))
    word = let_go(gate, check)
    assert getattr(word, "status", None) == "rejected"
    assert stall.taken("ticket").units == 0
    assert_settled(stall, {"ticket": 1})
