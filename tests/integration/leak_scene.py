"""All four functions at work with a buyer's data and keys that are found again wherever they are written down."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from freedompay_sandbox import Sandbox
from integration import recognisable as known
from integration.api_event import api_event
from integration.deployment import Deployment
from integration.gateway_message import DELIVERIES, PAID, QUESTION, UNPAID, signed
from integration.lambda_function import LoadedFunction
from integration.watching import Watch

LINK = {
    "id": "coffee",
    "title": "Coffee",
    "price": "1500",
    "currency": "KZT",
    "quantity": {"max": 5},
    "fields": [
        {"name": "name"},
        {"name": "address"},
        {"name": "comment"},
        {"name": "email"},
        {"name": "phone"},
    ],
}
CUSTOMER = {"email": known.EMAIL, "phone": known.PHONE_AS_WRITTEN, "id": known.CUSTOMER_ID}
FIELDS = {"name": known.NAME, "address": known.ADDRESS, "comment": known.COMMENT}
ORDERED = {"link": "coffee", "customer": CUSTOMER, "fields": FIELDS}
BUYER = {
    "m_name": known.NAME,
    "m_address": known.ADDRESS,
    "pg_user_phone": known.PHONE,
    "pg_user_contact_email": known.EMAIL,
    "pg_user_ip": known.IP,
}
CARD = {
    "pg_card_pan": known.PAN,
    "pg_card_owner": known.OWNER,
    "pg_auth_code": known.AUTH_CODE,
    "pg_reference": known.REFERENCE,
}
TOLD = {**PAID, **BUYER, **CARD}
FAILED = {**UNPAID, **BUYER, "pg_failure_description": f"{known.PAN} of {known.OWNER} was declined"}
ASKED = {**QUESTION, **BUYER}
COMPLAINT = f"{known.EMAIL} {known.PHONE_AS_WRITTEN} {known.PHONE} {known.PAN}: not accepted"
EVERYTHING = known.Searcher({**known.SECRETS, **known.PERSONAL})
STRANGER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
FORMER = {"secret_key": known.FORMER_KEY, "accept_until": "2099-01-01T00:00:00Z"}


@dataclass
class Scene:
    """All four functions, warm, with a gateway that knows the buyer's data too."""

    watch: Watch
    deployment: Deployment
    sandbox: Sandbox
    functions: Mapping[str, LoadedFunction]
    number: int = 0

    def create(self, step: str, body: object, *, key: str | None = None, **event: Any) -> dict[str, Any]:
        """Asks for a payment, with a key of its own unless told; the answer's document with its status."""
        self.number += 1
        headers = {"idempotency-key": key or f"{known.IDEMPOTENCY_KEY}-{self.number}"}
        sent = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        more: dict[str, Any] = {"content_type": "application/json", "headers": headers, **event}
        posted = api_event("POST", "/payments", body=sent, source_ip=known.IP, **more)
        answer = self.watch.run(f"create: {step}", self.functions["create_payment"], posted)
        return {"statusCode": 0} if answer is None else {**json.loads(answer["body"]), **answer}

    def callback(
        self,
        step: str,
        script: str,
        fields: Mapping[str, str],
        *,
        key: str = known.KEY,
        ways: Iterable[str] = ("urlencoded-base64", "get"),
    ) -> int | None:
        """Tells or asks something, in several encodings; the status of the last answer."""
        message = signed(script, fields, key=key)
        self.watch.watch_for_signature(str(message[-1][1]), step)
        status = None
        for way in ways:
            event = DELIVERIES[way].event(script, message)
            event["requestContext"]["http"]["sourceIp"] = known.IP
            answer = self.watch.run(f"callback: {step}, {way}", self.functions["gateway_callback"], event)
            status = None if answer is None else answer["statusCode"]
            self._is_silent(answer)
        return status

    def come_back(self, step: str, fields: Mapping[str, str], *, key: str = known.KEY) -> None:
        message = signed("success", fields, key=key)
        self.watch.watch_for_signature(str(message[-1][1]), step)
        for way in ("urlencoded-base64", "get", "raw-xml"):
            event = {**DELIVERIES[way].event("success", message), "rawPath": "/return/success"}
            answer = self.watch.run(f"return: {step}, {way}", self.functions["return_page"], event)
            self._is_silent(answer)

    def status(self, step: str, order_id: str) -> None:
        event = api_event("GET", f"/payments/{order_id}", path_parameters={"order_id": order_id})
        event["requestContext"]["http"]["sourceIp"] = known.IP
        self._is_silent(self.watch.run(f"status: {step}", self.functions["payment_status"], event))

    def _is_silent(self, answer: dict[str, Any] | None) -> None:
        """Even an answer tells neither keys nor anything of the buyer to whoever called."""
        assert EVERYTHING.found(json.dumps(answer, ensure_ascii=False)) == []


def make_scene(
    gateway: tuple[Sandbox, str],
    deployment: Deployment,
    load_function: Callable[..., LoadedFunction],
    capsys: pytest.CaptureFixture[str],
    **parameters: str,
) -> Scene:
    sandbox, url = gateway
    sandbox.reset()
    deployment.set_merchant({"merchant_id": known.MERCHANT_ID, "secret_key": known.KEY, "previous": [FORMER]})
    deployment.secrets.put_secret_value(
        SecretId=deployment.stack_secret, SecretString=json.dumps({"key": known.STACK_KEY})
    )
    deployment.put_link(LINK)
    watch = Watch(capsys, deployment, {**known.SECRETS, **known.PERSONAL})
    names = ("create_payment", "gateway_callback", "return_page", "payment_status")
    functions = {name: load_function(name, GatewayUrl=url, **parameters) for name in names}
    return Scene(watch, deployment, sandbox, functions)
