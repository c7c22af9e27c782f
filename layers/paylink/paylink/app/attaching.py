"""What an answer to the create call does to the order; pure."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from paylink.domain.order import SETTLED, Order, Payment, PaymentState, Refusal, Status
from paylink.freedompay.answers import CreatedPayment


def attached(
    order: Order, created: CreatedPayment, now: datetime, *, earlier: Collection[str] = frozenset()
) -> Order:
    """The order with the payment that this attempt made.

    A callback may have come before the answer: a settled order keeps its state and payment, and a payment
    that is known to have ended (failed, rejected, or paid beside the order) stays what it is and does not
    make its order payable again. Not so one of the `earlier` payments, known before the call, that failed:
    the gateway has opened it anew.
    """
    known = order.payments.get(created.payment_id)
    if order.status in SETTLED or order.status is Status.CANCELLED:
        # Nothing is left to pay: the page of a payment that is new here is shown to nobody.
        return with_lost(order, created.payment_id).changed(now, lease_until=None, lease_owner=None)
    page = {
        "payment_id": created.payment_id,
        "redirect_url": created.redirect_url,
        "redirect_url_type": created.redirect_url_type,
        "expires_at": now + timedelta(seconds=order.lifetime),
        "lease_until": None,
        "lease_owner": None,
    }
    may_open = {PaymentState.OPEN, PaymentState.LOST}
    if created.payment_id in earlier:
        may_open |= {PaymentState.FAILED, PaymentState.EXPIRED}
    if known is not None and known.state not in may_open:
        return order.changed(now, **page)
    payments = {**order.payments, created.payment_id: Payment(PaymentState.OPEN, order.amount)}
    return order.moved(Status.PENDING, now, payments=payments, refusal=None, **page)


def with_lost(order: Order, payment_id: str | None) -> Order:
    """The order, not yet changed otherwise, with a payment noted whose page's address nobody has."""
    if payment_id is None or payment_id in order.payments:
        return order
    lost = Payment(PaymentState.LOST, order.amount)
    return replace(order, payments={**order.payments, payment_id: lost})


def refused(order: Order, refusal: Refusal | None, now: datetime) -> Order:
    """The order after a refusal: `refused` where it was never payable, else over; with a refusal it is for good."""
    over = {Status.CREATING: Status.REFUSED, Status.PENDING: Status.EXPIRED}
    status = over.get(order.status, order.status)
    return order.moved(status, now, refusal=refusal, lease_until=None, lease_owner=None)


def released(order: Order, now: datetime, *, cooldown: timedelta = timedelta(0)) -> Order:
    """The order with the attempt given up but its outcome open: from `cooldown` on the same key continues."""
    return order.changed(now, lease_until=now + cooldown, lease_owner=None)
