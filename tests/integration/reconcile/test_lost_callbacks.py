"""Every callback is lost, and the orders still end as the gateway has them: real handlers, AWS's own engine."""

from dataclasses import replace

import pytest

from paylink.domain.order import PaymentState, Status

from .stack import Stack

pytestmark = pytest.mark.dynamodb_local


def test_a_paid_order_is_found_within_five_minutes_and_told_once(stack: Stack) -> None:
    order_id = stack.create()
    stack.sandbox.clock.advance(20)
    stack.pay(order_id)
    assert stack.order(order_id).status is Status.PENDING
    paid_at = stack.sandbox.clock.now()
    for _ in range(5):
        stack.minutes(1)
        if stack.order(order_id).status is Status.PAID:
            break
    order = stack.order(order_id)
    assert order.status is Status.PAID
    assert (stack.sandbox.clock.now() - paid_at).total_seconds() <= 5 * 60
    assert order.captured_amount == order.amount
    assert not order.waiting
    # The gateway tries its callback again and again, an operator looks too: nothing is told twice.
    stack.minutes(15)
    told = [event for event in stack.events(order_id) if event.type == "payment.paid"]
    assert len({event.id for event in told}) == 1
    assert len(told) == 1
    assert stack.questions() == 1


def test_a_buyer_who_came_back_is_found_sooner(stack: Stack) -> None:
    order_id = stack.create()
    stack.pay(order_id)
    stack.come_back(order_id)
    stack.reconcile()
    assert stack.order(order_id).status is Status.PENDING
    stack.sandbox.clock.advance(31)
    stack.reconcile()
    assert stack.order(order_id).status is Status.PAID


def test_two_orders_of_which_one_is_paid(stack: Stack) -> None:
    first, second = stack.create(), stack.create()
    stack.pay(second)
    stack.minutes(4)
    assert (stack.order(first).status, stack.order(second).status) == (Status.PENDING, Status.PAID)


def test_an_order_that_nobody_pays_expires_and_gives_its_places_back(stack: Stack) -> None:
    stack.put_link(limit=2)
    order_id = stack.create()
    assert stack.deployment.row("places", "test:coffee")["taken"] == 1
    stack.minutes(3)
    for _ in range(16):
        stack.sandbox.clock.advance(300)
        stack.reconcile()
    assert stack.order(order_id).status is Status.EXPIRED
    assert stack.deployment.row("places", "test:coffee")["taken"] == 0
    assert not stack.order(order_id).waiting
    questions = stack.questions()
    stack.sandbox.clock.advance(86_400)
    stack.reconcile()
    assert stack.questions() == questions
    assert questions <= 6


def test_an_order_whose_creation_died_ends_too(stack: Stack) -> None:
    stack.sandbox.faults.add("create", "drop_before")
    with pytest.raises(AssertionError):
        stack.create()
    (order_id,) = [row["pk"] for row in stack.deployment.rows() if row["sk"] == "order"]
    assert stack.order(order_id).status is Status.CREATING
    for _ in range(26):
        stack.sandbox.clock.advance(200)
        stack.reconcile()
    order = stack.order(order_id)
    assert (order.status, order.waiting) == (Status.EXPIRED, False)


def test_a_hold_is_found_like_a_payment(stack: Stack) -> None:
    stack.put_link(capture="manual")
    order_id = stack.create()
    stack.pay(order_id)
    stack.minutes(4)
    order = stack.order(order_id)
    assert order.status is Status.AUTHORIZED
    assert order.held_at is not None
    assert order.waiting


def test_refused_money_is_followed_until_it_went_back(stack: Stack) -> None:
    stack.put_link(capture="manual")
    order_id = stack.create()
    payment_id = stack.pay(order_id).payment_id
    order = stack.order(order_id)
    # As it stands after a callback that was answered `rejected`.
    rejected = {payment_id: replace(order.payments[payment_id], state=PaymentState.REJECTED)}
    stack.deployment.put_order(order.changed(stack.sandbox.clock.now(), payments=rejected))
    stack.minutes(4)
    assert stack.order(order_id).payments[payment_id].state is PaymentState.REJECTED
    assert stack.questions() >= 1
    stack.sandbox.cabinet_cancel(payment_id)
    stack.minutes(8)
    assert stack.order(order_id).payments[payment_id].state is PaymentState.REVERSED
