"""What is brought to the owner: one message for each event and channel, and when it is tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from paylink.domain.clock import from_text, to_text
from paylink.domain.events import ATTENTION, HOLD_EXPIRING, PAID, Event

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE

LONGEST_HIDING: Final = 10 * HOUR
"""A queue hides a message for twelve hours at most; below that, with room for the spread."""


class Channel(StrEnum):
    """A way to the owner. Each has messages of its own, so that one that fails repeats no other."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    TELEGRAM = "telegram"


MESSAGE_TYPES: Final = frozenset({PAID, ATTENTION, HOLD_EXPIRING})
"""What a person is told; a failed refund is an attention. A system hears every event by the webhook."""


class NotDelivered(Exception):
    """It did not arrive, or nobody knows; `retry_after` in seconds where the receiver named a time."""

    def __init__(self, reason: str, *, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Gone(Exception):
    """The receiver wants no more of it, ever (410)."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way through one channel."""

    channel: Channel
    event: Event


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came out of the queue. `delivery` is None where it cannot be read."""

    message_id: str
    receipt: str
    body: str
    first_seen: datetime
    """When it first came out."""
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """A text for a person: what it is about, and the lines below."""

    subject: str
    """In ASCII, at most 99 characters: the mail subjects of SNS take no others."""
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """What is done when a message comes out of the queue: try or wait on, and in how many seconds it comes again.

    `again` is None on the last one.
    """

    tries: bool
    again: int | None


class Schedule:
    """When a message that fails is tried again: seconds between tries, from the first time it came out.

    By the time that has passed, never by how often it came out of the queue: a queue also counts what nobody got
    to see.
    """

    def __init__(self, waits: Sequence[int]) -> None:
        offsets: list[tuple[int, bool]] = [(0, True)]
        start = 0
        for wait in waits:
            # A wait that the queue cannot hold in one piece is several, with visits between that try nothing.
            offsets.extend((start + part, False) for part in range(LONGEST_HIDING, wait, LONGEST_HIDING))
            start += wait
            offsets.append((start, True))
        self.offsets: Final = tuple(offsets)

    def visit(self, elapsed: float) -> Visit:
        """The visit of a message that first came out `elapsed` seconds ago."""
        # A second of grace: clocks of two machines are compared.
        passed = [index for index, (offset, _) in enumerate(self.offsets) if offset <= elapsed + 1]
        index = passed[-1] if passed else 0
        tries = self.offsets[index][1]
        if index + 1 == len(self.offsets):
            return Visit(tries=tries, again=None)
        return Visit(tries=tries, again=max(1, round(self.offsets[index + 1][0] - elapsed)))


WEBHOOK_SCHEDULE: Final = Schedule(
    (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
)
"""The retry times of the Standard Webhooks specification: ten tries in a little over three days."""

MESSAGE_SCHEDULE: Final = Schedule((5, MINUTE, 10 * MINUTE, HOUR, 4 * HOUR))
"""For people: what they have not heard within little over five hours is looked up, not sent."""


def schedule_of(channel: Channel) -> Schedule:
    """The retry times of a channel."""
    return WEBHOOK_SCHEDULE if channel is Channel.WEBHOOK else MESSAGE_SCHEDULE


def spread(seconds: int, message_id: str) -> int:
    """The same wait, up to a tenth longer, by the message's id: what failed together is not repeated together."""
    return seconds + seconds * (int.from_bytes(message_id.encode()[-2:]) % 100) // 1000


def write_event(event: Event) -> dict[str, object]:
    """An event as it stands in a queue."""
    return {
        "id": event.id,
        "type": event.type,
        "order_id": event.order_id,
        "sequence": event.sequence,
        "time": to_text(event.time),
        "detail": dict(event.detail),
    }


def write_delivery(delivery: Delivery) -> dict[str, object]:
    """A message as it stands in the queue."""
    return {"channel": delivery.channel.value, "event": write_event(delivery.event)}


def read_delivery(document: object) -> Delivery:
    """The message of a queue's body. Raises ValueError, KeyError or TypeError on anything else."""
    if not isinstance(document, Mapping):
        raise ValueError("no JSON object")
    event = document["event"]
    moment: datetime = from_text(event["time"])
    return Delivery(
        Channel(document["channel"]),
        Event(
            str(event["id"]),
            str(event["type"]),
            str(event["order_id"]),
            int(event["sequence"]),
            moment,
            dict(event["detail"]),
        ),
    )
