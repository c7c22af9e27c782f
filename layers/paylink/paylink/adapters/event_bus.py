"""The event bus: at most ten events and 256 KB in a call, and an answer for each of them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from paylink.adapters.store_errors import translated
from paylink.domain.changes import Sent
from paylink.domain.errors import StoreUnavailable
from paylink.domain.events import SOURCE, Event

MOST_ENTRIES: Final = 10
MOST_BYTES: Final = 256 * 1024

_NEVER: Final = frozenset({"MalformedDetail", "InvalidArgument", "NotAuthorizedForDetailTypeException"})
"""Codes of what no repeat mends. Anything else, as a missing permission, may be mended meanwhile."""


class EventBus:
    """One bus of EventBridge, by name."""

    def __init__(self, client: Any, bus: str) -> None:  # noqa: ANN401 — the SDK's client
        self._client = client
        self._bus = bus

    def put(self, events: Sequence[Event]) -> Sent:
        """Puts these events; what the answer names by event id did not pass."""
        failed: set[str] = set()
        refused: set[str] = set()
        for batch in _batches(events, self._bus, refused):
            failed |= {event.id for event, _ in batch}
            try:
                with translated("EventBridge"):
                    answer = self._client.put_events(Entries=[entry for _, entry in batch])
            except StoreUnavailable:
                continue
            for (event, _), result in zip(batch, answer["Entries"], strict=True):
                if "EventId" in result:
                    failed.discard(event.id)
                elif result.get("ErrorCode") in _NEVER:
                    failed.discard(event.id)
                    refused.add(event.id)
        return Sent(frozenset(failed), frozenset(refused))


Batch = list[tuple[Event, dict[str, object]]]


def entry_of(event: Event, bus: str) -> dict[str, object]:
    """An event as PutEvents takes it."""
    return {
        "Source": SOURCE,
        "DetailType": event.type,
        "Detail": json.dumps(event.detail, ensure_ascii=False, separators=(",", ":")),
        "Resources": [],
        "Time": event.time,
        "EventBusName": bus,
    }


def size_of(entry: dict[str, object]) -> int:
    """What an entry counts against the limit of a call, in bytes; the time counts 14."""
    texts = (str(entry[name]) for name in ("Source", "DetailType", "Detail"))
    return 14 + sum(len(text.encode()) for text in texts)


def _batches(events: Sequence[Event], bus: str, refused: set[str]) -> Iterator[Batch]:
    batch: Batch = []
    size = 0
    for event in events:
        entry = entry_of(event, bus)
        own = size_of(entry)
        if own > MOST_BYTES:
            refused.add(event.id)
            continue
        if batch and (len(batch) == MOST_ENTRIES or size + own > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((event, entry))
        size += own
    if batch:
        yield batch
