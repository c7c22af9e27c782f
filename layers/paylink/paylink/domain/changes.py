"""Changes of orders on their way out: as the stream brings them, as they are parked, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from paylink.domain.events import Mark
from paylink.domain.order import Order


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an order out of the table's stream. `after` is None where the row cannot be read."""

    record: str
    """The record's place in the stream: what a partial failure names."""
    order_id: str
    sequence: int
    at: datetime
    before: Order | None
    after: Order | None


@dataclass(frozen=True, slots=True)
class Parked:
    """A change whose events could not be told: enough to tell them later, and nothing that grows."""

    order_id: str
    sequence: int
    at: datetime
    marks: tuple[Mark, ...]
    """Empty where the row could not be read: then the order as it stands is told."""
    receipt: str = ""
    """What the queue wants back when it is done with."""


@dataclass(frozen=True, slots=True)
class FailedBatch:
    """A batch of the stream that could not be worked at all. `changes` is None where it cannot be read any more."""

    receipt: str
    changes: tuple[Change, ...] | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What did not pass of several things that were sent, by id: what may pass later, and what never will."""

    failed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
