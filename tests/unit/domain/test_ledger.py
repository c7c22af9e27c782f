"""What a reading of the gateway makes of an order: adopted refunds, settled holds, operations found out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from paylink.domain.ledger import NO_TRACE, reckoned
from paylink.domain.operation import (
    RELEASE_AFTER,
    RELEASE_READS,
    Kind,
    Operation,
    OperationState,
    Refund,
    Source,
)
from paylink.domain.order import Attention, Order, Payment, PaymentState, Status
from paylink.domain.reading import Ending, Listed, Reading, Standing
from paylink.domain.refund_proof import UNLISTED
from unit.domain.examples import FIRST, LATER, MINOR, NOW, SECOND, an_order_in

PAST = NOW + RELEASE_AFTER


def an_operation(kind: Kind = Kind.REFUND, **changes: Any) -> Operation:
    """An operation on the first payment whose answer never came."""
    values = {
        "id": "op_1",
        "fingerprint": "00",
        "kind": kind,
        "created_at": NOW,
        "currency": "KZT",
        "state": OperationState.UNKNOWN,
        "payment_id": FIRST,
        "amount": MINOR,
    }
    return Operation(**(values | changes))


def an_order_with(operation: Operation, status: Status = Status.PAID, **changes: Any) -> Order:
    return an_order_in(status, operation=operation, **{"waiting": True, **changes})


def a_reading(standing: Standing = Standing.CAPTURED, *refunds: Listed, **sums: Any) -> Reading:
    told = sum(refund.amount or 0 for refund in refunds if refund.ending is Ending.DONE)
    return Reading(FIRST, standing, **{"captured": MINOR, "refunded": told, **sums}, refunds=refunds)


def done(refund_id: str, amount: int | None = MINOR) -> Listed:
    return Listed(refund_id, amount, Ending.DONE)


def read_often(order: Order, reading: Reading, now: datetime, times: int = RELEASE_READS) -> Order:
    for _ in range(times):
        order = reckoned(order, reading, now)
    return order


def test_nothing_new_is_the_very_same_order() -> None:
    order = an_order_in(Status.PAID)
    assert reckoned(order, a_reading(), LATER) is order
    assert reckoned(order, Reading("77", Standing.CAPTURED), LATER) is order
    held = an_order_in(Status.AUTHORIZED)
    assert reckoned(held, Reading(FIRST, Standing.HELD, captured=0), LATER) is held


def test_a_read_just_after_a_success_does_not_undo_it() -> None:
    refund = Refund(FIRST, MINOR, Source.PAYLINK)
    order = an_order_in(Status.REFUNDED, refunds={"9": refund})
    assert reckoned(order, a_reading(), LATER) is order
    captured = an_order_in(Status.PAID)
    assert reckoned(captured, Reading(FIRST, Standing.HELD, captured=0), LATER) is captured
    assert reckoned(captured, a_reading(captured=0), LATER) is captured


@pytest.mark.parametrize(
    ("amounts", "status"),
    [((1,), Status.PARTIALLY_REFUNDED), ((MINOR,), Status.REFUNDED), ((1, MINOR - 1), Status.REFUNDED)],
)
def test_refunds_made_elsewhere_are_adopted(amounts: tuple[int, ...], status: Status) -> None:
    listed = [done(str(number), amount) for number, amount in enumerate(amounts)]
    order = reckoned(an_order_in(Status.PAID), a_reading(Standing.CAPTURED, *listed), LATER)
    assert (order.status, order.refunded_amount) == (status, sum(amounts))
    assert order.payments[FIRST].refunded == sum(amounts)
    assert {refund.source for refund in order.refunds.values()} == {Source.EXTERNAL}
    assert order.sequence == an_order_in(Status.PAID).sequence + 1


def test_only_what_is_done_counts() -> None:
    order = an_order_in(Status.PAID)
    listed = (Listed("7", 5, Ending.OPEN), Listed("8", 5, Ending.FAILED), done("9", None))
    assert reckoned(order, a_reading(Standing.CAPTURED, *listed), LATER) is order


def test_what_went_back_and_is_in_no_list_counts_until_the_list_comes() -> None:
    order = reckoned(an_order_in(Status.PAID), a_reading(refunded=500), LATER)
    assert order.refunds == {UNLISTED + FIRST: Refund(FIRST, 500, Source.EXTERNAL)}
    assert (order.status, order.refunded_amount) == (Status.PARTIALLY_REFUNDED, 500)
    more = reckoned(order, a_reading(refunded=700), LATER)
    assert more.refunded_amount == 700
    listed = reckoned(more, a_reading(Standing.CAPTURED, done("8", 700)), LATER)
    assert listed.refunds == {"8": Refund(FIRST, 700, Source.EXTERNAL)}
    assert listed.refunded_amount == 700


def test_a_payment_reversed_whole_is_refunded() -> None:
    order = reckoned(an_order_in(Status.PAID), a_reading(Standing.GONE), LATER)
    assert (order.status, order.refunded_amount) == (Status.REFUNDED, MINOR)
    assert not order.holds_money()


def test_a_refund_that_the_gateway_takes_back_calls_the_operator() -> None:
    order = an_order_in(Status.REFUNDED, refunds={"9": Refund(FIRST, MINOR, Source.PAYLINK)})
    failed = reckoned(order, a_reading(Standing.CAPTURED, Listed("9", MINOR, Ending.FAILED)), LATER)
    assert (failed.refunded_amount, failed.attention) == (0, (Attention.REFUND_FAILED,))
    assert failed.status is Status.REFUNDED
    assert failed.holds_money()
    back = reckoned(failed, a_reading(Standing.CAPTURED, done("9")), LATER)
    assert (back.refunded_amount, back.refunds["9"].failed) == (MINOR, False)


def test_a_refund_of_a_second_charge_leaves_the_order_as_paid() -> None:
    order = an_order_in(Status.PAID)
    second = Payment(PaymentState.PAID, MINOR, MINOR)
    order = replace(order, payments={**order.payments, SECOND: second})
    reading = Reading(SECOND, Standing.CAPTURED, MINOR, MINOR, (done("9"),))
    after = reckoned(order, reading, LATER)
    assert (after.status, after.refunded_amount) == (Status.PAID, 0)
    assert after.payments[SECOND].refunded == MINOR
    assert after.payments[FIRST] == order.payments[FIRST]


# ── holds ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("captured", [MINOR, 1000])
def test_a_hold_cleared_at_the_gateway_is_paid(captured: int) -> None:
    order = reckoned(an_order_in(Status.AUTHORIZED), a_reading(captured=captured), LATER)
    assert (order.status, order.captured_amount, order.paid_at) == (Status.PAID, captured, LATER)
    assert not order.waiting


def test_the_flag_may_come_before_the_sum() -> None:
    order = reckoned(an_order_in(Status.AUTHORIZED), a_reading(captured=0), LATER)
    assert order.captured_amount == MINOR
    assert reckoned(order, a_reading(captured=1000), LATER).captured_amount == 1000


def test_a_hold_cleared_and_refunded_meanwhile() -> None:
    order = reckoned(an_order_in(Status.AUTHORIZED), a_reading(Standing.CAPTURED, done("9", 500)), LATER)
    assert (order.status, order.captured_amount, order.refunded_amount) == (
        Status.PARTIALLY_REFUNDED,
        MINOR,
        500,
    )


def test_a_hold_let_go_at_the_gateway_is_cancelled() -> None:
    order = reckoned(an_order_in(Status.AUTHORIZED), Reading(FIRST, Standing.GONE), LATER)
    assert (order.status, order.payments[FIRST].state) == (Status.CANCELLED, PaymentState.REVERSED)
    assert not order.waiting
    assert order.keep_until is not None


@pytest.mark.parametrize("standing", [Standing.DEAD, Standing.OTHER, Standing.HELD])
def test_a_hold_is_only_ended_by_a_plain_word(standing: Standing) -> None:
    order = an_order_in(Status.AUTHORIZED)
    assert reckoned(order, Reading(FIRST, standing), LATER) is order


# ── refused money ──────────────────────────────────────────────────────────────────────────────────────────


def an_order_with_refused_money() -> Order:
    order = an_order_in(Status.PAID)
    refused = Payment(PaymentState.REJECTED, MINOR)
    return order.changed(NOW, payments={**order.payments, SECOND: refused})


@pytest.mark.parametrize(
    "reading",
    [
        Reading(SECOND, Standing.GONE),
        Reading(SECOND, Standing.DEAD),
        Reading(SECOND, Standing.CAPTURED, MINOR, MINOR),
    ],
)
def test_refused_money_that_went_back_is_off_watch(reading: Reading) -> None:
    order = reckoned(an_order_with_refused_money(), reading, LATER)
    assert order.payments[SECOND].state is PaymentState.REVERSED
    assert not order.waiting


@pytest.mark.parametrize("standing", [Standing.CAPTURED, Standing.HELD, Standing.OTHER])
def test_refused_money_that_stands_stays_on_watch(standing: Standing) -> None:
    order = an_order_with_refused_money()
    assert reckoned(order, Reading(SECOND, standing, MINOR, 0), LATER) is order


# ── operations ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_refund_of_the_sum_proves_it() -> None:
    order = an_order_with(an_operation())
    after = reckoned(order, a_reading(Standing.CAPTURED, done("9")), LATER)
    assert after.operation is None
    assert after.operations["op_1"] == replace(
        an_operation(), state=OperationState.DONE, refund_id="9", finished_at=LATER
    )
    assert after.refunds == {"9": Refund(FIRST, MINOR, Source.PAYLINK)}
    assert (after.status, after.waiting, after.attention) == (Status.REFUNDED, False, ())


@pytest.mark.parametrize(
    ("operation", "listed"),
    [
        (an_operation(seen=("9",)), done("9")),
        (an_operation(amount=500), done("9", 501)),
        (an_operation(), Listed("9", MINOR, Ending.OPEN)),
        (an_operation(), Listed("9", MINOR, Ending.FAILED)),
    ],
)
def test_anything_else_proves_nothing(operation: Operation, listed: Listed) -> None:
    after = reckoned(an_order_with(operation), a_reading(Standing.CAPTURED, listed), LATER)
    assert after.operation == replace(operation, reads=1)
    assert after.waiting


def test_of_two_new_refunds_of_the_sum_the_older_is_ours() -> None:
    order = an_order_with(an_operation(amount=500))
    after = reckoned(order, a_reading(Standing.CAPTURED, done("10", 500), done("9", 500)), LATER)
    assert after.operations["op_1"].refund_id == "9"
    assert [after.refunds[refund_id].source for refund_id in ("9", "10")] == [Source.PAYLINK, Source.EXTERNAL]


def test_a_refund_of_another_sum_is_adopted_beside_it() -> None:
    after = reckoned(
        an_order_with(an_operation(amount=500)), a_reading(Standing.CAPTURED, done("9", 7)), LATER
    )
    assert after.refunds == {"9": Refund(FIRST, 7, Source.EXTERNAL)}
    assert after.operation == an_operation(amount=500, reads=1)


def test_while_its_process_may_be_calling_its_payment_is_left_alone() -> None:
    running = an_operation(state=OperationState.RUNNING, lease_until=LATER, owner="me")
    order = an_order_with(running)
    reading = a_reading(Standing.CAPTURED, done("9"))
    assert reckoned(order, reading, LATER - timedelta(seconds=1)) is order
    assert reckoned(order, reading, LATER).operations["op_1"].state is OperationState.DONE


def test_one_whose_process_died_becomes_unknown() -> None:
    running = an_operation(state=OperationState.RUNNING, lease_until=NOW, owner="me")
    after = reckoned(an_order_with(running), a_reading(), LATER)
    assert after.operation == an_operation(reads=1)


@pytest.mark.parametrize(
    ("kind", "status", "reading", "attention"),
    [
        (Kind.REFUND, Status.PAID, a_reading(), (Attention.REFUND_FAILED,)),
        (Kind.CAPTURE, Status.AUTHORIZED, Reading(FIRST, Standing.HELD, 0), ()),
        (Kind.CANCEL, Status.AUTHORIZED, Reading(FIRST, Standing.HELD, 0), ()),
    ],
)
def test_one_without_a_trace_is_released_by_time_and_reads(
    kind: Kind, status: Status, reading: Reading, attention: tuple[Attention, ...]
) -> None:
    order = an_order_with(an_operation(kind), status)
    early = read_often(order, reading, PAST - timedelta(milliseconds=1), 9)
    assert early.operation == an_operation(kind, reads=RELEASE_READS)
    few = read_often(order, reading, PAST, RELEASE_READS - 1)
    assert few.operation is not None
    for almost in (early, few):
        after = reckoned(almost, reading, PAST)
        assert after.operation is None
        ended = after.operations["op_1"]
        assert (ended.state, ended.gateway_description) == (OperationState.REFUSED, NO_TRACE)
        assert (after.status, after.attention) == (status, attention)


def test_once_it_has_been_read_enough_an_early_read_writes_nothing() -> None:
    order = read_often(an_order_with(an_operation()), a_reading(), LATER)
    assert reckoned(order, a_reading(), LATER) is order


@pytest.mark.parametrize(
    "reading",
    [
        a_reading(refunded=MINOR),
        a_reading(Standing.CAPTURED, Listed("9", MINOR, Ending.OPEN)),
        a_reading(Standing.CAPTURED, done("9", None)),
        a_reading(Standing.OTHER),
        a_reading(Standing.GONE),
    ],
)
def test_a_trace_that_proves_nothing_is_the_operators(reading: Reading) -> None:
    order = read_often(an_order_with(an_operation()), reading, PAST)
    assert order.operation == an_operation(reads=RELEASE_READS)
    assert order.attention == (Attention.OUTCOME_UNKNOWN,)
    assert reckoned(order, reading, PAST + RELEASE_AFTER) is order
    proof = reckoned(order, a_reading(Standing.CAPTURED, done("10")), PAST)
    assert proof.operations["op_1"].state is OperationState.DONE


def test_a_sum_that_was_there_before_is_no_trace() -> None:
    order = read_often(an_order_with(an_operation(seen_sum=500)), a_reading(refunded=500), PAST)
    assert order.operations["op_1"].state is OperationState.REFUSED
    grown = read_often(an_order_with(an_operation(seen_sum=500)), a_reading(refunded=501), PAST)
    assert grown.attention == (Attention.OUTCOME_UNKNOWN,)


@pytest.mark.parametrize(
    ("kind", "reading", "state", "status"),
    [
        (Kind.CAPTURE, a_reading(), OperationState.DONE, Status.PAID),
        (Kind.CAPTURE, a_reading(captured=0), OperationState.DONE, Status.PAID),
        (Kind.CAPTURE, a_reading(captured=1000), OperationState.REFUSED, Status.PAID),
        (Kind.CAPTURE, Reading(FIRST, Standing.GONE), OperationState.REFUSED, Status.CANCELLED),
        (Kind.CANCEL, Reading(FIRST, Standing.GONE), OperationState.DONE, Status.CANCELLED),
        (Kind.CANCEL, a_reading(), OperationState.REFUSED, Status.PAID),
    ],
)
def test_how_the_hold_stands_tells_how_it_ended(
    kind: Kind, reading: Reading, state: OperationState, status: Status
) -> None:
    after = reckoned(an_order_with(an_operation(kind), Status.AUTHORIZED), reading, LATER)
    assert (after.operations["op_1"].state, after.status) == (state, status)
    assert after.operation is None
    assert not after.waiting


def test_a_callback_that_told_of_the_capture_first_does_not_decide_its_sum() -> None:
    """It says captured and nothing of the cleared sum."""
    part = an_operation(Kind.CAPTURE, amount=1000)
    order = an_order_with(part, Status.PAID)
    waits = reckoned(order, Reading(FIRST, Standing.HELD, 0), LATER)
    assert waits.operation == replace(part, reads=1)
    after = reckoned(waits, a_reading(captured=1000), LATER)
    assert (after.operations["op_1"].state, after.captured_amount) == (OperationState.DONE, 1000)


def test_the_flag_before_the_sum_proves_no_capture_of_a_part() -> None:
    """The hold may have been cleared otherwise: in the cabinet, or by the gateway on the fifth day."""
    order = an_order_with(an_operation(Kind.CAPTURE, amount=1000), Status.AUTHORIZED)
    flagged = reckoned(order, a_reading(captured=0), LATER)
    assert (flagged.status, flagged.operation is not None) == (Status.PAID, True)
    ours = reckoned(flagged, a_reading(captured=1000), LATER)
    assert (ours.operations["op_1"].state, ours.captured_amount) == (OperationState.DONE, 1000)
    others = reckoned(flagged, a_reading(), LATER)
    assert (others.operations["op_1"].state, others.captured_amount) == (OperationState.REFUSED, MINOR)


def test_a_sum_unknown_here_is_proven_by_any_new_refund() -> None:
    foreign = Payment(PaymentState.PAID, currency="XXX", foreign="10.001")
    order = an_order_with(an_operation(amount=0, payment_id=SECOND), attention=(Attention.AMOUNT_MISMATCH,))
    order = replace(order, payments={**order.payments, SECOND: foreign})
    after = reckoned(order, Reading(SECOND, Standing.CAPTURED, None, 0, (done("9", None),)), LATER)
    assert after.operations["op_1"].state is OperationState.DONE
    assert after.payments[SECOND].state is PaymentState.REVERSED
    assert (after.status, after.refunded_amount) == (Status.PAID, 0)
