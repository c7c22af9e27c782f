"""When the gateway is asked about an order that waits; pure.

Each thing that an order waits for has its own moments: a page 3, 10, 30 and 120 minutes after it opened, half a
minute after its buyer came back, and at the end of its lifetime; an operation without an outcome; money that was
refused; a hold near its fifth day. After the last of its moments a thing is asked about again after as long as it
has waited already, a quarter of an hour at least, a day at most: nothing is asked for ever every minute, and
nothing is forgotten.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, zip_longest
from typing import Final

from paylink.domain.order import Order, PaymentState, Status

PAGE_STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (3, 10, 30, 120))
OPERATION_STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 16))
"""Three reads, the last after the quarter of an hour before which no operation is given up."""
AFTER_RETURN: Final = timedelta(seconds=30)
END_STEPS: Final = (timedelta(minutes=1), timedelta(minutes=16))
"""The gateway ends a page by its own clock, and a page counts as open for a quarter of an hour after its time."""
HOLD_ACTS: Final = timedelta(days=4)
"""The age of a hold at which its owner is told, or it is captured or cancelled."""
HOLD_ENDS: Final = timedelta(days=5, hours=1)
"""By then the gateway has cleared a hold by itself."""
HOLD_POLICIES: Final = ("alert", "cancel", "capture")
"""What an owner may choose to be done with such a hold."""
SHORTEST_GAP: Final = timedelta(minutes=15)
LONGEST_GAP: Final = timedelta(days=1)
OPEN_GAP: Final = timedelta(hours=6)
"""While a page is open its buyer may come at any time, and a hold's days count from then on."""
FRESH: Final = timedelta(minutes=15)
"""What came due within this time goes first."""
LATE: Final = timedelta(hours=1)
OTHERS_SHARE: Final = 4
"""One question in so many is for what came due before that."""
RETRY: Final = timedelta(minutes=5)
"""How long after a question without an answer the same order is asked about again."""
MARK_GAP: Final = timedelta(minutes=3)
"""At most once in this time does a buyer's return bring an order forward."""
PAGE_GAP: Final = timedelta(minutes=1)
"""At most once in this time is the gateway asked because a buyer's page wants to know."""

_UNPAID: Final = frozenset({Status.CREATING, Status.PENDING})
_ENDED: Final = frozenset({Status.FAILED, Status.CANCELLED})
"""Over for us, though the page at the gateway may still be paid."""


Position = tuple[str, datetime]
"""An order's place among those that wait: its id and creation."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is noted beside an order about asking for it. Times UTC.

    `since` is when it was first looked at, `due_at` its place in the queue, `tried_at` the last question,
    `asked_at` the last one that was answered, `troubles` how many in a row were not.
    """

    order_id: str
    since: datetime | None = None
    due_at: datetime | None = None
    returned_at: datetime | None = None
    tried_at: datetime | None = None
    asked_at: datetime | None = None
    asks: int = 0
    troubles: int = 0
    lease_until: datetime | None = None
    lease_owner: str | None = None

    def leased(self, now: datetime) -> bool:
        """Whether someone is asking about the order at this moment."""
        return self.lease_until is not None and now < self.lease_until


@dataclass(frozen=True, slots=True)
class Turn:
    """One run's turn, and how far runs have come.

    Orders made up to `frontier` were looked at once. `circle` is where the round through all that wait stopped
    (None: at its end), `called_at` when the gateway was last asked.
    """

    owner: str
    frontier: datetime | None = None
    circle: Position | None = None
    called_at: datetime | None = None


def due_at(order: Order, watch: Watch, now: datetime) -> datetime | None:
    """When the gateway is to be asked about the order next; past where it is due, None where nothing waits."""
    asked = watch.asked_at
    moments = [
        _next(moments, anchor, asked) for anchor, moments in _waits(order, watch.since or now, watch, now)
    ]
    if not moments:
        return None
    due = min(moments)
    is_open = order.expires_at is not None and now < order.expires_at
    return min(due, (asked or watch.since or now) + (OPEN_GAP if is_open else LONGEST_GAP))


