"""An order as its operator and the shop's own systems read it: nothing about the buyer in it."""

from paylink.domain.clock import to_text
from paylink.domain.money import DECIMALS, format_major
from paylink.domain.order import Order, Payment


def order_document(order: Order) -> dict[str, object]:
    """The order as plain JSON values: amounts as strings in major units, times as text.

    Left out on purpose: the payment page's address (whoever has it can pay there), the buyer's contacts, which
    the order does not hold, and the lease and the answers, which are ours alone.
    """
    currency = order.currency
    return {
        "order_id": order.order_id,
        "status": order.status.value,
        "attention": [reason.value for reason in order.attention],
        "test": order.test,
        "amount": format_major(order.amount, currency),
        "currency": currency,
        "description": order.description,
        "reference": order.reference,
        "metadata": dict(order.metadata),
        "items": [{"link": link, "quantity": units} for link, units in order.items.items()],
        "created_at": to_text(order.created_at),
        "paid_at": None if order.paid_at is None else to_text(order.paid_at),
        "expires_at": None if order.expires_at is None else to_text(order.expires_at),
        "captured_amount": format_major(order.captured_amount, currency),
        "refunded_amount": format_major(order.refunded_amount, currency),
        "payment_id": order.payment_id,
        "payments": [
            _payment_document(payment_id, payment, currency) for payment_id, payment in order.payments.items()
        ],
    }


def _payment_document(payment_id: str, payment: Payment, currency: str) -> dict[str, object]:
    own = payment.currency or currency
    if payment.foreign is not None or own not in DECIMALS:
        # Money in a form that is not known here: shown as the gateway wrote it.
        return {
            "payment_id": payment_id,
            "status": payment.state.value,
            "amount": payment.foreign,
            "currency": own,
        }
    return {
        "payment_id": payment_id,
        "status": payment.state.value,
        "amount": format_major(payment.amount, own),
        "currency": own,
        "captured": format_major(payment.captured, own),
        "refunded": format_major(payment.refunded, own),
    }
