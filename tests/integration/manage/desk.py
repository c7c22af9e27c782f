"""Requests to the functions as they come through API Gateway."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from freedompay_sandbox import Payment, Sandbox
from freedompay_sandbox.reading import read_xml, text_of
from freedompay_sandbox.signing import Pair, signed
from freedompay_sandbox.writing import form_fields
from integration.api_event import api_event
from integration.as_told import check
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from paylink.domain.order import Order

FORM = "application/x-www-form-urlencoded"
RESULT = "paylink_result"
OPERATOR = "arn:aws:iam::123456789012:user/operator"
keys = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """A function's answer."""

    status: int
    headers: Mapping[str, str]
    content: dict[str, Any]

    @classmethod
    def of(cls, response: Mapping[str, Any]) -> "Answer":
        answer = cls(response["statusCode"], response["headers"], json.loads(response["body"]))
        kind = "application/json" if answer.status < 400 else "application/problem+json"
        assert answer.headers["content-type"] == kind
        return answer

    @property
    def wrong_fields(self) -> list[str]:
        """The fields that a 400 names."""
        assert (self.status, self.content["code"]) == (400, "invalid_request")
        return [entry["field"] for entry in self.content["errors"]]

    @property
    def problem(self) -> tuple[int, str]:
        """Status and code of a problem document."""
        assert self.content["status"] == self.status
        return self.status, self.content["code"]


@dataclass(frozen=True)
class Desk:
    """Where the operator works: `functions/manage`."""

    function: LoadedFunction

    def send(
        self,
        route: str,
        path: str,
        body: object = None,
        *,
        query: str = "",
        key: str | None = None,
        **names: str,
    ) -> Answer:
        """A request by a route of the API; a body that is no bytes goes as JSON."""
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        method = route.partition(" ")[0]
        kind = None if raw is None else "application/json"
        headers = {} if key is None else {"idempotency-key": key}
        event = api_event(
            method, path, query=query, body=raw, content_type=kind, headers=headers, path_parameters=names
        )
        event["requestContext"]["authorizer"] = {"iam": {"userArn": OPERATOR}}
        answer = self.function({**event, "routeKey": route})
        check(route, answer)
        return Answer.of(answer)

    def put(self, link: str, body: object) -> Answer:
        return self.send("PUT /links/{link_id}", f"/links/{link}", body, link_id=link)

    def get(self, link: str) -> Answer:
        return self.send("GET /links/{link_id}", f"/links/{link}", link_id=link)

    def switch_off(self, link: str) -> Answer:
        return self.send("DELETE /links/{link_id}", f"/links/{link}", link_id=link)

    def list(self, query: str = "") -> Answer:
        return self.send("GET /links", "/links", query=query)

    def sign(self, offers: object) -> Answer:
        return self.send("POST /offers", "/offers", {"offers": offers})

    def invoice(self, body: object, key: str | None = None) -> Answer:
        return self.send("POST /invoices", "/invoices", body, key=key)

    def orders(self, **parameters: object) -> Answer:
        query = "&".join(f"{name}={text}" for name, text in parameters.items())
        return self.send("GET /orders", "/orders", query=query)

    def order(self, order_id: str) -> Answer:
        return self.send("GET /orders/{order_id}", f"/orders/{order_id}", order_id=order_id)

    def operate(
        self, kind: str, order_id: str, body: object = None, key: str | None = "a-key-of-the-operator"
    ) -> Answer:
        """POST /orders/{order_id}/refund, capture, cancel, sync or resolve."""
        return self.send(
            f"POST /orders/{{order_id}}/{kind}",
            f"/orders/{order_id}/{kind}",
            body,
            key=key,
            order_id=order_id,
        )

    def token(self, **offer: object) -> str:
        answer = self.sign([offer])
        assert answer.status == 200, answer.content
        token: str = answer.content["offers"][0]["token"]
        return token


@dataclass(frozen=True)
class Till:
    """Where buyers pay: `functions/create_payment`, `functions/gateway_callback`, and the gateway."""

    create: LoadedFunction
    callback: LoadedFunction
    deployment: Deployment
    sandbox: Sandbox

    def ask(self, body: Mapping[str, object], key: str | None = None) -> Answer:
        """A page's request, with a key of its own unless one is given."""
        headers = {"idempotency-key": key or f"a-key-of-its-own-{next(keys)}"}
        raw = json.dumps(body).encode()
        event = api_event("POST", "/payments", body=raw, content_type="application/json", headers=headers)
        return Answer.of(self.create(event))

    def payment(self, answer: Answer) -> Payment:
        """What the gateway holds for an order."""
        assert answer.status in {200, 201}, answer.content
        return self.sandbox.payment(answer.content["payment_id"])

    def order(self, answer: Answer) -> Order:
        return self.deployment.order(answer.content["order_id"])

    def last_word(self, **changes: str) -> str | None:
        """Brings the callback the gateway's last message, some of its fields changed; what it is answered."""
        told = [pair for pair in self.sandbox.callbacks[-1].fields if pair[0] not in {"pg_salt", "pg_sig"}]
        pairs: Sequence[Pair] = [(name, changes.get(name, text)) for name, text in told]
        message = signed(RESULT, pairs, self.deployment.merchant_key)
        body = urlencode(form_fields(message)).encode()
        event = api_event("POST", f"/callbacks/{RESULT}", body=body, content_type=FORM)
        reply = self.callback(event)
        assert reply["statusCode"] == 200
        return text_of(read_xml(reply["body"].encode(), root="response"), "pg_status")
