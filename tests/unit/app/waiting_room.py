"""A shop's waiting orders in memory, a clock that only waiting moves, and runs of reconcile over both."""

import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from paylink.app.asking import Asking
from paylink.app.deadline import Deadline
from paylink.app.pace import Pace
from paylink.app.reconcile import Reconcile, Report
from paylink.domain.order import Order, Payment, PaymentState, Status
from paylink.domain.watch import AFTER_RETURN, PAGE_GAP, Position, Turn, Watch

START = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUN_SECONDS = 55.0
Answer = Callable[[Order, datetime], Order]


class Timepiece:
    """Real time is replaced by what the code waits for."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return START + timedelta(milliseconds=int(self.seconds * 1000))

    def tick(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Signals:
    """Counts, measures and lines, kept for the test to look at."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.measured: list[tuple[str, float]] = []
        self.lines: list[tuple[str, dict[str, object]]] = []

    def count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def measure(self, name: str, seconds: float) -> None:
        self.measured.append((name, seconds))

    def note(self, event: str, **ids: object) -> None:
        self.lines.append((event, ids))

    warn = note


class Sorted:
    """Ids in the order of their moments, as the index keeps them."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, str]] = []

    def add(self, moment: datetime, order_id: str) -> None:
        bisect.insort(self._entries, (moment, order_id))

    def remove(self, moment: datetime, order_id: str) -> None:
        at = bisect.bisect_left(self._entries, (moment, order_id))
        assert self._entries[at] == (moment, order_id)
        del self._entries[at]

    def between(self, after: datetime | None, until: datetime, limit: int) -> list[Position]:
        first = 0 if after is None else bisect.bisect_right(self._entries, (after, "~"))
        last = bisect.bisect_right(self._entries, (until, "~"))
        return self._told(first, min(last, first + limit))

    def after(self, position: Position | None, until: datetime, limit: int) -> list[Position]:
        first = 0 if position is None else bisect.bisect_right(self._entries, (position[1], position[0]))
        last = bisect.bisect_right(self._entries, (until, "~"))
        return self._told(first, min(last, first + limit))

    def _told(self, first: int, last: int) -> list[Position]:
        return [(order_id, moment) for moment, order_id in self._entries[first:last]]

    def __len__(self) -> int:
        return len(self._entries)


@dataclass
class WaitingRoom:
    """The table, as the ports see it, and the gateway: `answer` is what asking about an order makes of it."""

    answer: Answer
    time: Timepiece = field(default_factory=Timepiece)
    signals: Signals = field(default_factory=Signals)
    call_seconds: float = 0.3
    orders: dict[str, Order] = field(default_factory=dict)
    notes: dict[str, Watch] = field(default_factory=dict)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    looks: int = 0
    before_asking: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        self._made, self._due = Sorted(), Sorted()
        self._turn: tuple[Turn, datetime] | None = None
        self._progress = Turn("")
        self._pace = Pace(now=self.time.now, tick=self.time.tick, sleep=self.time.sleep)

    # ── for the test ──

    def arrive(self, order: Order) -> None:
        self.orders[order.order_id] = order
        if order.waiting:
            self._made.add(order.created_at, order.order_id)

    def run(self, seconds: float = RUN_SECONDS) -> Report:
        return self.reconcile()(seconds)

    def run_each_minute(self, minutes: int, between: Callable[[int], None] = lambda _: None) -> None:
        for number in range(minutes):
            begin = self.time.seconds
            between(number)
            self.run()
            assert self.time.seconds - begin < RUN_SECONDS
            self.time.seconds = begin + 60.0

    def reconcile(self) -> Reconcile:
        asking = Asking(
            orders=self,
            places=self,
            watches=self,
            sync=Asks(self),
            signals=self.signals,
            now=self.time.now,
        )
        return Reconcile(
            runs=Runs(self),
            index=self,
            watches=self,
            asking=asking,
            pace=self._pace,
            signals=self.signals,
            tick=self.time.tick,
            now=self.time.now,
        )

    def returned(self, order_id: str) -> None:
        now = self.time.now()
        note = self.notes.get(order_id, Watch(order_id, since=now))
        self._put(replace(note, returned_at=now, due_at=now + AFTER_RETURN))

    @property
    def queued(self) -> int:
        return len(self._due)

    def ask(self, order: Order) -> Order:
        self._pace.wait()
        self.time.sleep(self.call_seconds)
        if self.before_asking is not None:
            self.before_asking(order.order_id)
        self.asked.append((order.order_id, self.time.now()))
        changed = self.answer(order, self.time.now())
        if changed is not order:
            self.save(order, changed)
        return changed

    # ── OrderStore, PlaceStore ──

    def get(self, order_id: str) -> Order | None:
        if order_id in self.unreadable:
            raise KeyError("status")
        return self.orders.get(order_id)

    def save(self, known: Order, changed: Order) -> Order | None:
        present = self.orders[known.order_id]
        if present.sequence != known.sequence:
            return present
        if present.waiting and not changed.waiting:
            self._made.remove(present.created_at, present.order_id)
        self.orders[known.order_id] = changed
        return None

    def give_back(self, place: object, order_id: str, attempt: int) -> None:
        raise AssertionError("no order here holds a place")

    # ── WaitingOrders ──

    def made(self, after: datetime | None, until: datetime, limit: int) -> list[Position]:
        return self._made.between(after, until, limit)

    def waiting(self, after: Position | None, until: datetime, limit: int) -> list[Position]:
        return self._made.after(after, until, limit)

    def due(self, after: datetime | None, until: datetime, limit: int) -> list[Watch]:
        return [Watch(order_id, due_at=due) for order_id, due in self._due.between(after, until, limit)]

    def look(self, order_ids: Iterable[str]) -> tuple[list[tuple[Order, Watch]], list[str]]:
        ids = list(order_ids)
        self.looks += len(ids)
        readable = [one for one in ids if one not in self.unreadable]
        seen = [(self.orders[one], self.notes.get(one, Watch(one))) for one in readable]
        return seen, [one for one in ids if one in self.unreadable]

    # ── WatchStore ──

    def enqueue(self, order_id: str, due_at: datetime, now: datetime) -> None:
        note = self.notes.get(order_id, Watch(order_id, since=now))
        if not note.leased(now) and (note.due_at is None or due_at < note.due_at):
            self._put(replace(note, due_at=due_at))

    def claim(
        self, watch: Watch, owner: str, now: datetime, *, until: datetime, retry_at: datetime
    ) -> Watch | None:
        note = self.notes.get(watch.order_id)
        if note is None or note.due_at != watch.due_at or note.leased(now):
            return None
        return self._put(replace(note, lease_owner=owner, lease_until=until, tried_at=now, due_at=retry_at))

    def claim_returned(
        self, order_id: str, owner: str, now: datetime, *, until: datetime, retry_at: datetime
    ) -> Watch | None:
        note = self.notes.get(order_id)
        if note is None or note.returned_at is None or note.leased(now):
            return None
        if note.tried_at is not None and note.tried_at > now - PAGE_GAP:
            return None
        return self._put(replace(note, lease_owner=owner, lease_until=until, tried_at=now, due_at=retry_at))

    def finish(self, claimed: Watch, due_at: datetime | None, now: datetime) -> None:
        note = self.notes[claimed.order_id]
        if note.lease_owner != claimed.lease_owner:
            return
        place = due_at if note.due_at == claimed.due_at else note.due_at
        noted = replace(claimed, returned_at=note.returned_at, lease_until=None, lease_owner=None)
        self._put(replace(noted, due_at=place))

    def _put(self, note: Watch) -> Watch:
        before = self.notes.get(note.order_id)
        if before is not None and before.due_at is not None:
            self._due.remove(before.due_at, before.order_id)
        self.notes[note.order_id] = note
        if note.due_at is not None:
            self._due.add(note.due_at, note.order_id)
        return note


class Asks:
    """Syncing over a waiting room."""

    def __init__(self, room: WaitingRoom) -> None:
        self._room = room

    def run(self, order: Order, deadline: Deadline) -> Order:
        assert deadline.next_call() > 0
        return self._room.ask(order)


class Runs:
    """RunStore over a waiting room."""

    def __init__(self, room: WaitingRoom) -> None:
        self._room = room

    def begin(self, owner: str, now: datetime, until: datetime) -> Turn | None:
        held = self._room._turn
        if held is not None and held[1] > now:
            return None
        turn = replace(self._room._progress, owner=owner)
        self._room._turn = (turn, until)
        return turn

    def keep(self, turn: Turn) -> bool:
        self._room._progress = turn
        return True

    def end(self, turn: Turn) -> bool:
        self._room._progress, self._room._turn = turn, None
        return True


def a_pending_order(order_id: str, created_at: datetime, *, lifetime: int = 3600) -> Order:
    """An order whose page opened at its creation."""
    return Order(
        order_id=order_id,
        fingerprint="f",
        status=Status.PENDING,
        created_at=created_at,
        amount=150_000,
        currency="KZT",
        description="Coffee",
        test=True,
        lifetime=lifetime,
        expires_at=created_at + timedelta(seconds=lifetime),
        payment_id="1",
        redirect_url="https://gateway.example/1",
        payments={"1": Payment(PaymentState.OPEN, 150_000)},
    )


def expiring(order: Order, now: datetime) -> Order:
    """The gateway's answer where nobody pays: nothing until the page's end, expired after it."""
    if order.expires_at is None or now < order.expires_at or order.status is not Status.PENDING:
        return order
    return order.moved(Status.EXPIRED, now)


def paid(order: Order, now: datetime) -> Order:
    """The gateway's answer where the buyer has paid."""
    if order.status is Status.PAID:
        return order
    return order.moved(Status.PAID, now, paid_at=now)
