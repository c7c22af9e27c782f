"""What the gateway's status of a payment that holds money says about its order; pure, over values.

The gateway tells late: a read just after a success may still lack it, so a read only ever adds. A refund that
is known stays known until the gateway itself lists it as failed, a captured hold stays captured. An operation
whose outcome is unknown ends here:

    refund   a new refund of its sum is done at the gateway (`refund_proof`)            -> done
    capture  the hold is cleared with its sum -> done; with another, or let go          -> refused
    cancel   the hold is let go -> done; it is cleared                                  -> refused
    any      after RELEASE_AFTER and RELEASE_READS reads nothing of it is to be seen    -> refused
             after as long there are traces that prove nothing: attention, it stays unknown

While its process may still be calling (`Operation.leased`), its payment is left alone.
"""

from dataclasses import replace
from datetime import datetime

from paylink.domain.bookkeeping import (
    HELD,
    finished,
    refunded_sum,
    restated,
    resummed,
    with_attention,
    with_captured,
    with_refund,
    with_reversed,
)
from paylink.domain.operation import (
    RELEASE_READS,
    Kind,
    Operation,
    OperationState,
    Refund,
    Source,
)
from paylink.domain.order import Attention, Order, Payment, PaymentState
from paylink.domain.reading import Ending, Listed, Reading, Standing
from paylink.domain.refund_proof import UNLISTED, may_be_there, proof_of

NO_TRACE = "The gateway shows no trace of it."


def reckoned(order: Order, reading: Reading, now: datetime) -> Order:
    """The order as the reading makes it; the very same object where it says nothing new.

    Raises IllegalTransition where the order's state does not follow.
    """
    payment = order.payments.get(reading.payment_id)
    mine = order.operation
    if mine is not None and mine.payment_id != reading.payment_id:
        mine = None
    if payment is None or (mine is not None and mine.leased(now)):
        return order
    draft = order
    if payment.state is PaymentState.REJECTED:
        if _is_back(order, reading):
            draft = with_reversed(order, reading.payment_id)
    elif payment.state in HELD or (mine is not None and payment.state is PaymentState.REVERSED):
        draft = _settled(_standing(order, reading, mine), reading, mine, now)
        if draft.payments[reading.payment_id].refunded < payment.refunded:
            # What was told as given back was not, whatever list it stood in.
            draft = with_attention(draft, Attention.REFUND_FAILED)
        draft = restated(draft, now)
    return order if draft == order else draft.changed(now)


def _is_back(order: Order, reading: Reading) -> bool:
    """Whether money that was refused is seen to have gone back."""
    payment = order.payments[reading.payment_id]
    given_back = payment.foreign is None and 0 < payment.amount <= reading.refunded
    return reading.standing in {Standing.GONE, Standing.DEAD} or given_back


def _standing(order: Order, reading: Reading, mine: Operation | None) -> Order:
    payment_id, payment = reading.payment_id, order.payments[reading.payment_id]
    if payment.state is PaymentState.AUTHORIZED:
        if reading.standing is Standing.GONE:
            return with_reversed(order, payment_id)
        if reading.standing is Standing.CAPTURED:
            asked = mine.amount if mine is not None and mine.kind is Kind.CAPTURE else payment.amount
            # The flag may come before the sum.
            return with_captured(order, payment_id, reading.captured or asked)
        return order
    is_sum_new = (
        payment.state is PaymentState.PAID
        and reading.standing is Standing.CAPTURED
        and payment.foreign is None
        and reading.captured
        and reading.captured != payment.captured
    )
    if is_sum_new and not (payment.refunded or reading.refunded or reading.refunds):
        return with_captured(order, payment_id, reading.captured or 0)
    return order


def _settled(order: Order, reading: Reading, mine: Operation | None, now: datetime) -> Order:
    """The order with the gateway's refunds in it, and the open operation of this payment judged."""
    if order.payments[reading.payment_id].state is PaymentState.REVERSED:
        return order if mine is None else _after_hold(order, reading, mine, now)
    is_refund = mine is not None and mine.kind is Kind.REFUND
    proof = proof_of(order, reading, mine) if mine is not None and is_refund else None
    for listed in reading.refunds:
        order = _adopted(
            order, reading.payment_id, listed, is_ours=proof is not None and listed.id == proof.id
        )
    if mine is not None and proof is not None:
        return _unlisted(refund_done(order, mine, proof.id, now), reading)
    is_countable = order.payments[reading.payment_id].foreign is None
    if not is_refund or (reading.refunds and is_countable):
        # While a refund of ours is open, a sum that grows without a list may be that one.
        order = _unlisted(order, reading)
    if mine is None:
        return order
    if not is_refund:
        return _after_hold(order, reading, mine, now)
    return _waited(order, mine, now, is_traced=shows_trace(order, reading, mine))


