"""What must hold at the end of a walk, by the gateway's own books against the table's rows."""

from collections.abc import Collection
from types import SimpleNamespace

from freedompay_sandbox import Payment as GatewayPayment
from freedompay_sandbox import State
from freedompay_sandbox.refunds import Source
from integration.operations.sums import assert_equal_sums, minor
from paylink.domain.operation import Kind, Operation, OperationState
from paylink.domain.order import SETTLED, Attention, Order, PaymentState, Status

from .actors import Buyer, Operator
from .world import World

UNDECIDED = {Status.CREATING, Status.PENDING, Status.AUTHORIZED}


def charged(payment: GatewayPayment) -> bool:
    """Whether the buyer's money was taken or held by it, whatever became of it since."""
    return payment.paid_at is not None and payment.state in {State.PAID, State.REVERSED}


def assert_one_page(buyer: Buyer) -> None:
    """Of all that the buyer was ever given, one page at most can be paid."""
    live = [payment.payment_id for payment in buyer.payable()]
    assert len(live) <= 1, f"two pages to pay for one intent: {live}"


def assert_whole(world: World, buyers: Collection[Buyer], operators: Collection[Operator]) -> None:
    """One payment per intent, equal sums, no order stuck, no lease left, every place accounted for."""
    assert not world.broken, f"a callback ended in an error of its own: {world.broken}"
    orders = {order.order_id: order for order in world.orders()}
    assert set(orders) <= {buyer.order_id for buyer in buyers}, "an order that nobody asked for"
    strangers = {payment.order_id for payment in world.sandbox.payments()} - set(orders)
    assert not strangers, f"payments of no order: {strangers}"
    for buyer in buyers:
        assert_one_page(buyer)
    for order in orders.values():
        _assert_one_payment(world, order)
        _assert_not_stuck(order)
        assert_equal_sums(SimpleNamespace(order=world.order, sandbox=world.sandbox), order.order_id)  # type: ignore[arg-type]
        _assert_operations(world, order, [one for one in operators if one.order_id == order.order_id])
    _assert_nothing_held(world)
    _assert_places(world, orders.values())


def _assert_one_payment(world: World, order: Order) -> None:
    taken = [payment for payment in world.payments(order.order_id) if charged(payment)]
    assert len(taken) <= 1, f"charged {len(taken)} times: {[payment.payment_id for payment in taken]}"
    if not taken:
        assert order.status not in SETTLED, f"{order.status} without a payment"
        return
    (payment,) = taken
    assert order.payment_id == payment.payment_id
    known = order.payments[payment.payment_id]
    if payment.state is State.REVERSED:
        assert (order.status, known.state) == (Status.CANCELLED, PaymentState.REVERSED)
        return
    assert payment.captured, "a hold that nobody ended"
    assert order.status in SETTLED, f"paid at the gateway, {order.status} here"
    assert (order.captured_amount, order.refunded_amount) == (minor(payment.cleared), minor(payment.refunded))
    assert order.paid_at is not None


def _assert_not_stuck(order: Order) -> None:
    assert order.status not in UNDECIDED, f"stuck as {order.status}"
    assert (order.waiting, order.lease_until, order.lease_owner) == (False, None, None)
    assert order.operation is None, f"an operation without an end: {order.operation}"
    # A refund that provably never happened is the operator's to ask for again; nothing else may call anyone.
    declared = {Attention.REFUND_FAILED} if any(map(_is_refused_refund, order.operations.values())) else set()
    assert set(order.attention) == declared, f"an operator is called for {order.attention}"
    # Forgotten after a while is what holds no money, and that alone.
    assert (order.keep_until is None) is (order.status in SETTLED or bool(order.attention))


def _is_refused_refund(operation: Operation) -> bool:
    return operation.kind is Kind.REFUND and operation.state is OperationState.REFUSED


def _assert_operations(world: World, order: Order, operators: Collection[Operator]) -> None:
    by_shop = [
        refund.refund_id
        for payment in world.payments(order.order_id)
        for refund in payment.refunds
        if refund.source is Source.SHOP
    ]
    done = [
        operation.refund_id
        for operation in order.operations.values()
        if operation.kind is Kind.REFUND and operation.state is OperationState.DONE
    ]
    assert sorted(by_shop) == sorted(map(str, done)), f"refunds {by_shop}, operations {done}"
    assert len(by_shop) <= sum(one.kind == Kind.REFUND for one in operators), "a key refunded twice"
    for operator in operators:
        _assert_told_the_truth(order, operator)


def _assert_told_the_truth(order: Order, operator: Operator) -> None:
    """What an operator was once told for good is what stands."""
    if operator.result is None or operator.result.operation.state is OperationState.UNKNOWN:
        return
    told: Operation = operator.result.operation
    stands = order.operations[told.id]
    assert (stands.state, stands.refund_id) == (told.state, told.refund_id)


def _assert_nothing_held(world: World) -> None:
    left = [row for row in world.rows() if "lease_until" in row]
    assert not left, f"a lease is left: {left}"


def _assert_places(world: World, orders: Collection[Order]) -> None:
    """What is taken of a limited link is what was paid for."""
    bought = sum(place.units for order in orders for place in order.places if order.status in SETTLED)
    taken = sum(int(row.get("taken", 0)) for row in world.rows() if row["pk"] == "places")
    assert taken == bought, f"{taken} places are taken, {bought} were bought"
