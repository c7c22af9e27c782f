"""The queues: deliveries on their way to the owner, and what could not be told."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from paylink.adapters.store_errors import translated
from paylink.domain.changes import Parked, Sent
from paylink.domain.clock import from_text, to_text
from paylink.domain.delivery import Delivery, Incoming, write_delivery
from paylink.domain.errors import StoreUnavailable
from paylink.domain.events import Mark

MOST_ENTRIES: Final = 10
MOST_BYTES: Final = 256 * 1024

LONGEST_VISIBILITY: Final = 12 * 3600 - 120
"""Seconds. A queue hides a message for twelve hours from the moment it came out, and that was a while ago."""

_SQS: Final = "SQS"


class DeliveryQueue:
    """Where deliveries wait: the side that puts them in."""

    def __init__(self, client: Any, url: str) -> None:  # noqa: ANN401 — the SDK's client
        self._client = client
        self._url = url

    def send(self, deliveries: Sequence[Delivery]) -> Sent:
        """Queues them; what the answer names by `event id/channel` did not pass."""
        failed: set[str] = set()
        refused: set[str] = set()
        bodies = {f"{one.event.id}/{one.channel.value}": _json(write_delivery(one)) for one in deliveries}
        refused |= {key for key, body in bodies.items() if len(body.encode()) > MOST_BYTES}
        for batch in _batches([(key, body) for key, body in bodies.items() if key not in refused]):
            failed |= {key for key, _ in batch}
            entries = [{"Id": str(index), "MessageBody": body} for index, (_, body) in enumerate(batch)]
            try:
                with translated(_SQS):
                    answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
            except StoreUnavailable:
                continue
            failed -= {batch[int(result["Id"])][0] for result in answer.get("Successful", ())}
        return Sent(frozenset(failed), frozenset(refused))


class WaitingRoom:
    """The same queue, as messages come out of it, and the dead-letter queue beside it."""

    def __init__(self, client: Any, url: str, dead_letters: str) -> None:  # noqa: ANN401 — the SDK's client
        self._client = client
        self._url = url
        self._dead_letters = dead_letters

    def hide(self, incoming: Incoming, seconds: int) -> None:
        """It comes again in so many seconds. Raises StoreUnavailable."""
        with translated(_SQS):
            self._client.change_message_visibility(
                QueueUrl=self._url,
                ReceiptHandle=incoming.receipt,
                VisibilityTimeout=min(seconds, LONGEST_VISIBILITY),
            )

    def bury(self, incoming: Incoming) -> None:
        """Puts a copy in the dead-letter queue. Raises StoreUnavailable."""
        with translated(_SQS):
            self._client.send_message(QueueUrl=self._dead_letters, MessageBody=incoming.body)


class Unpublished:
    """What could not be told, as order id and sequence."""

    def __init__(self, client: Any, url: str) -> None:  # noqa: ANN401 — the SDK's client
        self._client = client
        self._url = url

    def park(self, parked: Iterable[Parked]) -> None:
        """Keeps these. Raises StoreUnavailable where one was not kept."""
        for one in parked:
            with translated(_SQS):
                self._client.send_message(QueueUrl=self._url, MessageBody=_json(_write_parked(one)))

    def take(self) -> Sequence[Parked]:
        """Some of them, hidden from others for the queue's time. Raises StoreUnavailable.

        What cannot be read stays in the queue, and in nobody's way.
        """
        with translated(_SQS):
            # A second's wait asks every server of the queue: without it an answer may miss what there is.
            answer = self._client.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=MOST_ENTRIES, WaitTimeSeconds=1
            )
        return [one for one in map(_read_parked, answer.get("Messages", ())) if one is not None]

    def drop(self, parked: Parked) -> None:
        """Done with this one. Raises StoreUnavailable."""
        with translated(_SQS):
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=parked.receipt)

    def left(self) -> int:
        """About how many there still are, those that are hidden included. Raises StoreUnavailable."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        with translated(_SQS):
            answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return sum(int(answer["Attributes"].get(name, 0)) for name in names)


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _batches(bodies: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    batch: list[tuple[str, str]] = []
    size = 0
    for key, body in bodies:
        own = len(body.encode())
        if batch and (len(batch) == MOST_ENTRIES or size + own > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append((key, body))
        size += own
    if batch:
        yield batch


def _write_parked(parked: Parked) -> dict[str, object]:
    return {
        "order_id": parked.order_id,
        "sequence": parked.sequence,
        "time": to_text(parked.at),
        "events": [
            {"type": mark.type, "refund": mark.refund, "reasons": list(mark.reasons)} for mark in parked.marks
        ],
    }


def _read_parked(message: dict[str, Any]) -> Parked | None:
    try:
        document = json.loads(message["Body"])
        marks = tuple(
            Mark(entry["type"], entry.get("refund"), tuple(entry.get("reasons", ())))
            for entry in document.get("events", ())
        )
        return Parked(
            str(document["order_id"]),
            int(document["sequence"]),
            from_text(document["time"]),
            marks,
            message["ReceiptHandle"],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
