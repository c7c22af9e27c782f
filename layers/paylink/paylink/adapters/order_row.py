"""An order as a row of the table and back; what is empty is left out."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from paylink.domain.clock import from_text, to_text
from paylink.domain.order import Attention, Order, Payment, PaymentState, Refusal, Status
from paylink.domain.place import Place
from paylink.domain.terms import AUTOMATIC, AmountRange

if TYPE_CHECKING:
    from paylink.domain.operation import Operation, Refund
    from paylink.domain.receipt import Position

Row = dict[str, Any]
SORT: Final = "order"
WAITING: Final = "1"
"""The one partition of the index of what waits: creation is throttled far below what a partition takes."""

_LARGEST: Final = 10**38 - 1
"""The largest whole number of 38 digits, as many as DynamoDB keeps."""


def key_of(order_id: str) -> Row:
    """The order's key as the SDK takes it."""
    return {"pk": {"S": order_id}, "sk": {"S": SORT}}


def marshal(row: Mapping[str, Any]) -> Row:
    """A row of plain values as the SDK takes it."""
    return {name: value(entry) for name, entry in row.items()}


def value(entry: object) -> Any:  # noqa: ANN401 — the SDK's own type
    """One plain value as the SDK takes it."""
    # What rows are made of; the SDK's own serializer, which looks at a dozen kinds first, takes ten times as long.
    kind = type(entry)
    if kind is str:
        return {"S": entry}
    if kind is bool:
        return {"BOOL": entry}
    if kind is int and -_LARGEST <= entry <= _LARGEST:  # type: ignore[operator]  # an int, as its type says
        return {"N": str(entry)}
    if kind is dict:
        return {"M": {name: value(inner) for name, inner in entry.items()}}  # type: ignore[attr-defined]  # a dict
    if kind is list:
        return {"L": [value(inner) for inner in entry]}  # type: ignore[attr-defined]  # a list
    from boto3.dynamodb.types import TypeSerializer  # noqa: PLC0415 — slow to load, and seldom needed

    return TypeSerializer().serialize(entry)


def unmarshal(item: Mapping[str, Any]) -> Row:
    """What the SDK gives as plain values."""
    return {name: plain(entry) for name, entry in item.items()}


def plain(entry: Mapping[str, Any]) -> Any:  # noqa: ANN401 — whatever stands there
    """One of the SDK's values as a plain one; a number as Decimal."""
    [(kind, content)] = entry.items()
    if kind in {"S", "BOOL"}:
        return content
    if kind == "N":
        return Decimal(content)
    if kind == "M":
        return {name: plain(inner) for name, inner in content.items()}
    if kind == "L":
        return [plain(inner) for inner in content]
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 — slow to load, and seldom needed

    return TypeDeserializer().deserialize(entry)  # type: ignore[arg-type]  # whatever the SDK gave


def to_row(order: Order) -> Row:
    """The row of an order, keys of both indexes included."""
    row: Row = {"pk": order.order_id, "sk": SORT}
    for (name, _, write), held in zip(_COLUMNS, _attributes(order), strict=True):
        entry = held if held is None or write is None else write(held)
        if entry is not None:
            row[name] = entry
    return row


def differences(known: Order, changed: Order) -> tuple[Row, list[str]]:
    """What the row of `changed` has otherwise than that of `known`, and the names that it no longer has."""
    sets: Row = {}
    removes = []
    for (name, _, write), held, holds in zip(_COLUMNS, _attributes(known), _attributes(changed), strict=True):
        if held is holds:
            continue
        before, after = (held, holds) if write is None else (write(held), write(holds))
        if before == after:
            continue
        if after is None:
            removes.append(name)
        else:
            sets[name] = after
    return sets, removes


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
        refunds={refund_id: _read_refund(entry) for refund_id, entry in row.get("refunds", {}).items()},
        operation=None if "operation" not in row else _read_operation(row["operation"]),
        operations={entry["id"]: _read_operation(entry) for entry in row.get("operations", ())},
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
    if payment.captured:
        row["captured"] = payment.captured
    if payment.refunded:
        row["refunded"] = payment.refunded
    if payment.currency:
        row["currency"] = payment.currency
    if payment.foreign:
        row["foreign"] = payment.foreign
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


