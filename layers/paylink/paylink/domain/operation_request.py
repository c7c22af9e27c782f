"""What the operator asks for, read from JSON; what it comes to on an order is `operation_plan`'s affair."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from paylink.domain import kinds
from paylink.domain.form import Form
from paylink.domain.operation import Kind
from paylink.domain.payment_request import spelled_amount

LONGEST_NOTE: Final = 500
_LONGEST_PAYMENT_ID: Final = 20


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """A request for an operation. `amount` in major units as a decimal string; None for all there is."""

    kind: Kind
    payment_id: str | None = None
    amount: str | None = None
    note: str | None = None

    def content(self) -> dict[str, object]:
        """What decides whether two requests are the same, independent of the spelling of the JSON."""
        return {
            "kind": self.kind.value,
            "payment_id": self.payment_id,
            "amount": self.amount,
            "note": self.note,
        }


def parse_operation_request(kind: Kind, document: Mapping[str, object]) -> OperationRequest:
    """An operation's request from its JSON object. Raises InvalidRequest with one entry per wrong field.

    refund {amount?, payment_id?}, capture {amount?}, cancel {payment_id?}, resolve {note}.
    """
    form = Form(document)
    amount = payment_id = note = None
    if kind in {Kind.REFUND, Kind.CAPTURE}:
        amount = form.read("amount", spelled_amount)
    if kind in {Kind.REFUND, Kind.CANCEL}:
        payment_id = form.read("payment_id", _payment_id)
    if kind is Kind.RESOLVE:
        note = form.read("note", kinds.bounded(LONGEST_NOTE), required=True)
    form.finish()
    return OperationRequest(kind, payment_id, amount, note)


def _payment_id(value: object) -> str:
    is_number = isinstance(value, str) and value.isascii() and value.isdigit()
    if not is_number or len(str(value)) > _LONGEST_PAYMENT_ID:
        raise ValueError("must be the gateway's number of a payment, as a string")
    return str(value)
