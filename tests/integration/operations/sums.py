"""What must be equal at the gateway and in the table."""

from decimal import Decimal

from freedompay_sandbox import Payment as GatewayPayment
from freedompay_sandbox import State
from integration.operations.office import Office
from paylink.domain.order import Order, PaymentState, Status


def minor(amount: Decimal | None) -> int:
    return int((amount or Decimal(0)) * 100)


def state_at_gateway(payment: GatewayPayment) -> PaymentState | None:
    """The state that the table should have of it, once money was on it."""
    if payment.state is State.REVERSED:
        return PaymentState.REVERSED
    if payment.state is State.PAID:
        return PaymentState.PAID if payment.captured else PaymentState.AUTHORIZED
    return None


def assert_equal_sums(office: Office, order_id: str) -> Order:
    """The table says of every payment and refund what the gateway says."""
    order = office.order(order_id)
    for payment in office.sandbox.payments(order_id):
        expected = state_at_gateway(payment)
        if expected is None:
            continue
        known = order.payments[payment.payment_id]
        if expected is PaymentState.REVERSED and known.state is PaymentState.PAID:
            # Counted as paid, on the gateway's last word, before it was seen to have gone back.
            assert known.refunded == known.captured > 0
            continue
        assert known.state is expected
        if expected is PaymentState.PAID:
            assert (known.captured, known.refunded) == (minor(payment.cleared), minor(payment.refunded))
            assert known.refunded <= known.captured
        listed = {
            refund.refund_id: minor(refund.amount)
            for refund in payment.refunds
            if str(refund.state) == "success"
        }
        ours = {
            refund_id: refund.amount
            for refund_id, refund in order.refunds.items()
            if refund.payment_id == payment.payment_id and not refund.failed
        }
        assert ours == listed
    own = order.payments.get(order.payment_id or "")
    if own is not None and order.status in {Status.PAID, Status.PARTIALLY_REFUNDED, Status.REFUNDED}:
        assert (order.captured_amount, order.refunded_amount) == (own.captured, own.refunded)
        if own.refunded == own.captured:
            assert order.status is Status.REFUNDED
    return order


def gateway_refunds(office: Office, order_id: str) -> list[int]:
    """The sums of all refunds that the gateway made for an order."""
    return [
        minor(refund.amount) for payment in office.sandbox.payments(order_id) for refund in payment.refunds
    ]
