"""The order: its states, the table of what may follow what, and the row's fields."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from paylink.domain.terms import AUTOMATIC, AmountRange

if TYPE_CHECKING:
    # Not loaded for their names alone: every function would pay for it at its start.
    from collections.abc import Mapping
    from datetime import datetime

    from paylink.domain.operation import Operation, Refund
    from paylink.domain.place import Place
    from paylink.domain.receipt import Position

KEEP_EMPTY: Final = timedelta(days=90)
"""How long a row stays that holds no money, no attention and waits for nothing."""


class Status(StrEnum):
    """Where an order stands."""

    CREATING = "creating"
    PENDING = "pending"
    REFUSED = "refused"
    PAID = "paid"
    AUTHORIZED = "authorized"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"


TRANSITIONS: Final[Mapping[Status, frozenset[Status]]] = {
    Status.CREATING: frozenset(
        {Status.PENDING, Status.REFUSED, Status.PAID, Status.AUTHORIZED, Status.FAILED, Status.EXPIRED}
    ),
    Status.PENDING: frozenset(
        {Status.PAID, Status.AUTHORIZED, Status.FAILED, Status.EXPIRED, Status.CANCELLED}
    ),
    Status.FAILED: frozenset({Status.PENDING, Status.PAID, Status.AUTHORIZED}),
    Status.EXPIRED: frozenset({Status.PENDING, Status.PAID, Status.AUTHORIZED}),
    Status.REFUSED: frozenset({Status.PENDING, Status.PAID, Status.AUTHORIZED}),
    Status.AUTHORIZED: frozenset({Status.PAID, Status.CANCELLED}),
    Status.PAID: frozenset({Status.PARTIALLY_REFUNDED, Status.REFUNDED}),
    Status.PARTIALLY_REFUNDED: frozenset({Status.PARTIALLY_REFUNDED, Status.REFUNDED}),
    Status.CANCELLED: frozenset(),
    Status.REFUNDED: frozenset(),
}
"""What may follow what. Anything else is refused and counted."""

HOLDING_MONEY: Final = frozenset({Status.PAID, Status.AUTHORIZED, Status.PARTIALLY_REFUNDED})
SETTLED: Final = HOLDING_MONEY | {Status.REFUNDED}
UNPAID_END: Final = frozenset({Status.FAILED, Status.EXPIRED, Status.REFUSED})


class IllegalTransition(Exception):
    """A change that the table of transitions does not hold."""


class Attention(StrEnum):
    """Why an operator has to look at an order."""

    SECOND_CHARGE = "second_charge"
    AMOUNT_MISMATCH = "amount_mismatch"
    MODE_MISMATCH = "mode_mismatch"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    OVERSOLD = "oversold"
    OUTCOME_UNKNOWN = "outcome_unknown"
    REFUND_FAILED = "refund_failed"


class PaymentState(StrEnum):
    """Where one payment of an order stands at the gateway, as far as it told us."""

    OPEN = "open"
    LOST = "lost"
    """Made at the gateway, but its page's address was given to nobody: nobody can pay it."""
    FAILED = "failed"
    EXPIRED = "expired"
    AUTHORIZED = "authorized"
    PAID = "paid"
    REJECTED = "rejected"
    """Money that we refused to take; on watch until the gateway shows it reversed."""
    REVERSED = "reversed"
    """Nothing is held on it any more: refused money that went back, a hold let go, or all of a sum unknown here."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment at the gateway. Amounts in minor units of the order's currency, unless `currency` says otherwise."""

    state: PaymentState
    amount: int = 0
    captured: int = 0
    refunded: int = 0
    currency: str | None = None
    foreign: str | None = None
    """The amount as the gateway wrote it, where it does not come to minor units of a currency known here."""

    @property
    def holds_money(self) -> bool:
        """Whether money is held or taken on it and not all given back."""
        if self.state is PaymentState.PAID:
            return self.captured > self.refunded or self.foreign is not None
        return self.state is PaymentState.AUTHORIZED


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the gateway refused for good, remembered for the key."""

    code: int | None
    description: str


@dataclass(frozen=True, slots=True)
class Order:
    """One intent to pay. Amounts in minor units; times UTC. `sequence` grows by one with every change."""

    order_id: str
    fingerprint: str
    status: Status
    created_at: datetime
    amount: int
    currency: str
    description: str
    test: bool
    attempt: int = 1
    sent: int = 1
    """The attempt whose idempotency key the last create call carried."""
    lease_until: datetime | None = None
    """While set, an attempt has no recorded outcome; from this moment on another may take it over."""
    lease_owner: str | None = None
    amount_range: AmountRange | None = None
    capture: str = AUTOMATIC
    items: Mapping[str, int] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    """What it needs of limited links and offers, in the order of their ids."""
    positions: tuple[Position, ...] = ()
    lifetime: int = 3600
    language: str = "ru"
    reference: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    success_url: str | None = None
    failure_url: str | None = None
    payment_id: str | None = None
    redirect_url: str | None = None
    redirect_url_type: str | None = None
    expires_at: datetime | None = None
    paid_at: datetime | None = None
    captured_amount: int = 0
    refunded_amount: int = 0
    """What was given back of the order's own payment (`payment_id`); second charges count in `payments` alone."""
    payments: Mapping[str, Payment] = field(default_factory=dict)
    refunds: Mapping[str, Refund] = field(default_factory=dict)
    """Every refund known, by its id at the gateway."""
    operation: Operation | None = None
    """The one operation in flight."""
    operations: Mapping[str, Operation] = field(default_factory=dict)
    """The finished operations by their ids, oldest first."""
    held_at: datetime | None = None
    """When its money was held; the gateway clears a hold by itself on the fifth day."""
    hold_alerted_at: datetime | None = None
    """When the operator was told that the hold nears its end."""
    answers: Mapping[str, str] = field(default_factory=dict)
    attention: tuple[Attention, ...] = ()
    approved: str | None = None
    approved_until: datetime | None = None
    refusal: Refusal | None = None
    waiting: bool = True
    keep_until: datetime | None = None
    sequence: int = 1

    def moved(self, status: Status, now: datetime, **changes: object) -> Order:
        """The order in another state. Raises IllegalTransition where the table does not hold the step."""
        if status is not self.status and status not in TRANSITIONS[self.status]:
            raise IllegalTransition(f"{self.status} -> {status}")
        return self.changed(now, status=status, **changes)

    def changed(self, now: datetime, **changes: object) -> Order:
        """The order with other fields, its sequence raised, and the marks that follow from them set anew."""
        order = replace(self, sequence=self.sequence + 1, **changes)  # type: ignore[arg-type]  # fields by name
        waiting = order.waits(now)
        # What holds no money, no attention and waits for nothing is forgotten after a while; everything else stays.
        empty = not (waiting or order.attention or order.status in SETTLED or order.holds_money())
        keep_until = (self.keep_until or now + KEEP_EMPTY) if empty else None
        if waiting == order.waiting and keep_until == order.keep_until:
            return order
        return replace(order, waiting=waiting, keep_until=keep_until)

    def waits(self, now: datetime) -> bool:
        """Whether the gateway has yet to tell how something ends."""
        if any(payment.state is PaymentState.REJECTED for payment in self.payments.values()):
            return True
        if self.operation is not None:
            return True
        if self.lease_until is not None:
            # An attempt began and nothing has been written about how it ended.
            return True
        if self.status is Status.FAILED or (self.status is Status.CANCELLED and self._has_open_page()):
            # Its page may still take a card, or another one, until its time is over.
            return self.expires_at is not None and now < self.expires_at
        return self.status in {Status.CREATING, Status.PENDING, Status.AUTHORIZED}

    def holds_money(self) -> bool:
        """Whether any payment of this order holds money, in whatever state the order is."""
        return any(payment.holds_money for payment in self.payments.values())

    def _has_open_page(self) -> bool:
        return any(
            payment.state in {PaymentState.OPEN, PaymentState.FAILED} for payment in self.payments.values()
        )

    def leased(self, now: datetime) -> bool:
        """Whether an attempt is running at this moment."""
        return self.lease_until is not None and now < self.lease_until

    def over(self, now: datetime) -> bool:
        """Whether the gateway has said unpaid and the time for paying has passed, or we cancelled it."""
        if self.status is not Status.FAILED:
            return self.status in {Status.EXPIRED, Status.CANCELLED}
        current = self.payments.get(self.payment_id or "")
        if current is not None and current.state is PaymentState.EXPIRED:
            return True
        return self.expires_at is not None and now >= self.expires_at

    def payable(self, now: datetime) -> bool:
        """Whether the buyer can still pay on the page that the order knows."""
        return (
            self.status is Status.PENDING
            and not self.holds_money()
            and self.redirect_url is not None
            and self.expires_at is not None
            and now < self.expires_at
        )
