"""Tells others what happened: the table's stream to the event bus and to the queue of deliveries.

At least once. A change that cannot be told is reported, so that the stream offers it again; one that stays
so, or can never pass, is parked as order id and sequence, so that nothing waits behind it for long.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from paylink.app.event_ports import DeliveryQueue, EventBus, Unpublished
from paylink.app.ports import Signals
from paylink.domain.changes import Change, Parked
from paylink.domain.clock import utc_now
from paylink.domain.delivery import MESSAGE_TYPES, Channel, Delivery
from paylink.domain.errors import StoreUnavailable
from paylink.domain.events import Event, events_of, marks_of

GIVE_UP_AFTER: Final = timedelta(minutes=15)
"""How old a change may be when it fails once more; an outage of the bus that is shorter costs nothing."""

_REMEMBERED: Final = 2_000

Response = dict[str, Any]


class Told:
    """What this process has told already: spares a repeated batch most of its repeats, and decides nothing."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def add(self, ids: Iterable[str]) -> None:
        """These were told."""
        for one in ids:
            self._ids[one] = None
        while len(self._ids) > _REMEMBERED:
            self._ids.popitem(last=False)

    def __contains__(self, one: str) -> bool:
        """Whether it was told by this process, as far as it remembers."""
        return one in self._ids


class Announcer:
    """Puts events on the bus and their deliveries in the queue."""

    def __init__(self, bus: EventBus, queue: DeliveryQueue, channels: Collection[Channel]) -> None:
        self._bus = bus
        self._queue = queue
        self._channels = [channel for channel in Channel if channel in channels]
        self._told = Told()

    def tell(self, events: Sequence[Event]) -> tuple[frozenset[str], frozenset[str]]:
        """Tells them; answers the ids of the events that may pass later, and of those that never will."""
        new = [event for event in events if event.id not in self._told]
        bus = self._bus.put(new)
        self._told.add({event.id for event in new} - bus.failed - bus.refused)
        deliveries = {key_of(one): one for event in events for one in self._deliveries(event)}
        waiting = [one for key, one in deliveries.items() if key not in self._told]
        queue = self._queue.send(waiting)
        self._told.add({key_of(one) for one in waiting} - queue.failed - queue.refused)
        failed = bus.failed | {deliveries[key].event.id for key in queue.failed}
        refused = bus.refused | {deliveries[key].event.id for key in queue.refused}
        return failed - refused, refused

    def _deliveries(self, event: Event) -> Iterable[Delivery]:
        return (
            Delivery(channel, event)
            for channel in self._channels
            if channel is Channel.WEBHOOK or event.type in MESSAGE_TYPES
        )


def key_of(delivery: Delivery) -> str:
    """What tells one delivery from another."""
    return f"{delivery.event.id}/{delivery.channel.value}"


class Publish:
    """One batch of the stream."""

    def __init__(
        self,
        read: Callable[[Mapping[str, Any]], Sequence[Change]],
        announcer: Announcer,
        unpublished: Unpublished,
        signals: Signals,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._read = read
        self._announcer = announcer
        self._unpublished = unpublished
        self._signals = signals
        self._now = now

    def __call__(self, event: Mapping[str, Any]) -> Response:
        """Tells a batch; names the records that are to come again."""
        again: list[str] = []
        held: dict[str, bool] = {}
        waves = list(_waves(self._read(event)))
        for wave in waves:
            again += self._tell(wave, held)
        return {"batchItemFailures": [{"itemIdentifier": record} for record in again]}

    def _tell(self, wave: Sequence[Change], held: dict[str, bool]) -> list[str]:
        """Tells one change per order; `held`: orders of this batch that failed, and whether they were parked."""
        telling: dict[str, tuple[Event, ...]] = {}
        parking: list[Change] = []
        again: list[str] = []
        for change in wave:
            if held.get(change.order_id) is False:
                # An earlier change of the same order comes again first.
                again.append(change.record)
            elif change.after is None or held.get(change.order_id):
                parking.append(change)
            else:
                telling[change.record] = events_of(change.before, change.after, change.at)
        failed, refused = self._announced([event for events in telling.values() for event in events])
        for change in wave:
            ids = {event.id for event in telling.get(change.record, ())}
            if ids & refused or (ids & failed and self._now() - change.at > GIVE_UP_AFTER):
                parking.append(change)
            elif ids & failed:
                held[change.order_id] = False
                again.append(change.record)
            else:
                for event in telling.get(change.record, ()):
                    self._signals.note(
                        "published", order_id=event.order_id, type=event.type, event_id=event.id
                    )
        return again + self._parked(parking, held)

    def _announced(self, events: Sequence[Event]) -> tuple[frozenset[str], frozenset[str]]:
        if not events:
            return frozenset(), frozenset()
        failed, refused = self._announcer.tell(events)
        if failed:
            self._signals.count("PublishFailed")
        return failed, refused

    def _parked(self, changes: Sequence[Change], held: dict[str, bool]) -> list[str]:
        """Parks what is given up; answers the records that could not even be parked."""
        again: list[str] = []
        for change in changes:
            ids = {"order_id": change.order_id, "sequence": change.sequence}
            kept = parked(change)
            if kept is None:
                continue
            try:
                self._unpublished.park([kept])
            except StoreUnavailable:
                self._signals.warn("not_parked", **ids)
                held[change.order_id] = False
                again.append(change.record)
                continue
            held[change.order_id] = True
            self._signals.count("Unpublished")
            self._signals.warn("unpublished", **ids)
        return again


def parked(change: Change) -> Parked | None:
    """A change as it is parked; None where there is nothing to tell of it."""
    marks = () if change.after is None else marks_of(change.before, change.after)
    if change.after is not None and not marks:
        return None
    return Parked(change.order_id, change.sequence, change.at, marks)


def _waves(changes: Sequence[Change]) -> Iterable[list[Change]]:
    """The changes in rounds of at most one per order, so that an order's later one never overtakes."""
    rest = list(changes)
    while rest:
        wave: dict[str, Change] = {}
        later = []
        for change in rest:
            if change.order_id in wave:
                later.append(change)
            else:
                wave[change.order_id] = change
        yield list(wave.values())
        rest = later
