"""Results, row by row: what an order becomes by the gateway's word. Money that does not fit: test_rejections."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from paylink.domain.link import MANUAL, AmountRange
from paylink.domain.notices import ResultNotice
from paylink.domain.order import (
    KEEP_EMPTY,
    SETTLED,
    Attention,
    Order,
    Payment,
    PaymentState,
    Refusal,
    Status,
)
from paylink.domain.settlement import EXPIRED_CODE, Answer, Verdict, judge_result
from unit.domain.examples import (
    AMOUNT,
    FIRST,
    LATER,
    MINOR,
    NOW,
    SECOND,
    THIRD,
    a_pending_order,
    a_result,
    an_order,
    an_order_in,
)

PAID = Payment(PaymentState.PAID, MINOR, MINOR)
HELD = Payment(PaymentState.AUTHORIZED, MINOR)
OPEN = Payment(PaymentState.OPEN, MINOR)


def after(order: Order, notice: ResultNotice, answer: Answer = Answer.OK, **changes: Any) -> Verdict:
    """The verdict that changes these fields of the order and nothing else, and remembers the answer."""
    answers = {**order.answers, notice.digest(): answer.value}
    return Verdict(answer, replace(order, answers=answers, sequence=order.sequence + 1, **changes))


def settles(order: Order, notice: ResultNotice, **changes: Any) -> Verdict:
    """The verdict by which the order is paid by the notice's payment."""
    values = {
        "status": Status.PAID,
        "payment_id": notice.payment_id,
        "payments": {**order.payments, notice.payment_id: PAID},
        "captured_amount": MINOR,
        "paid_at": LATER,
        "lease_until": None,
        "lease_owner": None,
        "approved": None,
        "approved_until": None,
        "waiting": False,
        "keep_until": None,
    }
    return after(order, notice, **(values | changes))


def holds(order: Order, notice: ResultNotice, **changes: Any) -> Verdict:
    """The verdict by which the notice's payment is held for the order."""
    payments = {**order.payments, notice.payment_id: HELD}
    unpaid = {"payments": payments, "captured_amount": 0, "paid_at": None, "held_at": LATER, "waiting": True}
    return settles(order, notice, status=Status.AUTHORIZED, **(unpaid | changes))


UNSETTLED = [
    an_order(),
    an_order(lease_until=LATER, lease_owner="x"),
    a_pending_order(),
    a_pending_order(expires_at=NOW),
    a_pending_order(approved=FIRST, approved_until=LATER),
    a_pending_order(approved=SECOND, approved_until=LATER + timedelta(seconds=9)),
    a_pending_order(lease_until=LATER, lease_owner="x", attempt=2),
    an_order_in(Status.FAILED),
    an_order_in(Status.EXPIRED),
    an_order_in(Status.REFUSED),
    an_order_in(Status.REFUSED, refusal=Refusal(200, "wrong")),
]


@pytest.mark.parametrize("order", UNSETTLED)
@pytest.mark.parametrize("payment_id", [FIRST, SECOND])
@pytest.mark.parametrize("can_reject", [False, True])
@pytest.mark.parametrize("captured", [True, None])
def test_money_that_fits_makes_an_unsettled_order_paid(
    order: Order, payment_id: str, *, can_reject: bool, captured: bool | None
) -> None:
    notice = a_result(payment_id=payment_id, can_reject=can_reject, captured=captured)
    assert judge_result(order, notice, LATER) == settles(order, notice)


@pytest.mark.parametrize("order", UNSETTLED)
@pytest.mark.parametrize("payment_id", [FIRST, SECOND])
def test_money_that_is_not_captured_is_held(order: Order, payment_id: str) -> None:
    notice = a_result(payment_id=payment_id, captured=False)
    assert judge_result(order, notice, LATER) == holds(order, notice)