def refund_done(order: Order, operation: Operation, refund_id: str, now: datetime) -> Order:
    """The order with the operation's refund in its sums and the operation done."""
    payment_id = operation.payment_id or ""
    order = with_refund(order, refund_id, Refund(payment_id, operation.amount, Source.PAYLINK))
    if order.payments[payment_id].foreign is not None:
        # A sum that cannot be counted here is only ever given back whole.
        order = with_reversed(order, payment_id)
    return finished(order, operation, OperationState.DONE, now, refund_id=refund_id)


def shows_trace(order: Order, reading: Reading, mine: Operation) -> bool:
    """Whether something is to be seen that may be the operation and does not prove it."""
    if mine.kind is not Kind.REFUND:
        return reading.standing is not Standing.HELD
    return may_be_there(order, reading, mine) or reading.standing in {Standing.GONE, Standing.OTHER}


def _adopted(order: Order, payment_id: str, listed: Listed, *, is_ours: bool) -> Order:
    """The order with a listed refund as the gateway has it now."""
    known = order.refunds.get(listed.id)
    if listed.ending is Ending.OPEN or is_ours:
        return order
    has_failed = listed.ending is Ending.FAILED
    if known is not None:
        if known.failed is has_failed:
            return order
        order = with_refund(order, listed.id, replace(known, failed=has_failed))
        return with_attention(order, Attention.REFUND_FAILED) if has_failed else order
    if has_failed or listed.amount is None:
        return order
    return with_refund(order, listed.id, Refund(payment_id, listed.amount, Source.EXTERNAL))


def _unlisted(order: Order, reading: Reading) -> Order:
    """The order with what went back and is in no list; a list takes its part of that away and adds nothing."""
    payment_id, payment = reading.payment_id, order.payments[reading.payment_id]
    if payment.foreign is not None:
        is_whole = reading.standing is Standing.GONE
        return with_reversed(order, payment_id) if is_whole else order
    key = UNLISTED + payment_id
    others = {refund_id: refund for refund_id, refund in order.refunds.items() if refund_id != key}
    total = payment.captured if reading.standing is Standing.GONE else min(reading.refunded, payment.captured)
    left = max(0, total - refunded_sum(replace(order, refunds=others), payment_id))
    known = order.refunds.get(key)
    if reading.refunds:
        left = 0 if known is None else min(left, known.amount)
    elif not left:
        # Without a list a smaller sum may be one that lags.
        return order
    if left:
        return with_refund(order, key, Refund(payment_id, left, Source.EXTERNAL))
    return order if known is None else resummed(replace(order, refunds=others), payment_id)


def _after_hold(order: Order, reading: Reading, mine: Operation, now: datetime) -> Order:
    """The order with an open capture or cancellation judged by how the payment stands now."""
    payment = order.payments[reading.payment_id]
    is_reversed = payment.state is PaymentState.REVERSED
    is_done = _is_cleared(payment, reading, mine) if mine.kind is Kind.CAPTURE else is_reversed
    if is_done:
        return finished(order, mine, OperationState.DONE, now)
    if not is_reversed and not (reading.standing is Standing.CAPTURED and reading.captured):
        is_traced = payment.state is PaymentState.PAID or shows_trace(order, reading, mine)
        return _waited(order, mine, now, is_traced=is_traced)
    why = "The hold was let go." if is_reversed else "The hold was captured otherwise."
    return refused(order, mine, now, description=why)


def _is_cleared(payment: Payment, reading: Reading, mine: Operation) -> bool:
    """Whether the hold was cleared with the operation's sum. The flag that comes before the sum proves a capture of
    all that was held; a part may have been cleared otherwise."""
    if payment.state is not PaymentState.PAID or payment.captured != mine.amount:
        return False
    return bool(reading.captured) or mine.amount == payment.amount


def _waited(order: Order, mine: Operation, now: datetime, *, is_traced: bool) -> Order:
    """The order with one more read that did not show the operation; at last it is released or looked at."""
    reads = min(mine.reads + 1, RELEASE_READS)
    waiting = replace(mine, state=OperationState.UNKNOWN, lease_until=None, owner=None, reads=reads)
    order = replace(order, operation=waiting)
    if not waiting.has_waited(now):
        return order
    if is_traced:
        return with_attention(order, Attention.OUTCOME_UNKNOWN)
    return refused(order, waiting, now, code=waiting.gateway_code, description=NO_TRACE)


def refused(
    order: Order, operation: Operation, now: datetime, *, code: int | None = None, description: str = ""
) -> Order:
    """The order with the operation refused; a refund that did not happen is the operator's to look at."""
    if operation.kind is Kind.REFUND:
        order = with_attention(order, Attention.REFUND_FAILED)
    return finished(
        order, operation, OperationState.REFUSED, now, gateway_code=code, gateway_description=description
    )
