"""What a request for an operation comes to on an order as it stands: which payment, which sum; pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from paylink.domain.errors import InvalidRequest, OperationInFlight, OperationNotAllowed
from paylink.domain.money import DECIMALS, format_major, parse_major
from paylink.domain.operation import MOST_OPERATIONS, Kind
from paylink.domain.operation_request import OperationRequest
from paylink.domain.order import SETTLED, Order, Payment, PaymentState, Status


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done. `amount` in minor units of `currency`; 0 where all of an uncountable sum is meant."""

    payment_id: str | None
    """None where the gateway has no part in it: a pending order's cancellation, a resolution."""
    amount: int
    currency: str
    whole: bool = False
    """Whether the gateway is to be told no sum: one that cannot be written in minor units."""


def planned(order: Order, request: OperationRequest, now: datetime, *, gone_at_gateway: int = 0) -> Plan:
    """The plan of a request. `gone_at_gateway`: what the gateway says was refunded on the payment, minor units.

    Raises InvalidRequest, OperationInFlight, OperationNotAllowed.
    """
    # Attention can always be cleared: a resolution moves no money.
    if request.kind is not Kind.RESOLVE and len(order.operations) >= MOST_OPERATIONS:
        raise OperationNotAllowed(f"This order has had {MOST_OPERATIONS} operations and takes no more.")
    if request.kind is not Kind.RESOLVE and order.operation is not None:
        raise OperationInFlight(
            "Another operation of this order has no outcome yet. Wait for it, or sync the order, then try again."
        )
    if request.kind is Kind.REFUND:
        return _refund(order, request, gone_at_gateway)
    return _PLANS[request.kind](order, request, now)


def _refund(order: Order, request: OperationRequest, gone_at_gateway: int) -> Plan:
    payment_id = request.payment_id or _payment_to_refund(order)
    payment = _payment(order, payment_id)
    if payment.state is PaymentState.AUTHORIZED:
        raise OperationNotAllowed(
            "The money is only held: cancel the hold, or capture it before it can be refunded."
        )
    if payment.state is not PaymentState.PAID or not payment.holds_money:
        raise OperationNotAllowed("Nothing is left on this payment that could be refunded.")
    currency = payment.currency or order.currency
    if payment.foreign is not None or currency not in DECIMALS:
        if request.amount is not None:
            raise OperationNotAllowed("This payment can only be refunded whole: leave the amount out.")
        return Plan(payment_id, 0, currency, whole=True)
    left = payment.captured - max(payment.refunded, gone_at_gateway)
    amount = left if request.amount is None else _minor(request.amount, currency)
    if amount > left or not amount:
        raise OperationNotAllowed(
            f"Only {format_major(left, currency)} {currency} is left to refund on this payment."
        )
    return Plan(payment_id, amount, currency)


def _payment_to_refund(order: Order) -> str:
    """The order's own payment, or the only one that holds money."""
    if order.status in SETTLED and order.payment_id is not None:
        return order.payment_id
    holding = [payment_id for payment_id, payment in order.payments.items() if payment.holds_money]
    if not holding:
        raise OperationNotAllowed("No payment of this order holds money.")
    if len(holding) > 1:
        raise InvalidRequest.of("payment_id", f"is required: one of {', '.join(holding)}")
    return holding[0]


def _capture(order: Order, request: OperationRequest, _now: datetime) -> Plan:
    if order.status is not Status.AUTHORIZED or order.payment_id is None:
        raise OperationNotAllowed(f"Only a hold can be captured; this order is {order.status.value}.")
    held = order.payments[order.payment_id].amount
    amount = held if request.amount is None else _minor(request.amount, order.currency)
    if amount > held:
        raise OperationNotAllowed(f"Only {format_major(held, order.currency)} {order.currency} is held.")
    return Plan(order.payment_id, amount, order.currency)


def _cancel(order: Order, request: OperationRequest, now: datetime) -> Plan:
    if request.payment_id is None and order.status is Status.PENDING:
        if order.leased(now):
            raise OperationInFlight("The buyer's page is being made at this moment. Try again.")
        return Plan(None, 0, order.currency)
    if request.payment_id is None and order.status is not Status.AUTHORIZED:
        raise OperationNotAllowed(
            f"Only a pending order or a hold can be cancelled; this order is {order.status.value}."
        )
    payment_id = request.payment_id or order.payment_id or ""
    payment = _payment(order, payment_id)
    if payment.state is not PaymentState.AUTHORIZED:
        raise OperationNotAllowed("This payment is no hold. What was captured can be refunded.")
    return Plan(payment_id, payment.amount, payment.currency or order.currency)


def _resolve(order: Order, _request: OperationRequest, _now: datetime) -> Plan:
    if not order.attention:
        raise OperationNotAllowed("Nothing of this order waits for attention.")
    return Plan(None, 0, order.currency)


_PLANS: Final = {
    Kind.CAPTURE: _capture,
    Kind.CANCEL: _cancel,
    Kind.RESOLVE: _resolve,
}


def _payment(order: Order, payment_id: str) -> Payment:
    payment = order.payments.get(payment_id)
    if payment is None:
        raise InvalidRequest.of("payment_id", "is no payment of this order")
    return payment


def _minor(amount: str, currency: str) -> int:
    try:
        return parse_major(amount, currency)
    except ValueError as error:
        raise InvalidRequest.of("amount", str(error)) from None
