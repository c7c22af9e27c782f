"""The process dies, or an answer is lost, at every single call that creating a payment makes to the outside.

Whatever was struck, the buyer's page repeats its request, and it must end in one order with one payment that
can be paid.
"""

import itertools
from collections.abc import Callable

import pytest

from .conftest import MakeShop
from .dying import Fate
from .insisting import PAST_THE_LEASE, Buyer, assert_one_live_payment, assert_paying_it_pays_the_order
from .shop import TICKET

MOST_CALLS = 40
Story = Callable[[MakeShop], Buyer]


def first_creation(make_shop: MakeShop) -> Buyer:
    return Buyer(make_shop(keep_contacts=7), {"link": "coffee", "customer": {"email": "a@example.com"}})


def first_of_a_cart(make_shop: MakeShop) -> Buyer:
    shop = make_shop()
    shop.put_link(**TICKET)
    return Buyer(shop, {"items": [{"link": "ticket", "quantity": 1}, {"link": "coffee", "quantity": 2}]})


def after_a_lost_answer(make_shop: MakeShop) -> Buyer:
    buyer = first_creation(make_shop)
    buyer.shop.sandbox.faults.add("create", "drop_after")
    assert buyer.ask() is None
    return buyer


def after_a_lost_repeat(make_shop: MakeShop) -> Buyer:
    buyer = after_a_lost_answer(make_shop)
    buyer.shop.sandbox.faults.add("create", "drop_after")
    buyer.shop.sandbox.faults.add("create", "drop_after")
    assert buyer.ask() is None
    return buyer


def after_a_decline(make_shop: MakeShop) -> Buyer:
    buyer = first_creation(make_shop)
    creation = buyer.insist()
    buyer.shop.sandbox.decline(str(creation.order.payment_id))
    assert buyer.shop.order().status == "failed"
    return buyer


def after_an_expiry(make_shop: MakeShop) -> Buyer:
    buyer = first_creation(make_shop)
    creation = buyer.insist()
    buyer.shop.sandbox.expire(str(creation.order.payment_id))
    assert buyer.shop.order().status == "expired"
    return buyer


def after_a_lost_further_attempt(make_shop: MakeShop) -> Buyer:
    buyer = after_a_decline(make_shop)
    buyer.shop.sandbox.faults.add("create", "drop_after")
    assert buyer.ask() is None
    return buyer


STORIES = (
    first_creation,
    first_of_a_cart,
    after_a_lost_answer,
    after_a_lost_repeat,
    after_a_decline,
    after_an_expiry,
    after_a_lost_further_attempt,
)


def struck(story: Story, make_shop: MakeShop, number: int, fate: Fate) -> str | None:
    """What was struck when the call of this number met its fate; None where there is no such call."""
    buyer = story(make_shop)
    shop = buyer.shop
    shop.watch.arm(number, fate)
    buyer.ask()
    place = shop.watch.struck
    shop.watch.disarm()
    if number % 2:
        # Half of the pages insist at once, the others come back when the lease has ended.
        shop.sandbox.clock.advance(PAST_THE_LEASE)
    try:
        assert_one_live_payment(buyer, buyer.insist())
        assert_paying_it_pays_the_order(buyer)
    except (AssertionError, Exception) as error:
        error.add_note(f"struck: {place}")
        raise
    return place


@pytest.mark.parametrize("fate", Fate)
@pytest.mark.parametrize("repeated_key", ["same", "error", "new"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_every_call_may_be_the_last_one(
    make_shop: MakeShop, story: Story, repeated_key: str, fate: Fate
) -> None:
    places, failures = [], []
    for number in itertools.count():
        assert number < MOST_CALLS, "the request never ended"
        shops_settings = {"repeated_key": repeated_key}

        def make(**more):
            shop = make_shop(**more)
            shop.sandbox.reset()
            shop.sandbox.settings.update(shops_settings)
            return shop

        try:
            place = struck(story, make, number, fate)
        except Exception as error:
            failures.append((error, error.__notes__))
            place = "x"
        if place is None:
            break
        places.append(place)
    assert len(places) >= 7, places
    assert not failures, "\n".join(f"{e!r:.600} {n}" for e, n in failures)
