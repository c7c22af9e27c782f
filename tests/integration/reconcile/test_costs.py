"""What reconcile costs in requests to the table: nothing for an order that goes the plain way, little for the rest."""

from collections.abc import Iterator
from typing import Any

import pytest

from paylink.domain.order import Status

from .stack import Stack

pytestmark = pytest.mark.dynamodb_local
EMPTY_RUN = ["UpdateItem", "Query", "Query", "UpdateItem", "Query", "Query", "Query", "Query", "UpdateItem"]
"""Takes its turn, looks at what is new and at the round, writes how far it came, reads the queue, ends its turn."""


@pytest.fixture
def operations(stack: Stack) -> Iterator[list[str]]:
    """The requests to the table, as they are made."""
    made: list[str] = []

    def note(model: Any, **_: object) -> None:
        made.append(model.name)

    events = stack.deployment.dynamodb.meta.events
    events.register("before-call.dynamodb", note)
    yield made
    events.unregister("before-call.dynamodb", note)


def pay_at_once(stack: Stack, order_id: str) -> None:
    """The callback came: the order is paid, as its one write leaves it."""
    order, now = stack.order(order_id), stack.sandbox.clock.now()
    stack.deployment.put_order(order.moved(Status.PAID, now, paid_at=now, captured_amount=order.amount))


def test_an_order_that_is_paid_within_three_minutes_costs_nothing(
    stack: Stack, operations: list[str]
) -> None:
    order_id = stack.create()
    stack.sandbox.clock.advance(100)
    stack.reconcile()
    pay_at_once(stack, order_id)
    operations.clear()
    stack.come_back(order_id)
    assert operations == ["GetItem"], "its buyer's return writes nothing"
    operations.clear()
    assert stack.asked_status(order_id) == "paid"
    assert operations == ["GetItem"]
    operations.clear()
    stack.sandbox.clock.advance(120)
    stack.reconcile()
    assert operations == EMPTY_RUN
    assert {row["sk"] for row in stack.deployment.rows() if row["pk"] == order_id} == {"order"}


def test_a_question_costs_three_requests_of_its_own(stack: Stack, operations: list[str]) -> None:
    order_id = stack.create()
    stack.pay(order_id)
    stack.sandbox.clock.advance(200)
    stack.reconcile()
    assert stack.order(order_id).status is Status.PAID
    stack.sandbox.clock.advance(60)
    operations.clear()
    stack.reconcile()
    assert operations == EMPTY_RUN
    other = stack.create()
    stack.sandbox.clock.advance(200)
    stack.reconcile()
    stack.sandbox.clock.advance(60)
    operations.clear()
    stack.reconcile()
    assert operations == [*EMPTY_RUN[:3], "BatchGetItem", *EMPTY_RUN[3:]], "one look at what waits"
    stack.sandbox.clock.advance(400)
    operations.clear()
    stack.reconcile()
    # Its note is taken, its row read, the gateway asked, the note put where it belongs; then what is due is read anew.
    more = ["BatchGetItem", "UpdateItem", "GetItem", "UpdateItem", "Query", "Query", "Query"]
    assert sorted(operations) == sorted([*EMPTY_RUN, *more])
    assert stack.order(other).status is Status.PENDING
