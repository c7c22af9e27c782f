"""When a place is taken, for how long it is kept, and when it comes back."""

from dataclasses import replace

import pytest

from freedompay_sandbox import State
from paylink.domain.errors import GatewayRefused, GatewaySilent, PaylinkError, SoldOut
from paylink.domain.order import Attention, Status

from .conftest import MakeStall
from .stall import PAST_THE_LEASE, Stall, assert_settled

TICKET = {"link": "ticket"}
MODES = pytest.mark.parametrize("check_call", [False, True], ids=["at-creation", "at-check"])
THREE_DS = "4916307416334310"


def a_stall(make_stall: MakeStall, *, limit: int = 1, check_call: bool = False) -> Stall:
    stall = make_stall(check_call=check_call)
    stall.sells("ticket", limit=limit)
    return stall


def holds_it(stall: Stall, key: str) -> str:
    """A buyer gets as far as the bank's own page; the payment's id."""
    payment_id = str(stall.ask(key, TICKET).order.payment_id)
    assert stall.sandbox.present(payment_id, THREE_DS).state is State.WAITING
    assert stall.taken("ticket").held == {stall.order_id(key): 1}
    return payment_id


def assert_can_be_bought(stall: Stall, key: str = "the-next-buyer") -> None:
    stall.sandbox.pay(str(stall.ask(key, TICKET).order.payment_id))
    assert stall.order(key).status is Status.PAID
    assert stall.order_id(key) in stall.taken("ticket").sold
    assert_settled(stall, {"ticket": 1})


@MODES
def test_a_place_comes_back_when_the_payment_expires(make_stall: MakeStall, check_call: bool) -> None:
    stall = a_stall(make_stall, check_call=check_call)
    payment_id = holds_it(stall, "first")
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    stall.sandbox.expire(payment_id)
    assert stall.order("first").status is Status.EXPIRED
    assert stall.taken("ticket").held == {}
    assert_can_be_bought(stall)


def test_who_was_told_sold_out_may_ask_again_with_the_same_key(make_stall: MakeStall) -> None:
    stall = a_stall(make_stall)
    payment_id = holds_it(stall, "first")
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    assert stall.sandbox.payments(stall.order_id("second")) == []
    stall.sandbox.expire(payment_id)
    assert_can_be_bought(stall, "second")


def test_who_was_refused_at_the_check_may_pay_the_same_page_later(make_stall: MakeStall) -> None:
    stall = a_stall(make_stall, check_call=True)
    later = str(stall.ask("second", TICKET).order.payment_id)
    payment_id = holds_it(stall, "first")
    assert stall.sandbox.pay(later).refusal == "Всё распродано."
    assert stall.order("second").status is Status.PENDING
    stall.sandbox.expire(payment_id)
    stall.sandbox.pay(later)
    assert stall.order("second").status is Status.PAID
    assert_settled(stall, {"ticket": 1})


@pytest.mark.parametrize(("asked", "sent"), [(None, "900"), (300, "300"), (604_800, "900")])
def test_without_the_check_call_a_place_is_held_for_15_minutes_at_most(
    make_stall: MakeStall, asked: int | None, sent: str
) -> None:
    stall = a_stall(make_stall, limit=9)
    stall.sells("endless")
    lifetime = {} if asked is None else {"lifetime": asked}
    stall.ask("limited", {**TICKET, **lifetime})
    stall.ask("unlimited", {"link": "endless", **lifetime})
    limited, unlimited = stall.sandbox.payments()
    assert limited.text("pg_lifetime") == sent
    assert unlimited.text("pg_lifetime") == str(asked or 3600)
    order = stall.order("limited")
    assert order.expires_at is not None
    assert (order.expires_at - order.created_at).total_seconds() == pytest.approx(int(sent), abs=30)


def test_with_the_check_call_the_page_lives_as_long_as_the_owner_says_and_no_longer(
    make_stall: MakeStall,
) -> None:
    stall = a_stall(make_stall, check_call=True)
    stall.ask("first", {**TICKET, "lifetime": 604_800})
    (payment,) = stall.sandbox.payments()
    assert payment.text("pg_lifetime") == "3600"
    assert stall.taken("ticket").units == 0


