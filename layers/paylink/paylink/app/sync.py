"""Asking the gateway about everything that is open about an order, and writing what it says.

unpaid payments      as a callback would have told them (`observing`)
money and holds      by `ledger`: refunds made elsewhere, holds cleared or let go, operations of unknown outcome
refused money        off watch once the gateway shows that it went back
a page that is over  the order expires once its time has passed and the gateway calls nothing of it open

Takes no lease: every write is conditional, and whoever comes second judges anew on the row as it is.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from paylink.app.deadline import Deadline
from paylink.app.observing import GRACE, ROUNDS, Observing
from paylink.app.ports import Gateway, MerchantKeySource, OrderStore, PlaceStore, Signals
from paylink.app.readings import reading_of
from paylink.app.seeing import Seen, Sight, unsettled
from paylink.app.settling import give_back_if_over
from paylink.domain.bookkeeping import HELD
from paylink.domain.clock import utc_now
from paylink.domain.errors import GatewayMisconfigured, GatewayTrouble, GatewayUnclear, PaylinkError
from paylink.domain.ledger import reckoned
from paylink.domain.operation_steps import unreadable
from paylink.domain.order import IllegalTransition, Order, PaymentState, Status
from paylink.freedompay.answers import PaymentStatus
from paylink.freedompay.client import Credentials

T = TypeVar("T")

MOST_PAYMENTS = 10
"""How many payments with money are asked about; each is a call to the gateway."""

_NOBODY_PAYS = {Seen.ABSENT, Seen.DEAD}


class Sync:
    """Brings an order to what the gateway says. Also `follow` for one payment, and `ask` for its bare status."""

    def __init__(
        self,
        *,
        orders: OrderStore,
        places: PlaceStore,
        gateway: Gateway,
        merchant: MerchantKeySource,
        signals: Signals,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._orders = orders
        self._places = places
        self._merchant = merchant
        self._signals = signals
        self._now = now
        self._observing = Observing(orders, places, gateway, signals, now)

    def run(self, order: Order, deadline: Deadline) -> Order:
        """The order as the gateway and the table have it now.

        Raises GatewayTrouble, with what was learned before it written; StoreUnavailable, NotConfigured.
        """
        try:
            return self._brought_up(order, deadline)
        except GatewayTrouble:
            with suppress(GatewayUnclear):
                self._write(order, lambda present: unreadable(present, self._now()))
            raise

    def _brought_up(self, order: Order, deadline: Deadline) -> Order:
        sights = self._signed(lambda credentials: self._observing.look(order, credentials, deadline))
        statuses = {sight.payment_id: sight.status for sight in sights if sight.status is not None}
        for payment_id in _payments_to_read(order):
            status = statuses.get(payment_id) or self.ask(order, payment_id, deadline)
            order = self.reckon(order, payment_id, status)
        # Only now is it known which of the ids are refunds.
        order = self._observing.apply(order, sights)
        order = self._write(order, lambda present: _over(present, sights, self._now()))
        order = self._write(order, lambda present: _marked(present, self._now()))
        give_back_if_over(self._places, order, self._now())
        return order

    def follow(self, order: Order, payment_id: str, deadline: Deadline) -> Order:
        """The order after one question, about a payment that holds money. Raises as `run`."""
        return self.reckon(order, payment_id, self.ask(order, payment_id, deadline))

    def ask(self, order: Order, payment_id: str, deadline: Deadline) -> PaymentStatus:
        """How a payment of an order stands. Raises GatewayTrouble, StoreUnavailable, NotConfigured."""
        return self._signed(lambda credentials: self._observing.ask(order, payment_id, credentials, deadline))

    def reckon(self, order: Order, payment_id: str, status: PaymentStatus) -> Order:
        """Writes what a status says about money that is known. Raises GatewayUnclear, StoreUnavailable."""
        return self._write(
            order, lambda present: reckoned(present, reading_of(status, payment_id, present), self._now())
        )

    def credentials(self) -> Credentials:
        """The merchant's number and keys for a call. Raises NotConfigured, StoreUnavailable."""
        keys = self._merchant.keys()
        return Credentials(keys.merchant_id, keys.secret_key, keys.former(self._now()))

    def renewed(self) -> bool:
        """Whether the merchant secret, fetched anew because the gateway did not take our key, holds another one."""
        before = self._merchant.keys()
        with suppress(PaylinkError):
            present = self._merchant.refreshed()
            return present is not None and present != before
        return False

    def _signed(self, question: Callable[[Credentials], T]) -> T:
        """The answer to a question; asked once more where the key was changed since it was kept here."""
        try:
            return question(self.credentials())
        except GatewayMisconfigured:
            if not self.renewed():
                raise
        return question(self.credentials())

    def _write(self, order: Order, change: Callable[[Order], Order]) -> Order:
        for _ in range(ROUNDS):
            try:
                changed = change(order)
            except IllegalTransition as refused:
                self._signals.count("TransitionRefused")
                self._signals.warn("a transition was refused", order_id=order.order_id, step=str(refused))
                return order
            if changed is order:
                return order
            present = self._orders.save(order, changed)
            if present is None:
                self._tell(order, changed)
                return changed
            order = present
        raise GatewayUnclear("The order is being changed by others. Send the same request again.")

    def _tell(self, before: Order, after: Order) -> None:
        if set(after.attention) - set(before.attention):
            self._signals.count("Attention")
        if before.operation is not None and after.operation is None:
            ended = after.operations[before.operation.id]
            self._signals.note(
                "operation found out",
                order_id=after.order_id,
                operation_id=ended.id,
                kind=ended.kind.value,
                state=ended.state.value,
            )


def _payments_to_read(order: Order) -> list[str]:
    """The payments with money, that of an open operation first, then the order's own."""
    ids = [
        payment_id
        for payment_id, payment in order.payments.items()
        if payment.state in HELD | {PaymentState.REJECTED}
    ]
    in_flight = None if order.operation is None else order.operation.payment_id
    rank: Mapping[str | None, int] = {order.payment_id: 1, in_flight: 0}
    return sorted(ids, key=lambda payment_id: rank.get(payment_id, 2))[:MOST_PAYMENTS]


def _over(order: Order, sights: list[Sight], now: datetime) -> Order:
    """The order expired where its time and a grace have passed and the gateway calls nothing of it open."""
    if order.expires_at is None or now < order.expires_at + GRACE or order.leased(now):
        return order
    if order.holds_money() or not {sight.seen for sight in unsettled(order, sights)} <= _NOBODY_PAYS:
        return order
    if order.status in {Status.CREATING, Status.PENDING}:
        changes = {"approved": None, "approved_until": None, "lease_until": None, "lease_owner": None}
        return order.moved(Status.EXPIRED, now, **changes)
    if order.lease_until is not None:
        # An attempt without a recorded outcome: whatever it made, its time is over too.
        return order.changed(now, lease_until=None, lease_owner=None)
    return order


def _marked(order: Order, now: datetime) -> Order:
    """The order with its mark of waiting as this moment has it."""
    return order if order.waiting is order.waits(now) else order.changed(now)
