"""An order as JSON, for whoever created it and for whoever holds its id."""

from datetime import datetime

from paylink.domain.clock import to_text
from paylink.domain.money import format_major
from paylink.domain.order import Order


def created_json(order: Order, *, public_url: str, qr: str | None, now: datetime) -> dict[str, object]:
    """The answer of `POST /payments`: amounts as strings in major units, the page only while it can be paid."""
    content: dict[str, object] = {
        "order_id": order.order_id,
        "status": order.status.value,
        "test": order.test,
        "payment_id": order.payment_id,
        "amount": format_major(order.amount, order.currency),
        "currency": order.currency,
    }
    if order.payable(now):
        content["redirect_url"] = order.redirect_url
        content["redirect_url_type"] = order.redirect_url_type
        if qr is not None:
            content["qr"] = qr
    content["expires_at"] = None if order.expires_at is None else to_text(order.expires_at)
    content["status_url"] = status_url(order, public_url)
    return content


def status_json(order: Order) -> dict[str, object]:
    """The answer of `GET /payments/{order_id}`: nothing about the buyer."""
    return {
        "order_id": order.order_id,
        "status": order.status.value,
        "test": order.test,
        "amount": format_major(order.amount, order.currency),
        "currency": order.currency,
        "description": order.description,
        "reference": order.reference,
        "created_at": to_text(order.created_at),
        "paid_at": None if order.paid_at is None else to_text(order.paid_at),
        "refunded_amount": format_major(order.refunded_amount, order.currency),
    }


def status_url(order: Order, public_url: str) -> str:
    """Where the order's status is told."""
    return f"{public_url}/payments/{order.order_id}"
