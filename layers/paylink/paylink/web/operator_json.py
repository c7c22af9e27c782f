"""Orders and operations as JSON for their operator. Nothing about the buyer is in them."""

from collections.abc import Sequence

from paylink.domain.clock import to_text
from paylink.domain.money import DECIMALS, format_major
from paylink.domain.operation import Operation, Refund
from paylink.domain.order import Order
from paylink.domain.order_document import order_document


def order_json(order: Order) -> dict[str, object]:
    """An order whole: what the shop's own systems read, and what was done about its money."""
    return {
        **order_document(order),
        "refunds": [_refund_json(refund_id, refund, order) for refund_id, refund in order.refunds.items()],
        "operations": [operation_json(operation) for operation in order.operations.values()],
        "operation": None if order.operation is None else operation_json(order.operation),
        "sequence": order.sequence,
    }


def orders_json(orders: Sequence[Order], cursor: str | None) -> dict[str, object]:
    """A page of orders; `cursor` is null on the last one."""
    return {"orders": [order_json(order) for order in orders], "cursor": cursor}


def operation_json(operation: Operation) -> dict[str, object]:
    """An operation; what does not belong to its kind or is not known yet is null or left out."""
    written: dict[str, object] = {
        "id": operation.id,
        "kind": operation.kind.value,
        "status": operation.state.value,
        "amount": _amount(operation.amount, operation.currency) if operation.amount else None,
        "currency": operation.currency,
        "payment_id": operation.payment_id,
        "created_at": to_text(operation.created_at),
        "finished_at": None if operation.finished_at is None else to_text(operation.finished_at),
    }
    told = {
        "refund_id": operation.refund_id,
        "gateway_code": operation.gateway_code,
        "gateway_description": operation.gateway_description or None,
        "note": operation.note,
        "by": operation.by,
        "reasons": list(operation.reasons) or None,
    }
    return written | {name: entry for name, entry in told.items() if entry is not None}


def _refund_json(refund_id: str, refund: Refund, order: Order) -> dict[str, object]:
    payment = order.payments.get(refund.payment_id)
    currency = (payment.currency if payment is not None else None) or order.currency
    return {
        "refund_id": refund_id,
        "payment_id": refund.payment_id,
        "amount": _amount(refund.amount, currency),
        "currency": currency,
        "source": refund.source.value,
        "failed": refund.failed,
    }


def _amount(minor: int, currency: str) -> str | None:
    # A currency that is not known here has no known decimals either.
    return format_major(minor, currency) if currency in DECIMALS else None
