"""What is done about a hold near its end: its owner is told, or it is captured or cancelled.

The gateway clears a hold by itself on the fifth day, so on the fourth the owner's choice is carried out. A choice
that the gateway refuses is told like no choice at all: the owner has a day left.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from paylink.app.ports import OrderStore, Signals
from paylink.domain.clock import utc_now
from paylink.domain.errors import (
    GatewayTrouble,
    OperationInFlight,
    OperationNotAllowed,
    StillRunning,
)
from paylink.domain.operation import Kind, OperationState
from paylink.domain.order import Order, Status
from paylink.domain.watch import hold_acts_at, is_told

if TYPE_CHECKING:
    from paylink.app.operations import OperationResult

ALERT: Final = "alert"
CHOICES: Final[Mapping[str, Kind | None]] = {ALERT: None, "cancel": Kind.CANCEL, "capture": Kind.CAPTURE}
_ROUNDS: Final = 3


class RunsOperations(Protocol):
    """The operator's operations."""

    def run(
        self,
        kind: Kind,
        order_id: str,
        document: Mapping[str, object],
        idempotency_key: str,
        *,
        seconds_left: float,
    ) -> "OperationResult":
        """Carries an operation out, once for its key."""


class HoldPolicy:
    """The owner's choice on holds near their end."""

    def __init__(
        self,
        choice: str,
        *,
        orders: OrderStore,
        operations: RunsOperations,
        signals: Signals,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._kind = CHOICES[choice]
        self._orders = orders
        self._operations = operations
        self._signals = signals
        self._now = now

    def apply(self, order: Order, seconds_left: float) -> Order:
        """The order after the choice was carried out, if it is time. Raises StoreUnavailable, NotConfigured."""
        acts_at = hold_acts_at(order)
        if acts_at is None or self._now() < acts_at or order.operation is not None:
            return order
        if is_told(order):
            return order
        if self._kind is None:
            return self._tell(order)
        try:
            result = self._operations.run(
                self._kind, order.order_id, {}, _key(order, self._kind), seconds_left=seconds_left
            )
        except (OperationInFlight, StillRunning, GatewayTrouble) as failure:
            # Nothing was sent, or it stands in the row: a later look goes on.
            self._signals.warn("hold policy put off", order_id=order.order_id, kind=type(failure).__name__)
            return self._orders.get(order.order_id) or order
        except OperationNotAllowed:
            return self._refused(self._orders.get(order.order_id) or order)
        if result.operation.state is OperationState.REFUSED:
            return self._refused(result.order)
        state = result.operation.state.value
        self._signals.note("hold policy applied", order_id=order.order_id, kind=self._kind.value, state=state)
        return result.order

    def _refused(self, order: Order) -> Order:
        self._signals.count("HoldPolicyRefused")
        self._signals.warn("hold policy refused", order_id=order.order_id)
        return self._tell(order)

    def _tell(self, order: Order) -> Order:
        for _ in range(_ROUNDS):
            if order.status is not Status.AUTHORIZED:
                return order
            now = self._now()
            changed = order.changed(now, hold_alerted_at=now)
            present = self._orders.save(order, changed)
            if present is None:
                self._signals.count("HoldExpiring")
                return changed
            order = present
        return order


def _key(order: Order, kind: Kind) -> str:
    """The same for each try at the same hold, so that no second operation is ever made."""
    return f"hold-policy-{kind.value}-{order.order_id}-{order.payment_id}"
