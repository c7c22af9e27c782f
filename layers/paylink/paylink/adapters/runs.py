"""The one item by which runs of reconcile follow each other: whose turn it is, and where the last one stopped."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import marshal, unmarshal
from paylink.adapters.store_errors import ConditionFailed, translated
from paylink.domain.clock import from_text, to_text
from paylink.domain.watch import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

_KEY: Final = {"pk": {"S": "reconcile"}, "sk": {"S": "run"}}


class Runs:
    """The runs of one table. Every method raises StoreUnavailable where the table does not answer."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, owner: str, now: datetime, until: datetime) -> Turn | None:
        """Takes the turn until it is given back or over; None while another run has it."""
        try:
            answer = self._update(
                "SET lease_owner = :owner, lease_until = :until",
                "attribute_not_exists(lease_until) OR lease_until <= :now OR lease_owner = :owner",
                {":owner": owner, ":until": to_text(until), ":now": to_text(now)},
                ReturnValues="ALL_NEW",
            )
        except ConditionFailed:
            return None
        return _read(owner, unmarshal(answer["Attributes"]).get("progress", {}))

    def keep(self, turn: Turn) -> bool:
        """Writes down how far the turn has come; False where it is another run's by now."""
        return self._changed(turn, "SET progress = :progress")

    def end(self, turn: Turn) -> bool:
        """Gives the turn back with how far it came; False where it is another run's by now."""
        return self._changed(turn, "SET progress = :progress REMOVE lease_until, lease_owner")

    def _changed(self, turn: Turn, update: str) -> bool:
        try:
            self._update(update, "lease_owner = :owner", {":owner": turn.owner, ":progress": _written(turn)})
        except ConditionFailed:
            return False
        return True

    def _update(self, update: str, condition: str, values: "Mapping[str, object]", **more: Any) -> Any:  # noqa: ANN401 — the SDK's own answer
        with translated("DynamoDB"):
            return self._client.update_item(
                TableName=self._table,
                Key=_KEY,
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=marshal(values),
                **more,
            )


def _read(owner: str, row: "Mapping[str, Any]") -> Turn:
    frontier, circle, called_at = (row.get(name) for name in ("frontier", "circle", "called_at"))
    return Turn(
        owner,
        frontier=None if frontier is None else from_text(frontier),
        circle=None if circle is None else (circle[0], from_text(circle[1])),
        called_at=None if called_at is None else from_text(called_at),
    )


def _written(turn: Turn) -> dict[str, object]:
    row = {
        "frontier": None if turn.frontier is None else to_text(turn.frontier),
        "circle": None if turn.circle is None else [turn.circle[0], to_text(turn.circle[1])],
        "called_at": None if turn.called_at is None else to_text(turn.called_at),
    }
    return {name: entry for name, entry in row.items() if entry is not None}
