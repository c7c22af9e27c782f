"""An operation and a refund as they stand in their order's row and back; what is empty is left out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from paylink.domain.clock import from_text, to_text
from paylink.domain.operation import Kind, Operation, OperationState, Refund, Source


def write_operation(operation: Operation) -> dict[str, Any]:
    """An operation as a map of the row."""
    row = {
        "id": operation.id,
        "fingerprint": operation.fingerprint,
        "kind": operation.kind.value,
        "created_at": to_text(operation.created_at),
        "currency": operation.currency,
        "state": operation.state.value,
        "payment_id": operation.payment_id,
        "amount": operation.amount or None,
        "lease_until": _moment(operation.lease_until),
        "owner": operation.owner,
        "seen": list(operation.seen) or None,
        "seen_sum": operation.seen_sum or None,
        "unlisted": operation.unlisted or None,
        "reads": operation.reads or None,
        "refund_id": operation.refund_id,
        "gateway_code": operation.gateway_code,
        "gateway_description": operation.gateway_description or None,
        "finished_at": _moment(operation.finished_at),
        "note": operation.note,
        "by": operation.by,
        "reasons": list(operation.reasons) or None,
    }
    return {name: entry for name, entry in row.items() if entry is not None}


def read_operation(row: Mapping[str, Any]) -> Operation:
    """The operation of such a map."""
    code = row.get("gateway_code")
    return Operation(
        id=row["id"],
        fingerprint=row["fingerprint"],
        kind=Kind(row["kind"]),
        created_at=from_text(row["created_at"]),
        currency=row["currency"],
        state=OperationState(row["state"]),
        payment_id=row.get("payment_id"),
        amount=int(row.get("amount", 0)),
        lease_until=_read_moment(row.get("lease_until")),
        owner=row.get("owner"),
        seen=tuple(row.get("seen", ())),
        seen_sum=int(row.get("seen_sum", 0)),
        unlisted=int(row.get("unlisted", 0)),
        reads=int(row.get("reads", 0)),
        refund_id=row.get("refund_id"),
        gateway_code=None if code is None else int(code),
        gateway_description=row.get("gateway_description", ""),
        finished_at=_read_moment(row.get("finished_at")),
        note=row.get("note"),
        by=row.get("by"),
        reasons=tuple(row.get("reasons", ())),
    )


def write_refund(refund: Refund) -> dict[str, Any]:
    """A refund as a map of the row."""
    row: dict[str, Any] = {
        "payment_id": refund.payment_id,
        "amount": refund.amount,
        "source": refund.source.value,
    }
    return {**row, "failed": True} if refund.failed else row


def read_refund(row: Mapping[str, Any]) -> Refund:
    """The refund of such a map."""
    return Refund(row["payment_id"], int(row["amount"]), Source(row["source"]), row.get("failed", False))


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)
