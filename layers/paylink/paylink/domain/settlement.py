"""What an order answers to the gateway's word, row by row; pure, over values.

`judge_result` is the table for results, `judge_check` the one for checks. The first fitting row wins. Both
give a verdict: the answer for the gateway, the order as it is to be written (None: nothing changes), and
what is to be counted.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from paylink.domain.money import from_decimal
from paylink.domain.notices import CheckNotice, ResultNotice
from paylink.domain.order import (
    HOLDING_MONEY,
    SETTLED,
    Attention,
    Order,
    Payment,
    PaymentState,
    Status,
)
from paylink.domain.terms import MANUAL

APPROVAL: Final = timedelta(seconds=300)
"""How long a checked payment id stays the one approved; told to the gateway as pg_timeout."""

EXPIRED_CODE: Final = "101"
"""pg_failure_code of a payment whose lifetime passed unpaid."""

_MOST_ANSWERS: Final = 100


class Answer(StrEnum):
    """What the gateway is told, with the reason that a buyer may read."""

    OK = "ok"
    UNKNOWN_ORDER = "unknown_order"
    OTHER_MODE = "other_mode"
    OTHER_AMOUNT = "other_amount"
    CANCELLED = "cancelled"
    ALREADY_PAID = "already_paid"
    IN_PROGRESS = "in_progress"
    NOT_OPEN = "not_open"
    SOLD_OUT = "sold_out"

    @property
    def accepts(self) -> bool:
        """Whether the payment may go ahead or stands."""
        return self is Answer.OK


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, the order to write (None where nothing changes), and attention newly raised."""

    answer: Answer
    order: Order | None = None
    raised: Attention | None = None
    repeated: bool = False


def judge_check(order: Order, notice: CheckNotice, now: datetime) -> Verdict:
    """Whether a payment may go ahead. Judged anew each time; approves the payment id for five minutes."""
    if order.status in SETTLED:
        return Verdict(Answer.ALREADY_PAID)
    if order.status is Status.CANCELLED:
        return Verdict(Answer.CANCELLED)
    within = order.expires_at is not None and now < order.expires_at
    if not (order.status in {Status.CREATING, Status.PENDING} or (order.status is Status.FAILED and within)):
        return Verdict(Answer.NOT_OPEN)
    if not amount_fits(order, from_decimal(notice.amount, notice.currency), notice.currency):
        return Verdict(Answer.OTHER_AMOUNT)
    if notice.test is not None and notice.test is not order.test:
        return Verdict(Answer.OTHER_MODE)
    other_approved = order.approved not in (None, notice.payment_id)
    if other_approved and order.approved_until is not None and now < order.approved_until:
        return Verdict(Answer.IN_PROGRESS)
    return Verdict(Answer.OK, order.changed(now, approved=notice.payment_id, approved_until=now + APPROVAL))


def judge_result(order: Order, notice: ResultNotice, now: datetime) -> Verdict:
    """What becomes of an order when the gateway tells how a payment ended."""
    digest = notice.digest()
    if digest in order.answers:
        return Verdict(Answer(order.answers[digest]), repeated=True)
    verdict = _judge_money(order, notice, now) if notice.result == 1 else _judge_no_money(order, notice, now)
    return _answered(order, notice, verdict, now)


def _answered(order: Order, notice: ResultNotice, verdict: Verdict, now: datetime) -> Verdict:
    """The verdict with its answer remembered for repeats of the message."""
    changed = verdict.order or order.changed(now)
    answers = dict(list(order.answers.items())[-_MOST_ANSWERS:]) | {notice.digest(): verdict.answer.value}
    return replace(verdict, order=replace(changed, answers=answers))


def without_place(order: Order, notice: ResultNotice, verdict: Verdict, now: datetime) -> Verdict:
    """The verdict on money that came when no place was left: refused where allowed, else paid and looked at."""
    if notice.can_reject:
        refusal = _unwanted(order, notice, now, Answer.SOLD_OUT, Attention.OVERSOLD)
        return _answered(order, notice, refusal, now)
    paid = verdict.order or order
    reasons = (
        paid.attention if Attention.OVERSOLD in paid.attention else (*paid.attention, Attention.OVERSOLD)
    )
    return replace(verdict, order=replace(paid, attention=reasons), raised=Attention.OVERSOLD)


def takes_money(order: Order, verdict: Verdict) -> bool:
    """Whether a verdict makes an unsettled order hold money."""
    return verdict.order is not None and verdict.order.status in HOLDING_MONEY and order.status not in SETTLED


def _judge_money(order: Order, notice: ResultNotice, now: datetime) -> Verdict:
    minor = from_decimal(notice.amount, notice.currency)
    if notice.test is not None and notice.test is not order.test:
        return _unwanted(order, notice, now, Answer.OTHER_MODE, Attention.MODE_MISMATCH)
    if not amount_fits(order, minor, notice.currency):
        return _unwanted(order, notice, now, Answer.OTHER_AMOUNT, Attention.AMOUNT_MISMATCH)
    if _is_let_go(order, notice):
        return Verdict(Answer.OK)
    if order.status is Status.CANCELLED:
        return _unwanted(order, notice, now, Answer.CANCELLED, Attention.PAID_AFTER_CANCEL)
    if order.status in SETTLED and not _is_held(order, notice.payment_id):
        return _unwanted(order, notice, now, Answer.ALREADY_PAID, Attention.SECOND_CHARGE)
    if order.status is Status.AUTHORIZED and notice.captured:
        return Verdict(Answer.OK, _paid(order, notice.payment_id, minor or 0, now))
    if order.status in SETTLED:
        return Verdict(Answer.OK)
    if _is_hold(order, notice):
        return Verdict(Answer.OK, _authorized(order, notice.payment_id, minor or 0, now))
    return Verdict(Answer.OK, _paid(order, notice.payment_id, minor or 0, now))


