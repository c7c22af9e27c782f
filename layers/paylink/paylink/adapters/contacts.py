"""A buyer's contacts, kept only where the owner opts in: an item of their own that forgets itself."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from paylink.adapters.order_row import marshal, unmarshal
from paylink.adapters.store_errors import translated
from paylink.domain.payment_request import Customer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient


class Contacts:
    """Contacts beside the orders of one table, for `days` days; none at all where that is zero."""

    def __init__(self, client: "DynamoDBClient", table: str, days: int) -> None:
        self._client = client
        self._table = table
        self._days = days

    def keep(self, order_id: str, customer: Customer, fields: "Mapping[str, str]", now: datetime) -> None:
        """Keeps what the buyer gave, if the owner opted in. Raises StoreUnavailable."""
        given = {"email": customer.email, "phone": customer.phone, "id": customer.id, **fields}
        known = {name: text for name, text in given.items() if text}
        if self._days == 0 or not known:
            return
        until = int((now + timedelta(days=self._days)).timestamp())
        row = {"pk": order_id, "sk": "contacts", "contacts": known, "ttl": until}
        with translated("DynamoDB"):
            self._client.put_item(TableName=self._table, Item=marshal(row))

    def find(self, order_id: str) -> "Mapping[str, str]":
        """What is kept about the buyer of an order, maybe nothing. Raises StoreUnavailable."""
        if self._days == 0:
            return {}
        key = marshal({"pk": order_id, "sk": "contacts"})
        with translated("DynamoDB"):
            item = self._client.get_item(TableName=self._table, Key=key).get("Item")
        return {} if item is None else unmarshal(item)["contacts"]
