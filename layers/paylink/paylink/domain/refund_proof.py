"""Which refund at the gateway is an operation's own, where the call that asked for it had no usable answer.

The gateway names nobody who asked: a refund proves the operation by being new since its call and of its sum. But one
that is older than the call may be listed late, so the operation remembers what had gone back before it:

    seen        the refunds that were listed, or known here, just before the call: never its own
    seen_sum    all that had gone back by then
    unlisted    the part of it that stood in no list and may be listed any time, under ids that look new

So new refunds of the operation's sum prove it where they are more than what stood in no list could be, or where the
sum that went back has room for everything else and it. Whatever may be it and is not proven is a trace: a person looks.
"""

from dataclasses import replace

from paylink.domain.bookkeeping import refunded_sum
from paylink.domain.operation import Kind, Operation, Refund
from paylink.domain.order import Order
from paylink.domain.reading import Ending, Listed, Reading

UNLISTED = "unlisted-"
"""Before a payment's id: stands for what was given back of it and is in no list of refunds."""

MOST_PARTS = 12
"""New refunds of one payment whose sums are added up every way there is."""


def remembering(operation: Operation, order: Order, reading: Reading) -> Operation:
    """The operation with what the gateway and the order, which has that reading in it, tell just before its call."""
    payment_id = reading.payment_id
    listed = [one.id for one in reading.refunds]
    if operation.kind is not Kind.REFUND:
        return replace(operation, seen=tuple(listed), seen_sum=reading.captured or 0)
    known = _known(order, payment_id)
    # Either may lag behind the other.
    total = max(reading.refunded, order.payments[payment_id].refunded)
    unlisted = max(0, total - refunded_sum(replace(order, refunds=known), payment_id))
    return replace(operation, seen=tuple(dict.fromkeys([*listed, *known])), seen_sum=total, unlisted=unlisted)


def proof_of(order: Order, reading: Reading, mine: Operation) -> Listed | None:
    """The new refund of the operation's sum, the oldest where there are more; None while it may be an older one."""
    done = [one for one in _new(reading, mine) if one.ending is Ending.DONE]
    if order.payments[reading.payment_id].foreign is not None:
        # A sum that cannot be counted here is only ever given back whole.
        fitting = done
    else:
        fitting = [one for one in done if one.amount == mine.amount]
        others = sum(one.amount or 0 for one in done if one.amount != mine.amount)
        room = reading.refunded - _from_before(order, reading, mine) - mine.unlisted - others
        if len(fitting) * mine.amount <= mine.unlisted and room < mine.amount:
            return None
    # One that was adopted while nothing was proven is rather the older one.
    return min(fitting, key=lambda one: (one.id in order.refunds, len(one.id), one.id)) if fitting else None


def may_be_there(order: Order, reading: Reading, mine: Operation) -> bool:
    """Whether something is to be seen that may be the operation, whole or in parts, and does not prove it."""
    if reading.refunded > max(refunded_sum(order, reading.payment_id), mine.seen_sum):
        return True
    amounts = _own_adopted(order, reading.payment_id, mine)
    for one in _new(reading, mine):
        if one.amount is None:
            return True
        if one.ending is Ending.FAILED:
            amounts.pop(one.id, None)
        else:
            amounts[one.id] = one.amount
    if len(amounts) > MOST_PARTS:
        return True
    sums: set[int] = set()
    for amount in amounts.values():
        sums |= {amount, *(part + amount for part in sums)}
    return mine.amount in sums


def _own_adopted(order: Order, payment_id: str, mine: Operation) -> dict[str, int]:
    """The sums of the refunds that an earlier reading showed as new; a list that lags does not take them back."""
    return {
        refund_id: refund.amount
        for refund_id, refund in _known(order, payment_id).items()
        if refund_id not in mine.seen and not refund.failed
    }


def _from_before(order: Order, reading: Reading, mine: Operation) -> int:
    """What the refunds from before the call come to as the gateway has them now, in minor units."""
    sums = {key: one.amount for key, one in _known(order, reading.payment_id).items() if not one.failed}
    sums |= {one.id: (one.amount or 0) if one.ending is Ending.DONE else 0 for one in reading.refunds}
    return sum(sums.get(refund_id, 0) for refund_id in mine.seen)


def _known(order: Order, payment_id: str) -> dict[str, Refund]:
    """The order's refunds of a payment that stood in a list."""
    return {
        refund_id: refund
        for refund_id, refund in order.refunds.items()
        if refund.payment_id == payment_id and refund_id != UNLISTED + payment_id
    }


def _new(reading: Reading, mine: Operation) -> list[Listed]:
    return [one for one in reading.refunds if one.id not in mine.seen]
