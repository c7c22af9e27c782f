"""Asking the gateway how an order stands, and applying what it says by the same table as a callback."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from paylink.app.deadline import Deadline
from paylink.app.gateway_trouble import trouble
from paylink.app.ports import Gateway, OrderStore, PlaceStore, Signals
from paylink.app.seeing import Seen, Sight, look
from paylink.app.settling import judge_with_places
from paylink.domain.errors import GatewayMisconfigured, GatewayTrouble, GatewayUnclear
from paylink.domain.notices import ResultNotice
from paylink.domain.order import Order
from paylink.freedompay.answers import PaymentStatus
from paylink.freedompay.client import Credentials
from paylink.freedompay.errors import FreedomPayError

ROUNDS = 5
"""How often a write is tried against an order that others change at the same time."""

GRACE = timedelta(minutes=15)
"""How long a page counts as open after its time because the gateway still calls it so; then it is history."""


@dataclass(frozen=True, slots=True)
class Observing:
    """What looking at orders works with."""

    orders: OrderStore
    places: PlaceStore
    gateway: Gateway
    signals: Signals
    now: Callable[[], datetime]

    def look(self, order: Order, credentials: Credentials, deadline: Deadline) -> list[Sight]:
        """The order's last payment and each that might still be paid, the most telling first.

        Raises GatewayTrouble.
        """
        try:
            return look(self.gateway, credentials, order, deadline)
        except FreedomPayError as error:
            raise self._trouble(order, error) from error

    def ask(
        self, order: Order, payment_id: str, credentials: Credentials, deadline: Deadline
    ) -> PaymentStatus:
        """How one payment of an order stands. Raises GatewayTrouble."""
        try:
            return self.gateway.status(
                credentials, order_id=order.order_id, payment_id=payment_id, timeout=deadline.next_call()
            )
        except FreedomPayError as error:
            raise self._trouble(order, error) from error

    def apply(self, order: Order, sights: Sequence[Sight]) -> Order:
        """Writes what the sights decide about payments whose money is not known yet (the ledger keeps the others).

        Raises GatewayUnclear where others keep changing the order.
        """
        for sight in sights:
            if sight.is_the_ledgers(order):
                continue
            notice = sight.notice(order)
            if notice is not None:
                order = self._apply_notice(order, notice)
            elif sight.seen is Seen.MONEY:
                self.signals.count("StatusUnclear")
                self.signals.warn("a paid status lacks what it needs", order_id=order.order_id)
        return order

    def _apply_notice(self, order: Order, notice: ResultNotice) -> Order:
        for _ in range(ROUNDS):
            verdict = judge_with_places(self.places, order, notice, self.now())
            changed = verdict.order
            if changed is None or changed == replace(
                order, sequence=changed.sequence, answers=changed.answers
            ):
                return order
            present = self.orders.save(order, changed)
            if present is None:
                if verdict.raised is not None:
                    self.signals.count("Attention")
                return changed
            order = present
        raise GatewayUnclear("The order is being changed by others. Send the same request again.")

    def _trouble(self, order: Order, error: FreedomPayError) -> GatewayTrouble:
        failure = trouble(error)
        self.signals.warn("status call failed", order_id=order.order_id, kind=type(error).__name__)
        if isinstance(failure, GatewayMisconfigured):
            self.signals.count("GatewayMisconfigured")
            return failure
        # A refused question is no refused payment: the order stays open.
        return GatewayUnclear(
            "The gateway could not tell how this payment stands. Send the same request again.",
            gateway_code=failure.gateway_code,
            description=failure.gateway_description,
        )
