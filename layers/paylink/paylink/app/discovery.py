"""Finding orders that wait and putting them into the queue, a bounded number in each run.

Each order is met once when it is three minutes old (most are paid by then), and again on the round through all
that wait, for an order may begin to wait anew: by a further attempt, an operation, money that was refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from paylink.app.ports import Signals
from paylink.app.watch_ports import WaitingOrders, WatchStore
from paylink.domain.order import Order
from paylink.domain.watch import PAGE_STEPS, Position, Turn, Watch, due_at

PIECE: Final = 50
MOST_NEW: Final = 300
"""Orders that are met for the first time in one run, at most."""
MOST_ROUND: Final = 700
"""Orders that the round passes in one run, at most: ten thousand in a quarter of an hour."""


class Discovery:
    """Looks at what waits. `is_late` tells that the run's time for this is over."""

    def __init__(
        self,
        *,
        index: WaitingOrders,
        watches: WatchStore,
        signals: Signals,
        now: Callable[[], datetime],
        is_late: Callable[[], bool],
    ) -> None:
        self._index = index
        self._watches = watches
        self._signals = signals
        self._now = now
        self._is_late = is_late

    def __call__(self, turn: Turn) -> Turn:
        """The turn, further on. Raises StoreUnavailable."""
        until = self._now() - PAGE_STEPS[0]
        return self._round(self._new(turn, until), until)

    def _new(self, turn: Turn, until: datetime) -> Turn:
        for _ in range(MOST_NEW // PIECE):
            found = self._index.made(turn.frontier, until, PIECE)
            self._enqueue(found)
            is_end = len(found) < PIECE
            turn = replace(turn, frontier=until if is_end else found[-1][1])
            if is_end or self._is_late():
                break
        return turn

    def _round(self, turn: Turn, until: datetime) -> Turn:
        for _ in range(MOST_ROUND // PIECE):
            found = self._index.waiting(turn.circle, until, PIECE)
            self._enqueue(found)
            turn = replace(turn, circle=None if len(found) < PIECE else found[-1])
            if turn.circle is None or self._is_late():
                break
        return turn

    def _enqueue(self, found: Sequence[Position]) -> None:
        if not found:
            return
        seen, unreadable = self._index.look(order_id for order_id, _ in found)
        for order_id in unreadable:
            self._signals.count("ReconcileTrouble")
            self._signals.warn("an order's row cannot be read", order_id=order_id)
        now = self._now()
        for order, watch in seen:
            due = self._due(order, watch, now)
            if due is not None and (watch.due_at is None or due < watch.due_at):
                self._watches.enqueue(order.order_id, due, now)

    @staticmethod
    def _due(order: Order, watch: Watch, now: datetime) -> datetime | None:
        if watch.leased(now) or not order.waiting:
            return None
        unanswered = watch.tried_at is not None and (
            watch.asked_at is None or watch.asked_at < watch.tried_at
        )
        if watch.due_at is not None and unanswered:
            # It stands where it is tried again.
            return None
        # One that waits for nothing, by the passing of time alone, is let go as soon as its turn comes.
        return due_at(order, watch, now) or now
