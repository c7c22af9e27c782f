"""What has been brought to the owner already: a small item per event and channel that forgets itself."""

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import marshal, unmarshal
from paylink.adapters.store_errors import ConditionFailed, translated
from paylink.domain.clock import from_text, to_text
from paylink.domain.delivery import Delivery, NotDelivered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT: Final = timedelta(days=30)
"""Longer than any queue keeps a message, with its dead-letter queue after it."""

LEASE: Final = timedelta(seconds=90)
"""Longer than the function may run."""

_DYNAMODB: Final = "DynamoDB"


class DeliveryNotes:
    """Notes in the table of orders. Every method raises StoreUnavailable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, delivery: Delivery, owner: str, now: datetime) -> bool:
        """Takes this delivery on; False where it was made. Raises NotDelivered while another owner is at it.

        The owner is a message of the queue: what it began and did not finish it may begin again.
        """
        row = {
            **_key(delivery),
            "owner": owner,
            "until": to_text(now + LEASE),
            "ttl": int((now + KEPT).timestamp()),
        }
        try:
            with translated(_DYNAMODB):
                self._client.put_item(
                    TableName=self._table,
                    Item=marshal(row),
                    ConditionExpression=(
                        "attribute_not_exists(pk) OR "
                        "(attribute_not_exists(done_at) AND (#owner = :owner OR #until < :now))"
                    ),
                    ExpressionAttributeNames={"#owner": "owner", "#until": "until"},
                    ExpressionAttributeValues=marshal({":owner": owner, ":now": to_text(now)}),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionFailed as failed:
            if "done_at" in (failed.item or {}):
                return False
            raise NotDelivered("another message for the same event is being sent") from None
        return True

    def done(self, delivery: Delivery, now: datetime) -> None:
        """Notes that it was made."""
        with translated(_DYNAMODB):
            self._client.update_item(
                TableName=self._table,
                Key=marshal(_key(delivery)),
                UpdateExpression="SET done_at = :now, #ttl = :ttl REMOVE #until",
                ExpressionAttributeNames={"#ttl": "ttl", "#until": "until"},
                ExpressionAttributeValues=marshal(
                    {":now": to_text(now), ":ttl": int((now + KEPT).timestamp())}
                ),
            )

    def gone_until(self, receiver: str) -> datetime | None:
        """Until when this receiver is left alone; None where it is not."""
        with translated(_DYNAMODB):
            answer = self._client.get_item(
                TableName=self._table, Key=marshal(_gone(receiver)), ConsistentRead=True
            )
        item = answer.get("Item")
        return None if item is None else from_text(unmarshal(item)["until"])

    def set_gone(self, receiver: str, until: datetime) -> None:
        """Leaves this receiver alone until then."""
        row = {**_gone(receiver), "until": to_text(until), "ttl": int(until.timestamp())}
        with translated(_DYNAMODB):
            self._client.put_item(TableName=self._table, Item=marshal(row))


def _key(delivery: Delivery) -> dict[str, Any]:
    return {"pk": delivery.event.order_id, "sk": f"sent#{delivery.channel.value}#{delivery.event.id}"}


def _gone(receiver: str) -> dict[str, Any]:
    # A hash: an address may carry a key of the receiver's in its path. Another address is another receiver.
    return {"pk": "webhook", "sk": f"gone#{hashlib.sha256(receiver.encode()).hexdigest()[:32]}"}
