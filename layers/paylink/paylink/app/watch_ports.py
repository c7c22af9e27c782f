"""What asking for orders that wait needs from outside, as the use cases see it. The adapters fit these."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from paylink.app.deadline import Deadline
from paylink.app.ports import Signals
from paylink.domain.order import Order
from paylink.domain.watch import Position, Turn, Watch


class WatchStore(Protocol):
    """Notes about asking, one beside each order that is asked for."""

    def get(self, order_id: str) -> Watch | None:
        """The note about an order, strongly consistent."""

    def enqueue(self, order_id: str, due_at: datetime, now: datetime) -> None:
        """Puts an order into the queue, or brings it forward there."""

    def claim(
        self, watch: Watch, owner: str, now: datetime, *, until: datetime, retry_at: datetime
    ) -> Watch | None:
        """Takes a note from its place in the queue; None where others work on the order."""

    def claim_returned(
        self, order_id: str, owner: str, now: datetime, *, until: datetime, retry_at: datetime
    ) -> Watch | None:
        """Takes the note about an order whose buyer came back, once a minute."""

    def finish(self, claimed: Watch, due_at: datetime | None, now: datetime) -> None:
        """Writes what came of a question and where the note stands next (None: not in the queue)."""


class ReturnMarks(Protocol):
    """Where a buyer's return is noted."""

    def returned(self, order_id: str, now: datetime) -> None:
        """Notes that the order's buyer came back."""


class WaitingOrders(Protocol):
    """The index of what waits; it may lag and decides on nothing."""

    def made(self, after: datetime | None, until: datetime, limit: int) -> list[Position]:
        """Orders that wait and were made between two moments, oldest first."""

    def waiting(self, after: Position | None, until: datetime, limit: int) -> list[Position]:
        """Orders that wait, oldest first, from after a position on."""

    def due(self, after: datetime | None, until: datetime, limit: int) -> list[Watch]:
        """Notes that are due between two moments, oldest first: id and time alone."""

    def look(self, order_ids: Iterable[str]) -> tuple[list[tuple[Order, Watch]], list[str]]:
        """Orders with their notes, and the ids of rows that nobody can read."""


class RunStore(Protocol):
    """Whose turn it is to reconcile."""

    def begin(self, owner: str, now: datetime, until: datetime) -> Turn | None:
        """Takes the turn; None while another run has it."""

    def keep(self, turn: Turn) -> bool:
        """Writes down how far the turn has come."""

    def end(self, turn: Turn) -> bool:
        """Gives the turn back."""


class Syncing(Protocol):
    """Asks the gateway about one order and writes what it says."""

    def run(self, order: Order, deadline: Deadline) -> Order:
        """The order as it stands then. Raises GatewayTrouble or StoreUnavailable."""


class Gauges(Signals, Protocol):
    """Signals that also take a measured value."""

    def measure(self, name: str, seconds: float) -> None:
        """Notes a span of time as a metric."""
