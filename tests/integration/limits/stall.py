"""A shop that sells few of everything: the real use cases and adapters, and the sandbox as its gateway."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from freedompay_sandbox import Sandbox
from freedompay_sandbox.reading import read_xml, text_of
from freedompay_sandbox.signing import Pair, signed, verify
from paylink.adapters.contacts import Contacts
from paylink.adapters.links import Links
from paylink.adapters.order_row import SORT, from_row, unmarshal
from paylink.adapters.orders import Orders
from paylink.adapters.places import PARTITION, Places
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.app.attempt import Creation
from paylink.app.create_payment import PURPOSE, CreatePayment
from paylink.app.gateway_callback import GatewayCallback, Incoming, Reply
from paylink.app.policy import Call, Policy
from paylink.domain.link_form import parse_link
from paylink.domain.offer import Offer, write_token
from paylink.domain.order import Attention, Order, Status
from paylink.domain.payment_request import parse_payment_request
from paylink.domain.place import Place, in_mode
from paylink.domain.stack_key import StackKey
from paylink.freedompay.client import FreedomPayClient

from .front import Front
from .struck import ProcessDied

MERCHANT_ID = "500001"
MERCHANT_KEY = "made-up-merchant-key-for-tests"
STACK_KEY = "made-up-stack-key-" + "0123456789abcdef" * 3
ORIGIN = "https://shop.example"
CHECK = "paylink_check"
RESULT = "paylink_result"
PAST_THE_LEASE = 31.0
numbers = itertools.count(1)


class Signals:
    """Counts, kept for the test to look at."""

    def __init__(self) -> None:
        self.counts: list[str] = []

    def count(self, name: str) -> None:
        self.counts.append(name)

    def note(self, event: str, **ids: object) -> None:
        """What is logged is none of these tests' business."""

    warn = note


@dataclass(frozen=True)
class Secrets:
    """Where the keys come from; one for all stalls of a module."""

    merchant: MerchantSecret
    stack: StackSecret


@dataclass(frozen=True)
class Taken:
    """The row of a limited thing: who holds and who bought how many, and the counter beside them."""

    held: Mapping[str, int]
    sold: Mapping[str, int]
    counter: int

    @property
    def units(self) -> int:
        return sum(self.held.values()) + sum(self.sold.values())


@dataclass(frozen=True)
class Word:
    """What the gateway was answered."""

    http_status: int
    status: str | None
    description: str | None


