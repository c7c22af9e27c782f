"""What is noted about asking for orders that wait: an item beside each order, and its place in their queue.

A note stands in the index of what waits, in a partition of its own, by the time at which its order is due. Taking
it moves it on by the same write, so that two readers of the queue never take the same one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import marshal, unmarshal
from paylink.adapters.store_errors import ConditionFailed, translated
from paylink.domain.clock import from_text, to_text
from paylink.domain.watch import AFTER_RETURN, MARK_GAP, PAGE_GAP, Watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WATCH: Final = "watch"
QUEUE: Final = "due"
"""The partition of the index in which notes stand by the time at which they are due."""
KEEP: Final = timedelta(days=90)
"""How long a note stays after the last word about its order."""


class Watches:
    """The notes of one table. Every method raises StoreUnavailable where the table does not answer."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get(self, order_id: str) -> Watch | None:
        """The note about an order as the last write left it, or None."""
        with translated("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=_key(order_id), ConsistentRead=True)
        return read_watch(answer["Item"]) if "Item" in answer else None

    def enqueue(self, order_id: str, due_at: datetime, now: datetime) -> None:
        """Puts an order into the queue, or brings it forward there; not while it is being asked about."""
        self._changed(
            order_id,
            "SET #waiting = :queue, created_at = :due, since = if_not_exists(since, :now), #ttl = :ttl",
            "(attribute_not_exists(lease_until) OR lease_until <= :now) "
            "AND (attribute_not_exists(created_at) OR created_at > :due)",
            {":queue": QUEUE, ":due": to_text(due_at), ":now": to_text(now), ":ttl": _ttl(now)},
        )

    def returned(self, order_id: str, now: datetime) -> None:
        """Notes that the order's buyer came back, so that it is asked about soon; at most once in MARK_GAP."""
        self._changed(
            order_id,
            "SET returned_at = :now, #waiting = :queue, created_at = :due, "
            "since = if_not_exists(since, :now), #ttl = :ttl",
            "attribute_not_exists(returned_at) OR returned_at <= :before",
            {
                ":now": to_text(now),
                ":before": to_text(now - MARK_GAP),
                ":queue": QUEUE,
                ":due": to_text(now + AFTER_RETURN),
                ":ttl": _ttl(now),
            },
        )

    def claim(
        self, watch: Watch, owner: str, now: datetime, *, until: datetime, retry_at: datetime
    ) -> Watch | None:
        """Takes a note from its place in the queue; None where others took it or work on the order.

        It goes on to `retry_at`, where it is found again should the process die.
        """
        return self._leased(
            watch.order_id,
            "created_at = :seen AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
            {":seen": to_text(watch.due_at or now)},
            (owner, now, until, retry_at),
        )

    def claim_returned(
        self, order_id: str, owner: str, now: datetime, *, until: datetime, retry_at: datetime
    ) -> Watch | None:
        """Takes the note about an order whose buyer came back, once in PAGE_GAP and only where nobody else did."""
        return self._leased(
            order_id,
            "attribute_exists(returned_at) AND (attribute_not_exists(tried_at) OR tried_at <= :before) "
            "AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
            {":before": to_text(now - PAGE_GAP)},
            (owner, now, until, retry_at),
        )

    def finish(self, claimed: Watch, due_at: datetime | None, now: datetime) -> None:
        """Writes what came of a question and where the note stands next; None takes it from the queue.

        Where its place was changed meanwhile (its buyer came back) it stays there.
        """
        kept = "lease_owner = :owner AND created_at = :claimed"
        place = (
            "SET #waiting = :queue, created_at = :due, {} REMOVE {}"
            if due_at is not None
            else "SET {} REMOVE #waiting, created_at, {}"
        )
        noted, gone = "asks = :asks, troubles = :troubles, #ttl = :ttl", "lease_until, lease_owner"
        values: dict[str, object] = {
            ":owner": claimed.lease_owner,
            ":asks": claimed.asks,
            ":troubles": claimed.troubles,
            ":ttl": _ttl(now),
        }
        if claimed.asked_at is not None:
            noted += ", asked_at = :asked"
            values[":asked"] = to_text(claimed.asked_at)
        placed = {":claimed": to_text(claimed.due_at or now)}
        if due_at is not None:
            placed |= {":queue": QUEUE, ":due": to_text(due_at)}
        if not self._changed(claimed.order_id, place.format(noted, gone), kept, {**values, **placed}):
            self._changed(claimed.order_id, f"SET {noted} REMOVE {gone}", "lease_owner = :owner", values)

    def _leased(
        self,
        order_id: str,
        condition: str,
        values: Mapping[str, object],
        lease: tuple[str, datetime, datetime, datetime],
    ) -> Watch | None:
        owner, now, until, retry_at = lease
        given = {
            ":owner": owner,
            ":now": to_text(now),
            ":until": to_text(until),
            ":retry": to_text(retry_at),
            ":queue": QUEUE,
            ":ttl": _ttl(now),
            **values,
        }
        update = (
            "SET lease_owner = :owner, lease_until = :until, tried_at = :now, #waiting = :queue, "
            "created_at = :retry, since = if_not_exists(since, :now), #ttl = :ttl"
        )
        try:
            answer = self._update(order_id, update, condition, given)
        except ConditionFailed as failed:
            present = read_watch(failed.item) if failed.item else None
            # Our own write may have arrived though its answer was lost; the SDK sent it again.
            return present if present is not None and present.lease_owner == owner else None
        return read_watch(answer["Attributes"])

    def _changed(self, order_id: str, update: str, condition: str, values: Mapping[str, object]) -> bool:
        try:
            self._update(order_id, update, condition, values)
        except ConditionFailed:
            return False
        return True

    def _update(self, order_id: str, update: str, condition: str, values: Mapping[str, object]) -> Any:  # noqa: ANN401 — the SDK's own answer
        text = update + condition
        names = {"#waiting": "waiting", "#ttl": "ttl"}
        with translated("DynamoDB"):
            return self._client.update_item(
                TableName=self._table,
                Key=_key(order_id),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeNames={name: held for name, held in names.items() if name in text},
                ExpressionAttributeValues=marshal(values),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )


def _key(order_id: str) -> dict[str, Any]:
    return {"pk": {"S": order_id}, "sk": {"S": WATCH}}


def _ttl(now: datetime) -> int:
    return int((now + KEEP).timestamp())


def read_watch(item: Mapping[str, Any]) -> Watch:
    """The note that an item holds."""
    row = unmarshal(item)
    moments = {
        name: from_text(row[column])
        for name, column in (
            ("since", "since"),
            ("due_at", "created_at"),
            ("returned_at", "returned_at"),
            ("tried_at", "tried_at"),
            ("asked_at", "asked_at"),
            ("lease_until", "lease_until"),
        )
        if column in row
    }
    return Watch(
        row["pk"],
        **moments,
        asks=int(row.get("asks", 0)),
        troubles=int(row.get("troubles", 0)),
        lease_owner=row.get("lease_owner"),
    )
