"""A write arrives, its answer is lost, and the SDK sends it again: the condition fails on our own write."""

from typing import Any

import pytest

from integration.create.assertions import assert_one_live_payment, assert_paying_it_pays_the_order
from integration.create.insisting import Buyer
from integration.create.shop import Shop
from paylink.app.attempt import SILENCE
from paylink.domain.errors import GatewaySilent
from paylink.domain.order import Order, Status


class Twice:
    """An order store to which every write is sent twice, as the SDK does after an answer that got lost."""

    def __init__(self, orders: Any) -> None:
        self._orders = orders
        self.repeats = 0

    def claim(self, order: Order) -> Order | None:
        self._orders.claim(order)
        self.repeats += 1
        return self._orders.claim(order)

    def save(self, known: Order, changed: Order) -> Order | None:
        self._orders.save(known, changed)
        self.repeats += 1
        return self._orders.save(known, changed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._orders, name)


@pytest.fixture
def twice(shop: Shop) -> Twice:
    return Twice(shop.orders)


def test_a_first_creation(buyer: Buyer, twice: Twice) -> None:
    creation = buyer.ask(orders=twice)
    assert creation is not None
    assert (creation.made, twice.repeats) == (True, 2)
    assert_one_live_payment(buyer, creation)
    assert len(buyer.shop.payments()) == 1
    assert_paying_it_pays_the_order(buyer)


@pytest.mark.parametrize("repeated_key", ["same", "error", "new"])
def test_a_continuation(buyer: Buyer, twice: Twice, repeated_key: str) -> None:
    shop = buyer.shop
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    shop.sandbox.faults.add("create", "drop_after")
    assert buyer.ask(orders=twice) is None
    assert shop.order().status is Status.CREATING
    creation = buyer.ask(orders=twice)
    assert creation is not None
    assert creation.made
    assert_one_live_payment(buyer, creation)
    assert len(shop.payments()) == (1 if repeated_key == "same" else 2)
    assert_paying_it_pays_the_order(buyer)


@pytest.mark.parametrize("end", ["decline", "expire"])
@pytest.mark.parametrize("told", [True, False])
def test_a_further_attempt(buyer: Buyer, twice: Twice, end: str, told: bool) -> None:
    shop = buyer.shop
    first = buyer.insist().order
    if not told:
        shop.sandbox.faults.add("result", "lost", times=None)
    getattr(shop.sandbox, end)(str(first.payment_id))
    shop.sandbox.faults.clear()
    if not told:
        # Nobody told, so the page is thought to be good until its time is over.
        assert buyer.insist().order == first
        shop.sandbox.clock.advance(3601)
    creation = buyer.ask(orders=twice)
    assert creation is not None
    assert creation.made
    assert_one_live_payment(buyer, creation)
    assert len(shop.payments()) == 2
    assert_paying_it_pays_the_order(buyer)


def test_giving_up(buyer: Buyer, twice: Twice) -> None:
    shop = buyer.shop
    shop.sandbox.faults.add("create", "drop_before")
    with pytest.raises(GatewaySilent):
        shop.ask(buyer.body, orders=twice)
    order = shop.order()
    assert (order.status, order.lease_owner, order.waiting) == (Status.CREATING, None, True)
    assert order.lease_until is not None
    assert order.lease_until <= shop.now() + SILENCE
