"""Where a reading's meaning turns: sums one apart, other payments, reads that come late."""

from dataclasses import replace

import pytest

from paylink.domain.ledger import reckoned
from paylink.domain.operation import Kind, Operation, OperationState, Refund, Source
from paylink.domain.order import Attention, Order, Payment, PaymentState, Status
from paylink.domain.reading import Ending, Listed, Reading, Standing
from paylink.domain.refund_proof import UNLISTED
from unit.domain.examples import FIRST, LATER, MINOR, SECOND, an_order_in
from unit.domain.test_ledger import PAST, a_reading, an_operation, an_order_with, done, read_often


def with_second(order: Order, payment: Payment) -> Order:
    return replace(order, payments={**order.payments, SECOND: payment})


@pytest.mark.parametrize(
    ("amount", "refunded", "is_back"),
    [(1, 1, True), (MINOR, MINOR + 1, True), (MINOR, MINOR - 1, False), (0, 0, False)],
)
def test_refused_money_is_back_once_all_of_it_is(amount: int, refunded: int, *, is_back: bool) -> None:
    order = with_second(an_order_in(Status.PAID), Payment(PaymentState.REJECTED, amount))
    after = reckoned(order, Reading(SECOND, Standing.CAPTURED, amount, refunded), LATER)
    assert after.payments[SECOND].state is (PaymentState.REVERSED if is_back else PaymentState.REJECTED)


@pytest.mark.parametrize(
    ("standing", "state"),
    [(Standing.GONE, PaymentState.REVERSED), (Standing.CAPTURED, PaymentState.PAID)],
)
def test_a_sum_unknown_here_goes_back_only_whole(standing: Standing, state: PaymentState) -> None:
    foreign = Payment(PaymentState.PAID, currency="XXX", foreign="10.001")
    after = reckoned(with_second(an_order_in(Status.PAID), foreign), Reading(SECOND, standing), LATER)
    assert after.payments[SECOND].state is state


def test_what_is_in_no_list_is_counted_beside_the_refunds_that_are_known() -> None:
    known = Refund(FIRST, 200, Source.PAYLINK)
    order = reckoned(an_order_in(Status.PAID, refunds={"9": known}), a_reading(refunded=500), LATER)
    assert order.refunds == {"9": known, UNLISTED + FIRST: Refund(FIRST, 300, Source.EXTERNAL)}
    assert order.refunded_amount == 500


def test_a_late_read_does_not_undo_what_went_back_unlisted() -> None:
    order = reckoned(an_order_in(Status.PAID), a_reading(refunded=500), LATER)
    assert reckoned(order, a_reading(), LATER) is order


def test_a_list_replaces_the_unlisted_sum_of_its_own_payment_alone() -> None:
    unlisted = {UNLISTED + payment: Refund(payment, 500, Source.EXTERNAL) for payment in (FIRST, SECOND)}
    order = with_second(
        an_order_in(Status.PARTIALLY_REFUNDED, refunds=unlisted),
        Payment(PaymentState.PAID, MINOR, MINOR, 500),
    )
    after = reckoned(order, a_reading(Standing.CAPTURED, done("8", 500)), LATER)
    assert set(after.refunds) == {"8", UNLISTED + SECOND}


@pytest.mark.parametrize(
    "listed", [Listed("8", 500, Ending.FAILED), Listed("8", 500, Ending.OPEN), done("8", 499)]
)
def test_what_was_given_back_and_was_not_needs_attention(listed: Listed) -> None:
    order = reckoned(an_order_in(Status.PAID), a_reading(refunded=500), LATER)
    after = reckoned(order, a_reading(Standing.CAPTURED, listed), LATER)
    assert after.refunded_amount < order.refunded_amount
    assert after.attention == (Attention.REFUND_FAILED,)


def test_a_refund_that_failed_needs_attention_whatever_else_went_back() -> None:
    order = an_order_in(Status.PARTIALLY_REFUNDED, refunds={"8": Refund(FIRST, 500, Source.PAYLINK)})
    listed = a_reading(Standing.CAPTURED, Listed("8", 500, Ending.FAILED), done("9", 500))
    after = reckoned(order, listed, LATER)
    assert (after.refunded_amount, after.attention) == (500, (Attention.REFUND_FAILED,))


