"""Money that does not fit: refused where the gateway allows it, else kept, recorded and shown to an operator."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from paylink.domain.link import MANUAL, AmountRange
from paylink.domain.notices import ResultNotice
from paylink.domain.order import SETTLED, Attention, Order, Payment, PaymentState, Status
from paylink.domain.place import Place
from paylink.domain.settlement import Answer, Verdict, judge_result, takes_money, without_place
from unit.domain.examples import (
    FIRST,
    LATER,
    MINOR,
    SECOND,
    a_pending_order,
    a_result,
    an_order,
    an_order_in,
)

LESS = Decimal("1499.99")
OTHER_MODE = (Answer.OTHER_MODE, Attention.MODE_MISMATCH)
OTHER_AMOUNT = (Answer.OTHER_AMOUNT, Attention.AMOUNT_MISMATCH)
CANCELLED = (Answer.CANCELLED, Attention.PAID_AFTER_CANCEL)
SECOND_CHARGE = (Answer.ALREADY_PAID, Attention.SECOND_CHARGE)

Case = tuple[Order, dict[str, Any], tuple[Answer, Attention]]

ANY_AMOUNT = a_pending_order(amount_range=AmountRange(10_000, 500_000))
UNFIT: list[Case] = [
    # The mode is judged before anything else of the money.
    *((an_order_in(status), {"payment_id": SECOND, "test": False}, OTHER_MODE) for status in Status),
    (a_pending_order(), {"test": False}, OTHER_MODE),
    (a_pending_order(test=False), {"test": True}, OTHER_MODE),
    (an_order(), {"test": False}, OTHER_MODE),
    (a_pending_order(), {"test": False, "amount": LESS, "currency": "USD"}, OTHER_MODE),
    # Then amount and currency.
    *((an_order_in(status), {"payment_id": SECOND, "amount": LESS}, OTHER_AMOUNT) for status in Status),
    *((an_order_in(status), {"payment_id": SECOND, "currency": "USD"}, OTHER_AMOUNT) for status in Status),
    (a_pending_order(), {"amount": LESS}, OTHER_AMOUNT),
    (a_pending_order(), {"amount": Decimal("1500.01")}, OTHER_AMOUNT),
    (a_pending_order(), {"amount": Decimal(15)}, OTHER_AMOUNT),
    (a_pending_order(), {"currency": "KGS"}, OTHER_AMOUNT),
    (an_order(), {"amount": LESS}, OTHER_AMOUNT),
    (ANY_AMOUNT, {"amount": Decimal("99.99")}, OTHER_AMOUNT),
    (ANY_AMOUNT, {"amount": Decimal("5000.01")}, OTHER_AMOUNT),
    (ANY_AMOUNT, {"amount": Decimal(200), "currency": "USD"}, OTHER_AMOUNT),
    # Then an order that is cancelled.
    (an_order_in(Status.CANCELLED), {}, CANCELLED),
    (an_order_in(Status.CANCELLED), {"payment_id": SECOND}, CANCELLED),
    # Then another payment than the one whose money is there.
    *((an_order_in(status), {"payment_id": SECOND}, SECOND_CHARGE) for status in sorted(SETTLED)),
    (an_order_in(Status.AUTHORIZED, capture=MANUAL), {"payment_id": SECOND, "captured": None}, SECOND_CHARGE),
]


def recorded(order: Order, notice: ResultNotice, payment: Payment) -> dict[str, Payment]:
    currency = None if notice.currency == order.currency else notice.currency
    return {**order.payments, notice.payment_id: replace(payment, currency=currency)}


def minor(notice: ResultNotice) -> int:
    return int(notice.amount * 100)


def after(order: Order, notice: ResultNotice, answer: Answer, **changes: Any) -> Order:
    answers = {**order.answers, notice.digest(): answer.value}
    return replace(order, answers=answers, sequence=order.sequence + 1, keep_until=None, **changes)


def waits(order: Order, notice: ResultNotice) -> bool:
    if order.status is Status.CANCELLED:
        # Its own page may still be paid.
        return notice.payment_id != FIRST
    return order.status in {Status.CREATING, Status.PENDING, Status.AUTHORIZED, Status.FAILED}


@pytest.mark.parametrize(("order", "changes", "outcome"), UNFIT)
def test_it_is_rejected_where_that_is_allowed_and_stays_on_watch(
    order: Order, changes: dict[str, Any], outcome: tuple[Answer, Attention]
) -> None:
    notice = a_result(can_reject=True, **changes)
    payments = recorded(order, notice, Payment(PaymentState.REJECTED, minor(notice)))
    changed = after(order, notice, outcome[0], payments=payments, waiting=True)
    assert judge_result(order, notice, LATER) == Verdict(outcome[0], changed)


@pytest.mark.parametrize(("order", "changes", "outcome"), UNFIT)
def test_else_it_stands_beside_the_order_and_an_operator_is_called(
    order: Order, changes: dict[str, Any], outcome: tuple[Answer, Attention]
) -> None:
    notice = a_result(can_reject=False, **changes)
    is_hold = notice.captured is None
    payment = (
        Payment(PaymentState.AUTHORIZED, minor(notice))
        if is_hold
        else Payment(PaymentState.PAID, minor(notice), minor(notice))
    )
    changed = after(
        order,
        notice,
        Answer.OK,
        payments=recorded(order, notice, payment),
        attention=(outcome[1],),
        waiting=waits(order, notice),
    )
    assert judge_result(order, notice, LATER) == Verdict(Answer.OK, changed, raised=outcome[1])
    assert changed.holds_money()


@pytest.mark.parametrize(("order", "changes", "outcome"), UNFIT)
def test_what_was_rejected_and_comes_again_to_stay_is_applied(
    order: Order, changes: dict[str, Any], outcome: tuple[Answer, Attention]
) -> None:
    answer, attention = outcome
    rejected = judge_result(order, a_result(can_reject=True, **changes), LATER).order
    assert rejected is not None
    notice = a_result(can_reject=False, **changes)
    verdict = judge_result(rejected, notice, LATER + timedelta(minutes=30))
    assert (verdict.answer, verdict.raised) == (Answer.OK, attention)
    stands = verdict.order
    assert stands is not None
    assert (stands.status, stands.attention) == (order.status, (attention,))
    assert stands.payments[notice.payment_id].state in {PaymentState.PAID, PaymentState.AUTHORIZED}
    assert stands.payments[notice.payment_id].amount == minor(notice)
    assert stands.keep_until is None
    # The gateway's late repeat of the first message still hears what it heard then.
    late = judge_result(stands, a_result(can_reject=True, **changes), LATER + timedelta(hours=2))
    assert late == Verdict(answer, repeated=True)


@pytest.mark.parametrize(("order", "changes", "outcome"), UNFIT)
def test_a_rejected_hold_that_comes_again_captured_is_rejected_again(
    order: Order, changes: dict[str, Any], outcome: tuple[Answer, Attention]
) -> None:
    held = judge_result(order, a_result(can_reject=True, **(changes | {"captured": False})), LATER).order
    assert held is not None
    again = a_result(can_reject=True, **(changes | {"captured": True}))
    verdict = judge_result(held, again, LATER)
    assert verdict.answer is outcome[0]
    assert verdict.order is not None
    assert verdict.order.payments[again.payment_id].state is PaymentState.REJECTED


@pytest.mark.parametrize(("order", "changes", "outcome"), UNFIT)
@pytest.mark.parametrize("can_reject", [False, True])
def test_what_was_accepted_is_never_rejected_later(
    order: Order, changes: dict[str, Any], outcome: tuple[Answer, Attention], *, can_reject: bool
) -> None:
    held = judge_result(order, a_result(**(changes | {"captured": False})), LATER).order
    assert held is not None
    notice = a_result(can_reject=can_reject, **(changes | {"captured": True}))
    verdict = judge_result(held, notice, LATER)
    assert (verdict.answer, verdict.raised) == (Answer.OK, outcome[1])
    assert verdict.order is not None
    # The hold beside the order was captured meanwhile: what is to be returned is now the captured money.
    payment = verdict.order.payments[notice.payment_id]
    assert (payment.state, payment.amount, payment.captured) == (
        PaymentState.PAID,
        minor(notice),
        minor(notice),
    )
    assert verdict.order.attention == (outcome[1],)
    assert verdict.order.status is order.status


def test_captured_money_beside_the_order_does_not_become_a_hold_again() -> None:
    order = an_order_in(Status.PAID)
    charged = judge_result(order, a_result(payment_id=SECOND), LATER).order
    assert charged is not None
    again = judge_result(charged, a_result(payment_id=SECOND, captured=False), LATER).order
    assert again is not None
    assert again.payments[SECOND] == Payment(PaymentState.PAID, MINOR, MINOR)


def test_a_hold_beside_the_order_that_is_told_again_stays_a_hold() -> None:
    order = an_order_in(Status.PAID)
    held = judge_result(order, a_result(payment_id=SECOND, captured=False), LATER).order
    assert held is not None
    again = judge_result(held, a_result(payment_id=SECOND, captured=False, can_reject=True), LATER)
    assert (again.answer, again.raised) == (Answer.OK, Attention.SECOND_CHARGE)
    assert again.order is not None
    assert again.order.payments == held.payments


@pytest.mark.parametrize("changes", [{"test": False}, {"amount": LESS}, {"currency": "USD"}])
@pytest.mark.parametrize("can_reject", [False, True])
def test_the_orders_own_hold_is_not_captured_by_a_message_that_does_not_fit(
    changes: dict[str, Any], *, can_reject: bool
) -> None:
    order = an_order_in(Status.AUTHORIZED)
    verdict = judge_result(order, a_result(captured=True, can_reject=can_reject, **changes), LATER)
    assert verdict.answer is Answer.OK
    assert verdict.order is not None
    assert verdict.raised in verdict.order.attention
    assert (verdict.order.status, verdict.order.payments) == (order.status, order.payments)


def test_each_reason_is_listed_once() -> None:
    order = an_order_in(Status.PAID)
    for notice in (
        a_result(payment_id=SECOND),
        a_result(payment_id=SECOND, captured=None),
        a_result(payment_id="3", amount=LESS),
        a_result(payment_id="4"),
    ):
        changed = judge_result(order, notice, LATER).order
        assert changed is not None
        order = changed
    assert order.attention == (Attention.SECOND_CHARGE, Attention.AMOUNT_MISMATCH)
    assert set(order.payments) == {FIRST, SECOND, "3", "4"}


@pytest.mark.parametrize(
    ("amount", "currency"), [(Decimal(1500), "XXX"), (Decimal("1500.001"), "KZT"), (Decimal("1.5"), "KRW")]
)
def test_money_that_no_minor_unit_can_tell_is_kept_all_the_same(amount: Decimal, currency: str) -> None:
    verdict = judge_result(a_pending_order(), a_result(amount=amount, currency=currency), LATER)
    assert (verdict.answer, verdict.raised) == (Answer.OK, Attention.AMOUNT_MISMATCH)
    assert verdict.order is not None
    payment = verdict.order.payments[FIRST]
    assert (payment.state, payment.amount, payment.captured) == (PaymentState.PAID, 0, 0)
    assert verdict.order.status is Status.PENDING


NO_PLACE = [
    a_pending_order(places=(Place("coffee", 1, 5),)),
    an_order(places=(Place("coffee", 1, 5),)),
    an_order_in(Status.EXPIRED, places=(Place("coffee", 1, 5),)),
]


def oversold(order: Order, notice: ResultNotice) -> Verdict:
    return without_place(order, notice, judge_result(order, notice, LATER), LATER)


@pytest.mark.parametrize("order", NO_PLACE)
@pytest.mark.parametrize("captured", [True, False])
def test_money_for_what_is_sold_out_is_rejected_where_that_is_allowed(
    order: Order, *, captured: bool
) -> None:
    notice = a_result(can_reject=True, captured=captured)
    payments = {**order.payments, FIRST: Payment(PaymentState.REJECTED, MINOR)}
    changed = after(order, notice, Answer.SOLD_OUT, payments=payments, waiting=True)
    assert oversold(order, notice) == Verdict(Answer.SOLD_OUT, changed)
    assert judge_result(changed, notice, LATER) == Verdict(Answer.SOLD_OUT, repeated=True)


@pytest.mark.parametrize("order", NO_PLACE)
@pytest.mark.parametrize(("captured", "status"), [(True, Status.PAID), (False, Status.AUTHORIZED)])
def test_else_the_order_is_paid_and_an_operator_is_called(
    order: Order, status: Status, *, captured: bool
) -> None:
    notice = a_result(captured=captured)
    plain = judge_result(order, notice, LATER)
    assert plain.order is not None
    attended = replace(plain.order, attention=(Attention.OVERSOLD,))
    assert attended.status is status
    assert oversold(order, notice) == Verdict(Answer.OK, attended, raised=Attention.OVERSOLD)


def test_money_that_was_rejected_for_want_of_a_place_and_comes_again_stands() -> None:
    order = NO_PLACE[0]
    rejected = oversold(order, a_result(can_reject=True)).order
    assert rejected is not None
    verdict = oversold(rejected, a_result(can_reject=False))
    assert (verdict.answer, verdict.raised) == (Answer.OK, Attention.OVERSOLD)
    assert verdict.order is not None
    assert (verdict.order.status, verdict.order.waiting) == (Status.PAID, False)


@pytest.mark.parametrize(
    ("order", "notice", "takes"),
    [
        *((order, a_result(), True) for order in NO_PLACE),
        (a_pending_order(), a_result(captured=False), True),
        (a_pending_order(), a_result(result=0), False),
        (a_pending_order(), a_result(result=2), False),
        (a_pending_order(), a_result(amount=LESS), False),
        (a_pending_order(), a_result(amount=LESS, can_reject=True), False),
        (an_order_in(Status.AUTHORIZED), a_result(), False),
        (an_order_in(Status.PAID), a_result(captured=None), False),
        (an_order_in(Status.PAID), a_result(payment_id=SECOND), False),
        (an_order_in(Status.CANCELLED), a_result(), False),
    ],
)
def test_places_are_needed_where_an_unsettled_order_takes_money(
    order: Order, notice: ResultNotice, *, takes: bool
) -> None:
    verdict = judge_result(order, notice, LATER)
    assert takes_money(order, verdict) is takes
    assert not takes_money(verdict.order or order, judge_result(verdict.order or order, notice, LATER))
