"""Money that did not fit an order and was given back: the order goes on, or ends, as if it had never come."""

import pytest

from freedompay_sandbox import State
from integration.operations.office import Office, fresh_key
from paylink.domain.errors import PaylinkError
from paylink.domain.order import Attention, Order, PaymentState, Status

OVER = 3_600 + 16 * 60
"""Seconds after which a page is over, its grace included."""


@pytest.fixture(params=[False, True], ids=["the payment is the last", "the refund is the last"])
def given_back(office: Office, request: pytest.FixtureRequest) -> tuple[Order, str]:
    """An order, and its buyer's key, whose buyer was charged another sum, all of which was refunded."""
    office.sandbox.settings.update({"refund_hides_payment": request.param})
    key = fresh_key()
    order = office.shop.ask({"link": "gift"}, key).order
    office.sandbox.faults.add("result", "wrong_amount")
    office.sandbox.faults.add("result", "lost", times=None)
    office.sandbox.pay(str(order.payment_id))
    assert office.sync(order).attention == (Attention.AMOUNT_MISMATCH,)
    office.run("refund", order)
    office.sandbox.faults.clear()
    return office.run("resolve", order, note="Another sum was charged, and given back.").order, key


def test_it_expires_and_its_places_go_back(office: Office, given_back: tuple[Order, str]) -> None:
    order, _ = given_back
    office.sandbox.clock.advance(OVER)
    after = office.sync(order)
    assert (after.status, after.waiting, after.attention) == (Status.EXPIRED, False, ())
    # The link's three places are free again.
    for _ in range(3):
        office.pending("gift")
    with pytest.raises(PaylinkError, match="Sold out"):
        office.pending("gift")


def test_its_buyer_may_pay_after_all(office: Office, given_back: tuple[Order, str]) -> None:
    order, key = given_back
    office.sandbox.clock.advance(OVER)
    again = office.shop.ask({"link": "gift"}, key).order
    assert (again.order_id, again.status, again.attention) == (order.order_id, Status.PENDING, ())
    assert [payment.state for payment in again.payments.values()] == [PaymentState.PAID, PaymentState.OPEN]
    office.sandbox.pay(str(again.payment_id))
    after = office.order(order.order_id)
    assert (after.status, after.captured_amount, after.refunded_amount) == (Status.PAID, 150_000, 0)
    assert [payment.state for payment in office.sandbox.payments(order.order_id)] == [State.PAID, State.PAID]
