"""One run of asking the gateway about orders that wait: a lost callback is found here.

Runs follow each other by one item of the table, so that two never overlap. A run looks for what waits, then takes
the queue's orders one by one: those that came due lately first, of which none waits long, and of older ones a
share, so that a backlog of any size drains. It stops while there is time to stop, and when the gateway is down.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from paylink.app.asking import LEASE, Asking, Outcome
from paylink.app.deadline import RESERVE, Deadline
from paylink.app.discovery import Discovery
from paylink.app.pace import GAP, Pace
from paylink.app.watch_ports import Gauges, RunStore, WaitingOrders, WatchStore
from paylink.domain.clock import utc_now
from paylink.domain.watch import FRESH, LATE, RETRY, Turn, Watch, in_turn

TURN: Final = timedelta(seconds=58)
"""Longer than a run may last (55 s): a turn that is over means a run that is over."""
NEEDED: Final = RESERVE + GAP + 2.0
"""Seconds that must be left for one more order."""
LOOKING: Final = 0.4
"""The share of a run's time in which it may look for what waits."""
PIECE: Final = 40
"""Notes read from each part of the queue at once; more than a run can ask about."""
MOST_SILENT: Final = 3


@dataclass(slots=True)
class Report:
    """What a run did. `ran` is False where another run was at work."""

    ran: bool = True
    asked: int = 0
    silent: int = 0
    troubled: int = 0
    lag_seconds: int = 0
    taken: set[str] = field(default_factory=set)

    def document(self) -> dict[str, object]:
        """The run in plain values, as a person who started it by hand reads it."""
        return {name: getattr(self, name) for name in ("ran", "asked", "silent", "troubled", "lag_seconds")}


class Reconcile:
    """The use case behind the schedule. `tick` counts seconds, as time.monotonic does."""

    def __init__(
        self,
        *,
        runs: RunStore,
        index: WaitingOrders,
        watches: WatchStore,
        asking: Asking,
        pace: Pace,
        signals: Gauges,
        tick: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._runs = runs
        self._index = index
        self._watches = watches
        self._asking = asking
        self._pace = pace
        self._signals = signals
        self._tick = tick
        self._now = now

    def __call__(self, seconds_left: float) -> Report:
        """One run. Raises StoreUnavailable; its turn is over by itself then, and the next run goes on."""
        started = self._tick()
        end = started + seconds_left - NEEDED
        now = self._now()
        turn = self._runs.begin(secrets.token_hex(8), now, now + TURN)
        if turn is None:
            self._signals.note("another run is at work")
            return Report(ran=False)
        self._pace.go_on(turn.called_at)
        looking_until = started + seconds_left * LOOKING
        discovery = Discovery(
            index=self._index,
            watches=self._watches,
            signals=self._signals,
            now=self._now,
            is_late=lambda: self._tick() >= looking_until,
        )
        turn = discovery(turn)
        # How far it looked is kept at once: what comes next may be cut short.
        self._runs.keep(turn)
        report = Report(lag_seconds=self._lag())
        self._signals.measure("ReconcileLag", report.lag_seconds)
        deadline = Deadline(seconds_left - (self._tick() - started))
        self._work(report, deadline, end)
        self._finish(turn)
        if report.asked or report.silent or report.troubled:
            self._signals.note(
                "reconciled", asked=report.asked, silent=report.silent, troubled=report.troubled
            )
        return report

    def _work(self, report: Report, deadline: Deadline, end: float) -> None:
        while self._tick() < end:
            # The index lags: what this very run moved on may stand at its old place for a moment.
            queue = [watch for watch in self._queue() if watch.order_id not in report.taken]
            if not queue:
                return
            for watch in queue:
                if self._tick() >= end:
                    return
                report.taken.add(watch.order_id)
                if not self._take(watch, deadline, report):
                    return

    def _take(self, watch: Watch, deadline: Deadline, report: Report) -> bool:
        """Whether the run goes on after this order."""
        now = self._now()
        claimed = self._watches.claim(
            watch, secrets.token_hex(8), now, until=now + LEASE, retry_at=now + RETRY
        )
        if claimed is None:
            return True
        outcome = self._asking(claimed, deadline).outcome
        if outcome is Outcome.ASKED:
            report.asked += 1
            report.silent = 0
        elif outcome is Outcome.TROUBLE:
            report.troubled += 1
        elif outcome is Outcome.SILENT:
            report.silent += 1
            self._signals.count("ReconcileSilent")
        return outcome is not Outcome.UNABLE and report.silent < MOST_SILENT

    def _queue(self) -> Iterator[Watch]:
        now = self._now()
        fresh = self._index.due(now - FRESH, now, PIECE)
        late = self._index.due(now - LATE, now - FRESH, PIECE)
        old = self._index.due(None, now - LATE, PIECE)
        return in_turn(fresh, late, old)

    def _lag(self) -> int:
        now = self._now()
        oldest = self._index.due(None, now, 1)
        due = oldest[0].due_at if oldest else None
        return 0 if due is None else max(0, int((now - due).total_seconds()))

    def _finish(self, turn: Turn) -> None:
        self._runs.end(replace(turn, called_at=self._pace.called_at))
