"""The functions of one stack as buyers, the gateway and the schedule call them."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import boto3

from freedompay_sandbox import Payment as GatewayPayment
from freedompay_sandbox import Sandbox
from integration.api_event import api_event
from integration.deployment import Deployment
from integration.gateway_message import signed
from integration.lambda_function import LoadedFunction
from paylink.adapters.order_row import from_row, unmarshal
from paylink.domain.events import Event, events_of
from paylink.domain.order import Order

# Nobody listens there: no callback of the gateway ever arrives.
NOWHERE = "http://127.0.0.1:9"
COFFEE = {"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT"}
SCHEDULED = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
keys = itertools.count(1)


class Stack:
    """A stack whose callbacks are all lost. `minutes` turns the clock that everyone shares."""

    def __init__(
        self,
        load: Callable[..., LoadedFunction],
        deployment: Deployment,
        sandbox: Sandbox,
        gateway_url: str,
    ) -> None:
        self._load = load
        self.deployment = deployment
        self.sandbox = sandbox
        self.gateway_url = gateway_url
        self._loaded: dict[tuple[str, ...], LoadedFunction] = {}
        sandbox.faults.add("result", "lost", times=None)
        self.put_link()

    def function(self, name: str, **parameters: str) -> LoadedFunction:
        """A function, loaded when it is first called with these parameters of the template."""
        known = (name, *(f"{key}={value}" for key, value in parameters.items()))
        if known not in self._loaded:
            chosen = {"GatewayUrl": self.gateway_url, "PublicUrl": NOWHERE, **parameters}
            self._loaded[known] = self._load(name, **chosen)
        return self._loaded[known]

    def put_link(self, **changes: object) -> None:
        self.deployment.put_link({**COFFEE, **changes})

    def create(self, **parameters: str) -> str:
        """The id of a new order that a page of the shop made."""
        answer = self.function("create_payment", **parameters)(
            api_event(
                "POST",
                "/payments",
                body=json.dumps({"link": "coffee"}).encode(),
                content_type="application/json",
                headers={"idempotency-key": f"a-key-of-a-buyer-{next(keys):06}"},
            )
        )
        document = json.loads(answer["body"])
        assert answer["statusCode"] == 201, document
        return str(document["order_id"])

    def pay(self, order_id: str, **how: Any) -> GatewayPayment:
        return self.sandbox.pay(str(self.order(order_id).payment_id), **how)

    def come_back(self, order_id: str, script: str = "success") -> None:
        """The buyer's browser comes from the gateway's page."""
        query = urlencode(signed(script, {"pg_order_id": order_id}))
        answer = self.function("return_page")(api_event("GET", f"/return/{script}", query=query))
        assert answer["statusCode"] == 303
        assert answer["headers"]["location"].endswith(f"order_id={order_id}")

    def asked_status(self, order_id: str) -> str:
        """What the buyer's page is told."""
        event = api_event("GET", f"/payments/{order_id}", path_parameters={"order_id": order_id})
        answer = self.function("payment_status")(event)
        assert answer["statusCode"] == 200
        return str(json.loads(answer["body"])["status"])

    def reconcile(self, **parameters: str) -> dict[str, Any]:
        """One run of the schedule, which need not wait between its calls."""
        function = self.function("reconcile", **parameters)
        function.parts.run._pace._sleep = lambda _: None
        return function(SCHEDULED, milliseconds=55_000)

    def minutes(self, minutes: float, *, reconcile: bool = True) -> None:
        """Time passes, with the schedule's run in every minute of it unless told otherwise."""
        for _ in range(round(minutes)):
            self.sandbox.clock.advance(60)
            if reconcile:
                self.reconcile()

    def order(self, order_id: str) -> Order:
        return self.deployment.order(order_id)

    def questions(self) -> int:
        """How often the gateway was asked how a payment stands."""
        return sum("status" in record.path for record in self.sandbox.requests)

    def events(self, order_id: str) -> list[Event]:
        """What others are told about an order, from the table's own stream."""
        return [event for before, after in self._changes(order_id) for event in events_of(before, after)]

    def _changes(self, order_id: str) -> Iterator[tuple[Order | None, Order]]:
        endpoint = self.deployment.dynamodb.meta.endpoint_url
        streams = boto3.client("dynamodbstreams", endpoint_url=endpoint)
        (stream,) = streams.list_streams(TableName=self.deployment.table)["Streams"]
        described = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]
        for shard in described["Shards"]:
            iterator = streams.get_shard_iterator(
                StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            for record in streams.get_records(ShardIterator=iterator, Limit=1000)["Records"]:
                change = record["dynamodb"]
                if change["Keys"] == {"pk": {"S": order_id}, "sk": {"S": "order"}}:
                    before = change.get("OldImage")
                    yield (
                        None if before is None else from_row(unmarshal(before)),
                        from_row(unmarshal(change["NewImage"])),
                    )
