"""What a refund, a capture, a reversal or an operation's end does to an order's sums and state; pure.

The functions answer the order with what changed and leave `sequence` alone: the caller writes all changes of
one moment as one version (`Order.changed`). The order's own payment, the one of `payment_id`, decides about
its state, `captured_amount` and `refunded_amount`; a second charge that is given back counts in `payments`
and `refunds` alone.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from paylink.domain.operation import Operation, OperationState, Refund
from paylink.domain.order import (
    SETTLED,
    TRANSITIONS,
    Attention,
    IllegalTransition,
    Order,
    Payment,
    PaymentState,
    Status,
)

HELD: Final = frozenset({PaymentState.PAID, PaymentState.AUTHORIZED})


def with_payment(order: Order, payment_id: str, payment: Payment) -> Order:
    """The order with another payment row."""
    return replace(order, payments={**order.payments, payment_id: payment})


def with_refund(order: Order, refund_id: str, refund: Refund) -> Order:
    """The order with a refund known, and its payment's sum as all of its refunds make it."""
    order = replace(order, refunds={**order.refunds, refund_id: refund})
    return resummed(order, refund.payment_id)


def resummed(order: Order, payment_id: str) -> Order:
    """The order with a payment's `refunded` as its known refunds make it."""
    payment = replace(order.payments[payment_id], refunded=refunded_sum(order, payment_id))
    return with_payment(order, payment_id, payment)


def refunded_sum(order: Order, payment_id: str) -> int:
    """What the known refunds of a payment come to, in minor units."""
    return sum(
        refund.amount
        for refund in order.refunds.values()
        if refund.payment_id == payment_id and not refund.failed
    )


def with_captured(order: Order, payment_id: str, captured: int) -> Order:
    """The order with a hold's money taken, or with the captured sum set right."""
    payment = replace(order.payments[payment_id], state=PaymentState.PAID, captured=captured)
    return with_payment(order, payment_id, payment)


def with_reversed(order: Order, payment_id: str) -> Order:
    """The order with a payment on which nothing is held any more."""
    payment = replace(order.payments[payment_id], state=PaymentState.REVERSED)
    return with_payment(order, payment_id, payment)


def with_attention(order: Order, reason: Attention) -> Order:
    """The order with a reason for an operator to look at it."""
    return order if reason in order.attention else replace(order, attention=(*order.attention, reason))


def finished(
    order: Order, operation: Operation, state: OperationState, now: datetime, **changes: object
) -> Order:
    """The order with this operation ended and out of flight; what only an open one needs is dropped."""
    if state is OperationState.DONE:
        # An error on the way says nothing any more.
        operation = replace(operation, gateway_code=None, gateway_description="")
    ended = replace(
        operation,
        state=state,
        finished_at=now,
        lease_until=None,
        owner=None,
        seen=(),
        seen_sum=0,
        unlisted=0,
        reads=0,
        **changes,  # type: ignore[arg-type]  # fields by name
    )
    in_flight = None if order.operation is None or order.operation.id == ended.id else order.operation
    return replace(order, operation=in_flight, operations={**order.operations, ended.id: ended})


def restated(order: Order, now: datetime) -> Order:
    """The order in the state, and with the sums, that its own payment makes. Raises IllegalTransition."""
    own = order.payments.get(order.payment_id or "")
    if own is None or order.status not in SETTLED:
        return order
    if order.status is Status.AUTHORIZED and own.state is PaymentState.REVERSED:
        return _stepped(order, Status.CANCELLED)
    if order.status is Status.AUTHORIZED and own.state is PaymentState.PAID:
        order = replace(_stepped(order, Status.PAID), paid_at=order.paid_at or now)
    if own.state is not PaymentState.PAID:
        return order
    order = replace(order, captured_amount=own.captured, refunded_amount=own.refunded)
    if order.status is Status.REFUNDED or not own.refunded:
        # A refund that failed after all leaves the state as it was told, with attention; the sums are right.
        return order
    return _stepped(order, Status.REFUNDED if own.refunded >= own.captured else Status.PARTIALLY_REFUNDED)


def _stepped(order: Order, status: Status) -> Order:
    if status is not order.status and status not in TRANSITIONS[order.status]:
        raise IllegalTransition(f"{order.status} -> {status}")
    return replace(order, status=status)
