"""A buyer comes back and asks: the gateway is asked once a minute, and never in the way of the stored answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from paylink.domain.order import Status
from paylink.domain.watch import Watch

from .stack import Stack

pytestmark = pytest.mark.dynamodb_local


def test_the_buyers_page_learns_of_the_payment_at_once(stack: Stack) -> None:
    order_id = stack.create()
    stack.pay(order_id)
    assert stack.asked_status(order_id) == "pending"
    assert stack.questions() == 0, "nobody has come back yet"
    stack.come_back(order_id)
    assert stack.asked_status(order_id) == "paid"
    assert stack.order(order_id).status is Status.PAID
    stack.minutes(10)
    assert stack.questions() == 1
    assert len([one for one in stack.events(order_id) if one.type == "payment.paid"]) == 1


def test_the_gateway_is_asked_once_a_minute(stack: Stack) -> None:
    order_id = stack.create()
    stack.come_back(order_id, "failure")
    for _ in range(5):
        assert stack.asked_status(order_id) == "pending"
    assert stack.questions() == 1
    stack.sandbox.clock.advance(59)
    stack.asked_status(order_id)
    assert stack.questions() == 1
    stack.sandbox.clock.advance(2)
    stack.asked_status(order_id)
    assert stack.questions() == 2


@pytest.mark.parametrize("fault", ["drop_before", "http_500", "error", "wrong_signature"])
def test_what_is_stored_is_told_where_the_gateway_fails(fault: str, stack: Stack) -> None:
    order_id = stack.create()
    stack.pay(order_id)
    stack.come_back(order_id)
    stack.sandbox.faults.add("status", fault, times=None)
    assert stack.asked_status(order_id) == "pending"
    stack.sandbox.faults.clear()
    stack.minutes(6)
    assert stack.order(order_id).status is Status.PAID


def test_without_a_key_what_is_stored_is_told(stack: Stack) -> None:
    order_id = stack.create()
    stack.come_back(order_id)
    stack.deployment.set_merchant({})
    assert stack.asked_status(order_id) == "pending"


def test_many_pages_of_one_order_ask_the_gateway_once(stack: Stack) -> None:
    order_id = stack.create()
    stack.pay(order_id)
    stack.come_back(order_id)
    stack.sandbox.faults.add("status", "slow", seconds=1)
    function = stack.function("payment_status")
    assert function.parts is not None
    with ThreadPoolExecutor(8) as pages:
        told = list(pages.map(lambda _: stack.asked_status(order_id), range(8)))
    assert set(told) <= {"pending", "paid"}
    assert stack.asked_status(order_id) == "paid"
    assert stack.questions() == 1


def test_a_return_is_noted_beside_the_order_and_only_where_it_waits(stack: Stack) -> None:
    order_id = stack.create()
    before = stack.deployment.row(order_id)
    stack.come_back(order_id)
    assert stack.deployment.row(order_id) == before
    note = stack.deployment.row(order_id, "watch")
    assert note["waiting"] == "due"
    assert "ttl" in note
    stack.sandbox.clock.advance(60)
    stack.come_back(order_id)
    assert stack.deployment.row(order_id, "watch") == note, "at most once in three minutes"
    stack.sandbox.clock.advance(121)
    stack.come_back(order_id)
    assert stack.deployment.row(order_id, "watch")["returned_at"] > note["returned_at"]


def test_nothing_is_noted_of_a_paid_order(stack: Stack) -> None:
    order_id = stack.create()
    stack.sandbox.faults.clear()
    order = stack.order(order_id)
    stack.deployment.put_order(
        order.moved(Status.PAID, stack.sandbox.clock.now(), paid_at=stack.sandbox.clock.now())
    )
    stack.come_back(order_id)
    with pytest.raises(KeyError):
        stack.deployment.row(order_id, "watch")


def test_a_watch_has_no_order_of_its_own(stack: Stack) -> None:
    """An id that a buyer made up reaches no row: the return page reads the order first."""
    assert Watch("pl_0").due_at is None
    stranger = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
    with pytest.raises(AssertionError):
        stack.come_back(stranger)
    with pytest.raises(KeyError):
        stack.deployment.row(stranger, "watch")
