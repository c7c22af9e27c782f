"""A payment: what was asked for, what a card did, and what was done to its money since."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .cards import Card
from .refunds import Refund, RefundState, Revocation
from .signing import Pair


class State(StrEnum):
    """A payment's state, by the word that the status request answers (Freedom Pay protocol, Status)."""

    NEW = "new"
    PROCESSING = "process"
    WAITING = "pending"  # for the buyer's 3D Secure confirmation
    PAID = "success"
    DECLINED = "error"
    EXPIRED = "incomplete"
    REVERSED = "revoked"


class UnknownPaymentError(LookupError):
    """There is no such payment."""


class NotPayableError(Exception):
    """The payment can't be acted on in its present state; says which."""


@dataclass
class Payment:
    """One payment. Amounts are in major units; times are UTC-aware."""

    order_id: str
    description: str
    currency: str
    amount: Decimal | None
    interval: tuple[Decimal | None, Decimal | None]
    fields: Sequence[Pair]
    extras: Sequence[Pair]
    testing: bool
    two_step: bool
    created_at: datetime
    expires_at: datetime
    payment_id: str = ""  # given by the ledger
    customer: str = field(default_factory=lambda: str(uuid.uuid4()))  # the hosted page's key
    state: State = State.NEW
    captured: bool = False
    card: Card | None = None
    card_exp: str = "12/30"
    card_owner: str = "TEST BUYER"
    paid_at: datetime | None = None
    reference: str | None = None
    auth_code: str | None = None
    failure_code: str | None = None
    failure_description: str | None = None
    refusal: str | None = None  # what the shop said when it refused the check or the result
    attempts: int = 0
    closed: bool = False  # declined for good, no further card
    captured_amount: Decimal | None = None  # None while `captured` means all of it
    refunds: tuple[Refund, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    lagging: "tuple[Stale, ...]" = ()  # how the status still shows it, oldest first

    def text(self, name: str) -> str:
        """The text that the merchant sent under a name, "" when it sent none."""
        return next((value for key, value in self.fields if key == name and isinstance(value, str)), "")

    @property
    def open(self) -> bool:
        """Whether a card can still be presented, its lifetime aside."""
        return self.state in {State.NEW, State.WAITING} or (self.state is State.DECLINED and not self.closed)

    @property
    def cleared(self) -> Decimal:
        """What was taken from the card, before refunds."""
        if self.state is not State.PAID or not self.captured:
            return Decimal(0)
        return self.captured_amount if self.captured_amount is not None else self.amount or Decimal(0)

    @property
    def refunded(self) -> Decimal:
        """What was given back for certain, a positive sum."""
        return sum((r.amount for r in self.refunds if r.state is RefundState.DONE), Decimal(0))

    @property
    def refundable(self) -> Decimal:
        """What can still be given back; a refund in process counts as given."""
        taken = (r.amount for r in self.refunds if r.state is not RefundState.FAILED)
        return self.cleared - sum(taken, Decimal(0))

    def seen_at(self, now: datetime) -> "Payment":
        """Return the payment as the status shows it, which may lag behind what was done."""
        return next((stale.payment for stale in self.lagging if stale.until > now), self)


@dataclass(frozen=True)
class Stale:
    """How a payment was before an operation, shown until the lag has passed."""

    until: datetime
    payment: Payment
