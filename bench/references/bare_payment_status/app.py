"""GET /payments/{order_id} by hand: the same calls to AWS as ours, and nothing else."""

import json
import os
from decimal import Decimal

import boto3

TABLE = os.environ["TABLE_NAME"]
table = boto3.client("dynamodb")


def read(order_id, sort):
    return table.get_item(
        TableName=TABLE, Key={"pk": {"S": order_id}, "sk": {"S": sort}}, ConsistentRead=True
    ).get("Item")


def handler(event, context):
    order = read(event["pathParameters"]["order_id"], "order")
    if order is None:
        return {"statusCode": 404, "body": ""}
    if order["status"]["S"] == "pending":
        read(order["pk"]["S"], "watch")
    content = {
        "order_id": order["pk"]["S"],
        "status": order["status"]["S"],
        "test": order["test"]["BOOL"],
        "amount": f"{Decimal(order['amount']['N']) / 100:.2f}",
        "currency": order["currency"]["S"],
        "description": order["description"]["S"],
        "reference": order.get("reference", {}).get("S"),
        "created_at": order["created_at"]["S"],
        "paid_at": order.get("paid_at", {}).get("S"),
        "refunded_amount": "0.00",
    }
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(content, ensure_ascii=False),
    }
