"""Holds near their end: told, captured or cancelled by the owner's choice, before the gateway clears them itself."""

import pytest

from freedompay_sandbox import State
from paylink.domain.order import Order, Status

from .stack import Stack

pytestmark = pytest.mark.dynamodb_local
HOURS = 3_600


@pytest.fixture
def held(stack: Stack) -> str:
    """An order whose money is held since now; what became of it is known."""
    stack.put_link(capture="manual")
    order_id = stack.create()
    stack.pay(order_id)
    stack.minutes(4)
    assert stack.order(order_id).status is Status.AUTHORIZED
    return order_id


def hours(stack: Stack, count: int, **parameters: str) -> None:
    for _ in range(count // 6):
        stack.sandbox.clock.advance(6 * HOURS)
        stack.reconcile(**parameters)


def tens_of_minutes(stack: Stack, count: int, **parameters: str) -> None:
    for _ in range(count):
        stack.sandbox.clock.advance(600)
        stack.reconcile(**parameters)


def payment_of(stack: Stack, order: Order):
    return stack.sandbox.payment(str(order.payment_id))


def expiring(stack: Stack, order_id: str) -> list[str]:
    return [event.id for event in stack.events(order_id) if event.type == "payment.hold_expiring"]


def test_by_default_the_owner_is_told_once_on_the_fourth_day(stack: Stack, held: str) -> None:
    hours(stack, 90)
    assert stack.order(held).hold_alerted_at is None
    hours(stack, 12)
    order = stack.order(held)
    assert (order.status, order.operation) == (Status.AUTHORIZED, None)
    assert order.hold_alerted_at is not None
    assert order.held_at is not None
    assert 96 * HOURS <= (order.hold_alerted_at - order.held_at).total_seconds() <= 103 * HOURS
    hours(stack, 12)
    assert len(expiring(stack, held)) == 1
    assert not stack.order(held).operations


@pytest.mark.parametrize(
    ("policy", "status", "captured"), [("capture", Status.PAID, True), ("cancel", Status.CANCELLED, False)]
)
def test_the_owners_choice_is_carried_out_once(
    policy: str, status: Status, captured: bool, stack: Stack, held: str
) -> None:
    hours(stack, 108, HoldPolicy=policy)
    order = stack.order(held)
    assert order.status is status
    (operation,) = order.operations.values()
    assert operation.kind.value == policy
    assert payment_of(stack, order).captured is captured
    asked = [
        record.path
        for record in stack.sandbox.requests
        if "clearing" in record.path or "cancel" in record.path
    ]
    assert len(asked) == 1
    assert expiring(stack, held) == []
    assert not order.waiting


def test_a_choice_that_the_gateway_refuses_is_told(stack: Stack, held: str) -> None:
    stack.sandbox.faults.add("clearing", "error", code="490", description="not now", times=None)
    hours(stack, 96, HoldPolicy="capture")
    tens_of_minutes(stack, 8, HoldPolicy="capture")
    order = stack.order(held)
    assert order.status is Status.AUTHORIZED
    assert order.hold_alerted_at is not None
    assert len(expiring(stack, held)) == 1
    assert len(order.operations) == 1


def test_a_choice_whose_answer_was_lost_is_not_sent_again(stack: Stack, held: str) -> None:
    stack.sandbox.faults.add("clearing", "drop_after")
    hours(stack, 96, HoldPolicy="capture")
    tens_of_minutes(stack, 8, HoldPolicy="capture")
    order = stack.order(held)
    assert (order.status, order.operation) == (Status.PAID, None)
    assert order.captured_amount == order.amount
    assert sum("clearing" in record.path for record in stack.sandbox.requests) == 1


def test_what_the_gateway_cleared_by_itself_is_found(stack: Stack, held: str) -> None:
    hours(stack, 6 * 24)
    order = stack.order(held)
    assert payment_of(stack, order).state is State.PAID
    assert payment_of(stack, order).captured
    assert order.status is Status.PAID
