"""Tells again what `publish` gave up on: the same event ids, told with the order as it now stands."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from paylink.app.event_ports import FailedBatchQueue, ParkedQueue
from paylink.app.ports import OrderStore, Signals
from paylink.app.publish import Announcer, parked
from paylink.domain.changes import Parked
from paylink.domain.events import Event, events_of, events_with

SECONDS: Final = 12.0
"""How long one call goes on; what is left then is for the next."""


@dataclass(frozen=True, slots=True)
class Republished:
    """How many changes were told, and about how many are left."""

    sent: int
    left: int


class Republish:
    """Empties the queue of what was not told."""

    def __init__(
        self,
        queue: ParkedQueue,
        failed: FailedBatchQueue,
        orders: OrderStore,
        announcer: Announcer,
        signals: Signals,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue = queue
        self._failed = failed
        self._orders = orders
        self._announcer = announcer
        self._signals = signals
        self._clock = clock

    def __call__(self) -> Republished:
        """Sends what there is, as far as the time goes. Raises StoreUnavailable."""
        until = self._clock() + SECONDS
        sent = 0
        self._unpack()
        while self._clock() < until:
            taken = self._queue.take()
            passed = self._send(taken)
            sent += passed
            if passed == 0:
                # Nothing there, or nothing that passes: it comes up again by itself.
                break
        return Republished(sent, self._queue.left() + self._failed.left())

    def _unpack(self) -> None:
        """Parks every change of the batches that were put aside whole: from then on they are like all others."""
        for batch in self._failed.take():
            if batch.changes is None:
                # The stream keeps a day. Who hears of nothing else asks for the orders of that day.
                self._signals.count("BatchLost")
                self._signals.warn("batch_unreadable")
                continue
            self._queue.park(one for one in map(parked, batch.changes) if one is not None)
            self._failed.drop(batch)

    def _send(self, taken: Sequence[Parked]) -> int:
        passed = 0
        held: set[str] = set()
        for change in sorted(taken, key=lambda one: (one.order_id, one.sequence)):
            if change.order_id in held:
                continue
            events = self._events(change)
            failed, refused = self._announcer.tell(events) if events else (frozenset(), frozenset())
            if failed | refused:
                held.add(change.order_id)
                self._signals.warn("not_republished", order_id=change.order_id, sequence=change.sequence)
                continue
            self._queue.drop(change)
            self._signals.note("republished", order_id=change.order_id, sequence=change.sequence)
            passed += 1
        return passed

    def _events(self, change: Parked) -> tuple[Event, ...]:
        order = self._orders.get(change.order_id)
        if order is None:
            # Its row has been forgotten since: there is nothing left to tell.
            return ()
        if change.marks:
            return events_with(order, change.marks, change.sequence, change.at)
        return events_of(None, order, change.at)
