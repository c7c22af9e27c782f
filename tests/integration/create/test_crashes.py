"""The process dies, or an answer is lost, at every single call that creating a payment makes to the outside.

Whatever was struck, the buyer's page repeats its request, and it must end in one order with one payment that
can be paid.
"""

from collections.abc import Callable

import pytest

from paylink.domain.order import Status

from .conftest import MakeShop
from .dying import Fate
from .insisting import PAST_THE_LEASE, Buyer, assert_one_live_payment, assert_paying_it_pays_the_order
from .shop import TICKET, Shop

MOST_CALLS = 40
CONTACTS = {"email": "buyer@example.com", "phone": "+7 777 123 45 67"}
Story = Callable[[Shop, str], Buyer]


def first_creation(shop: Shop, key: str) -> Buyer:
    return Buyer(shop, {"link": "coffee", "customer": CONTACTS}, key)


def first_of_a_cart(shop: Shop, key: str) -> Buyer:
    items = [{"link": "ticket", "quantity": 1}, {"link": "coffee", "quantity": 2}]
    return Buyer(shop, {"items": items}, key)


def after_a_lost_answer(shop: Shop, key: str) -> Buyer:
    buyer = first_creation(shop, key)
    shop.sandbox.faults.add("create", "drop_after")
    assert buyer.ask() is None
    return buyer


def after_a_lost_repeat(shop: Shop, key: str) -> Buyer:
    buyer = after_a_lost_answer(shop, key)
    shop.sandbox.faults.add("create", "drop_after", times=2)
    assert buyer.ask() is None
    shop.sandbox.faults.clear()
    return buyer


def after_a_decline(shop: Shop, key: str) -> Buyer:
    buyer = first_creation(shop, key)
    shop.sandbox.decline(str(buyer.insist().order.payment_id))
    assert shop.order(key).status is Status.FAILED
    return buyer


def after_an_expiry(shop: Shop, key: str) -> Buyer:
    buyer = first_creation(shop, key)
    shop.sandbox.expire(str(buyer.insist().order.payment_id))
    assert shop.order(key).status is Status.EXPIRED
    return buyer


def after_a_lost_further_attempt(shop: Shop, key: str) -> Buyer:
    buyer = after_a_decline(shop, key)
    shop.sandbox.faults.add("create", "drop_after")
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


def dry_run(story: Story, shop: Shop) -> list[str]:
    """The calls to the outside of a story's next request, none of them struck."""
    buyer = story(shop, "nothing-ever-struck")
    shop.watch.disarm()
    buyer.insist()
    return list(shop.watch.calls)


def strike(buyer: Buyer, number: int, fate: Fate) -> None:
    """The buyer's next request meets its fate, and the order must come out of it whole."""
    shop = buyer.shop
    shop.watch.arm(number, fate)
    buyer.ask()
    shop.watch.disarm()
    assert shop.watch.struck is not None, "the call was never made"
    if number % 2:
        # Half of the pages insist at once, the others come back when the lease has ended.
        shop.sandbox.clock.advance(PAST_THE_LEASE)
    assert_one_live_payment(buyer, buyer.insist())
    assert_paying_it_pays_the_order(buyer)


@pytest.mark.parametrize("fate", Fate)
@pytest.mark.parametrize("repeated_key", ["same", "error", "new"])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_every_call_may_be_the_last_one(
    make_shop: MakeShop, story: Story, repeated_key: str, fate: Fate
) -> None:
    shop = make_shop(keep_contacts=7)
    shop.put_link(**TICKET)
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    calls = dry_run(story, shop)
    assert len(calls) >= 7
    failures = []
    for number, name in enumerate(calls):
        shop.sandbox.reset()
        try:
            strike(story(shop, f"struck-at-the-call-{number}"), number, fate)
        except Exception as error:
            failures.append(f"{fate} at call {number}, {name}: {error!r}")
    assert not failures, "\n\n".join(failures)
    keys = ["nothing-ever-struck", *(f"struck-at-the-call-{number}" for number in range(len(calls)))]
    assert sorted(order.order_id for order in shop.order_rows()) == sorted(map(shop.order_id, keys))