@pytest.mark.parametrize("order", UNSETTLED)
@pytest.mark.parametrize(("captured", "held"), [(None, True), (False, True), (True, False)])
def test_on_a_two_step_order_money_is_held_unless_the_gateway_says_otherwise(
    order: Order, captured: bool | None, *, held: bool
) -> None:
    order = replace(order, capture=MANUAL)
    notice = a_result(captured=captured)
    expected = holds(order, notice) if held else settles(order, notice)
    assert judge_result(order, notice, LATER) == expected


@pytest.mark.parametrize("test", [True, None])
def test_a_status_that_tells_no_mode_settles_too(*, test: bool | None) -> None:
    order, notice = a_pending_order(), a_result(test=test)
    assert judge_result(order, notice, LATER) == settles(order, notice)


@pytest.mark.parametrize("capture", ["automatic", MANUAL])
def test_a_hold_that_is_captured_is_paid(capture: str) -> None:
    order = an_order_in(Status.AUTHORIZED, capture=capture)
    notice = a_result(captured=True)
    assert judge_result(order, notice, LATER) == settles(order, notice)


@pytest.mark.parametrize("captured", [False, None])
@pytest.mark.parametrize("capture", ["automatic", MANUAL])
def test_a_hold_that_is_told_again_stays_a_hold(capture: str, *, captured: bool | None) -> None:
    order = an_order_in(Status.AUTHORIZED, capture=capture)
    notice = a_result(captured=captured)
    assert judge_result(order, notice, LATER) == after(order, notice)


def test_a_hold_is_captured_once() -> None:
    order = an_order_in(Status.AUTHORIZED)
    captured = judge_result(order, a_result(captured=True), LATER).order
    assert captured is not None
    again = a_result(captured=True, can_reject=True)
    assert judge_result(captured, again, LATER + timedelta(hours=1)) == after(captured, again)


@pytest.mark.parametrize("status", sorted(SETTLED - {Status.AUTHORIZED}))
@pytest.mark.parametrize("captured", [True, False, None])
@pytest.mark.parametrize("can_reject", [False, True])
def test_the_payment_that_paid_may_be_told_again(
    status: Status, *, captured: bool | None, can_reject: bool
) -> None:
    order = an_order_in(status)
    notice = a_result(captured=captured, can_reject=can_reject)
    assert judge_result(order, notice, LATER) == after(order, notice)


BOUNDS = AmountRange(10_000, 500_000)


@pytest.mark.parametrize("status", [Status.CREATING, Status.PENDING, Status.FAILED, Status.EXPIRED])
@pytest.mark.parametrize("minor", [10_000, 12_345, 500_000])
def test_what_the_buyer_chose_becomes_the_orders_amount(status: Status, minor: int) -> None:
    order = an_order_in(status, amount_range=BOUNDS)
    notice = a_result(amount=Decimal(minor) / 100)
    payments = {**order.payments, FIRST: Payment(PaymentState.PAID, minor, minor)}
    assert judge_result(order, notice, LATER) == settles(
        order, notice, payments=payments, amount=minor, captured_amount=minor
    )


def test_a_hold_of_an_any_amount_order_fixes_its_amount() -> None:
    order = a_pending_order(amount_range=BOUNDS, capture=MANUAL)
    held = judge_result(order, a_result(amount=Decimal(200), captured=False), LATER).order
    assert held is not None
    assert (held.status, held.amount) == (Status.AUTHORIZED, 20_000)
    other = judge_result(held, a_result(amount=Decimal(300), captured=True, can_reject=True), LATER)
    assert other.answer is Answer.OK
    assert other.order is not None
    assert (other.order.status, other.order.amount) == (Status.AUTHORIZED, 20_000)
    paid = judge_result(held, a_result(amount=Decimal(200), captured=True), LATER).order
    assert paid is not None
    assert (paid.status, paid.amount, paid.captured_amount) == (Status.PAID, 20_000, 20_000)


