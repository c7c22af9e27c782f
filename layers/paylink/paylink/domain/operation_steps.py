"""What each step of an operation makes of its order; every function answers the version to be written."""

from dataclasses import replace
from datetime import datetime

from paylink.domain.bookkeeping import finished, restated, with_captured, with_reversed
from paylink.domain.ledger import reckoned, refund_done, refused, shows_trace
from paylink.domain.operation import Kind, Operation, OperationState
from paylink.domain.order import Attention, Order, Status
from paylink.domain.reading import Reading


def claimed(order: Order, operation: Operation, now: datetime) -> Order:
    """The order with the operation in flight, before the gateway is called."""
    return order.changed(now, operation=operation)


def withdrawn(order: Order, now: datetime) -> Order:
    """The order without its operation in flight, of which not a byte was sent: its key may try again."""
    return order.changed(now, operation=None)


def left_unknown(
    order: Order, operation: Operation, now: datetime, *, code: int | None = None, description: str = ""
) -> Order:
    """The order with an operation of which nobody knows how it ended."""
    unknown = replace(
        operation,
        state=OperationState.UNKNOWN,
        lease_until=None,
        owner=None,
        gateway_code=code,
        gateway_description=description,
    )
    return order.changed(now, operation=unknown)


def after_no(
    order: Order, operation: Operation, reading: Reading, now: datetime, *, code: int | None, description: str
) -> Order:
    """The order after the gateway said no, by a reading just after that: refused where it shows nothing of the
    operation, else as the reading proves it, or unknown."""
    unknown = left_unknown(order, operation, now, code=code, description=description)
    read = reckoned(unknown, reading, now)
    in_flight = read.operation
    if in_flight is not None and not shows_trace(read, reading, in_flight):
        read = refused(read, in_flight, now, code=code, description=description).changed(now)
    return replace(read, sequence=order.sequence + 1)


def done(
    order: Order,
    operation: Operation,
    now: datetime,
    *,
    refund_id: str | None = None,
    captured: int | None = None,
) -> Order:
    """The order after the gateway's word that it is done. `captured` in minor units, where it told that.

    Raises IllegalTransition where the order's state does not follow, ValueError for a refund without its id.
    """
    payment_id = operation.payment_id or ""
    if operation.kind is Kind.REFUND:
        if refund_id is None:
            raise ValueError("a refund is done by the id that the gateway gave it")
        order = refund_done(order, operation, refund_id, now)
    elif operation.kind is Kind.CAPTURE:
        order = with_captured(order, payment_id, captured or operation.amount)
        order = finished(order, operation, OperationState.DONE, now)
    else:
        order = with_reversed(order, payment_id)
        order = finished(order, operation, OperationState.DONE, now)
    return restated(order, now).changed(now)


def cancelled(order: Order, operation: Operation, now: datetime) -> Order:
    """A pending order cancelled, which is ours alone: its page may still be paid, and is then looked at."""
    order = finished(order, operation, OperationState.DONE, now)
    return order.moved(
        Status.CANCELLED, now, approved=None, approved_until=None, lease_until=None, lease_owner=None
    )


def resolved(order: Order, operation: Operation, now: datetime) -> Order:
    """The order with its attention cleared and who did it on record.

    An operation whose outcome stayed unknown ends with it: the operator has seen to it, and what the gateway
    shows later counts as found there.
    """
    stuck = order.operation
    # The attention may be for one that was proven since: another that is at work is not the operator's to end.
    is_stuck = stuck is not None and (stuck.has_waited(now) or stuck.is_overdue(now))
    if stuck is not None and is_stuck and Attention.OUTCOME_UNKNOWN in order.attention:
        order = finished(
            order, stuck, OperationState.REFUSED, now, gateway_description="Closed by the operator."
        )
    reasons = tuple(reason.value for reason in order.attention)
    order = finished(order, replace(operation, reasons=reasons), OperationState.DONE, now)
    return order.changed(now, attention=())


def unreadable(order: Order, now: datetime) -> Order:
    """The order whose gateway could not be asked now; it calls an operator where that has gone on for too long."""
    operation = order.operation
    if operation is None or not operation.is_overdue(now) or Attention.OUTCOME_UNKNOWN in order.attention:
        return order
    return order.changed(now, attention=(*order.attention, Attention.OUTCOME_UNKNOWN))
