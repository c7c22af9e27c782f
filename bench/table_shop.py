"""A shop on DynamoDB Local: its table, and payments made through the real handlers, ours or the usual stack's."""

import contextlib
import itertools
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3

from bench import stub
from bench.fixtures import STACK_KEY, event, items
from bench.places import REFERENCES, ROOT
from bench.targets import IDS, variables
from bench.warm_doors import Context, module_of
from engines.dynamodb_local import running_dynamodb_local
from engines.metering import Meter, metered
from engines.template import table_request
from integration.gateway_message import PAID, RESULT, USUAL, changed, signed
from paylink.domain.offer import Offer, write_token
from paylink.domain.stack_key import StackKey

numbers = itertools.count(1)


@dataclass
class Shop:
    """A table and what serves it. `kind` is `ours` or `usual`."""

    kind: str
    create_payment: ModuleType
    gateway_callback: ModuleType
    meter: Meter

    def create(self, body: dict[str, object], key: str) -> dict[str, Any]:
        """The answer of `POST /payments`."""
        asked = event("create_payment")
        asked["body"] = json.dumps(body)
        asked["headers"]["idempotency-key"] = key
        return self._called(self.create_payment, asked)

    def settle(self, created: dict[str, Any]) -> dict[str, Any]:
        """The answer to the gateway's result that this payment was paid."""
        body = created["body"]
        told = json.loads(body) if isinstance(body, str) else body
        of_order = {"pg_order_id": told["order_id"], "pg_payment_id": told["payment_id"]}
        fields = changed(PAID, pg_amount=told["amount"], **of_order)
        return self._called(self.gateway_callback, USUAL.event(RESULT, signed(RESULT, fields)))

    def pay(self, body: dict[str, object]) -> dict[str, Any]:
        """One payment from the buyer's click to the gateway's word. AssertionError where it is not paid."""
        created = self.create(body, new_key())
        assert created["statusCode"] == 201, created
        settled = self.settle(created)
        assert "<pg_status>ok</pg_status>" in settled["body"], settled
        return created

    def _called(self, module: ModuleType, asked: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = module.handler(asked, Context())
        return answer


def new_key() -> str:
    """An idempotency key that was not used before."""
    return f"bench-idempotency-key-{os.getpid()}-{next(numbers)}"


def by_link() -> dict[str, object]:
    """What the event of events/ asks for: two coffees, with reference and contacts."""
    asked: dict[str, object] = json.loads(event("create_payment")["body"])
    return asked


def by_offer() -> dict[str, object]:
    """The same thing for a price that the merchant had signed: the plain path, which reads nothing."""
    now = datetime.now(UTC)
    offer = Offer("case-7", "Чашка кофе × 2", 300_000, "KZT", now, now + timedelta(days=1))
    rest = {name: given for name, given in by_link().items() if name not in {"link", "quantity"}}
    return {"offer": write_token(offer, StackKey(STACK_KEY)), **rest}


@contextlib.contextmanager
def engine(*, heap: str = "512m") -> Iterator[str]:
    """The address of an empty DynamoDB Local."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_dynamodb_local(Path(folder) / "log", heap=heap) as url,
    ):
        yield url


def client(endpoint: str) -> Any:  # noqa: ANN401 — the SDK makes its classes at run time
    """A client of the engine."""
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 — made up
    )


def make_table(endpoint: str, name: str, *, stream: bool = True) -> None:
    """The template's table with the shop's links."""
    request = table_request(name)
    if not stream:
        del request["StreamSpecification"]
    of_engine = client(endpoint)
    of_engine.create_table(**request)
    for key, item in items().items():
        if key[0] == "links":
            of_engine.put_item(TableName=name, Item=item)


def make_idempotency_table(endpoint: str) -> None:
    """The table that Powertools' Idempotency asks for beside the shop's own."""
    client(endpoint).create_table(
        TableName="idempotency",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


@contextlib.contextmanager
def serving(kind: str, endpoint: str, table: str) -> Iterator[Shop]:
    """A shop whose handlers stand in this process; once in a process, for clients are kept."""
    with contextlib.ExitStack() as stack:
        gateway = stack.enter_context(stub.running())
        modules = [
            _loaded(kind, name, gateway, endpoint, table) for name in ("create_payment", "gateway_callback")
        ]
        clients = _clients(kind, modules)
        # Each client of the usual stack is its own; ours share one.
        meter = Meter()
        for one in clients:
            stack.enter_context(metered(one, meter))
        yield Shop(kind, modules[0], modules[1], meter)


def _loaded(kind: str, name: str, gateway: str, endpoint: str, table: str) -> ModuleType:
    for variable in [variable for variable in os.environ if variable.startswith("AWS_")]:
        del os.environ[variable]
    os.environ.update(variables(name, gateway, {**IDS, "Table": table}))
    os.environ.update({"AWS_ENDPOINT_URL_DYNAMODB": endpoint, "AWS_EC2_METADATA_DISABLED": "true"})
    folder = ROOT / "functions" / name if kind == "ours" else REFERENCES / f"{kind}_{name}"
    return module_of(f"{kind}_{name}", folder / "app.py")


def _clients(kind: str, modules: list[ModuleType]) -> list[Any]:
    if kind == "ours":
        from paylink.adapters.aws import dynamodb  # noqa: PLC0415 — made by the functions, with their environment

        return [dynamodb()]
    return [module.table for module in modules]
