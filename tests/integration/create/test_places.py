"""A link of which only so many are sold: who holds a place, who gets it next, and that none is lost."""

import pytest

from integration.create.insisting import Buyer
from integration.create.shop import TICKET, Shop
from paylink.domain.errors import GatewayRefused, SoldOut
from paylink.domain.order import Status
from paylink.domain.place import LONGEST_HOLD, Place

LAST_ONE = Place("ticket", 1, 1)
A, B, C = "key-of-the-first-buyer", "key-of-the-second-buyer", "key-of-the-third-buyer"


@pytest.fixture
def last_ticket(shop: Shop) -> Shop:
    """A shop with one ticket left."""
    shop.put_link(**{**TICKET, "limit": 1})
    return shop


def buyer(shop: Shop, key: str) -> Buyer:
    return Buyer(shop, {"link": "ticket"}, key)


def test_the_last_place_is_held_for_whoever_comes_first(last_ticket: Shop) -> None:
    shop = last_ticket
    first = buyer(shop, A).insist().order
    assert first.lifetime == LONGEST_HOLD
    with pytest.raises(SoldOut):
        buyer(shop, B).insist()
    assert shop.order(B).status is Status.REFUSED
    assert shop.payments(B) == []
    assert buyer(shop, A).insist().order == first
    shop.sandbox.pay(str(first.payment_id))
    assert shop.order(A).status is Status.PAID
    with pytest.raises(SoldOut):
        buyer(shop, B).insist()


def test_a_place_comes_back_when_its_payment_expires(last_ticket: Shop) -> None:
    shop = last_ticket
    first = buyer(shop, A).insist().order
    with pytest.raises(SoldOut):
        buyer(shop, B).insist()
    shop.sandbox.expire(str(first.payment_id))
    second = buyer(shop, B).insist()
    assert (second.made, second.order.status) == (True, Status.PENDING)
    with pytest.raises(SoldOut):
        buyer(shop, A).insist()
    assert shop.order(A).status is Status.EXPIRED


def test_a_payment_refused_for_good_holds_no_place(last_ticket: Shop) -> None:
    """Nobody will ever pay it, and no callback will ever come that could give the place back."""
    shop = last_ticket
    shop.sandbox.faults.add("create", "error", code="200", description="wrong")
    with pytest.raises(GatewayRefused):
        buyer(shop, A).insist()
    assert shop.places.left(LAST_ONE) == 1
    assert buyer(shop, B).insist().made


def test_a_further_attempt_refused_for_good_holds_no_place(last_ticket: Shop) -> None:
    shop = last_ticket
    first = buyer(shop, A).insist().order
    shop.sandbox.expire(str(first.payment_id))
    shop.sandbox.faults.add("create", "error", code="200", description="wrong")
    with pytest.raises(GatewayRefused):
        buyer(shop, A).insist()
    assert shop.places.left(LAST_ONE) == 1


def test_a_cart_takes_all_its_places_or_none(last_ticket: Shop) -> None:
    shop = last_ticket
    shop.put_link(**{**TICKET, "id": "meal", "limit": 5})
    assert buyer(shop, A).insist().made
    cart = {"items": [{"link": "meal", "quantity": 2}, {"link": "ticket"}]}
    with pytest.raises(SoldOut):
        Buyer(shop, cart, B).insist()
    assert shop.places.left(Place("meal", 2, 5)) == 5


def test_with_a_check_call_a_place_is_taken_when_the_card_is(last_ticket: Shop) -> None:
    shop = last_ticket
    shop.set_policy(check_call=True)
    shop.sandbox.settings.update({"check_call": True})
    first, second = buyer(shop, A).insist().order, buyer(shop, B).insist().order
    assert first.lifetime > LONGEST_HOLD
    shop.sandbox.pay(str(second.payment_id))
    assert shop.order(B).status is Status.PAID
    refused = shop.sandbox.pay(str(first.payment_id))
    assert refused.refusal
    assert shop.order(A).status is Status.PENDING
    with pytest.raises(SoldOut):
        buyer(shop, C).insist()
    assert shop.payments(C) == []
