"""`POST /payments` as a page on the web meets it: the function's handler, with the sandbox as its gateway."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from freedompay_sandbox import Sandbox
from integration.api_event import api_event
from integration.as_told import check
from integration.create.front import Front
from integration.create.shop import COFFEE, DONATION, KEY
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from paylink.app.create_payment import PURPOSE
from paylink.app.gateway_callback import Incoming, Reply
from paylink.domain.clock import utc_now
from paylink.domain.offer import Offer, write_token
from paylink.domain.order import Order
from paylink.domain.stack_key import StackKey

JSON = "application/json"
numbers = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """An answer as a page reads it."""

    status: int
    headers: Mapping[str, str]
    document: Mapping[str, Any]

    @property
    def is_replay(self) -> bool:
        return self.headers.get("idempotent-replayed") == "true"


@dataclass
class Endpoint:
    """One deployment of the function; `start` is a cold start under other parameters of the template."""

    load: Callable[..., LoadedFunction]
    deployment: Deployment
    sandbox: Sandbox
    gateway_url: str
    front: Front
    later: timedelta = field(default_factory=timedelta)

    def __post_init__(self) -> None:
        self.public_url = self.front.add(f"endpoint-{next(numbers)}", self._callback)
        self.callback = self.load("gateway_callback")
        self.put_link(**COFFEE)
        self.put_link(**DONATION)
        self.start()

    def start(self, **parameters: str) -> None:
        chosen = {"GatewayUrl": self.gateway_url, "PublicUrl": self.public_url, **parameters}
        self.function = self.load("create_payment", **chosen)
        use_case = self.function.parts.create
        use_case._parts = replace(use_case._parts, now=self.now)

    def now(self) -> datetime:
        """The function's clock, which a test may put forward."""
        return utc_now() + self.later

    def put_link(self, **document: object) -> None:
        self.deployment.put_link(document)

    def offer(self, **changes: Any) -> str:
        """A token that this deployment's own key signed."""
        now = utc_now()
        offer = Offer("offer-1", "Чехол", 250_000, "KZT", now, now + timedelta(days=1))
        return write_token(replace(offer, **changes), StackKey(self.deployment.stack_key))

    def __call__(
        self,
        body: Mapping[str, object] | bytes,
        *,
        key: str | None = KEY,
        content_type: str = JSON,
        **more: Any,
    ) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if key is None else {"Idempotency-Key": key}
        event = api_event("POST", "/payments", body=raw, content_type=content_type, headers=headers, **more)
        answer = self.function(event)
        check("POST /payments", answer)
        return Answer(answer["statusCode"], answer["headers"], json.loads(answer["body"]))

    def order_id(self, key: str = KEY) -> str:
        keys = StackKey(self.deployment.stack_key)
        return keys.order_id(PURPOSE, self.deployment.merchant_id, key)

    def order(self, key: str = KEY) -> Order:
        return self.deployment.order(self.order_id(key))

    def orders(self) -> list[str]:
        """The ids of all orders in the table."""
        return [row["pk"] for row in self.deployment.rows() if row["sk"] == "order"]

    def calls(self, operation: str = "create") -> list[dict[str, str]]:
        """The fields of each request that reached the gateway."""
        return [
            {name: str(text) for name, text in record.fields}
            for record in self.sandbox.requests
            if record.operation == operation
        ]

    def _callback(self, message: Incoming) -> Reply:
        event = api_event(
            message.method,
            f"/callbacks/{message.script}",
            query=message.query,
            body=message.body,
            content_type=message.content_type,
        )
        answer = self.callback(event)
        return Reply(answer["statusCode"], answer["body"].encode())
