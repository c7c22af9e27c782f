"""The index of what waits: orders by their creation, and in a second partition their notes by when they are due.

It may lag behind the rows, and what is read here decides on nothing: whoever works on an order takes its note by
a conditional write and reads its row (strongly consistent) first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import SORT, WAITING, from_row, marshal, unmarshal
from paylink.adapters.store_errors import translated
from paylink.adapters.watches import QUEUE, WATCH, read_watch
from paylink.domain.clock import from_text, to_text
from paylink.domain.order import Order
from paylink.domain.watch import Position, Watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

INDEX: Final = "waiting"
_AT_ONCE: Final = 50
"""Orders in one BatchGetItem, which takes a hundred keys."""


class WaitingIndex:
    """The index of one table. Every method raises StoreUnavailable where the table does not answer."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def made(self, after: datetime | None, until: datetime, limit: int) -> list[Position]:
        """Orders that wait and were made after one moment and up to another, oldest first."""
        return _positions(self._query(WAITING, after, until, limit))

    def waiting(self, after: Position | None, until: datetime, limit: int) -> list[Position]:
        """Orders that wait and were made up to `until`, oldest first, from after a position on."""
        start: dict[str, Any] | None = None
        if after is not None:
            order_id, created_at = after
            start = {"pk": order_id, "sk": SORT, "waiting": WAITING, "created_at": to_text(created_at)}
        return _positions(self._query(WAITING, None, until, limit, start))

    def due(self, after: datetime | None, until: datetime, limit: int) -> list[Watch]:
        """What is due after one moment and up to another, oldest first: id and time alone are known."""
        found = self._query(QUEUE, after, until, limit)
        return [Watch(row["pk"], due_at=from_text(row["created_at"])) for row in found]

    def look(self, order_ids: Iterable[str]) -> tuple[list[tuple[Order, Watch]], list[str]]:
        """Orders with their notes as they stood a moment ago, and the ids of rows that nobody can read.

        What the table does not answer at once is in neither list: it comes round again.
        """
        ids = list(order_ids)
        seen: list[tuple[Order, Watch]] = []
        unreadable: list[str] = []
        for first in range(0, len(ids), _AT_ONCE):
            items = self._batch(ids[first : first + _AT_ONCE])
            notes = {item["pk"]["S"]: read_watch(item) for item in items if item["sk"]["S"] == WATCH}
            for item in items:
                order_id = item["pk"]["S"]
                if item["sk"]["S"] != SORT:
                    continue
                try:
                    seen.append((from_row(unmarshal(item)), notes.get(order_id, Watch(order_id))))
                except (KeyError, ValueError, TypeError):
                    unreadable.append(order_id)
        return seen, unreadable

    def _batch(self, order_ids: list[str]) -> list[dict[str, Any]]:
        keys = [{"pk": {"S": one}, "sk": {"S": sort}} for one in order_ids for sort in (SORT, WATCH)]
        with translated("DynamoDB"):
            answer = self._client.batch_get_item(RequestItems={self._table: {"Keys": keys}})
        return answer.get("Responses", {}).get(self._table, [])

    def _query(
        self,
        partition: str,
        after: datetime | None,
        until: datetime,
        limit: int,
        start: dict[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        condition = "#waiting = :partition AND created_at <= :until"
        values = {":partition": partition, ":until": to_text(until)}
        if after is not None:
            # Both ends of BETWEEN are included; a millisecond is the least that moments differ by.
            condition = "#waiting = :partition AND created_at BETWEEN :after AND :until"
            values[":after"] = to_text(after + timedelta(milliseconds=1))
            if values[":after"] > values[":until"]:
                # Two runs within a millisecond, or by clocks that differ: DynamoDB refuses a BETWEEN without room.
                return []
        more: dict[str, Any] = {} if start is None else {"ExclusiveStartKey": marshal(start)}
        with translated("DynamoDB"):
            answer = self._client.query(
                TableName=self._table,
                IndexName=INDEX,
                KeyConditionExpression=condition,
                ExpressionAttributeNames={"#waiting": "waiting"},
                ExpressionAttributeValues=marshal(values),
                Limit=limit,
                **more,
            )
        return [unmarshal(item) for item in answer["Items"]]


def _positions(rows: Iterable[dict[str, Any]]) -> list[Position]:
    return [(row["pk"], from_text(row["created_at"])) for row in rows]
