"""What the gateway answers to a refund, a clearing and a cancellation, once the signature holds.

Freedom Pay protocol, "Cancel, clearing, refund". Choices made here alone:
- An operation is done only where the answer says so in its own field, for the payment that was asked about.
  `ok` with any other word, or with none, is unreadable: nobody knows, and the payment's status tells. What
  the gateway refuses comes as `pg_status=error`.
- `pg_status_clearing` and `pg_clearing_status` are one field under two names; where both stand, both count.
- The new payment's id is not the old one's: such an answer says nothing about a refund.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answer_fields import PAYMENT_ID, AnswerFields
from .errors import ForgedAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from .signature import Field


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund that is done; `refund_id` is its own payment id, by which the status lists it."""

    payment_id: str
    refund_id: str


@dataclass(frozen=True, slots=True)
class Captured:
    """A hold that is cleared; `amount` is the cleared sum in major units, None where the answer lacks it."""

    payment_id: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A hold that is given back; `revoke_id` is the reversal's own payment id."""

    payment_id: str
    revoke_id: str


def read_refunded(fields: Sequence[Field], http_status: int | None = None, *, payment_id: str) -> Refunded:
    """Return the refund of an answer. Raises ForgedAnswer for another payment's, UnreadableAnswer where it is
    not said to be done."""
    answer = _about(fields, http_status, payment_id)
    _done(answer, "pg_refund_status")
    return Refunded(payment_id, _new_id(answer, "pg_payment_refund_id", payment_id))


def read_captured(fields: Sequence[Field], http_status: int | None = None, *, payment_id: str) -> Captured:
    """Return the clearing of an answer. Raises as `read_refunded`."""
    answer = _about(fields, http_status, payment_id)
    flags = {answer.flag(name) for name in ("pg_status_clearing", "pg_clearing_status")} - {None}
    if flags != {True}:
        raise answer.unreadable("pg_status_clearing does not say that the payment is cleared")
    return Captured(payment_id, answer.amount("pg_clearing_amount"))


def read_cancelled(fields: Sequence[Field], http_status: int | None = None, *, payment_id: str) -> Cancelled:
    """Return the cancellation of an answer. Raises as `read_refunded`."""
    answer = _about(fields, http_status, payment_id)
    _done(answer, "pg_revoke_status")
    return Cancelled(payment_id, _new_id(answer, "pg_payment_revoke_id", payment_id))


def _about(fields: Sequence[Field], http_status: int | None, payment_id: str) -> AnswerFields:
    answer = AnswerFields(fields, http_status)
    named = answer.matching("pg_payment_id", PAYMENT_ID)
    if named is None:
        raise answer.unreadable("pg_payment_id is missing")
    if named != payment_id:
        raise ForgedAnswer("an answer about another payment than the one asked for")
    return answer


def _done(answer: AnswerFields, name: str) -> None:
    if answer.text(name) != "success":
        raise answer.unreadable(f"{name} is not success")


def _new_id(answer: AnswerFields, name: str, payment_id: str) -> str:
    new = answer.matching(name, PAYMENT_ID)
    if new is None or new == payment_id:
        raise answer.unreadable(f"{name} is no id of a new payment")
    return new
