"""Places taken on limited links and offers: a counter and, beside it, who holds how many.

One row for each limited thing, apart from the link's own, so that reading a price does not read every buyer.
An order's units stand under `h <order>` while they are held and under `s <order>` once they are sold. Every
change is one conditional write that names that entry, so each may be repeated, and a place that was sold can
no longer be given back, whichever of the two comes first.
"""

from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import marshal
from paylink.adapters.store_errors import ConditionFailed, translated
from paylink.domain.place import Place

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTITION: Final = "places"


class Places:
    """The places of one table. Every method raises StoreUnavailable where the table does not answer."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def hold(self, place: Place, order_id: str) -> bool:
        """Holds a place for an order; True as well where it has one already, False where none is left."""
        entry = {"#own": _held(order_id), "#other": _sold(order_id)}
        return self._take(place, entry)

    def sell(self, place: Place, order_id: str) -> bool:
        """Makes an order's place its own for good, held before or not; False where none is left."""
        try:
            self._update(
                place,
                "SET #sold = #held REMOVE #held",
                "attribute_exists(#held)",
                {"#sold": _sold(order_id), "#held": _held(order_id)},
                {},
            )
        except ConditionFailed:
            return self._take(place, {"#own": _sold(order_id), "#other": _held(order_id)})
        return True

    def give_back(self, place: Place, order_id: str) -> None:
        """Gives a held place back; does nothing where the order holds none or has bought it."""
        try:
            self._update(
                place,
                "SET taken = taken - #held REMOVE #held",
                "attribute_exists(#held)",
                {"#held": _held(order_id)},
                {},
            )
        except ConditionFailed:
            return

    def left(self, place: Place) -> int:
        """How many units are left at this moment."""
        key = {"pk": {"S": PARTITION}, "sk": {"S": place.id}}
        with translated("DynamoDB"):
            answer = self._client.get_item(
                TableName=self._table, Key=key, ConsistentRead=True, ProjectionExpression="taken"
            )
        return place.limit - int(answer.get("Item", {}).get("taken", {}).get("N", "0"))

    def _take(self, place: Place, entry: dict[str, str]) -> bool:
        values = {":units": place.units, ":none": 0, ":room": place.limit - place.units}
        try:
            self._update(
                place,
                "SET #own = :units, taken = if_not_exists(taken, :none) + :units",
                "attribute_not_exists(#own) AND attribute_not_exists(#other) "
                "AND (attribute_not_exists(taken) OR taken <= :room) AND :room >= :none",
                entry,
                values,
            )
        except ConditionFailed as failed:
            item = failed.item or {}
            return any(name in item for name in entry.values())
        return True

    def _update(
        self, place: Place, update: str, condition: str, names: dict[str, str], values: dict[str, Any]
    ) -> None:
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": {"pk": {"S": PARTITION}, "sk": {"S": place.id}},
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if values:
            request["ExpressionAttributeValues"] = marshal(values)
        with translated("DynamoDB"):
            self._client.update_item(**request)


def _held(order_id: str) -> str:
    return f"h {order_id}"


def _sold(order_id: str) -> str:
    return f"s {order_id}"
