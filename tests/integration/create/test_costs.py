"""What a payment costs in requests and capacity, told by AWS's own engine."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from engines.metering import Meter, metered
from integration.create.insisting import Buyer
from integration.create.shop import KEY, Shop
from paylink.adapters.order_row import marshal, to_row
from paylink.domain.offer import Offer, write_token
from paylink.domain.order import Order, Status

pytestmark = pytest.mark.dynamodb_local

MOST_WRITE_UNITS = 6
MOST_INDEX_WRITES = 3


@pytest.fixture
def meter(engine_shop: Shop) -> Iterator[Meter]:
    """Counts what goes to the table from the end of the shop's making on."""
    with metered(engine_shop.dynamodb) as meter:
        yield meter


@pytest.fixture
def offer(engine_shop: Shop) -> dict[str, object]:
    now = engine_shop.now()
    title = "Чехол для телефона, прозрачный, три кармашка для карт"
    offer = Offer("case-7", title, 250_000, "KZT", now, now + timedelta(days=1))
    return {"offer": write_token(offer, engine_shop.stack_key)}


def test_the_plain_path_takes_three_requests_and_six_units(
    engine_shop: Shop, meter: Meter, offer: dict[str, object]
) -> None:
    shop = engine_shop
    creation = shop.ask(offer)
    assert meter.operations == ["PutItem", "UpdateItem"]
    shop.sandbox.pay(str(creation.order.payment_id))
    assert meter.operations == ["PutItem", "UpdateItem", "UpdateItem"]
    assert meter.failed == []
    assert 3 < meter.units <= MOST_WRITE_UNITS
    assert 0 < meter.index_writes <= MOST_INDEX_WRITES
    assert shop.order().status is Status.PAID


def test_a_replay_of_an_offer_costs_one_put_that_fails(
    engine_shop: Shop, meter: Meter, offer: dict[str, object]
) -> None:
    first = engine_shop.ask(offer)
    meter.reset()
    again = engine_shop.ask(offer)
    assert (again.made, again.order) == (False, first.order)
    assert meter.operations == ["PutItem"]
    assert meter.failed == ["ConditionalCheckFailedException"]


def test_a_link_costs_one_read_more(engine_shop: Shop, meter: Meter) -> None:
    engine_shop.ask({"link": "coffee"})
    assert meter.operations == ["GetItem", "PutItem", "UpdateItem"]
    meter.reset()
    engine_shop.ask({"link": "coffee"})
    assert meter.operations == ["GetItem", "PutItem"]
    assert meter.failed == ["ConditionalCheckFailedException"]


def test_a_cart_reads_all_its_links_with_one_request(engine_shop: Shop, meter: Meter) -> None:
    for number in range(49):
        engine_shop.put_link(id=f"mug-{number}", title="Mug", price="100", currency="KZT")
    meter.reset()
    items = [{"link": "coffee"}, *({"link": f"mug-{number}"} for number in range(49))]
    assert engine_shop.ask({"items": items}).made
    assert meter.operations == ["BatchGetItem", "PutItem", "UpdateItem"]


def test_a_repeated_result_costs_one_write_that_fails(
    engine_shop: Shop, meter: Meter, offer: dict[str, object]
) -> None:
    creation = engine_shop.ask(offer)
    engine_shop.sandbox.faults.add("result", "doubled")
    meter.reset()
    engine_shop.sandbox.pay(str(creation.order.payment_id))
    assert meter.operations == ["UpdateItem", "UpdateItem"]
    assert meter.failed == ["ConditionalCheckFailedException"]


def test_a_further_attempt_stays_bounded(engine_shop: Shop, meter: Meter) -> None:
    buyer = Buyer(engine_shop, {"link": "coffee"}, KEY)
    creation = buyer.insist()
    engine_shop.sandbox.decline(str(creation.order.payment_id))
    meter.reset()
    assert buyer.insist().made
    assert meter.operations == ["GetItem", "PutItem", "UpdateItem", "UpdateItem", "UpdateItem"]


def size(order: Order) -> int:
    """Bytes of a row as DynamoDB counts them (Developer Guide, item sizes), to the safe side."""
    return sum(len(name) + size_of(entry) for name, entry in marshal(to_row(order)).items())


def size_of(entry: Mapping[str, Any]) -> int:
    ((kind, held),) = entry.items()
    if kind == "S":
        return len(held.encode())
    if kind == "N":
        return len(held) // 2 + 2
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + size_of(part) for name, part in held.items())
    if kind == "L":
        return 3 + sum(1 + size_of(part) for part in held)
    assert kind == "BOOL", json.dumps(entry)
    return 1


def test_a_row_of_the_plain_path_stays_under_one_unit(engine_shop: Shop, offer: dict[str, object]) -> None:
    """With the addresses of the real gateway and a reference, a name and a way back of the shop's own."""
    shop = engine_shop
    asked = {
        **offer,
        "reference": "INV-2026/000017",
        "metadata": {"utm_source": "instagram"},
        "success_url": "https://shop.example/thanks?from=cart",
        "failure_url": "https://shop.example/sorry?from=cart",
    }
    creation = shop.ask(asked)
    assert size(shop.order()) < 1024
    shop.sandbox.pay(str(creation.order.payment_id))
    assert shop.order().status is Status.PAID
    assert size(shop.order()) < 1024
