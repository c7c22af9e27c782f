"""Filling a table of DynamoDB Local with many paid orders, fast: ready-made requests over a few connections.

The SDK needs ten milliseconds for a batch of 25 such rows, which would be seven minutes of a million. So one row is
written by the product's own adapter and marshalled once; the others are its text with their own order id, moment, day
and payment id in place. The engine gets complete BatchWriteItem requests and keeps both indexes and the stream.
"""

import hashlib
import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from integration.stored_orders import stored_order
from paylink.adapters.order_row import marshal, to_row
from paylink.domain.order import Status

BATCH = 25
CONNECTIONS = 2
DAYS = 90
"""The orders are spread over this many days, as three months of a shop's are."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_START = datetime(2026, 1, 1, tzinfo=UTC)
_HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Target": "DynamoDB_20120810.BatchWriteItem",
    # DynamoDB Local looks at the form of this alone.
    "Authorization": (
        "AWS4-HMAC-SHA256 Credential=testing/20260101/eu-central-1/dynamodb/aws4_request, "
        "SignedHeaders=host, Signature=0"
    ),
    "X-Amz-Date": "20260101T000000Z",
}


def fill(endpoint: str, table: str, first: int, count: int) -> None:
    """Writes the orders numbered `first` to `first + count`, each once. Raises RuntimeError where one is refused."""
    batches = range(first, first + count, BATCH)
    places = threading.local()
    host, port = urlsplit(endpoint).hostname, urlsplit(endpoint).port
    row = _row_text()

    def write(start: int) -> None:
        if not hasattr(places, "connection"):
            places.connection = http.client.HTTPConnection(str(host), port, timeout=60)
        numbers = range(start, min(start + BATCH, first + count))
        rows = ",".join(f'{{"PutRequest":{{"Item":{_numbered(row, number)}}}}}' for number in numbers)
        body = f'{{"RequestItems":{{"{table}":[{rows}]}}}}'
        places.connection.request("POST", "/", body.encode(), _HEADERS)
        answer = places.connection.getresponse()
        said = json.loads(answer.read())
        if answer.status != 200 or said.get("UnprocessedItems"):
            raise RuntimeError(f"DynamoDB Local took not all of a batch: {answer.status} {str(said)[:500]}")

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in pool.map(write, batches):
            pass


def order_id(number: int) -> str:
    """The id of a numbered order: spread over the whole space as real ones are, and always the same."""
    bits = int.from_bytes(hashlib.sha256(number.to_bytes(8)).digest()[:16])
    return "pl_" + "".join(_ALPHABET[(bits >> shift) & 31] for shift in range(125, -1, -5))


def _row_text() -> str:
    """A paid order's row as the request's text, with marks where each order has its own."""
    order = stored_order(Status.PAID)
    row = to_row(order)
    text = json.dumps(marshal(row), ensure_ascii=False, separators=(",", ":"))
    for name, mark in (("pk", "@id"), ("created_at", "@moment"), ("day", "@day")):
        text = text.replace(f'"{name}":{{"S":"{row[name]}"}}', f'"{name}":{{"S":"{mark}"}}')
    return text.replace(str(order.payment_id), "@payment")


def _numbered(row: str, number: int) -> str:
    moment = _START + timedelta(seconds=number * 7919 % (DAYS * 86_400))
    written = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return (
        row.replace("@id", order_id(number))
        .replace("@moment", written)
        .replace("@day", written[:10])
        .replace("@payment", str(2_000_000_000 + number))
    )