def test_what_is_tried_out_in_test_mode_sells_nothing_out(make_stall: MakeStall) -> None:
    stall = a_stall(make_stall)
    holds_it(stall, "tried")
    with pytest.raises(SoldOut):
        stall.ask("tried once more", TICKET)
    stall.policy = replace(stall.policy, test_mode=False)
    assert stall.ask("for real", TICKET).order.test is False
    assert stall.taken("ticket").held == {stall.order_id("for real"): 1}


def test_a_place_comes_back_by_time_alone(make_stall: MakeStall) -> None:
    stall = a_stall(make_stall)
    stall.ask("first", TICKET)
    stall.sandbox.clock.advance(899)
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    stall.sandbox.clock.advance(2)
    assert stall.order("first").status is Status.EXPIRED
    assert_can_be_bought(stall)


@MODES
def test_a_declined_payment_keeps_its_place_within_its_lifetime(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = a_stall(make_stall, check_call=check_call)
    payment_id = str(stall.ask("first", TICKET).order.payment_id)
    stall.sandbox.decline(payment_id)
    assert stall.order("first").status is Status.FAILED
    assert stall.taken("ticket").held == {stall.order_id("first"): 1}
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    stall.sandbox.pay(payment_id)
    assert stall.order("first").status is Status.PAID
    assert_settled(stall, {"ticket": 1})


@MODES
@pytest.mark.parametrize("same_page", [False, True])
def test_a_declined_buyer_gets_a_further_attempt_on_the_place_that_is_theirs(
    make_stall: MakeStall, check_call: bool, same_page: bool
) -> None:
    stall = a_stall(make_stall, check_call=check_call)
    stall.sandbox.settings.update({"retry_same_page": same_page})
    stall.sandbox.decline(str(stall.ask("first", TICKET).order.payment_id))
    again = stall.ask("first", TICKET).order
    assert stall.taken("ticket").held == {again.order_id: 1}
    stall.sandbox.pay(str(again.payment_id))
    assert stall.order("first").status is Status.PAID
    assert_settled(stall, {"ticket": 1})


@MODES
def test_a_declined_payment_gives_its_place_back_once_its_time_is_over(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = a_stall(make_stall, check_call=check_call)
    order = stall.ask("first", TICKET).order
    stall.sandbox.decline(str(order.payment_id))
    stall.sandbox.clock.advance(order.lifetime + 1)
    assert stall.tells_expiry(order, str(order.payment_id)).status == "ok"
    assert stall.taken("ticket").units == 0
    assert_can_be_bought(stall)


@MODES
def test_an_earlier_payments_end_does_not_give_back_what_a_further_attempt_needs(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = a_stall(make_stall, check_call=check_call)
    first = stall.ask("first", TICKET).order
    stall.sandbox.decline(str(first.payment_id))
    stall.sandbox.settings.update({"retry_same_page": False})
    second = stall.ask("first", TICKET).order
    assert second.payment_id != first.payment_id
    stall.tells_expiry(second, str(first.payment_id))
    assert stall.taken("ticket").held == {first.order_id: 1}
    stall.sandbox.pay(str(second.payment_id))
    assert_settled(stall, {"ticket": 1})


@MODES
@pytest.mark.parametrize("attempt", [1, 2])
def test_what_the_gateway_refuses_for_good_gives_its_place_back(
    make_stall: MakeStall, check_call: bool, attempt: int
) -> None:
    stall = a_stall(make_stall, check_call=check_call)
    if attempt == 2:
        stall.sandbox.expire(holds_it(stall, "first"))
    stall.sandbox.faults.add("create", "error", code="200", description="Wrong value")
    with pytest.raises(GatewayRefused):
        stall.ask("first", TICKET)
    assert stall.taken("ticket").units == 0
    assert_can_be_bought(stall)


@MODES
def test_a_further_attempt_that_is_refused_leaves_the_place_to_the_page_that_can_still_be_paid(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = a_stall(make_stall, check_call=check_call)
    order = stall.ask("first", TICKET).order
    stall.sandbox.decline(str(order.payment_id))
    stall.sandbox.faults.add("create", "error", code="200", description="Wrong value")
    with pytest.raises(GatewayRefused):
        stall.ask("first", TICKET)
    assert stall.taken("ticket").held == {order.order_id: 1}
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    stall.sandbox.pay(str(order.payment_id))
    assert (stall.order("first").status, stall.order("first").attention) == (Status.PAID, ())
    assert_settled(stall, {"ticket": 1})


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "http_500"])
def test_an_answer_that_never_came_keeps_the_place_for_the_same_key(make_stall: MakeStall, kind: str) -> None:
    stall = a_stall(make_stall)
    stall.sandbox.faults.add("create", kind)
    with pytest.raises(PaylinkError) as failure:
        stall.ask("first", TICKET)
    assert isinstance(failure.value, GatewaySilent) or kind == "http_500"
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    stall.sandbox.clock.advance(PAST_THE_LEASE)
    stall.sandbox.pay(str(stall.ask("first", TICKET).order.payment_id))
    assert_settled(stall, {"ticket": 1})


def test_a_payment_whose_answer_was_lost_gives_its_place_back_when_it_expires(make_stall: MakeStall) -> None:
    stall = a_stall(make_stall)
    stall.sandbox.faults.add("create", "drop_after")
    with pytest.raises(GatewaySilent):
        stall.ask("first", TICKET)
    stall.sandbox.clock.advance(901)
    assert_can_be_bought(stall)


def test_a_cart_that_is_refused_gives_back_what_it_took(make_stall: MakeStall) -> None:
    stall = a_stall(make_stall)
    stall.sells("apron", limit=2)
    stall.sells("zebra", limit=2)
    holds_it(stall, "first")
    cart = {"items": [{"link": "zebra"}, {"link": "ticket"}, {"link": "apron"}]}
    with pytest.raises(SoldOut):
        stall.ask("cart", cart)
    assert stall.taken("apron").units == stall.taken("zebra").units == 0
    assert [place.id for place in stall.order("cart").places] == ["test:apron", "test:ticket", "test:zebra"]


def test_a_lower_limit_counts_from_now_on_and_a_higher_one_too(make_stall: MakeStall) -> None:
    stall = a_stall(make_stall, limit=2)
    kept = [str(stall.ask(key, TICKET).order.payment_id) for key in ("first", "second")]
    stall.sells("ticket", limit=1)
    with pytest.raises(SoldOut):
        stall.ask("third", TICKET)
    for payment_id in kept:
        stall.sandbox.pay(payment_id)
    stall.sells("ticket", limit=3)
    stall.sandbox.pay(str(stall.ask("fourth", TICKET).order.payment_id))
    with pytest.raises(SoldOut):
        stall.ask("fifth", TICKET)
    assert_settled(stall, {"ticket": 3})


@MODES
def test_what_the_owner_adds_is_there_for_who_was_told_sold_out(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = a_stall(make_stall, check_call=check_call)
    stall.sandbox.pay(str(stall.ask("first", TICKET).order.payment_id))
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    stall.sells("ticket", limit=2)
    stall.sandbox.pay(str(stall.ask("second", TICKET).order.payment_id))
    assert_settled(stall, {"ticket": 2})


@MODES
def test_a_further_attempt_takes_none_of_what_the_owner_has_taken_back(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = a_stall(make_stall, limit=2, check_call=check_call)
    stall.sandbox.pay(str(stall.ask("first", TICKET).order.payment_id))
    stall.sandbox.expire(str(stall.ask("second", TICKET).order.payment_id))
    stall.sells("ticket", limit=1)
    with pytest.raises(SoldOut):
        stall.ask("second", TICKET)
    assert_settled(stall, {"ticket": 1})


@MODES
def test_an_offers_place_comes_back_too_and_late_money_finds_it_gone(
    make_stall: MakeStall, check_call: bool
) -> None:
    stall = make_stall(check_call=check_call)
    thing, body = "offer:of_1", {"offer": stall.offer("of_1", limit=1)}
    first = stall.ask("first", body).order
    stall.sandbox.present(str(first.payment_id), THREE_DS)
    with pytest.raises(SoldOut):
        stall.ask("second", body)
    stall.sandbox.expire(str(first.payment_id))
    assert stall.taken(thing).units == 0
    stall.sandbox.pay(str(stall.ask("second", body).order.payment_id))
    assert stall.taken(thing).sold == {stall.order_id("second"): 1}
    assert stall.tells(first, str(first.payment_id), can_reject=True).status == "rejected"
    assert stall.tells(first, str(first.payment_id)).status == "ok"
    assert stall.order("first").attention == (Attention.OVERSOLD,)
    assert_settled(stall, {thing: 1})
