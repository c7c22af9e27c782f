"""One shop for one walk: its table on DynamoDB Local, the sandbox as its gateway, one clock that only walks turn."""

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
import moto
from botocore.config import Config

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY, STACK_KEY
from engines.template import table_request
from freedompay_sandbox import Payment as GatewayPayment
from freedompay_sandbox import Sandbox, running
from freedompay_sandbox.clock import Clock
from integration.create.front import Front, serving
from integration.create.shop import COFFEE, POLICY, TICKET
from integration.operations.office import HOLD
from paylink.adapters.links import Links
from paylink.adapters.order_row import SORT, from_row, unmarshal
from paylink.adapters.orders import Orders
from paylink.app.create_payment import PURPOSE
from paylink.app.gateway_callback import Incoming, Reply
from paylink.app.reconcile import Report
from paylink.domain.clock import from_text, to_text
from paylink.domain.link_form import parse_link
from paylink.domain.order import Order
from paylink.domain.stack_key import StackKey
from paylink.freedompay.client import FreedomPayClient

from .faults import Strike
from .process import Process

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SETTINGS: dict[str, object] = {
    "repeated_key": "same",
    "check_call": False,
    "retry_same_page": False,
    "lag_seconds": 0,
    "reversal_delay": 0,
    "auto_clearing_days": 5,
    "refunded_word": "success",
    "refund_hides_payment": False,
}
AFTER: tuple[float, ...] = (240, 360, 4200, 1200, 21_600, *[86_400] * 16)
"""Seconds between the runs of reconcile that heal a walk: past a lease, a page's time, an operation's, a hold's."""
numbers = itertools.count(1)


class World:
    """What a walk happens in. `begin` makes it new; `process` is one run of one of the functions."""

    def __init__(
        self,
        *,
        dynamodb: Any,
        secrets: Any,
        arns: dict[str, str],
        sandbox: Sandbox,
        url: str,
        front: Front,
    ) -> None:
        self.dynamodb, self.secrets, self.arns = dynamodb, secrets, arns
        self.sandbox = sandbox
        self.gateway = FreedomPayClient(url)
        self.stack_key = StackKey(STACK_KEY)
        self.policy = POLICY
        self.public_url = front.add("proof", self._answer)
        self.table = ""
        self.is_deaf = False
        self.broken: list[str] = []
        """What went wrong in a thread of which the gateway alone hears."""

    def begin(self, **settings: object) -> None:
        """An empty table and a gateway that knows of no payment."""
        if not self.table:
            self.table = f"proof-{os.getpid()}-{next(numbers)}"
            # The engine slows down with every table that it ever had, and with each change that it keeps in a stream.
            wanted = {
                name: part
                for name, part in table_request(self.table).items()
                if name != "StreamSpecification"
            }
            self.dynamodb.create_table(**wanted)
        keys = [{"pk": {"S": row["pk"]}, "sk": {"S": row["sk"]}} for row in self.rows()]
        for key in keys:
            self.dynamodb.delete_item(TableName=self.table, Key=key)
        self.sandbox.reset()
        self.sandbox.settings.update({**SETTINGS, **settings})
        self.is_deaf, self.broken = False, []
        links = Links(self.dynamodb, self.table)
        for link in (COFFEE, HOLD, TICKET):
            links.put(parse_link(link))

    def end(self) -> None:
        """The table is gone."""
        if self.table:
            self.dynamodb.delete_table(TableName=self.table)
        self.table = ""

    def now(self) -> datetime:
        """The time, as exact as rows keep it."""
        return from_text(to_text(self.sandbox.clock.now()))

    def process(self, strike: Strike | None = None) -> Process:
        """A new process of a function; it reads its secrets anew."""
        return Process(self, strike)

    def _answer(self, message: Incoming) -> Reply:
        """A message that the gateway sends by itself. A deaf shop makes it call again, as any failing one does."""
        if self.is_deaf:
            return Reply(503, b"")
        try:
            return self.process().callback(message)
        except Exception as error:
            self.broken.append(repr(error))
            raise

    # ── looking ────────────────────────────────────────────────────────────────────────────────────────────

    def order_id(self, key: str) -> str:
        return self.stack_key.order_id(PURPOSE, MERCHANT_ID, key)

    def order(self, order_id: str) -> Order:
        order = Orders(self.dynamodb, self.table).get(order_id)
        assert order is not None, "no such order"
        return order

    def rows(self) -> list[dict[str, Any]]:
        items = self.dynamodb.scan(TableName=self.table, ConsistentRead=True)["Items"]
        return [unmarshal(item) for item in items]

    def orders(self) -> list[Order]:
        return [from_row(row) for row in self.rows() if row["sk"] == SORT]

    def payments(self, order_id: str) -> list[GatewayPayment]:
        return self.sandbox.payments(order_id)

    # ── healing ────────────────────────────────────────────────────────────────────────────────────────────

    def quiet(self) -> bool:
        """Whether nothing waits, in the queue or by its row."""
        return not any("waiting" in row for row in self.rows())

    def heal(self) -> None:
        """Time passes and reconcile runs, until nothing waits. AssertionError where that never comes."""
        self.sandbox.faults.clear()
        for seconds in AFTER:
            self.sandbox.clock.advance(seconds)
            report = self.process().reconcile()
            assert isinstance(report, Report), report
            if self.quiet():
                return
        raise AssertionError(f"still waiting: {[row for row in self.rows() if 'waiting' in row]}")


@contextmanager
def opened(dynamodb_endpoint: str) -> Iterator[World]:
    """A world on a DynamoDB Local that runs; its secrets are moto's, its sandbox is served by this process."""
    clock = Clock(START, ticking=False)
    sandbox = Sandbox(merchant_id=MERCHANT_ID, secret_key=MERCHANT_KEY, clock=clock, retry_same_page=False)
    config = Config(max_pool_connections=32, connect_timeout=5, read_timeout=30)
    with moto.mock_aws(), serving() as front, running(sandbox) as url:
        secrets = boto3.client("secretsmanager")
        contents = {
            "merchant": {"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY},
            "stack": {"key": STACK_KEY},
        }
        arns = {
            name: secrets.create_secret(Name=name, SecretString=json.dumps(content))["ARN"]
            for name, content in contents.items()
        }
        dynamodb = boto3.client("dynamodb", endpoint_url=dynamodb_endpoint, config=config)
        world = World(dynamodb=dynamodb, secrets=secrets, arns=arns, sandbox=sandbox, url=url, front=front)
        try:
            yield world
        finally:
            world.end()
