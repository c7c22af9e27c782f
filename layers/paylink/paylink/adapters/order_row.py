"""An order as a row of the table and back; what is empty is left out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from paylink.adapters.operation_row import read_operation, read_refund, write_operation, write_refund
from paylink.domain.clock import from_text, to_text
from paylink.domain.link import AUTOMATIC, AmountRange
from paylink.domain.order import Attention, Order, Payment, PaymentState, Refusal, Status
from paylink.domain.place import Place
from paylink.domain.receipt import Position, Receipt

Row = dict[str, Any]
SORT: Final = "order"
WAITING: Final = "1"
"""The one partition of the index of what waits: creation is throttled far below what a partition takes."""

_serializer: Final = TypeSerializer()
_deserializer: Final = TypeDeserializer()


def key_of(order_id: str) -> Row:
    """The order's key as the SDK takes it."""
    return {"pk": {"S": order_id}, "sk": {"S": SORT}}


def marshal(row: Mapping[str, Any]) -> Row:
    """A row of plain values as the SDK takes it."""
    return {name: value(entry) for name, entry in row.items()}


def value(entry: object) -> Any:  # noqa: ANN401 — the SDK's own type
    """One plain value as the SDK takes it."""
    return _serializer.serialize(entry)


def unmarshal(item: Mapping[str, Any]) -> Row:
    """What the SDK gives as plain values."""
    return {name: _deserializer.deserialize(entry) for name, entry in item.items()}


def to_row(order: Order) -> Row:
    """The row of an order, keys of both indexes included."""
    row: Row = {
        "pk": order.order_id,
        "sk": SORT,
        "fingerprint": order.fingerprint,
        "status": order.status.value,
        "created_at": to_text(order.created_at),
        "day": to_text(order.created_at)[:10],
        "waiting": WAITING if order.waiting else None,
        "amount": order.amount,
        "currency": order.currency,
        "description": order.description,
        "test": order.test,
        "attempt": order.attempt,
        "sent": order.sent,
        "lease_until": _moment(order.lease_until),
        "lease_owner": order.lease_owner,
        "amount_range": _write_range(order.amount_range),
        "capture": order.capture,
        "items": dict(order.items),
        "places": [[place.id, place.units, place.limit] for place in order.places] or None,
        "positions": [_write_position(position) for position in order.positions] or None,
        "lifetime": order.lifetime,
        "language": order.language,
        "reference": order.reference,
        "metadata": dict(order.metadata) or None,
        "success_url": order.success_url,
        "failure_url": order.failure_url,
        "payment_id": order.payment_id,
        "redirect_url": order.redirect_url,
        "redirect_url_type": order.redirect_url_type,
        "expires_at": _moment(order.expires_at),
        "paid_at": _moment(order.paid_at),
        "captured_amount": order.captured_amount or None,
        "refunded_amount": order.refunded_amount or None,
        "payments": {payment_id: write_payment(payment) for payment_id, payment in order.payments.items()},
        "refunds": {refund_id: write_refund(refund) for refund_id, refund in order.refunds.items()} or None,
        "operation": None if order.operation is None else write_operation(order.operation),
        "operations": [write_operation(operation) for operation in order.operations.values()] or None,
        "held_at": _moment(order.held_at),
        "hold_alerted_at": _moment(order.hold_alerted_at),
        "answers": dict(order.answers),
        "attention": [reason.value for reason in order.attention] or None,
        "approved": order.approved,
        "approved_until": _moment(order.approved_until),
        "refusal": _write_refusal(order.refusal),
        "ttl": None if order.keep_until is None else int(order.keep_until.timestamp()),
        "sequence": order.sequence,
    }
    return {name: entry for name, entry in row.items() if entry is not None}


