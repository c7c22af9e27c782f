"""Lists of orders: the index by day tells which, and a second read tells how they stand."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import SORT, from_row, key_of, unmarshal
from paylink.adapters.store_errors import translated
from paylink.domain.errors import StoreUnavailable
from paylink.domain.order import Order
from paylink.domain.order_query import OrderKey, Spot

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

INDEX: Final = "by_day"
ROUNDS: Final = 4
"""How often keys that the table left unread are asked for again."""


class OrderLists:
    """The lists of one table's orders. Every method raises StoreUnavailable where the table does not answer."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def day(self, spot: Spot, most: int) -> tuple[list[OrderKey], bool]:
        """Keys of up to `most` of a day's orders after the spot, newest first, and whether the day ends with them."""
        with translated("DynamoDB"):
            answer = self._client.query(TableName=self._table, **build_day(spot, most))
        keys = [OrderKey(item["created_at"]["S"], item["pk"]["S"]) for item in answer["Items"]]
        return keys, "LastEvaluatedKey" not in answer

    def orders(self, ids: Iterable[str]) -> Mapping[str, Order]:
        """The orders of at most 100 ids as the last write left them (strongly consistent), unknown ones left out."""
        keys = [key_of(order_id) for order_id in ids]
        if not keys:
            return {}
        request: Any = {self._table: {"Keys": keys, "ConsistentRead": True}}
        found: dict[str, Order] = {}
        for _ in range(ROUNDS):
            with translated("DynamoDB"):
                answer = self._client.batch_get_item(RequestItems=request)
            for item in answer["Responses"].get(self._table, []):
                order = from_row(unmarshal(item))
                found[order.order_id] = order
            request = answer.get("UnprocessedKeys")
            if not request:
                return found
        raise StoreUnavailable("DynamoDB left keys of a list unread")


def build_day(spot: Spot, most: int) -> dict[str, Any]:
    """The query of a day's keys after a spot, newest first."""
    day = spot.day.isoformat()
    request: dict[str, Any] = {
        "IndexName": INDEX,
        "KeyConditionExpression": "#day = :day",
        "ExpressionAttributeNames": {"#day": "day"},
        "ExpressionAttributeValues": {":day": {"S": day}},
        "ScanIndexForward": False,
        "Limit": most,
    }
    if spot.last is not None:
        request["ExclusiveStartKey"] = {
            "pk": {"S": spot.last.order_id},
            "sk": {"S": SORT},
            "day": {"S": day},
            "created_at": {"S": spot.last.created_at},
        }
    return request
