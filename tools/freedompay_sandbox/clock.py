"""The sandbox's clock: real time plus an offset that a test can turn, and what is due on it."""

import heapq
import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Action = Callable[[], object]


class Clock:
    """Time that passes by itself and can be turned forward; what is due runs in order of its time.

    `start` sets the time shown at first (UTC-aware); `ticking=False` makes time pass by `advance` alone.
    """

    def __init__(self, start: datetime | None = None, *, ticking: bool = True) -> None:
        """Start the clock. Raises ValueError for a start without a time zone."""
        if start is not None and start.tzinfo is None:
            raise ValueError("a clock's start needs a time zone")
        self._ticking = ticking
        self._origin = datetime.now(UTC)
        self._offset = (start - self._origin) if start else timedelta()
        self._due: list[tuple[datetime, int, Action]] = []
        self._order = itertools.count()
        self._lock = threading.Lock()
        # Held while due actions run, so that two turners never interleave their events.
        self._turning = threading.RLock()

    def now(self) -> datetime:
        """Return the present time on this clock, UTC-aware."""
        base = datetime.now(UTC) if self._ticking else self._origin
        return base + self._offset

    def schedule(self, at: datetime, action: Action) -> None:
        """Run `action` once this clock reaches `at`, in the thread that turns or ticks it."""
        with self._lock:
            heapq.heappush(self._due, (at, next(self._order), action))

    def advance(self, seconds: float) -> datetime:
        """Turn the clock forward, run all that is due on the way at its own time, and return the new time.

        Raises ValueError for a negative number of seconds.
        """
        if seconds < 0:
            raise ValueError("time only moves forward")
        with self._turning:
            target = self.now() + timedelta(seconds=seconds)
            self._run_until(target, moving=True)
            self._show(target)
            return self.now()

    def run_due(self) -> None:
        """Run what has become due by the passing of time alone."""
        with self._turning:
            self._run_until(self.now(), moving=False)

    def _run_until(self, target: datetime, *, moving: bool) -> None:
        while (event := self._pop(target)) is not None:
            at, action = event
            if moving:
                self._show(at)
            action()

    def _pop(self, target: datetime) -> tuple[datetime, Action] | None:
        with self._lock:
            if not self._due or self._due[0][0] > target:
                return None
            at, _, action = heapq.heappop(self._due)
            return at, action

    def _show(self, at: datetime) -> None:
        # Never backwards: an event that was already overdue runs at the present time.
        with self._lock:
            behind = at - self.now()
            if behind > timedelta():
                self._offset += behind


class Agenda:
    """What one owner has scheduled on a clock that others may use too; it can be dropped as a whole."""

    def __init__(self, clock: Clock) -> None:
        """Keep an agenda on this clock."""
        self._clock = clock
        self._page = object()

    def at(self, when: datetime, action: Action) -> None:
        """Run `action` once the clock reaches `when`, unless the agenda was cleared by then."""
        page = self._page

        def run() -> None:
            if page is self._page:
                action()

        self._clock.schedule(when, run)

    def clear(self) -> None:
        """Drop everything on this agenda; the clock's time stays as it is."""
        self._page = object()
