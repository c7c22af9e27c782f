"""The ledger: every payment that was created, and the only place where its state changes."""

import copy
import itertools
import secrets
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .cards import Card
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

    def text(self, name: str) -> str:
        """The text that the merchant sent under a name, "" when it sent none."""
        return next((value for key, value in self.fields if key == name and isinstance(value, str)), "")

    @property
    def open(self) -> bool:
        """Whether a card can still be presented, its lifetime aside."""
        return self.state in {State.NEW, State.WAITING} or (self.state is State.DECLINED and not self.closed)


class Ledger:
    """All payments of the sandbox, safe to use from many threads; what it hands out are copies."""

    def __init__(self) -> None:
        """Start with no payments."""
        self._payments: dict[str, Payment] = {}
        self._by_customer: dict[str, str] = {}
        self._by_key: dict[str, str] = {}
        # Ten digits, above what fits a signed 32-bit number, as the gateway's ids are in places.
        self._ids = itertools.count(3_000_000_000 + secrets.randbelow(10**9))
        self._lock = threading.RLock()

    def open(self, draft: Payment, idempotency_key: str = "", *, repeat_makes_new: bool = False) -> "Opened":
        """Add a payment, or find the one that the idempotency key already made; atomic over threads."""
        with self._lock:
            earlier = self._by_key.get(idempotency_key) if idempotency_key and not repeat_makes_new else None
            if earlier is not None:
                return Opened(copy.copy(self._payments[earlier]), repeated=True)
            payment = replace(draft, payment_id=str(next(self._ids)))
            self._payments[payment.payment_id] = payment
            self._by_customer[payment.customer] = payment.payment_id
            if idempotency_key:
                self._by_key[idempotency_key] = payment.payment_id
            return Opened(copy.copy(payment), repeated=False)

    def get(self, payment_id: str) -> Payment:
        """Return a payment. Raises UnknownPaymentError."""
        with self._lock:
            return copy.copy(self._find(payment_id))

    def by_customer(self, customer: str) -> Payment:
        """Return the payment that a hosted page belongs to. Raises UnknownPaymentError."""
        with self._lock:
            return copy.copy(self._find(self._by_customer.get(customer, "")))

    def all(self, order_id: str | None = None) -> list[Payment]:
        """Return the payments, of one order or of all, oldest first."""
        with self._lock:
            return [copy.copy(p) for p in self._payments.values() if order_id in {None, p.order_id}]

    def set_amount(self, payment_id: str, amount: Decimal) -> Payment:
        """Note the amount the buyer chose. Raises NotPayableError when it is fixed or out of bounds."""
        with self._lock:
            payment = self._find(payment_id)
            low, high = payment.interval
            if payment.amount is not None or payment.state is not State.NEW:
                raise NotPayableError("the amount of this payment is already fixed")
            if (low is not None and amount < low) or (high is not None and amount > high):
                raise NotPayableError("the amount is outside what the shop accepts")
            payment.amount = amount
            return copy.copy(payment)

    def begin(self, payment_id: str) -> tuple[Payment, State]:
        """Take a payment into processing; return it and the state it had. Raises NotPayableError."""
        with self._lock:
            payment = self._find(payment_id)
            if payment.amount is None:
                raise NotPayableError("the buyer has not chosen an amount yet")
            if not payment.open:
                raise NotPayableError(f"the payment is {payment.state}")
            before, payment.state = payment.state, State.PROCESSING
            return copy.copy(payment), before

    def change(self, payment_id: str, **values: object) -> Payment:
        """Set attributes of a payment that the caller holds in processing, and return it."""
        with self._lock:
            payment = self._find(payment_id)
            for name, value in values.items():
                setattr(payment, name, value)
            return copy.copy(payment)

    def change_if(self, payment_id: str, states: set[State], **values: object) -> Payment | None:
        """Set attributes only while the payment is in one of the states; None when it is not, or is gone."""
        with self._lock:
            payment = self._payments.get(payment_id)
            if payment is None or payment.state not in states:
                return None
            return self.change(payment_id, **values)

    def clear(self) -> None:
        """Forget every payment; ids go on, so that no old id ever means a new payment."""
        with self._lock:
            self._payments.clear()
            self._by_customer.clear()
            self._by_key.clear()

    def _find(self, payment_id: str) -> Payment:
        try:
            return self._payments[payment_id]
        except KeyError:
            raise UnknownPaymentError("payment not found") from None


@dataclass(frozen=True)
class Opened:
    """The payment behind a create request, and whether an earlier request had made it."""

    payment: Payment
    repeated: bool