@dataclass
class Stall:
    """One shop. `places` and `orders` may be replaced by ones that a test strikes."""

    dynamodb: Any
    secrets: Secrets
    table: str
    sandbox: Sandbox
    gateway_url: str
    front: Front
    check_call: bool = False
    signals: Signals = field(default_factory=Signals)

    def __post_init__(self) -> None:
        self.orders: Any = Orders(self.dynamodb, self.table)
        self.places: Any = Places(self.dynamodb, self.table)
        self.policy = Policy(
            allowed_origins=frozenset({ORIGIN}), shop_url=f"{ORIGIN}/thanks", check_call=self.check_call
        )
        self.gateway: Any = FreedomPayClient(self.gateway_url)
        self.stack_key = StackKey(STACK_KEY)
        self.public_url = self.front.add(str(next(numbers)), self.answer)
        self.sandbox.settings.update({"check_call": self.check_call})

    def sells(self, link: str, *, limit: int | None = None, **more: object) -> None:
        """Puts a link."""
        document = {"id": link, "title": link.title(), "price": "1500", "currency": "KZT", "limit": limit}
        Links(self.dynamodb, self.table).put(parse_link({**document, **more}))

    def offer(self, offer_id: str, *, limit: int) -> str:
        """Signs an offer."""
        now = self.sandbox.clock.now()
        offer = Offer(offer_id, "Cap", 150_000, "KZT", now, now + timedelta(days=1), limit)
        return write_token(offer, self.stack_key)

    def answer(self, message: Incoming) -> Reply:
        """One message of the gateway, answered by a process of its own."""
        callback = GatewayCallback(
            orders=self.orders,
            places=self.places,
            merchant=self.secrets.merchant,
            signals=self.signals,
            now=self.sandbox.clock.now,
        )
        return callback(message)

    def ask(self, key: str, body: Mapping[str, object]) -> Creation:
        """One request of a buyer's page, answered by a process of its own."""
        create = CreatePayment(
            orders=self.orders,
            links=Links(self.dynamodb, self.table),
            contacts=Contacts(self.dynamodb, self.table, 0),
            places=self.places,
            merchant=self.secrets.merchant,
            stack=self.secrets.stack,
            gateway=self.gateway,
            policy=self.policy,
            signals=self.signals,
            now=self.sandbox.clock.now,
        )
        return create(parse_payment_request(body), key, Call(self.public_url, "203.0.113.7", 20.0))

    def order_id(self, key: str) -> str:
        return self.stack_key.order_id(PURPOSE, MERCHANT_ID, key)

    def order(self, key: str) -> Order:
        order = Orders(self.dynamodb, self.table).get(self.order_id(key))
        assert order is not None, "no such order"
        return order

    def all_orders(self) -> list[Order]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        rows = [unmarshal(item) for page in pages for item in page["Items"]]
        return [from_row(row) for row in rows if row["sk"] == SORT]

    def place_id(self, thing: str) -> str:
        """What its places are counted under in the mode that the stall sells in."""
        (place,) = in_mode((Place(thing, 1, 1),), test=self.policy.test_mode)
        return place.id

    def taken(self, thing: str) -> Taken:
        key = {"pk": {"S": PARTITION}, "sk": {"S": self.place_id(thing)}}
        answer = self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        row = unmarshal(answer.get("Item", {}))
        entries = {
            kind: {name[2:]: row[name] for name in row if name.startswith(f"{kind} ")} for kind in "hs"
        }
        held = {order_id: int(entry[0]) for order_id, entry in entries["h"].items()}
        sold = {order_id: int(units) for order_id, units in entries["s"].items()}
        return Taken(held, sold, int(row.get("taken", 0)))

    def tells(
        self, order: Order, payment_id: str, *, result: int = 1, can_reject: bool = False, **more: str
    ) -> Word:
        """A result as the gateway would send it at any moment, also when its own payment ended long ago."""
        fields: list[Pair] = [
            ("pg_order_id", order.order_id),
            ("pg_payment_id", payment_id),
            ("pg_amount", str(Decimal(order.amount) / 100)),
            ("pg_currency", order.currency),
            ("pg_result", str(result)),
            ("pg_testing_mode", "1"),
            ("pg_can_reject", "1" if can_reject else "0"),
            *([("pg_captured", "1")] if result == 1 else []),
            *more.items(),
        ]
        return self._says(RESULT, fields)

    def _says(self, script: str, fields: list[Pair]) -> Word:
        body = urlencode(signed(script, fields, MERCHANT_KEY)).encode()
        reply = self.answer(Incoming(script, "POST", "", "application/x-www-form-urlencoded", body))
        answered = read_xml(reply.document, root="response")
        assert verify(script, answered, MERCHANT_KEY)
        return Word(reply.status, text_of(answered, "pg_status"), text_of(answered, "pg_description"))

    def asks_whether(self, order: Order, payment_id: str) -> Word:
        """The gateway's question before it takes the money, asked at any moment."""
        fields: list[Pair] = [
            ("pg_order_id", order.order_id),
            ("pg_payment_id", payment_id),
            ("pg_amount", str(Decimal(order.amount) / 100)),
            ("pg_currency", order.currency),
        ]
        return self._says(CHECK, fields)

    def tells_expiry(self, order: Order, payment_id: str) -> Word:
        """The gateway's word that the lifetime of a payment is over and nobody paid."""
        return self.tells(order, payment_id, result=0, pg_failure_code="101")

    def set_policy(self, **changes: object) -> None:
        self.policy = replace(self.policy, **changes)


def assert_sound(stall: Stall, thing: str, limit: int) -> None:
    """The counter equals the entries, no more is taken than there is, and nobody both holds and has bought."""
    taken = stall.taken(thing)
    assert taken.counter == taken.units
    assert taken.units <= limit
    assert not set(taken.held) & set(taken.sold)


def assert_settled(stall: Stall, limits: Mapping[str, int]) -> None:
    """What is sold is what the paid orders bought, and no order that is over holds anything."""
    orders = {order.order_id: order for order in stall.all_orders()}
    for thing, limit in limits.items():
        assert_sound(stall, thing, limit)
        buyers = {
            order_id
            for order_id, order in orders.items()
            if order.status is Status.PAID
            and any(place.id == stall.place_id(thing) for place in order.places)
        }
        oversold = {order_id for order_id in buyers if Attention.OVERSOLD in orders[order_id].attention}
        assert buyers - oversold <= set(stall.taken(thing).sold) <= buyers
        holders = {orders[order_id].status for order_id in stall.taken(thing).held}
        assert holders <= {Status.CREATING, Status.PENDING, Status.FAILED}


def survived(work: Callable[[], Any]) -> Any:
    """What the work answers; None where its process died."""
    try:
        return work()
    except ProcessDied:
        return None