def from_row(row: Mapping[str, Any]) -> Order:
    """The order of a row. Raises KeyError or ValueError on a row that is no order."""
    return Order(
        order_id=row["pk"],
        fingerprint=row["fingerprint"],
        status=Status(row["status"]),
        created_at=from_text(row["created_at"]),
        amount=int(row["amount"]),
        currency=row["currency"],
        description=row["description"],
        test=row["test"],
        attempt=int(row["attempt"]),
        sent=int(row["sent"]),
        lease_until=_read_moment(row.get("lease_until")),
        lease_owner=row.get("lease_owner"),
        amount_range=_read_range(row.get("amount_range")),
        capture=row.get("capture", AUTOMATIC),
        items={link: int(units) for link, units in row.get("items", {}).items()},
        places=tuple(Place(place, int(units), int(limit)) for place, units, limit in row.get("places", ())),
        positions=tuple(_read_position(entry) for entry in row.get("positions", ())),
        lifetime=int(row["lifetime"]),
        language=row["language"],
        reference=row.get("reference"),
        metadata=row.get("metadata", {}),
        success_url=row.get("success_url"),
        failure_url=row.get("failure_url"),
        payment_id=row.get("payment_id"),
        redirect_url=row.get("redirect_url"),
        redirect_url_type=row.get("redirect_url_type"),
        expires_at=_read_moment(row.get("expires_at")),
        paid_at=_read_moment(row.get("paid_at")),
        captured_amount=int(row.get("captured_amount", 0)),
        refunded_amount=int(row.get("refunded_amount", 0)),
        payments={payment_id: _read_payment(entry) for payment_id, entry in row.get("payments", {}).items()},
        refunds={refund_id: read_refund(entry) for refund_id, entry in row.get("refunds", {}).items()},
        operation=None if "operation" not in row else read_operation(row["operation"]),
        operations={entry["id"]: read_operation(entry) for entry in row.get("operations", ())},
        held_at=_read_moment(row.get("held_at")),
        hold_alerted_at=_read_moment(row.get("hold_alerted_at")),
        answers=row.get("answers", {}),
        attention=tuple(Attention(reason) for reason in row.get("attention", ())),
        approved=row.get("approved"),
        approved_until=_read_moment(row.get("approved_until")),
        refusal=_read_refusal(row.get("refusal")),
        waiting="waiting" in row,
        keep_until=None if "ttl" not in row else datetime.fromtimestamp(int(row["ttl"]), UTC),
        sequence=int(row["sequence"]),
    )


def write_payment(payment: Payment) -> Row:
    """A payment as it stands in the row's map."""
    row: Row = {"state": payment.state.value, "amount": payment.amount}
    for name in ("captured", "refunded", "currency", "foreign"):
        entry = getattr(payment, name)
        if entry:
            row[name] = entry
    return row


def _read_payment(row: Row) -> Payment:
    return Payment(
        state=PaymentState(row["state"]),
        amount=int(row["amount"]),
        captured=int(row.get("captured", 0)),
        refunded=int(row.get("refunded", 0)),
        currency=row.get("currency"),
        foreign=row.get("foreign"),
    )


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


def _write_position(position: Position) -> Row:
    receipt = position.receipt
    row: Row = {
        "name": position.name,
        "count": position.count,
        "price": position.price,
        "tax": receipt.tax_type,
    }
    parts = {"unit": receipt.unit_code, "gtin": receipt.gtin, "ntin": receipt.ntin}
    return row | {name: text for name, text in parts.items() if text}


def _read_position(row: Row) -> Position:
    receipt = Receipt(int(row["tax"]), row.get("unit"), row.get("gtin"), row.get("ntin"))
    return Position(row["name"], int(row["count"]), int(row["price"]), receipt)


def _write_range(bounds: AmountRange | None) -> Row | None:
    return None if bounds is None else {"min": bounds.minimum, "max": bounds.maximum}


def _read_range(row: Row | None) -> AmountRange | None:
    return None if row is None else AmountRange(int(row["min"]), int(row["max"]))


def _write_refusal(refusal: Refusal | None) -> Row | None:
    return None if refusal is None else {"code": refusal.code, "description": refusal.description}


def _read_refusal(row: Row | None) -> Refusal | None:
    if row is None:
        return None
    return Refusal(None if row["code"] is None else int(row["code"]), row["description"])
