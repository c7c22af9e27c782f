"""One shop: its table and secrets, its use cases on the real adapters, and the sandbox as its gateway."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from engines.embedded_aws import MERCHANT_ID, STACK_KEY
from freedompay_sandbox import Payment as GatewayPayment
from freedompay_sandbox import Sandbox
from integration.create.dying import Watch, Watched
from integration.create.front import Front
from paylink.adapters.contacts import Contacts
from paylink.adapters.links import Links
from paylink.adapters.order_row import SORT, from_row, unmarshal
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.app.attempt import Creation
from paylink.app.create_payment import PURPOSE, CreatePayment
from paylink.app.gateway_callback import GatewayCallback
from paylink.app.policy import Call, Policy
from paylink.domain.clock import from_text, to_text
from paylink.domain.link_form import parse_link
from paylink.domain.order import Order
from paylink.domain.payment_request import parse_payment_request
from paylink.domain.stack_key import StackKey
from paylink.freedompay.client import FreedomPayClient

ORIGIN = "https://shop.example"
KEY = "3f1d9c2e-aaaa-4bbb-8ccc-000000000001"

COFFEE = {"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT", "quantity": {"max": 5}}
TICKET = {"id": "ticket", "title": "Ticket", "price": "9000", "currency": "KZT", "limit": 100}
DONATION = {
    "id": "donation",
    "title": "A gift",
    "amount": {"min": "100", "max": "500000"},
    "currency": "KZT",
}

POLICY = Policy(allowed_origins=frozenset({ORIGIN}), shop_url=f"{ORIGIN}/thanks")
numbers = itertools.count(1)


class Signals:
    """Counts and lines, kept for the test to look at."""

    def __init__(self) -> None:
        self.counts: list[str] = []
        self.lines: list[tuple[str, Mapping[str, object]]] = []

    def count(self, name: str) -> None:
        self.counts.append(name)

    def note(self, event: str, **ids: object) -> None:
        self.lines.append((event, ids))

    warn = note


@dataclass(frozen=True)
class Secrets:
    """Where the keys come from. One for many shops: each new one leaves its mark on the SDK's client."""

    merchant: MerchantSecret
    stack: StackSecret


@dataclass
class Shop:
    """The parts of one shop. `watch` sees every call that creating a payment makes to the outside."""

    dynamodb: Any
    secrets: Secrets
    table: str
    sandbox: Sandbox
    gateway_url: str
    front: Front
    policy: Policy = POLICY
    keep_contacts: int = 0
    watch: Watch = field(default_factory=Watch)
    signals: Signals = field(default_factory=Signals)
    seconds_left: float = 20.0

    def __post_init__(self) -> None:
        number = next(numbers)
        self.orders = Orders(self.dynamodb, self.table)
        self.links = Links(self.dynamodb, self.table)
        self.places = Places(self.dynamodb, self.table)
        self.stack_key = StackKey(STACK_KEY)
        self.callback = GatewayCallback(
            orders=self.orders,
            places=self.places,
            merchant=self.secrets.merchant,
            signals=self.signals,
            now=self.now,
        )
        self.public_url = self.front.add(str(number), self.callback)
        self.gateway = FreedomPayClient(self.gateway_url)

    def now(self) -> datetime:
        """The sandbox's time, as exact as rows keep it."""
        return from_text(to_text(self.sandbox.clock.now()))

    def put_link(self, **link: object) -> None:
        self.links.put(parse_link(link))

    def process(self, **parts: Any) -> CreatePayment:
        """The use case as a new process of the function would have it; `parts` take the place of usual ones."""
        outside = {
            "orders": self.orders,
            "links": self.links,
            "places": self.places,
            "contacts": Contacts(self.dynamodb, self.table, self.keep_contacts),
            "merchant": self.secrets.merchant,
            "stack": self.secrets.stack,
            "gateway": self.gateway,
            **parts,
        }
        watched = {name: Watched(name, part, self.watch) for name, part in outside.items()}
        return CreatePayment(**watched, policy=self.policy, signals=self.signals, now=self.now)

    def ask(
        self,
        body: Mapping[str, object],
        key: str = KEY,
        *,
        process: CreatePayment | None = None,
        **parts: Any,
    ) -> Creation:
        """One request of the buyer's page, answered by a process of its own unless one is given."""
        answering = process or self.process(**parts)
        return answering(parse_payment_request(body), key, self.call)

    @property
    def call(self) -> Call:
        return Call(self.public_url, "203.0.113.7", self.seconds_left)

    def order_id(self, key: str = KEY) -> str:
        return self.stack_key.order_id(PURPOSE, MERCHANT_ID, key)

    def order(self, key: str = KEY) -> Order:
        order = self.orders.get(self.order_id(key))
        assert order is not None, "no such order"
        return order

    def rows(self) -> Iterator[dict[str, Any]]:
        for page in self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True):
            yield from map(unmarshal, page["Items"])

    def order_rows(self) -> list[Order]:
        return [from_row(row) for row in self.rows() if row["sk"] == SORT]

    def payments(self, key: str = KEY) -> list[GatewayPayment]:
        """What the gateway holds for the order, oldest first."""
        return self.sandbox.payments(self.order_id(key))

    def payment_of(self, redirect_url: str) -> GatewayPayment:
        """The payment that the gateway shows at a page's address."""
        (customer,) = parse_qs(urlsplit(redirect_url).query)["customer"]
        return self.sandbox.payment_of_page(customer)

    def set_policy(self, **changes: object) -> None:
        self.policy = replace(self.policy, **changes)
