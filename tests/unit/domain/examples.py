"""A plain order, result and check for the tests, changed where a test wants another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from paylink.domain.link import Link
from paylink.domain.notices import CheckNotice, ResultNotice
from paylink.domain.order import KEEP_EMPTY, SETTLED, Order, Payment, PaymentState, Status

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)
ORDER_ID = "pl_0123456789abcdefghjkmnpqrs"
FIRST, SECOND, THIRD = "1000000001", "1000000002", "1000000003"
"""The gateway's ids of three payments; the order's page belongs to the first."""

MINOR = 150_000
AMOUNT = Decimal("1500.00")


def an_order(**changes: Any) -> Order:
    """An order that was claimed a moment ago: 1500 KZT, test mode, one step, nothing known of a payment."""
    values = {
        "order_id": ORDER_ID,
        "fingerprint": "00112233445566778899aabbccddeeff",
        "status": Status.CREATING,
        "created_at": NOW,
        "amount": MINOR,
        "currency": "KZT",
        "description": "Coffee",
        "test": True,
        "expires_at": NOW + timedelta(hours=1),
    }
    return Order(**(values | changes))


def a_pending_order(**changes: Any) -> Order:
    """The same, its page made: it waits for the first payment."""
    values = {
        "status": Status.PENDING,
        "payment_id": FIRST,
        "redirect_url": "https://customer.freedompay.kz/pay.html?customer=1",
        "redirect_url_type": "need data",
        "payments": {FIRST: Payment(PaymentState.OPEN, MINOR)},
        "sequence": 2,
    }
    return an_order(**(values | changes))


def an_order_in(status: Status, **changes: Any) -> Order:
    """An order in a state, as the writes that lead there leave it."""
    if status is Status.CREATING:
        return an_order(**changes)
    if status is Status.REFUSED:
        return an_order(status=status, waiting=False, keep_until=NOW + KEEP_EMPTY, **changes)
    if status in SETTLED:
        return a_settled_order(status, **changes)
    states = {Status.FAILED: PaymentState.FAILED, Status.EXPIRED: PaymentState.EXPIRED}
    is_empty = status is Status.EXPIRED
    values: dict[str, Any] = {
        "payments": {FIRST: Payment(states.get(status, PaymentState.OPEN), MINOR)},
        "waiting": not is_empty,
        "keep_until": NOW + KEEP_EMPTY if is_empty else None,
    }
    return replace(a_pending_order(status=status), **(values | changes))


def a_settled_order(status: Status, **changes: Any) -> Order:
    """An order whose money came with the first payment."""
    is_hold = status is Status.AUTHORIZED
    payment = Payment(
        PaymentState.AUTHORIZED if is_hold else PaymentState.PAID,
        amount=MINOR,
        captured=0 if is_hold else MINOR,
        refunded={Status.REFUNDED: MINOR, Status.PARTIALLY_REFUNDED: 1}.get(status, 0),
    )
    values = {
        "status": status,
        "payments": {FIRST: payment},
        "captured_amount": payment.captured,
        "refunded_amount": payment.refunded,
        "paid_at": None if is_hold else NOW,
        "waiting": is_hold,
    }
    return a_pending_order(**(values | changes))


def a_result(**changes: Any) -> ResultNotice:
    """The gateway's word that the first payment of the plain order is paid and captured."""
    values = {
        "order_id": ORDER_ID,
        "payment_id": FIRST,
        "result": 1,
        "amount": AMOUNT,
        "currency": "KZT",
        "captured": True,
        "can_reject": False,
        "test": True,
    }
    return ResultNotice(**(values | changes))


def a_check(**changes: Any) -> CheckNotice:
    """The gateway's question whether the first payment of the plain order may go ahead."""
    values = {"order_id": ORDER_ID, "payment_id": FIRST, "amount": AMOUNT, "currency": "KZT"}
    return CheckNotice(**(values | changes))


def a_link(**changes: Any) -> Link:
    """Coffee for 1500 KZT, up to ten at once."""
    values = {"id": "coffee", "title": "Coffee", "currency": "KZT", "price": MINOR}
    return Link(**(values | changes))