def test_a_refund_that_is_done_after_all_needs_none() -> None:
    failed = Refund(FIRST, 500, Source.PAYLINK, failed=True)
    after = reckoned(
        an_order_in(Status.PAID, refunds={"8": failed}), a_reading(Standing.CAPTURED, done("8", 500)), LATER
    )
    assert (after.refunded_amount, after.attention) == (500, ())


def test_a_list_leaves_the_refunds_that_are_known_as_they_are() -> None:
    known = Refund(FIRST, 200, Source.PAYLINK)
    order = reckoned(an_order_in(Status.PAID, refunds={"9": known}), a_reading(refunded=500), LATER)
    after = reckoned(order, a_reading(Standing.CAPTURED, done("9", 200), done("8", 300)), LATER)
    assert after.refunds == {"9": known, "8": Refund(FIRST, 300, Source.EXTERNAL)}


def test_more_than_was_captured_may_go_back_at_the_gateway() -> None:
    after = reckoned(an_order_in(Status.PAID), a_reading(Standing.CAPTURED, done("8", MINOR + 1)), LATER)
    assert (after.status, after.refunded_amount) == (Status.REFUNDED, MINOR + 1)
    assert not after.holds_money()


@pytest.mark.parametrize("reading", [a_reading(captured=1000), a_reading(captured=1000, refunded=1)])
def test_after_a_refund_the_captured_sum_is_not_set_anew(reading: Reading) -> None:
    refund = Refund(FIRST, 1, Source.PAYLINK)
    order = an_order_in(Status.PARTIALLY_REFUNDED, refunds={"9": refund})
    assert reckoned(order, reading, LATER) is order


def test_nor_is_it_by_the_read_that_tells_of_the_refund() -> None:
    after = reckoned(an_order_in(Status.PAID), a_reading(captured=MINOR - 500, refunded=500), LATER)
    assert (after.captured_amount, after.refunded_amount) == (MINOR, 500)


# ── operations ─────────────────────────────────────────────────────────────────────────────────────────────


def a_refund_beside_an_unlisted_one(amount: int) -> Order:
    """A refund without an answer; 400 had gone back before it, in no list yet."""
    unlisted = {UNLISTED + FIRST: Refund(FIRST, 400, Source.EXTERNAL)}
    own = {FIRST: Payment(PaymentState.PAID, MINOR, MINOR, 400)}
    operation = an_operation(amount=amount, seen_sum=400, unlisted=400)
    sums = {"refunds": unlisted, "payments": own, "captured_amount": MINOR, "refunded_amount": 400}
    return an_order_with(operation, Status.PARTIALLY_REFUNDED, **sums)


def test_what_is_listed_late_counts_once_while_a_refund_is_open() -> None:
    after = reckoned(
        a_refund_beside_an_unlisted_one(300), a_reading(Standing.CAPTURED, done("8", 400)), LATER
    )
    assert set(after.refunds) == {"8"}
    assert (after.refunded_amount, after.status) == (400, Status.PARTIALLY_REFUNDED)
    assert after.operation is not None


def test_what_is_listed_late_proves_no_refund_of_the_same_sum() -> None:
    after = reckoned(
        a_refund_beside_an_unlisted_one(400), a_reading(Standing.CAPTURED, done("8", 400)), LATER
    )
    assert after.operation is not None
    assert after.refunds == {"8": Refund(FIRST, 400, Source.EXTERNAL)}
    both = reckoned(after, a_reading(Standing.CAPTURED, done("8", 400), done("9", 400)), LATER)
    assert both.operation is None
    assert both.refunds["9"] == Refund(FIRST, 400, Source.PAYLINK)
    assert both.refunded_amount == 800


@pytest.mark.parametrize("refunded", [800, 900])
def test_both_listed_at_once_prove_it(refunded: int) -> None:
    listed = a_reading(Standing.CAPTURED, done("8", 400), done("9", 400), refunded=refunded)
    after = reckoned(a_refund_beside_an_unlisted_one(400), listed, LATER)
    assert after.operation is None
    assert {refund.source for refund in after.refunds.values()} == {Source.PAYLINK, Source.EXTERNAL}
    # What the list lacks stays what was in no list.
    assert after.refunded_amount == refunded


