"""What a deployment makes besides functions and API: the template's table and secrets, in moto in this process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY, STACK_KEY
from engines.template import table_request
from integration.outlets import PHYSICAL_IDS
from paylink.adapters.links import Links
from paylink.adapters.order_row import from_row, marshal, to_row, unmarshal
from paylink.domain.link_form import parse_link
from paylink.domain.order import Order

TABLE = "paylink-table"
Row = dict[str, Any]


@dataclass
class Deployment:
    """One stack's table and secrets; `physical_ids` are what `!Ref` gives in the template."""

    dynamodb: Any
    secrets: Any
    merchant_secret: str
    stack_secret: str
    table: str = TABLE
    merchant_id: str = MERCHANT_ID
    merchant_key: str = MERCHANT_KEY
    stack_key: str = field(default=STACK_KEY, repr=False)

    @classmethod
    def make(cls, dynamodb: Any, secrets: Any) -> "Deployment":
        """The stack as it is once the owner has set the merchant's key."""
        dynamodb.create_table(**table_request(TABLE))
        keys = json.dumps({"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY})
        merchant = secrets.create_secret(Name="merchant", SecretString=keys)["ARN"]
        stack = secrets.create_secret(Name="stack", SecretString=json.dumps({"key": STACK_KEY}))["ARN"]
        return cls(dynamodb, secrets, merchant, stack)

    @property
    def physical_ids(self) -> dict[str, str]:
        return {
            "Table": self.table,
            "MerchantSecret": self.merchant_secret,
            "StackSecret": self.stack_secret,
            **PHYSICAL_IDS,
        }

    def merchant_document(self, **changes: Any) -> dict[str, Any]:
        return {"merchant_id": self.merchant_id, "secret_key": self.merchant_key, **changes}

    def set_merchant(self, value: Mapping[str, Any] | str) -> None:
        """Puts a new value into the merchant's secret, as its owner would."""
        text = value if isinstance(value, str) else json.dumps(value)
        self.secrets.put_secret_value(SecretId=self.merchant_secret, SecretString=text)

    def unset_merchant(self) -> None:
        """A secret without any value, as the template deploys it."""
        self.secrets.delete_secret(SecretId=self.merchant_secret, ForceDeleteWithoutRecovery=True)
        self.merchant_secret = self.secrets.create_secret(Name="merchant-without-value")["ARN"]

    def put_order(self, order: Order) -> None:
        self.dynamodb.put_item(TableName=self.table, Item=marshal(to_row(order)))

    def order(self, order_id: str) -> Order:
        """The order as it is stored; KeyError where there is none."""
        return from_row(self.row(order_id))

    def row(self, pk: str, sk: str = "order") -> Row:
        """One row as plain values; KeyError where there is none."""
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        return unmarshal(self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True)["Item"])

    def items(self) -> list[Row]:
        """The whole table as the engine holds it, in the order of its keys."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        items = [item for page in pages for item in page["Items"]]
        return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))

    def rows(self) -> list[Row]:
        """The whole table as plain values."""
        return [unmarshal(item) for item in self.items()]

    def orders(self) -> list[Order]:
        """Every order of the table."""
        return [from_row(row) for row in self.rows() if row["sk"] == "order"]

    def put_link(self, document: Mapping[str, Any]) -> None:
        """A link, by the object that `PUT /links/{id}` takes, with its `id`."""
        Links(self.dynamodb, self.table).put(parse_link(document))