def in_turn(fresh: Sequence[Watch], late: Sequence[Watch], old: Sequence[Watch]) -> Iterator[Watch]:
    """The order of asking: what came due lately first, but every fourth from those that wait for long.

    Of these, those of the last hour and the older ones by turns, each oldest first.
    """
    first, rest = iter(fresh), _by_turns(late, old)
    for number in count(1):
        ways = (rest, first) if number % OTHERS_SHARE == 0 else (first, rest)
        found = next(ways[0], None) or next(ways[1], None)
        if found is None:
            return
        yield found


def _by_turns(one: Sequence[Watch], other: Sequence[Watch]) -> Iterator[Watch]:
    for pair in zip_longest(one, other):
        yield from (watch for watch in pair if watch is not None)


def after_trouble(watch: Watch, now: datetime) -> datetime:
    """When an order is asked about again whose question failed for a reason of its own."""
    return now + min(RETRY * (1 << min(watch.troubles, 10)), LONGEST_GAP)


def hold_acts_at(order: Order) -> datetime | None:
    """When something is to be done about the order's hold; None where it has none."""
    return _held_at(order) + HOLD_ACTS if order.status is Status.AUTHORIZED else None


def is_told(order: Order) -> bool:
    """Whether the owner was told that the order's present hold nears its end."""
    told = order.hold_alerted_at
    return told is not None and (order.held_at is None or told >= order.held_at)


def opened_at(order: Order) -> datetime:
    """When the order's present page opened: a further attempt's is younger than its order."""
    if order.expires_at is None:
        return order.created_at
    return max(order.created_at, order.expires_at - timedelta(seconds=order.lifetime))


def _next(moments: Iterator[datetime], anchor: datetime, asked: datetime | None) -> datetime:
    last = anchor
    for moment in moments:
        if asked is None or moment > asked:
            return moment
        last = max(last, moment)
    known = max(last, asked or last)
    return known + min(max(known - anchor, SHORTEST_GAP), LONGEST_GAP)


def _waits(
    order: Order, since: datetime, watch: Watch, now: datetime
) -> Iterator[tuple[datetime, Iterator[datetime]]]:
    """Each thing that the order waits for: since when, and the moments planned for it, in their order."""
    if _page_waits(order, watch, now):
        opened = opened_at(order)
        yield opened, iter(sorted(_page_moments(order, opened, watch)))
    if order.operation is not None:
        started = order.operation.created_at
        yield started, iter([started + step for step in OPERATION_STEPS])
    if order.status is Status.AUTHORIZED:
        held = _held_at(order)
        yield held, iter([held + HOLD_ENDS])
        if not is_told(order) and now < held + HOLD_ENDS:
            # What was to be done about it and could not be is tried again soon, while there is time.
            acts = held + HOLD_ACTS
            yield max(acts, watch.asked_at or acts), iter([acts])
    if any(payment.state is PaymentState.REJECTED for payment in order.payments.values()):
        yield since, iter([since + step for step in PAGE_STEPS])


def _page_waits(order: Order, watch: Watch, now: datetime) -> bool:
    if order.lease_until is not None:
        return True
    if order.status not in _ENDED:
        return order.status in _UNPAID
    # A declined page may take another card to its very end, so it is asked about once more after that.
    end = order.expires_at
    asked_after = end is None or (watch.asked_at is not None and watch.asked_at >= end)
    return order.waiting and (order.waits(now) or not asked_after)


def _page_moments(order: Order, opened: datetime, watch: Watch) -> Iterator[datetime]:
    end = order.expires_at or opened + timedelta(seconds=order.lifetime)
    yield from (opened + step for step in PAGE_STEPS if opened + step < end)
    yield from (end + step for step in END_STEPS)
    if watch.returned_at is not None:
        yield watch.returned_at + AFTER_RETURN


def _held_at(order: Order) -> datetime:
    return order.held_at or opened_at(order)
