"""Places taken on limited links and offers: a counter and, beside it, who holds how many.

One row for each limited thing, apart from the link's own, so that reading a price does not read every buyer.
An order's units stand under `h <order>` while they are held, with the attempt that holds them, and under
`s <order>` once they are sold. Every change is one conditional write that names that entry, so each may be
repeated, and a place that was sold can no longer be given back, whichever of the two comes first. What an
earlier attempt gives back, be it late or twice, is no longer what a further attempt holds.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import marshal, unmarshal
from paylink.adapters.store_errors import ConditionFailed, translated
from paylink.domain.errors import StoreUnavailable
from paylink.domain.place import Place

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTITION: Final = "places"
ROUNDS: Final = 3
"""How often a change is tried against an entry that others change at the same time."""
_ATTEMPT: Final = 1
"""Where the attempt stands in a held entry, which is a short list: ten thousand of them fit in one row."""


class Places:
    """The places of one table. Every method raises StoreUnavailable where the table does not answer."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def hold(self, place: Place, order_id: str, attempt: int) -> bool:
        """Holds a place for an order's attempt; True as well where the order has one, False where none is left."""
        held = _held(order_id)
        for _ in range(ROUNDS):
            row = self._take(place, order_id, held, [place.units, attempt])
            if row is None or _sold(order_id) in row:
                return True
            if held not in row:
                return False
            if row[held][_ATTEMPT] >= attempt or self._passed_on(place, held, attempt):
                return True
        raise StoreUnavailable("the order's place is being changed by others")

    def sell(self, place: Place, order_id: str) -> bool:
        """Makes an order's place its own for good, held before or not; False where none is left."""
        held, sold = _held(order_id), _sold(order_id)
        for _ in range(ROUNDS):
            if self._changed(
                place,
                "SET #sold = #held[0] REMOVE #held",
                "attribute_exists(#held)",
                {"#sold": sold, "#held": held},
            ):
                return True
            row = self._take(place, order_id, sold, place.units)
            if row is None or sold in row:
                return True
            if held not in row:
                return False
        raise StoreUnavailable("the order's place is being changed by others")

    def give_back(self, place: Place, order_id: str, attempt: int) -> None:
        """Gives back what this attempt of the order, or an earlier one, holds and has not bought, if anything."""
        self._changed(
            place,
            "SET taken = taken - #held[0] REMOVE #held",
            "attribute_exists(#held) AND #held[1] <= :attempt",
            {"#held": _held(order_id)},
            {":attempt": attempt},
        )

    def left(self, place: Place, order_id: str = "") -> int:
        """How many units are left at this moment for an order, what it has already included."""
        with translated("DynamoDB"):
            answer = self._client.get_item(
                TableName=self._table,
                Key=_key(place),
                ConsistentRead=True,
                ProjectionExpression="taken, #held, #sold",
                ExpressionAttributeNames={"#held": _held(order_id), "#sold": _sold(order_id)},
            )
        row = unmarshal(answer.get("Item", {}))
        own = place.units if _held(order_id) in row or _sold(order_id) in row else 0
        return place.limit - int(row.get("taken", 0)) + own

    def _take(self, place: Place, order_id: str, name: str, entry: object) -> Mapping[str, Any] | None:
        """Takes units that the order does not have yet; None where it did, else the row as it stands."""
        try:
            self._update(
                place,
                "SET #own = :entry, taken = if_not_exists(taken, :none) + :units",
                "attribute_not_exists(#held) AND attribute_not_exists(#sold) "
                "AND (attribute_not_exists(taken) OR taken <= :room) AND :room >= :none",
                {"#own": name, "#held": _held(order_id), "#sold": _sold(order_id)},
                {":entry": entry, ":units": place.units, ":none": 0, ":room": place.limit - place.units},
            )
        except ConditionFailed as failed:
            return unmarshal(failed.item or {})
        return None

    def _passed_on(self, place: Place, held: str, attempt: int) -> bool:
        """Notes that a further attempt holds the place now; False where another change came first."""
        condition = "attribute_exists(#held) AND #held[1] < :attempt"
        return self._changed(
            place, "SET #held[1] = :attempt", condition, {"#held": held}, {":attempt": attempt}
        )

    def _changed(
        self,
        place: Place,
        update: str,
        condition: str,
        names: dict[str, str],
        values: dict[str, Any] | None = None,
    ) -> bool:
        try:
            self._update(place, update, condition, names, values or {})
        except ConditionFailed:
            return False
        return True

    def _update(
        self, place: Place, update: str, condition: str, names: dict[str, str], values: dict[str, Any]
    ) -> None:
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": _key(place),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        if values:
            request["ExpressionAttributeValues"] = marshal(values)
        with translated("DynamoDB"):
            self._client.update_item(**request)


def _key(place: Place) -> dict[str, Any]:
    return {"pk": {"S": PARTITION}, "sk": {"S": place.id}}


def _held(order_id: str) -> str:
    return f"h {order_id}"


def _sold(order_id: str) -> str:
    return f"s {order_id}"
