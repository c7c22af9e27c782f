"""How payments, requests and callbacks look as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime

from .callbacks import CallbackRecord
from .payments import Payment
from .refunds import Refund
from .requests_log import RequestRecord
from .signing import Pair


def payment_view(payment: Payment) -> dict[str, object]:
    """Return a payment as the control API shows it."""
    return {
        "payment_id": payment.payment_id,
        "order_id": payment.order_id,
        "status": str(payment.state),
        "amount": None if payment.amount is None else str(payment.amount),
        "currency": payment.currency,
        "captured": payment.captured,
        "captured_amount": str(payment.cleared),
        "refunded_amount": str(payment.refunded),
        "refunds": [_refund(refund) for refund in payment.refunds],
        "revocations": [{**vars(item), "at": _time(item.at)} for item in payment.revocations],
        "testing": payment.testing,
        "two_step": payment.two_step,
        "card": payment.card.masked if payment.card else None,
        "failure_code": payment.failure_code,
        "failure_description": payment.failure_description,
        "refusal": payment.refusal,
        "attempts": payment.attempts,
        "created_at": _time(payment.created_at),
        "expires_at": _time(payment.expires_at),
        "paid_at": payment.paid_at and _time(payment.paid_at),
        "page": f"/pay.html?customer={payment.customer}",
        "fields": _object(payment.fields),
    }


def _refund(refund: Refund) -> dict[str, object]:
    return {**vars(refund), "amount": str(refund.amount), "at": _time(refund.at)}


def request_view(record: RequestRecord) -> dict[str, object]:
    """Return a request to the gateway as the control API shows it."""
    return {
        **vars(record),
        "at": _time(record.at),
        "fields": _object(record.fields),
        "answer": _object(record.answer),
    }


def callback_view(record: CallbackRecord) -> dict[str, object]:
    """Return a call to the shop as the control API shows it."""
    return {
        **vars(record),
        "sent_at": _time(record.sent_at),
        "fields": _object(record.fields),
        "reply": {**vars(record.reply), "fields": _object(record.reply.fields)},
    }


def _object(pairs: Sequence[Pair]) -> dict[str, object]:
    return {name: value if isinstance(value, str) else _object(value) for name, value in pairs}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
