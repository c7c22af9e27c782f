"""The versions of an order that an operation writes, one step after the other."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from paylink.domain.operation import (
    RELEASE_AFTER,
    RELEASE_READS,
    Kind,
    Operation,
    OperationState,
    Refund,
    Source,
)
from paylink.domain.operation_steps import (
    after_no,
    cancelled,
    claimed,
    done,
    left_unknown,
    resolved,
    withdrawn,
)
from paylink.domain.order import Attention, Order, PaymentState, Status
from paylink.domain.reading import Ending, Listed, Reading, Standing
from unit.domain.examples import FIRST, LATER, MINOR, NOW, an_order_in


def running(kind: Kind = Kind.REFUND, **changes: Any) -> Operation:
    values = {
        "id": "op_1",
        "fingerprint": "00",
        "kind": kind,
        "created_at": NOW,
        "currency": "KZT",
        "payment_id": FIRST,
        "amount": MINOR,
        "lease_until": LATER + timedelta(seconds=30),
        "owner": "me",
        "seen": ("5",),
    }
    return Operation(**(values | changes))


def begun(status: Status, operation: Operation) -> Order:
    order = claimed(an_order_in(status), operation, LATER)
    assert order.waiting
    assert order.operation == operation
    return order


def ended(operation: Operation, state: OperationState = OperationState.DONE, **changes: Any) -> Operation:
    bare = replace(operation, lease_until=None, owner=None, seen=())
    return replace(bare, state=state, finished_at=LATER, **changes)


def test_a_refund_is_done() -> None:
    operation = running()
    after = done(begun(Status.PAID, operation), operation, LATER, refund_id="9")
    assert after.operations == {"op_1": ended(operation, refund_id="9")}
    assert after.refunds == {"9": Refund(FIRST, MINOR, Source.PAYLINK)}
    assert (after.operation, after.status, after.refunded_amount) == (None, Status.REFUNDED, MINOR)
    assert not after.waiting


def test_a_refund_that_was_adopted_meanwhile_is_ours_and_counts_once() -> None:
    operation = running(amount=500)
    order = begun(Status.PAID, operation)
    order = replace(order, refunds={"9": Refund(FIRST, 500, Source.EXTERNAL)})
    after = done(order, operation, LATER, refund_id="9")
    assert after.refunds == {"9": Refund(FIRST, 500, Source.PAYLINK)}
    assert (after.refunded_amount, after.status) == (500, Status.PARTIALLY_REFUNDED)


def test_a_refund_is_not_done_without_its_id() -> None:
    operation = running()
    with pytest.raises(ValueError, match="id"):
        done(begun(Status.PAID, operation), operation, LATER)


@pytest.mark.parametrize(("told", "captured"), [(None, MINOR), (0, MINOR), (MINOR, MINOR), (900, 900)])
def test_a_capture_is_done(told: int | None, captured: int) -> None:
    operation = running(Kind.CAPTURE)
    after = done(begun(Status.AUTHORIZED, operation), operation, LATER, captured=told)
    assert (after.status, after.captured_amount, after.paid_at) == (Status.PAID, captured, LATER)
    assert after.payments[FIRST].state is PaymentState.PAID
    assert after.operations == {"op_1": ended(operation)}


def test_a_capture_whose_callback_came_first() -> None:
    operation = running(Kind.CAPTURE, amount=1000)
    order = replace(begun(Status.PAID, operation), paid_at=NOW)
    after = done(order, operation, LATER, captured=1000)
    assert (after.status, after.captured_amount, after.paid_at) == (Status.PAID, 1000, NOW)


def test_a_cancellation_is_done() -> None:
    operation = running(Kind.CANCEL)
    after = done(begun(Status.AUTHORIZED, operation), operation, LATER)
    assert (after.status, after.payments[FIRST].state) == (Status.CANCELLED, PaymentState.REVERSED)
    assert not after.waiting


def test_a_pending_order_is_cancelled() -> None:
    operation = running(Kind.CANCEL, payment_id=None, amount=0, lease_until=None, owner=None, seen=())
    order = an_order_in(Status.PENDING, approved=FIRST, approved_until=LATER, lease_until=NOW)
    after = cancelled(order, operation, LATER)
    assert (after.status, after.approved, after.lease_until) == (Status.CANCELLED, None, None)
    assert after.operations == {"op_1": ended(operation)}
    assert after.over(LATER)
    assert after.sequence == order.sequence + 1


def test_what_was_not_sent_leaves_no_trace() -> None:
    operation = running()
    after = withdrawn(begun(Status.PAID, operation), LATER)
    assert (after.operation, after.operations, after.waiting) == (None, {}, False)


def test_what_is_unknown_stays_in_flight_with_what_was_seen() -> None:
    operation = running()
    after = left_unknown(begun(Status.PAID, operation), operation, LATER, code=9999, description="?")
    assert after.operation == replace(
        operation,
        state=OperationState.UNKNOWN,
        lease_until=None,
        owner=None,
        gateway_code=9999,
        gateway_description="?",
    )
    assert after.waiting


def no(order: Order, operation: Operation, reading: Reading) -> Order:
    after = after_no(order, operation, reading, LATER, code=120, description="no")
    assert after.sequence == order.sequence + 1
    return after


@pytest.mark.parametrize(
    ("kind", "status", "reading"),
    [
        (Kind.REFUND, Status.PAID, Reading(FIRST, Standing.CAPTURED, MINOR)),
        (Kind.REFUND, Status.PAID, Reading(FIRST, Standing.HELD, 0)),
        (Kind.CAPTURE, Status.AUTHORIZED, Reading(FIRST, Standing.HELD, 0)),
        (Kind.CANCEL, Status.AUTHORIZED, Reading(FIRST, Standing.HELD, 0)),
    ],
)
def test_a_no_that_a_read_agrees_with(kind: Kind, status: Status, reading: Reading) -> None:
    operation = running(kind)
    after = no(begun(status, operation), operation, reading)
    refusal = {"gateway_code": 120, "gateway_description": "no"}
    assert after.operations == {"op_1": ended(operation, OperationState.REFUSED, **refusal)}
    assert (after.status, after.operation, after.refunded_amount) == (status, None, 0)
    assert after.attention == ((Attention.REFUND_FAILED,) if kind is Kind.REFUND else ())


def test_a_no_that_a_read_proves_wrong() -> None:
    operation = running()
    listed = Listed("9", MINOR, Ending.DONE)
    after = no(
        begun(Status.PAID, operation), operation, Reading(FIRST, Standing.CAPTURED, MINOR, MINOR, (listed,))
    )
    assert after.operations == {"op_1": ended(operation, refund_id="9")}
    assert (after.status, after.attention) == (Status.REFUNDED, ())


@pytest.mark.parametrize(
    ("kind", "status", "reading"),
    [
        (Kind.REFUND, Status.PAID, Reading(FIRST, Standing.CAPTURED, MINOR, MINOR)),
        (
            Kind.REFUND,
            Status.PAID,
            Reading(FIRST, Standing.CAPTURED, MINOR, 0, (Listed("9", MINOR, Ending.OPEN),)),
        ),
        (Kind.CAPTURE, Status.AUTHORIZED, Reading(FIRST, Standing.OTHER)),
    ],
)
def test_a_no_with_a_trace_of_it_is_unknown(kind: Kind, status: Status, reading: Reading) -> None:
    operation = running(kind)
    after = no(begun(status, operation), operation, reading)
    assert after.operation is not None
    assert (after.operation.state, after.operation.gateway_code) == (OperationState.UNKNOWN, 120)
    assert after.waiting


def test_a_resolution_clears_and_keeps_the_record() -> None:
    order = an_order_in(Status.PAID, attention=(Attention.SECOND_CHARGE, Attention.OVERSOLD))
    operation = running(Kind.RESOLVE, payment_id=None, amount=0, note="Seen.", by="arn:aws:iam::1:user/o")
    after = resolved(order, operation, LATER)
    assert after.attention == ()
    record = after.operations["op_1"]
    assert (record.note, record.by, record.finished_at) == ("Seen.", "arn:aws:iam::1:user/o", LATER)
    assert record.reasons == ("second_charge", "oversold")


@pytest.mark.parametrize("reason", [Attention.OUTCOME_UNKNOWN, Attention.SECOND_CHARGE])
def test_a_resolution_ends_what_stayed_unknown_and_nothing_else(reason: Attention) -> None:
    stuck = running(
        id="op_0",
        state=OperationState.UNKNOWN,
        created_at=LATER - RELEASE_AFTER,
        reads=RELEASE_READS,
        lease_until=None,
        owner=None,
    )
    order = an_order_in(Status.PAID, operation=stuck, attention=(reason,), waiting=True)
    after = resolved(order, running(Kind.RESOLVE, payment_id=None), LATER)
    if reason is Attention.OUTCOME_UNKNOWN:
        assert after.operation is None
        assert after.operations["op_0"].state is OperationState.REFUSED
        assert not after.waiting
    else:
        assert after.operation == stuck
        assert after.waiting


@pytest.mark.parametrize(
    "at_work",
    [running(id="op_0"), running(id="op_0", state=OperationState.UNKNOWN, lease_until=None, owner=None)],
    ids=["calling the gateway", "unknown for a moment"],
)
def test_a_resolution_leaves_an_operation_that_began_after_the_attention(at_work: Operation) -> None:
    order = an_order_in(Status.PAID, operation=at_work, attention=(Attention.OUTCOME_UNKNOWN,), waiting=True)
    after = resolved(order, running(Kind.RESOLVE, payment_id=None), LATER)
    assert after.operation == at_work
    assert "op_0" not in after.operations
    assert after.waiting
    assert not after.attention