ENDS = [
    (None, Status.FAILED),
    ("10007", Status.FAILED),
    ("1010", Status.FAILED),
    (EXPIRED_CODE, Status.EXPIRED),
]


@pytest.mark.parametrize(("code", "status"), ENDS)
@pytest.mark.parametrize(
    "order",
    [
        an_order(),
        an_order(expires_at=None),
        a_pending_order(),
        a_pending_order(expires_at=NOW),
        a_pending_order(approved=FIRST, approved_until=LATER),
    ],
)
def test_the_current_attempt_fails_or_expires(order: Order, code: str | None, status: Status) -> None:
    notice = a_result(result=0, captured=None, failure_code=code)
    within = status is Status.FAILED and order.expires_at is not None and order.expires_at > LATER
    assert judge_result(order, notice, LATER) == after(
        order,
        notice,
        status=status,
        payment_id=FIRST,
        payments={FIRST: replace(order.payments.get(FIRST, Payment(PaymentState.OPEN)), state=status.value)},
        approved=None,
        approved_until=None,
        waiting=within,
        keep_until=None if within else LATER + KEEP_EMPTY,
    )


@pytest.mark.parametrize("code", ["10007", EXPIRED_CODE])
def test_a_failure_does_not_end_an_attempt_that_runs(code: str) -> None:
    order = an_order(lease_until=LATER + timedelta(seconds=9), lease_owner="x")
    failed = judge_result(order, a_result(result=0, failure_code=code), LATER).order
    assert failed is not None
    assert (failed.lease_until, failed.lease_owner) == (order.lease_until, "x")
    assert failed.waiting
    assert failed.keep_until is None


@pytest.mark.parametrize(("code", "status"), ENDS)
def test_another_payments_failure_leaves_a_pending_order_payable(code: str | None, status: Status) -> None:
    order = a_pending_order()
    notice = a_result(payment_id=SECOND, result=0, failure_code=code)
    payments = {**order.payments, SECOND: Payment(PaymentState(status.value))}
    assert judge_result(order, notice, LATER) == after(order, notice, payments=payments)


@pytest.mark.parametrize("status", sorted(SETTLED))
@pytest.mark.parametrize(("code", "state"), ENDS)
def test_a_late_failure_never_undoes_a_settled_order(status: Status, code: str | None, state: Status) -> None:
    order = an_order_in(status)
    notice = a_result(result=0, failure_code=code)
    assert judge_result(order, notice, LATER) == after(order, notice)
    other = a_result(payment_id=SECOND, result=0, failure_code=code)
    payments = {**order.payments, SECOND: Payment(PaymentState(state.value))}
    assert judge_result(order, other, LATER) == after(order, other, payments=payments)


@pytest.mark.parametrize("status", [Status.FAILED, Status.EXPIRED, Status.CANCELLED, Status.REFUSED])
@pytest.mark.parametrize(("code", "state"), ENDS)
def test_a_failure_of_an_order_that_has_ended_is_recorded(
    status: Status, code: str | None, state: Status
) -> None:
    order = an_order_in(status)
    notice = a_result(result=0, failure_code=code)
    verdict = judge_result(order, notice, LATER)
    known = order.payments.get(FIRST, Payment(PaymentState.OPEN))
    payments = {**order.payments, FIRST: replace(known, state=PaymentState(state.value))}
    marks: dict[str, Any] = {}
    if (status, state) == (Status.CANCELLED, Status.EXPIRED):
        # Nobody can pay its page any more.
        marks = {"waiting": False, "keep_until": LATER + KEEP_EMPTY}
    assert verdict == after(order, notice, payments=payments, **marks)


