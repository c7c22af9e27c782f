"""Operations whose outcome nobody was told: later runs find it at the gateway, and never send one again."""

import pytest

from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.app.operations import OperationResult, Operations
from paylink.app.sync import Sync
from paylink.domain.operation import Kind, OperationState
from paylink.domain.order import Attention, Status
from paylink.freedompay.client import FreedomPayClient

from .stack import Stack
from .test_crashes import Quiet

pytestmark = pytest.mark.dynamodb_local


def refunded(stack: Stack, order_id: str, **document: str) -> OperationResult:
    """The operator's refund."""
    table, dynamodb = stack.deployment.table, stack.deployment.dynamodb
    orders, places, signals = Orders(dynamodb, table), Places(dynamodb, table), Quiet()
    gateway = FreedomPayClient(stack.gateway_url)
    merchant = MerchantSecret(stack.deployment.secrets, stack.deployment.merchant_secret)
    sync = Sync(orders=orders, places=places, gateway=gateway, merchant=merchant, signals=signals)
    operations = Operations(
        orders=orders,
        places=places,
        gateway=gateway,
        stack=StackSecret(stack.deployment.secrets, stack.deployment.stack_secret),
        sync=sync,
        signals=signals,
    )
    return operations.run(Kind.REFUND, order_id, document, "a-key-of-the-operator-1")


@pytest.fixture
def paid(stack: Stack) -> str:
    order_id = stack.create()
    stack.pay(order_id)
    stack.minutes(4)
    assert stack.order(order_id).status is Status.PAID
    return order_id


def refunds_at_gateway(stack: Stack, order_id: str) -> int:
    return len(stack.sandbox.payment(str(stack.order(order_id).payment_id)).refunds)


def test_a_refund_whose_answer_was_lost_is_found_within_minutes(stack: Stack, paid: str) -> None:
    stack.sandbox.faults.add("refund", "drop_after")
    assert refunded(stack, paid).operation.state is OperationState.UNKNOWN
    assert stack.order(paid).waiting
    stack.minutes(6)
    order = stack.order(paid)
    assert (order.status, order.operation, order.waiting) == (Status.REFUNDED, None, False)
    assert order.refunded_amount == order.amount
    assert refunds_at_gateway(stack, paid) == 1
    told = [event for event in stack.events(paid) if event.type == "payment.refunded"]
    assert len(told) == 1


def test_a_refund_that_never_arrived_is_released_and_not_sent_again(stack: Stack, paid: str) -> None:
    stack.sandbox.faults.add("refund", "drop_before")
    assert refunded(stack, paid, amount="500").operation.state is OperationState.UNKNOWN
    stack.minutes(14)
    assert stack.order(paid).operation is not None, "no sooner than a quarter of an hour"
    for _ in range(6):
        stack.sandbox.clock.advance(300)
        stack.reconcile()
    order = stack.order(paid)
    assert (order.status, order.operation, order.waiting) == (Status.PAID, None, False)
    assert (order.refunded_amount, refunds_at_gateway(stack, paid)) == (0, 0)
    (operation,) = order.operations.values()
    assert operation.state is OperationState.REFUSED or Attention.OUTCOME_UNKNOWN in order.attention