@pytest.mark.parametrize(("asked", "read"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_a_refund_of_another_payment_proves_nothing(asked: str, read: str) -> None:
    operation = an_operation(payment_id=asked)
    order = with_second(an_order_with(operation), Payment(PaymentState.PAID, MINOR, MINOR))
    after = reckoned(order, Reading(read, Standing.CAPTURED, MINOR, MINOR, (done("9"),)), LATER)
    assert after.operation == operation
    assert after.refunds == {"9": Refund(read, MINOR, Source.EXTERNAL)}


def test_a_payment_that_never_held_money_is_left_alone() -> None:
    order = an_order_with(an_operation(), Status.PENDING)
    assert reckoned(order, a_reading(Standing.CAPTURED, done("9")), LATER) is order


def test_a_cancellation_ends_after_a_callback_told_that_the_hold_is_gone() -> None:
    gone = {FIRST: Payment(PaymentState.REVERSED, MINOR)}
    order = an_order_with(an_operation(Kind.CANCEL), Status.CANCELLED, payments=gone)
    after = reckoned(order, Reading(FIRST, Standing.GONE), LATER)
    assert (after.operation, after.operations["op_1"].state) == (None, OperationState.DONE)


def test_a_capture_takes_no_refund_for_its_own() -> None:
    order = an_order_with(an_operation(Kind.CAPTURE), Status.AUTHORIZED)
    after = reckoned(order, a_reading(Standing.CAPTURED, done("9")), LATER)
    assert after.refunds == {"9": Refund(FIRST, MINOR, Source.EXTERNAL)}
    assert (after.operations["op_1"].state, after.status) == (OperationState.DONE, Status.REFUNDED)


def test_a_newer_refund_of_the_same_sum_is_another_one() -> None:
    order = an_order_with(an_operation(amount=500))
    after = reckoned(order, a_reading(Standing.CAPTURED, done("8", 500), done("9", 500)), LATER)
    assert [after.refunds[refund_id].source for refund_id in ("8", "9")] == [Source.PAYLINK, Source.EXTERNAL]


@pytest.mark.parametrize(
    ("operation", "reading"),
    [
        (an_operation(amount=500), a_reading(Standing.CAPTURED, Listed("9", 499, Ending.OPEN))),
        (an_operation(amount=500), a_reading(Standing.CAPTURED, Listed("9", 501, Ending.OPEN))),
        (an_operation(amount=500), a_reading(Standing.CAPTURED, Listed("9", 500, Ending.FAILED))),
        (an_operation(seen_sum=500), a_reading(refunded=0)),
    ],
)
def test_what_cannot_be_the_refund_is_no_trace_of_it(operation: Operation, reading: Reading) -> None:
    order = read_often(an_order_with(operation), reading, PAST)
    assert order.operations["op_1"].state is OperationState.REFUSED


@pytest.mark.parametrize(
    ("status", "standing"), [(Status.PAID, Standing.HELD), (Status.AUTHORIZED, Standing.OTHER)]
)
def test_a_capture_with_a_trace_is_the_operators(status: Status, standing: Standing) -> None:
    part = an_operation(Kind.CAPTURE, amount=1000)
    order = read_often(an_order_with(part, status), Reading(FIRST, standing, 0), PAST)
    assert order.operation is not None
    assert order.attention == (Attention.OUTCOME_UNKNOWN,)


def test_the_flag_before_the_sum_counts_as_the_part_that_was_asked_for() -> None:
    order = an_order_with(an_operation(Kind.CAPTURE, amount=1000), Status.AUTHORIZED)
    assert reckoned(order, a_reading(captured=0), LATER).captured_amount == 1000


@pytest.mark.parametrize(
    ("reading", "why"),
    [
        (Reading(FIRST, Standing.GONE), "The hold was let go."),
        (a_reading(captured=1000), "The hold was captured otherwise."),
    ],
)
def test_a_refused_capture_says_why(reading: Reading, why: str) -> None:
    after = reckoned(an_order_with(an_operation(Kind.CAPTURE), Status.AUTHORIZED), reading, LATER)
    assert after.operations["op_1"].gateway_description == why
