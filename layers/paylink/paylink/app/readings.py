"""The gateway's status of a payment as the ledger reads it: in minor units of the payment's currency."""

from decimal import Decimal

from paylink.domain.money import from_decimal
from paylink.domain.order import Order
from paylink.domain.reading import Ending, Listed, Reading, Standing
from paylink.freedompay.answers import PaymentState, PaymentStatus
from paylink.freedompay.refunds import Refund, RefundState

_STANDINGS = {
    PaymentState.NEW: Standing.OTHER,
    PaymentState.PROCESSING: Standing.OTHER,
    PaymentState.UNKNOWN: Standing.OTHER,
    PaymentState.AUTHORIZED: Standing.HELD,
    PaymentState.PAID: Standing.CAPTURED,
    PaymentState.FAILED: Standing.DEAD,
    PaymentState.EXPIRED: Standing.DEAD,
    PaymentState.REVERSED: Standing.GONE,
}

_ENDINGS = {
    RefundState.DONE: Ending.DONE,
    RefundState.FAILED: Ending.FAILED,
    RefundState.PENDING: Ending.OPEN,
    RefundState.UNKNOWN: Ending.OPEN,
}


def reading_of(status: PaymentStatus, payment_id: str, order: Order) -> Reading:
    """The reading of a payment's status; the payment is one of the order's."""
    currency = order.payments[payment_id].currency or order.currency
    return Reading(
        payment_id=payment_id,
        standing=_standing(status),
        captured=None if status.captured_amount is None else from_decimal(status.captured_amount, currency),
        refunded=from_decimal(status.refunded_amount, currency) or 0,
        refunds=tuple(_listed(refund, currency) for refund in status.refunds),
    )


def _standing(status: PaymentStatus) -> Standing:
    standing = _STANDINGS[status.state]
    has_refunds = status.refunded_amount > Decimal(0) or bool(status.refunds)
    if standing is Standing.GONE and has_refunds:
        # "refunded": what went back is told by the sums.
        return Standing.CAPTURED
    if standing is Standing.HELD and status.revoked:
        return Standing.GONE
    return standing


def _listed(refund: Refund, currency: str) -> Listed:
    return Listed(refund.payment_id, from_decimal(refund.amount, currency), _ENDINGS[refund.state])
