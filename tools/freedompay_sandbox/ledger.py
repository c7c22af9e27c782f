"""The ledger: every payment that was created, and the only place where one changes."""

import copy
import itertools
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .payments import NotPayableError, Payment, State, UnknownPaymentError


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
            payment = replace(draft, payment_id=self.new_id())
            self._payments[payment.payment_id] = payment
            self._by_customer[payment.customer] = payment.payment_id
            if idempotency_key:
                self._by_key[idempotency_key] = payment.payment_id
            return Opened(copy.copy(payment), repeated=False)

    def new_id(self) -> str:
        """Return a payment id that was never given before; refunds and reversals have their own, too."""
        return str(next(self._ids))

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

    def update(self, payment_id: str, change: Callable[[Payment], Mapping[str, object]]) -> Payment:
        """Set what `change` answers for the payment, in one step over threads; what it raises changes nothing.

        Raises UnknownPaymentError.
        """
        with self._lock:
            return self.change(payment_id, **change(copy.copy(self._find(payment_id))))

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
