"""The two event sources that are no HTTP: records of the table's stream, messages of the queue."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from paylink.adapters.order_row import from_row, unmarshal
from paylink.domain.changes import Change
from paylink.domain.delivery import Delivery, Incoming, read_delivery
from paylink.domain.order import Order


def changes_of(event: Mapping[str, Any]) -> Sequence[Change]:
    """The changes of orders in a batch of the stream, in its order. A row's removal is no change."""
    return [
        _change(record["dynamodb"])
        for record in event["Records"]
        if record.get("eventName") != "REMOVE" and "NewImage" in record["dynamodb"]
    ]


def messages_of(event: Mapping[str, Any]) -> Sequence[Incoming]:
    """The messages of a batch of the queue."""
    return [_incoming(record) for record in event["Records"]]


def _change(record: Mapping[str, Any]) -> Change:
    image = record["NewImage"]
    before, after = _order(record.get("OldImage")), _order(image)
    unreadable = after is None or (before is None and "OldImage" in record)
    return Change(
        record=record["SequenceNumber"],
        order_id=str(record["Keys"]["pk"]["S"]),
        sequence=int(image.get("sequence", {}).get("N", 0)),
        at=_moment(record["ApproximateCreationDateTime"]),
        before=before,
        after=None if unreadable else after,
    )


def _moment(created: float | datetime) -> datetime:
    # Lambda writes seconds; the SDK, where the stream is read directly, a time.
    return created.astimezone(UTC) if isinstance(created, datetime) else datetime.fromtimestamp(created, UTC)


def _order(image: Mapping[str, Any] | None) -> Order | None:
    try:
        return None if image is None else from_row(unmarshal(image))
    except (KeyError, ValueError, TypeError, AttributeError):
        # Written by a newer version of this code, or by hand: it must not stop what comes after it.
        return None


def _incoming(record: Mapping[str, Any]) -> Incoming:
    first_seen = int(record["attributes"]["ApproximateFirstReceiveTimestamp"])
    return Incoming(
        message_id=record["messageId"],
        receipt=record["receiptHandle"],
        body=record["body"],
        first_seen=datetime.fromtimestamp(first_seen / 1000, UTC),
        delivery=_delivery(record["body"]),
    )


def _delivery(body: str) -> Delivery | None:
    try:
        return read_delivery(json.loads(body))
    except (KeyError, ValueError, TypeError):
        return None
