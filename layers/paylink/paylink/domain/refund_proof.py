"""Which refund at the gateway is an operation's own, where the call that asked for it had no usable answer.

The gateway names nobody who asked: a refund proves the operation by being new since its call and of its sum. But one
that is older than the call may be listed late, so the operation remembers what had gone back before it:

    seen        the refunds that were listed, or known here, just before the call: never its own
    seen_sum    all that had gone back by then
    unlisted    the part of it that stood in no list and may be listed any time, under ids that look new

A new refund proves nothing until what went back since, by the sum or by the list, has room for the operation beside
that.
"""

from dataclasses import replace

from paylink.domain.bookkeeping import refunded_sum
from paylink.domain.operation import Kind, Operation
from paylink.domain.order import Order
from paylink.domain.reading import Ending, Listed, Reading

UNLISTED = "unlisted-"
"""Before a payment's id: stands for what was given back of it and is in no list of refunds."""


def remembering(operation: Operation, order: Order, reading: Reading) -> Operation:
    """The operation with what the gateway and the order, which has that reading in it, tell just before its call."""
    payment_id = reading.payment_id
    listed = [one.id for one in reading.refunds]
    if operation.kind is not Kind.REFUND:
        return replace(operation, seen=tuple(listed), seen_sum=reading.captured or 0)
    known = {
        refund_id: refund
        for refund_id, refund in order.refunds.items()
        if refund.payment_id == payment_id and refund_id != UNLISTED + payment_id
    }
    # Either may lag behind the other.
    total = max(reading.refunded, order.payments[payment_id].refunded)
    unlisted = max(0, total - refunded_sum(replace(order, refunds=known), payment_id))
    return replace(operation, seen=tuple(dict.fromkeys([*listed, *known])), seen_sum=total, unlisted=unlisted)


def proof_of(order: Order, reading: Reading, mine: Operation) -> Listed | None:
    """The new refund of the operation's sum, the oldest where there are more; None while it may be an older one."""
    # A sum that cannot be counted here is only ever given back whole.
    any_sum = order.payments[reading.payment_id].foreign is not None
    if not any_sum and _gone_since(reading, mine) < mine.amount:
        return None
    fitting = [one for one in _done(reading, mine) if any_sum or one.amount == mine.amount]
    # One that was adopted while there was no room yet is rather the older one.
    return min(fitting, key=lambda one: (one.id in order.refunds, len(one.id), one.id)) if fitting else None


def may_be_there(order: Order, reading: Reading, mine: Operation) -> bool:
    """Whether something is to be seen that may be the operation and does not prove it."""
    grew = reading.refunded > max(refunded_sum(order, reading.payment_id), mine.seen_sum)
    is_open = any(
        one.amount is None or (one.ending is Ending.OPEN and one.amount == mine.amount)
        for one in _new(reading, mine)
    )
    return grew or is_open or _in_parts(reading, mine)


def _in_parts(reading: Reading, mine: Operation) -> bool:
    """Whether new refunds come to the operation's sum together, as they would if the gateway had parted it."""
    sums = {0}
    for one in _done(reading, mine):
        sums |= {part + (one.amount or 0) for part in sums}
    return mine.amount in sums and _gone_since(reading, mine) > 0


def _gone_since(reading: Reading, mine: Operation) -> int:
    """What went back since the call, by the sum or by the list, whichever tells more; in minor units."""
    listed = sum(one.amount or 0 for one in _done(reading, mine))
    return max(reading.refunded - mine.seen_sum, listed - mine.unlisted)


def _new(reading: Reading, mine: Operation) -> list[Listed]:
    return [one for one in reading.refunds if one.id not in mine.seen]


def _done(reading: Reading, mine: Operation) -> list[Listed]:
    return [one for one in _new(reading, mine) if one.ending is Ending.DONE]