def _judge_no_money(order: Order, notice: ResultNotice, now: datetime) -> Verdict:
    if notice.result != 0:
        return Verdict(Answer.OK)
    is_expiry = notice.failure_code == EXPIRED_CODE
    state = PaymentState.EXPIRED if is_expiry else PaymentState.FAILED
    known = order.payments.get(notice.payment_id)
    payments = dict(order.payments)
    if known is None or known.state in {PaymentState.OPEN, PaymentState.FAILED, PaymentState.EXPIRED}:
        # A late failure never undoes money that is held on this payment id.
        payments[notice.payment_id] = replace(known or Payment(state), state=state)
    is_current = order.payment_id in (None, notice.payment_id)
    if not is_current or order.status not in {Status.CREATING, Status.PENDING}:
        return Verdict(Answer.OK, order.changed(now, payments=payments))
    status = Status.EXPIRED if is_expiry else Status.FAILED
    return Verdict(
        Answer.OK, order.moved(status, now, payments=payments, payment_id=notice.payment_id, **_NO_APPROVAL)
    )


_NO_APPROVAL: Final = {"approved": None, "approved_until": None}
_NO_LEASE: Final = {"lease_until": None, "lease_owner": None}


def _unwanted(
    order: Order, notice: ResultNotice, now: datetime, reason: Answer, attention: Attention
) -> Verdict:
    """Money that does not fit: refused where the gateway allows it, else recorded beside the order."""
    known = from_decimal(notice.amount, notice.currency)
    minor, foreign = known or 0, str(notice.amount) if known is None else None
    currency = None if notice.currency == order.currency else notice.currency
    held = order.payments.get(notice.payment_id)
    is_own = order.status in SETTLED and _is_held(order, notice.payment_id)
    if held is None or held.state not in {PaymentState.PAID, PaymentState.AUTHORIZED}:
        if notice.can_reject:
            payment = Payment(PaymentState.REJECTED, amount=minor, currency=currency, foreign=foreign)
            payments = {**order.payments, notice.payment_id: payment}
            return Verdict(reason, order.changed(now, payments=payments))
        is_hold = _is_hold(order, notice)
        state = PaymentState.AUTHORIZED if is_hold else PaymentState.PAID
        held = Payment(
            state, amount=minor, captured=0 if is_hold else minor, currency=currency, foreign=foreign
        )
    elif held.state is PaymentState.AUTHORIZED and notice.captured and not is_own:
        held = replace(held, state=PaymentState.PAID, captured=minor)
    # Money that was taken on before is never refused: that would contradict the earlier answer.
    order = replace(order, payments={**order.payments, notice.payment_id: held})
    return Verdict(Answer.OK, _attended(order, attention, now), raised=attention)


def _attended(order: Order, attention: Attention, now: datetime) -> Order:
    reasons = order.attention if attention in order.attention else (*order.attention, attention)
    return order.changed(now, attention=reasons)


def _is_held(order: Order, payment_id: str) -> bool:
    """Whether the order's money came with this very payment."""
    return order.payment_id == payment_id


def _is_let_go(order: Order, notice: ResultNotice) -> bool:
    """Whether this repeats the word of a hold that we took on and that was let go since."""
    known = order.payments.get(notice.payment_id)
    was_taken_on = order.held_at is not None and order.payment_id == notice.payment_id
    is_back = known is not None and known.state is PaymentState.REVERSED
    return order.status is Status.CANCELLED and was_taken_on and is_back and _is_hold(order, notice)


def _is_hold(order: Order, notice: ResultNotice) -> bool:
    return notice.captured is False or (notice.captured is None and order.capture == MANUAL)


def _paid(order: Order, payment_id: str, minor: int, now: datetime) -> Order:
    payment = Payment(PaymentState.PAID, amount=minor, captured=minor)
    return order.moved(
        Status.PAID,
        now,
        payments={**order.payments, payment_id: payment},
        payment_id=payment_id,
        amount=minor if order.amount_range else order.amount,
        captured_amount=minor,
        paid_at=now,
        **_NO_LEASE,
        **_NO_APPROVAL,
    )


def _authorized(order: Order, payment_id: str, minor: int, now: datetime) -> Order:
    payment = Payment(PaymentState.AUTHORIZED, amount=minor)
    return order.moved(
        Status.AUTHORIZED,
        now,
        payments={**order.payments, payment_id: payment},
        payment_id=payment_id,
        held_at=now,
        amount=minor if order.amount_range else order.amount,
        **_NO_LEASE,
        **_NO_APPROVAL,
    )


def amount_fits(order: Order, minor: int | None, currency: str) -> bool:
    """Whether money of so many minor units is what the order costs, or within its bounds."""
    if minor is None or currency != order.currency:
        return False
    if order.amount_range is not None and order.status not in SETTLED:
        return order.amount_range.admits(minor)
    return minor == order.amount