@pytest.mark.parametrize(
    "state", [PaymentState.PAID, PaymentState.AUTHORIZED, PaymentState.REJECTED, PaymentState.LOST]
)
@pytest.mark.parametrize("status", [Status.PENDING, Status.PAID, Status.CANCELLED])
def test_a_failure_does_not_undo_what_is_known_of_its_payment(status: Status, state: PaymentState) -> None:
    order = an_order_in(status)
    order = order.changed(NOW, payments={**order.payments, SECOND: Payment(state, MINOR, MINOR)})
    notice = a_result(payment_id=SECOND, result=0)
    assert judge_result(order, notice, LATER) == after(order, notice)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("payment_id", [FIRST, SECOND])
@pytest.mark.parametrize("amount", [AMOUNT, Decimal(1)])
def test_a_result_that_is_not_final_changes_nothing(status: Status, payment_id: str, amount: Decimal) -> None:
    order = an_order_in(status)
    notice = a_result(payment_id=payment_id, result=2, captured=None, amount=amount)
    assert judge_result(order, notice, LATER) == after(order, notice)


MESSAGES = [
    a_result(),
    a_result(captured=False),
    a_result(captured=None),
    a_result(can_reject=True),
    a_result(payment_id=SECOND),
    a_result(payment_id=SECOND, can_reject=True),
    a_result(amount=Decimal(1)),
    a_result(amount=Decimal(1), can_reject=True),
    a_result(test=False),
    a_result(currency="USD", can_reject=True),
    a_result(result=0),
    a_result(result=0, failure_code=EXPIRED_CODE),
    a_result(result=2),
]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("notice", MESSAGES)
def test_a_repeat_gets_the_stored_answer_and_changes_nothing(status: Status, notice: ResultNotice) -> None:
    first = judge_result(an_order_in(status), notice, LATER)
    assert first.order is not None
    assert first.repeated is False
    # Whatever else happens in between: a third payment is told of, days pass.
    between = judge_result(first.order, a_result(payment_id=THIRD, result=0), LATER).order
    assert between is not None
    repeat = replace(notice, amount=notice.amount.normalize(), failure_code=None)
    again = judge_result(between, repeat, LATER + timedelta(days=3))
    assert again == Verdict(first.answer, repeated=True)


def test_answers_are_kept_within_bounds_and_the_newest_are_there() -> None:
    order = a_pending_order()
    notices = [a_result(payment_id=SECOND, result=2, amount=Decimal(number)) for number in range(1, 151)]
    for notice in notices:
        changed = judge_result(order, notice, LATER).order
        assert changed is not None
        order = changed
    assert len(order.answers) == 101
    assert all(judge_result(order, notice, LATER).repeated for notice in notices[-100:])


def test_a_hold_that_was_let_go_is_told_again() -> None:
    """Its first answer was lost, so that the gateway repeats the message, now without leave to refuse."""
    order = an_order_in(Status.AUTHORIZED, held_at=NOW)
    payments = {FIRST: replace(order.payments[FIRST], state=PaymentState.REVERSED)}
    gone = order.moved(Status.CANCELLED, LATER, payments=payments)
    notice = a_result(captured=False)
    assert judge_result(gone, notice, LATER) == after(gone, notice)
    taken = judge_result(gone, a_result(captured=True), LATER)
    assert taken.raised is Attention.PAID_AFTER_CANCEL
    # Never taken on: then it is money that came after the order was cancelled.
    never = replace(gone, held_at=None)
    assert judge_result(never, notice, LATER).raised is Attention.PAID_AFTER_CANCEL


@pytest.mark.parametrize("payment_id", ["0", "9999999999"])
def test_another_hold_that_was_let_go_is_money_after_the_cancelling(payment_id: str) -> None:
    order = an_order_in(Status.AUTHORIZED, held_at=NOW)
    gone = {one: replace(order.payments[FIRST], state=PaymentState.REVERSED) for one in (FIRST, payment_id)}
    cancelled = order.moved(Status.CANCELLED, LATER, payments=gone)
    notice = a_result(captured=False, payment_id=payment_id)
    assert judge_result(cancelled, notice, LATER).raised is Attention.PAID_AFTER_CANCEL
