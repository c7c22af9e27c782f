"""Checks, row by row: may a payment go ahead?"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from paylink.domain.link import AmountRange
from paylink.domain.order import Order, Payment, PaymentState, Status
from paylink.domain.settlement import APPROVAL, Answer, Verdict, judge_check
from unit.domain.examples import FIRST, LATER, NOW, SECOND, a_check, a_pending_order, an_order, an_order_in

OPEN = [
    an_order(),
    an_order(lease_until=LATER, lease_owner="x"),
    a_pending_order(),
    a_pending_order(expires_at=NOW),
    an_order_in(Status.FAILED),
    an_order_in(Status.FAILED, expires_at=LATER + timedelta(seconds=1)),
]


@pytest.mark.parametrize("order", OPEN)
@pytest.mark.parametrize("payment_id", [FIRST, SECOND])
def test_an_open_order_approves_the_payment_for_five_minutes(order: Order, payment_id: str) -> None:
    verdict = judge_check(order, a_check(payment_id=payment_id), LATER)
    approved = order.changed(LATER, approved=payment_id, approved_until=LATER + timedelta(seconds=300))
    assert verdict == Verdict(Answer.OK, approved)
    assert verdict.answer.accepts


@pytest.mark.parametrize(
    ("order", "answer"),
    [
        (an_order_in(Status.FAILED, expires_at=LATER), Answer.NOT_OPEN),
        (an_order_in(Status.FAILED, expires_at=LATER - timedelta(seconds=1)), Answer.NOT_OPEN),
        (an_order_in(Status.FAILED, expires_at=None), Answer.NOT_OPEN),
        (an_order_in(Status.EXPIRED), Answer.NOT_OPEN),
        (an_order_in(Status.REFUSED), Answer.NOT_OPEN),
        (an_order_in(Status.CANCELLED), Answer.CANCELLED),
        (an_order_in(Status.PAID), Answer.ALREADY_PAID),
        (an_order_in(Status.AUTHORIZED), Answer.ALREADY_PAID),
        (an_order_in(Status.PARTIALLY_REFUNDED), Answer.ALREADY_PAID),
        (an_order_in(Status.REFUNDED), Answer.ALREADY_PAID),
    ],
)
@pytest.mark.parametrize("payment_id", [FIRST, SECOND])
def test_any_other_order_is_rejected_and_stays_as_it_is(
    order: Order, answer: Answer, payment_id: str
) -> None:
    assert judge_check(order, a_check(payment_id=payment_id), LATER) == Verdict(answer)
    assert not answer.accepts


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"amount": Decimal(1500)}, Answer.OK),
        ({"amount": Decimal("1500.000")}, Answer.OK),
        ({"amount": Decimal("1499.99")}, Answer.OTHER_AMOUNT),
        ({"amount": Decimal("1500.01")}, Answer.OTHER_AMOUNT),
        ({"amount": Decimal("1500.001")}, Answer.OTHER_AMOUNT),
        ({"amount": Decimal(0)}, Answer.OTHER_AMOUNT),
        ({"amount": Decimal(150_000)}, Answer.OTHER_AMOUNT),
        ({"currency": "USD"}, Answer.OTHER_AMOUNT),
        ({"currency": "XXX"}, Answer.OTHER_AMOUNT),
        ({"test": True}, Answer.OK),
        ({"test": None}, Answer.OK),
        ({"test": False}, Answer.OTHER_MODE),
    ],
)
@pytest.mark.parametrize("order", OPEN)
def test_amount_currency_and_mode_have_to_be_the_orders(
    order: Order, changes: dict[str, Any], answer: Answer
) -> None:
    verdict = judge_check(order, a_check(**changes), LATER)
    assert verdict.answer is answer
    assert (verdict.order is None) is (answer is not Answer.OK)


def test_a_live_order_takes_no_test_payment() -> None:
    order = a_pending_order(test=False)
    assert judge_check(order, a_check(test=True), LATER).answer is Answer.OTHER_MODE
    assert judge_check(order, a_check(test=False), LATER).answer is Answer.OK


@pytest.mark.parametrize(
    ("amount", "answer"),
    [
        ("99.99", Answer.OTHER_AMOUNT),
        ("100", Answer.OK),
        ("5000", Answer.OK),
        ("5000.01", Answer.OTHER_AMOUNT),
    ],
)
def test_an_any_amount_order_takes_what_lies_within(amount: str, answer: Answer) -> None:
    order = a_pending_order(amount_range=AmountRange(10_000, 500_000))
    assert judge_check(order, a_check(amount=Decimal(amount)), LATER).answer is answer


@pytest.mark.parametrize(
    ("payment_id", "approved_until", "answer"),
    [
        (SECOND, LATER + timedelta(seconds=1), Answer.IN_PROGRESS),
        (SECOND, LATER, Answer.OK),
        (SECOND, LATER - timedelta(seconds=1), Answer.OK),
        (FIRST, LATER + timedelta(seconds=1), Answer.OK),
    ],
)
def test_one_payment_is_approved_at_a_time(payment_id: str, approved_until: Any, answer: Answer) -> None:
    order = a_pending_order(approved=FIRST, approved_until=approved_until)
    verdict = judge_check(order, a_check(payment_id=payment_id), LATER)
    assert verdict.answer is answer
    if answer.accepts:
        assert verdict.order is not None
        assert (verdict.order.approved, verdict.order.approved_until) == (payment_id, LATER + APPROVAL)
    else:
        assert verdict.order is None


def test_checks_are_judged_anew_each_time() -> None:
    order = a_pending_order()
    first = judge_check(order, a_check(), LATER).order
    assert first is not None
    assert judge_check(first, a_check(payment_id=SECOND), LATER).answer is Answer.IN_PROGRESS
    again = judge_check(first, a_check(), LATER + timedelta(minutes=1)).order
    assert again is not None
    assert again.approved_until == LATER + timedelta(minutes=6)
    paid = first.moved(Status.PAID, LATER, payments={FIRST: Payment(PaymentState.PAID, 1, 1)})
    assert judge_check(paid, a_check(), LATER).answer is Answer.ALREADY_PAID
