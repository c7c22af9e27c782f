"""GET /payments/{order_id} as it is usually written today: Powertools with validation, pydantic, Tracer, requests.

Like ours it asks the gateway, once a minute, for a buyer who came back before the gateway told how it ended.
"""

import hashlib
import os
import secrets
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated
from xml.etree import ElementTree

import boto3
import requests
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError
from pydantic import BaseModel

TABLE = os.environ["TABLE_NAME"]
GATEWAY = os.environ["GATEWAY_URL"]
SCRIPT = "get_status3.php"

logger = Logger()
metrics = Metrics()
tracer = Tracer()
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.client("dynamodb")
session = requests.Session()
deserializer = TypeDeserializer()


class Order(BaseModel):
    """An order as it is stored."""

    pk: str
    status: str
    test: bool
    amount: int
    currency: str
    description: str
    reference: str | None = None
    created_at: datetime
    paid_at: datetime | None = None
    refunded_amount: int = 0


class Status(BaseModel):
    """The answer."""

    order_id: str
    status: str
    test: bool
    amount: str
    currency: str
    description: str
    reference: str | None
    created_at: datetime
    paid_at: datetime | None
    refunded_amount: str


def major(minor: int) -> str:
    return f"{Decimal(minor) / 100:.2f}"


@tracer.capture_method(capture_response=False)
def read(order_id: str, sort: str) -> dict[str, object] | None:
    answer = table.get_item(
        TableName=TABLE, Key={"pk": {"S": order_id}, "sk": {"S": sort}}, ConsistentRead=True
    )
    item = answer.get("Item")
    return item and {name: deserializer.deserialize(entry) for name, entry in item.items()}


def signature(fields: dict[str, str], key: str) -> str:
    values = [fields[name] for name in sorted(fields) if name != "pg_sig"]
    return hashlib.md5(";".join([SCRIPT, *values, key]).encode(), usedforsecurity=False).hexdigest()


@tracer.capture_method(capture_response=False)
def ask_gateway(order: Order) -> None:
    """The gateway's word about an order, noted where it says that it was paid."""
    merchant = parameters.get_secret(os.environ["MERCHANT_SECRET"], transform="json", max_age=300)
    fields = {
        "pg_merchant_id": merchant["merchant_id"],
        "pg_order_id": order.pk,
        "pg_salt": secrets.token_hex(8),
    }
    fields["pg_sig"] = signature(fields, merchant["secret_key"])
    try:
        reply = session.post(f"{GATEWAY}/{SCRIPT}", data=fields, timeout=(3, 6))
        answer = {part.tag: part.text or "" for part in ElementTree.fromstring(reply.content)}
    except (requests.RequestException, ElementTree.ParseError):
        logger.warning("not asked for the buyer", extra={"order_id": order.pk})
        return
    if answer.get("pg_sig") != signature(answer, merchant["secret_key"]):
        return
    if answer.get("pg_payment_status") == "success":
        table.update_item(
            TableName=TABLE,
            Key={"pk": {"S": order.pk}, "sk": {"S": "order"}},
            UpdateExpression="SET #status = :paid, paid_at = :now REMOVE waiting",
            ConditionExpression="#status = :pending",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":paid": {"S": "paid"},
                ":pending": {"S": "pending"},
                ":now": {"S": datetime.now(UTC).isoformat()},
            },
        )
        order.status = "paid"


def due(order_id: str) -> bool:
    """Whether this buyer came back and nobody asked for a minute; notes that it is asked now."""
    watch = read(order_id, "watch")
    if watch is None or "returned_at" not in watch:
        return False
    now = datetime.now(UTC)
    try:
        table.update_item(
            TableName=TABLE,
            Key={"pk": {"S": order_id}, "sk": {"S": "watch"}},
            UpdateExpression="SET tried_at = :now",
            ConditionExpression="attribute_not_exists(tried_at) OR tried_at < :before",
            ExpressionAttributeValues={
                ":now": {"S": now.isoformat()},
                ":before": {"S": (now - timedelta(minutes=1)).isoformat()},
            },
        )
    except ClientError:
        return False
    return True


@app.get("/payments/<order_id>")
@tracer.capture_method(capture_response=False)
def status(order_id: Annotated[str, Path(min_length=1, max_length=64)]) -> Status:
    item = read(order_id, "order")
    if item is None:
        raise NotFoundError("There is no order of this id.")
    order = Order.model_validate(item)
    if order.status == "pending" and due(order_id):
        metrics.add_metric(name="GatewayAsked", unit=MetricUnit.Count, value=1)
        ask_gateway(order)
    return Status(
        order_id=order.pk,
        amount=major(order.amount),
        refunded_amount=major(order.refunded_amount),
        **order.model_dump(exclude={"pk", "amount", "refunded_amount"}),
    )


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler(capture_response=False)
@metrics.log_metrics
def handler(event: dict[str, object], context: LambdaContext) -> dict[str, object]:
    return app.resolve(event, context)
