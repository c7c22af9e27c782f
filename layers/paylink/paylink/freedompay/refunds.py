"""The refunds and reversals that a payment's status lists. Freedom Pay protocol, "Status".

Both forms of the list are read: `pg_refund_payments` once for each refund, and one `pg_refund_payments` that
holds a `pg_refund_payment` for each. Choices made here alone:
- A refund must have its id and its sum, and stand once: what was given back is decided on them. A list that
  cannot be read makes the whole answer unreadable, for part of a list is a wrong sum.
- A refund's sum is negative on the wire and positive here.
- `pg_revoked_payments` has no form of its own in any document; the same two are taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from .answer_fields import PAYMENT_ID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from .answer_fields import AnswerFields

REFUNDS, REFUND = "pg_refund_payments", "pg_refund_payment"
REVOKED, REVOCATION = "pg_revoked_payments", "pg_revoked_payment"


class RefundState(StrEnum):
    """What became of a refund or a reversal, from the gateway's word."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


STATES: Mapping[str, RefundState] = MappingProxyType(
    {
        **dict.fromkeys(("success", "ok", "refunded", "revoked"), RefundState.DONE),
        **dict.fromkeys(("new", "partial", "process", "pending", "waiting"), RefundState.PENDING),
        **dict.fromkeys(("error", "failed", "incomplete"), RefundState.FAILED),
    }
)
"""The gateway's words for a refund; one that is not here is unknown."""


@dataclass(frozen=True, slots=True)
class Refund:
    """One refund of a payment: its own payment id, its sum in major units (positive) and its state."""

    payment_id: str
    amount: Decimal
    state: RefundState


def read_refunds(answer: AnswerFields) -> tuple[Refund, ...]:
    """Return the refunds that a status lists, in its order. Raises UnreadableAnswer."""
    refunds = tuple(_refund(item) for item in answer.items(REFUNDS, REFUND))
    if len({refund.payment_id for refund in refunds}) < len(refunds):
        raise answer.unreadable(f"{REFUNDS} lists a refund twice")
    return refunds


def read_revoked(answer: AnswerFields) -> tuple[str, ...]:
    """Return the ids of the reversals that a status lists and that are done. Raises UnreadableAnswer."""
    items = list(answer.items(REVOKED, REVOCATION))
    return tuple(_id(item, REVOKED) for item in items if _state(item) is RefundState.DONE)


def _refund(item: AnswerFields) -> Refund:
    amount = item.amount("pg_amount")
    if amount is None:
        raise item.unreadable(f"{REFUNDS} lists a refund without pg_amount")
    return Refund(_id(item, REFUNDS), abs(amount), _state(item))


def _id(item: AnswerFields, listed: str) -> str:
    payment_id = item.matching("pg_payment_id", PAYMENT_ID)
    if payment_id is None:
        raise item.unreadable(f"{listed} lists an item without pg_payment_id")
    return payment_id


def _state(item: AnswerFields) -> RefundState:
    return STATES.get(item.text("pg_payment_status") or "", RefundState.UNKNOWN)