def _write_position(position: "Position") -> Row:
    receipt = position.receipt
    row: Row = {
        "name": position.name,
        "count": position.count,
        "price": position.price,
        "tax": receipt.tax_type,
    }
    parts = {"unit": receipt.unit_code, "gtin": receipt.gtin, "ntin": receipt.ntin}
    return row | {name: text for name, text in parts.items() if text}


def _read_position(row: Row) -> "Position":
    from paylink.domain.receipt import Position, Receipt  # noqa: PLC0415 — most orders have none

    receipt = Receipt(int(row["tax"]), row.get("unit"), row.get("gtin"), row.get("ntin"))
    return Position(row["name"], int(row["count"]), int(row["price"]), receipt)


def _write_operation(operation: "Operation") -> Row:
    from paylink.adapters.operation_row import write_operation  # noqa: PLC0415 — most orders have none

    return write_operation(operation)


def _read_operation(row: Row) -> "Operation":
    from paylink.adapters.operation_row import read_operation  # noqa: PLC0415 — as above

    return read_operation(row)


def _write_refund(refund: "Refund") -> Row:
    from paylink.adapters.operation_row import write_refund  # noqa: PLC0415 — as above

    return write_refund(refund)


def _read_refund(row: Row) -> "Refund":
    from paylink.adapters.operation_row import read_refund  # noqa: PLC0415 — as above

    return read_refund(row)


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


def _write_payments(payments: Mapping[str, Payment]) -> Row:
    return {payment_id: write_payment(payment) for payment_id, payment in payments.items()}


def _write_places(places: tuple[Place, ...]) -> list[Any] | None:
    return [[place.id, place.units, place.limit] for place in places] or None


def _write_attention(reasons: tuple[Attention, ...]) -> list[str] | None:
    return [reason.value for reason in reasons] or None


_COLUMNS: Final[tuple[tuple[str, str, Callable[[Any], Any] | None], ...]] = (
    ("fingerprint", "fingerprint", None),
    ("status", "status", lambda status: status.value),
    ("created_at", "created_at", to_text),
    ("day", "created_at", lambda moment: to_text(moment)[:10]),
    ("waiting", "waiting", lambda waiting: WAITING if waiting else None),
    ("amount", "amount", None),
    ("currency", "currency", None),
    ("description", "description", None),
    ("test", "test", None),
    ("attempt", "attempt", None),
    ("sent", "sent", None),
    ("lease_until", "lease_until", _moment),
    ("lease_owner", "lease_owner", None),
    ("amount_range", "amount_range", _write_range),
    ("capture", "capture", None),
    ("items", "items", dict),
    ("places", "places", _write_places),
    ("positions", "positions", lambda positions: [_write_position(one) for one in positions] or None),
    ("lifetime", "lifetime", None),
    ("language", "language", None),
    ("reference", "reference", None),
    ("metadata", "metadata", lambda metadata: dict(metadata) or None),
    ("success_url", "success_url", None),
    ("failure_url", "failure_url", None),
    ("payment_id", "payment_id", None),
    ("redirect_url", "redirect_url", None),
    ("redirect_url_type", "redirect_url_type", None),
    ("expires_at", "expires_at", _moment),
    ("paid_at", "paid_at", _moment),
    ("captured_amount", "captured_amount", lambda amount: amount or None),
    ("refunded_amount", "refunded_amount", lambda amount: amount or None),
    ("payments", "payments", _write_payments),
    ("refunds", "refunds", lambda refunds: {key: _write_refund(one) for key, one in refunds.items()} or None),
    ("operation", "operation", lambda operation: None if operation is None else _write_operation(operation)),
    (
        "operations",
        "operations",
        lambda finished: [_write_operation(one) for one in finished.values()] or None,
    ),
    ("held_at", "held_at", _moment),
    ("hold_alerted_at", "hold_alerted_at", _moment),
    ("answers", "answers", dict),
    ("attention", "attention", _write_attention),
    ("approved", "approved", None),
    ("approved_until", "approved_until", _moment),
    ("refusal", "refusal", _write_refusal),
    ("ttl", "keep_until", lambda moment: None if moment is None else int(moment.timestamp())),
    ("sequence", "sequence", None),
)
"""Each attribute of the row, the order's field that it comes from, and how that is written; None is left out."""

_attributes: Final = attrgetter(*(attribute for _, attribute, _ in _COLUMNS))
