"""Money that arrives when the place was given back already."""

import pytest

from paylink.domain.errors import SoldOut
from paylink.domain.order import Attention, PaymentState, Status

from .conftest import MakeStall
from .late import an_order, expired
from .stall import assert_settled

TICKET = {"link": "ticket"}
MODES = pytest.mark.parametrize("check_call", [False, True], ids=["at-creation", "at-check"])


@MODES
@pytest.mark.parametrize("can_reject", [False, True])
def test_late_money_takes_a_place_that_is_still_free(
    make_stall: MakeStall, check_call: bool, can_reject: bool
) -> None:
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=1)
    order = expired(stall)
    assert stall.tells(order, str(order.payment_id), can_reject=can_reject).status == "ok"
    assert (stall.order("first").status, stall.order("first").attention) == (Status.PAID, ())
    assert_settled(stall, {"ticket": 1})
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)


@MODES
def test_late_money_without_a_place_is_refused_where_that_is_allowed(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=1)
    order = expired(stall)
    stall.sandbox.pay(str(an_order(stall, "second").payment_id))
    for _ in range(2):
        word = stall.tells(order, str(order.payment_id), can_reject=True)
        assert (word.status, word.description) == ("rejected", "Всё распродано.")
    late = stall.order("first")
    assert (late.status, late.attention) == (Status.EXPIRED, ())
    assert late.payments[str(order.payment_id)].state is PaymentState.REJECTED
    assert late.waiting, "watched until the gateway shows it reversed"
    assert_settled(stall, {"ticket": 1})


@MODES
def test_late_money_without_a_place_is_else_paid_and_looked_at(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=1)
    order = expired(stall)
    stall.sandbox.pay(str(an_order(stall, "second").payment_id))
    for _ in range(2):
        assert stall.tells(order, str(order.payment_id)).status == "ok"
    late = stall.order("first")
    assert (late.status, late.attention) == (Status.PAID, (Attention.OVERSOLD,))
    assert late.captured_amount == late.amount
    assert stall.signals.counts.count("Attention") == 1
    assert_settled(stall, {"ticket": 1})


def test_a_refusal_that_the_gateway_did_not_hear_is_no_refusal(make_stall: MakeStall) -> None:
    stall = make_stall()
    stall.sells("ticket", limit=1)
    order = expired(stall)
    stall.sandbox.pay(str(an_order(stall, "second").payment_id))
    assert stall.tells(order, str(order.payment_id), can_reject=True).status == "rejected"
    assert stall.tells(order, str(order.payment_id), can_reject=False).status == "ok"
    assert stall.order("first").attention == (Attention.OVERSOLD,)
    assert_settled(stall, {"ticket": 1})


def test_a_refused_cart_keeps_nothing_of_what_was_left(make_stall: MakeStall) -> None:
    stall = make_stall()
    stall.sells("apron", limit=1)
    stall.sells("ticket", limit=1)
    order = expired(stall, body={"items": [{"link": "apron"}, {"link": "ticket"}]})
    stall.sandbox.pay(str(an_order(stall, "second").payment_id))
    assert stall.tells(order, str(order.payment_id), can_reject=True).status == "rejected"
    assert stall.taken("apron").units == 0
    assert_settled(stall, {"apron": 1, "ticket": 1})


def test_an_oversold_cart_keeps_what_was_left(make_stall: MakeStall) -> None:
    stall = make_stall()
    stall.sells("apron", limit=1)
    stall.sells("ticket", limit=1)
    order = expired(stall, body={"items": [{"link": "apron"}, {"link": "ticket"}]})
    stall.sandbox.pay(str(an_order(stall, "second").payment_id))
    assert stall.tells(order, str(order.payment_id)).status == "ok"
    assert stall.order("first").attention == (Attention.OVERSOLD,)
    assert stall.taken("apron").sold == {order.order_id: 1}
    assert stall.taken("ticket").sold == {stall.order_id("second"): 1}


@MODES
def test_a_status_answer_counts_like_a_callback(make_stall: MakeStall, check_call: bool) -> None:
    """The result never comes; the same key, sent again after the page's time, finds the money by asking."""
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=1)
    order = an_order(stall)
    stall.sandbox.faults.add("result", "lost", times=None)
    if check_call:
        stall.sandbox.confirm(str(order.payment_id), passed=True)
    else:
        stall.sandbox.pay(str(order.payment_id))
    stall.sandbox.clock.advance(order.lifetime + 1)
    assert stall.ask("first", TICKET).order.status is Status.PAID
    assert stall.taken("ticket").sold == {order.order_id: 1}
    assert_settled(stall, {"ticket": 1})
