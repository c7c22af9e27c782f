"""Syncing an order with the gateway: what callbacks and answers failed to tell."""

from datetime import timedelta

import pytest

from integration.operations.office import Office
from integration.operations.sums import assert_equal_sums, gateway_refunds
from paylink.domain.errors import GatewayMisconfigured, GatewaySilent, GatewayUnclear
from paylink.domain.operation import Source
from paylink.domain.order import Attention, PaymentState, Status

DAY = 86_400


@pytest.fixture(autouse=True)
def lost_callbacks(office: Office) -> None:
    """No callback arrives: only the status tells."""
    office.sandbox.faults.add("result", "lost", times=None)


def test_a_lost_success_is_found(office: Office) -> None:
    order = office.sold()
    assert order.status is Status.PENDING
    assert office.sync(order).status is Status.PAID
    assert assert_equal_sums(office, order.order_id).captured_amount == 150_000


def test_a_lost_hold_is_found_and_its_end_on_day_five(office: Office) -> None:
    order = office.held()
    assert office.sync(order).status is Status.AUTHORIZED
    office.sandbox.clock.advance(4 * DAY)
    assert office.sync(order).status is Status.AUTHORIZED
    office.sandbox.clock.advance(DAY + 60)
    after = office.sync(order)
    assert (after.status, after.captured_amount, after.waiting) == (Status.PAID, 150_000, False)
    assert_equal_sums(office, order.order_id)


def test_a_hold_cleared_in_part_in_the_cabinet(office: Office) -> None:
    order = office.held()
    office.sandbox.cabinet_clear(str(order.payment_id), "700")
    office.sync(order)
    after = office.sync(order)
    assert (after.status, after.captured_amount) == (Status.PAID, 70_000)
    assert_equal_sums(office, order.order_id)


def test_a_hold_cancelled_in_the_cabinet(office: Office) -> None:
    order = office.held()
    office.sync(order)
    office.sandbox.cabinet_cancel(str(order.payment_id))
    after = office.sync(order)
    assert (after.status, after.waiting) == (Status.CANCELLED, False)
    assert_equal_sums(office, order.order_id)


@pytest.mark.parametrize("word", ["success", "refunded"])
@pytest.mark.parametrize("hides", [False, True])
def test_refunds_made_in_the_cabinet(office: Office, word: str, *, hides: bool) -> None:
    office.sandbox.settings.update({"refunded_word": word, "refund_hides_payment": hides})
    order = office.sold()
    office.sync(order)
    office.sandbox.cabinet_refund(str(order.payment_id), "400")
    partly = office.sync(order)
    assert (partly.status, partly.refunded_amount) == (Status.PARTIALLY_REFUNDED, 40_000)
    office.sandbox.cabinet_refund(str(order.payment_id))
    after = office.sync(order)
    assert (after.status, after.refunded_amount) == (Status.REFUNDED, 150_000)
    assert {refund.source for refund in after.refunds.values()} == {Source.EXTERNAL}
    assert after.attention == ()
    assert_equal_sums(office, order.order_id)
    assert office.sync(order).sequence == after.sequence


def test_a_declined_and_an_expired_payment(office: Office) -> None:
    declined, expired = office.pending(), office.pending("gift")
    office.sandbox.decline(str(declined.payment_id))
    office.sandbox.expire(str(expired.payment_id))
    assert office.sync(declined).status is Status.FAILED
    assert office.sync(expired).status is Status.EXPIRED
    assert office.shop.places.left(expired.places[0]) == 3


def test_a_failed_order_stops_waiting_with_its_time(office: Office) -> None:
    order = office.pending()
    office.sandbox.decline(str(order.payment_id))
    assert office.sync(order).waiting
    office.sandbox.clock.advance(3700)
    after = office.sync(order)
    assert (after.status, after.waiting) == (Status.FAILED, False)
    assert after.keep_until is not None


def test_an_order_of_which_the_gateway_knows_nothing_ends_with_its_time(office: Office) -> None:
    office.sandbox.faults.add("create", "drop_before")
    with pytest.raises(GatewaySilent):
        office.pending("gift")
    (order,) = office.shop.order_rows()
    assert office.sync(order).status is Status.CREATING
    office.sandbox.clock.advance(order.lifetime + 899)
    assert office.sync(order).status is Status.CREATING
    office.sandbox.clock.advance(2)
    after = office.sync(order)
    assert (after.status, after.waiting, after.lease_until) == (Status.EXPIRED, False, None)
    assert office.shop.places.left(order.places[0]) == 3


def test_what_the_gateway_calls_open_is_not_over(office: Office) -> None:
    order = office.pending()
    past = order.changed(office.shop.now(), expires_at=order.created_at - timedelta(hours=1))
    assert office.shop.orders.save(order, past) is None
    after = office.sync(past)
    assert (after.status, after.waiting) == (Status.PENDING, True)
    office.sandbox.pay(str(order.payment_id))
    assert office.sync(order).status is Status.PAID


def test_a_second_charge_is_found_once(office: Office) -> None:
    order = office.sold()
    office.sync(order)
    second = office.sandbox.repeat(str(order.payment_id)).payment_id
    office.sandbox.pay(second)
    after = office.sync(order)
    assert after.attention == (Attention.SECOND_CHARGE,)
    assert after.payments[second].captured == 150_000
    office.run("resolve", order, note="Agreed with the buyer.")
    assert office.sync(order).attention == ()


def test_refused_money_is_watched_until_it_is_back(office: Office) -> None:
    office.sandbox.faults.clear()
    office.sandbox.settings.update({"reversal_delay": 60})
    order = office.sold()
    second = office.sandbox.repeat(str(order.payment_id)).payment_id
    office.sandbox.pay(second)
    watched = office.sync(order)
    assert (watched.payments[second].state, watched.waiting) == (PaymentState.REJECTED, True)
    office.sandbox.clock.advance(61)
    after = office.sync(order)
    assert (after.payments[second].state, after.waiting) == (PaymentState.REVERSED, False)
    assert (after.status, after.attention) == (Status.PAID, ())


@pytest.mark.parametrize("fault", ["http_500", "garbage", "drop_before"])
def test_a_gateway_that_does_not_tell_changes_nothing(office: Office, fault: str) -> None:
    order = office.sold()
    office.sandbox.faults.add("status", fault, times=None)
    with pytest.raises(GatewayUnclear):
        office.sync(order)
    assert office.order(order.order_id) == order


def test_our_own_key_is_wrong(office: Office) -> None:
    order = office.sold()
    office.sandbox.faults.add("status", "error", code="9998", description="no")
    with pytest.raises(GatewayMisconfigured):
        office.sync(order)


def test_a_sync_of_what_is_settled_writes_nothing(office: Office) -> None:
    order = office.sold()
    office.sync(order)
    office.run("refund", order, amount="100")
    before = office.order(order.order_id)
    office.shop.watch.disarm()
    assert office.sync(order) == before
    assert "orders.save" not in office.shop.watch.calls
    assert gateway_refunds(office, order.order_id) == [10_000]
