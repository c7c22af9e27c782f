"""The process dies, or an answer is lost, at every single call that creating a payment makes to the outside.

Whatever was struck, the buyer's page repeats its request, and it must end in one order with one payment that
can be paid.
"""

import itertools
from collections.abc import Callable

import pytest

from integration.create.conftest import MakeShop
from integration.create.dying import Fate
from integration.create.insisting import (
    PAST_THE_LEASE,
    Buyer,
    assert_one_live_payment,
    assert_paying_it_pays_the_order,
)
from integration.create.shop import TICKET, Shop
from paylink.domain.order import Status

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


KEY_MODES = ("same", "error", "new")
MATRIX = [
    *itertools.product((first_creation, after_a_lost_answer, after_a_decline), KEY_MODES, Fate),
    *itertools.product(
        (after_a_lost_repeat, after_a_lost_further_attempt), KEY_MODES, (Fate.DIES_AFTER, Fate.ANSWER_LOST)
    ),
    *itertools.product((first_of_a_cart, after_an_expiry), ["same"], (Fate.DIES_AFTER, Fate.ANSWER_LOST)),
]
READS = {"merchant.keys", "stack.key", "links.get", "orders.get", "gateway.status"}
"""Calls without an effect: dying after one is dying before the next, losing its answer is not reaching it."""


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


@pytest.mark.parametrize(
    ("story", "repeated_key", "fate"), MATRIX, ids=lambda part: getattr(part, "__name__", part)
)
def test_every_call_may_be_the_last_one(
    make_shop: MakeShop, story: Story, repeated_key: str, fate: Fate
) -> None:
    shop = make_shop(keep_contacts=7)
    shop.put_link(**TICKET)
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    calls = dry_run(story, shop)
    assert len(calls) >= 7
    on_reads_too = fate in {Fate.DIES_BEFORE, Fate.NOT_REACHED}
    struck = [number for number, name in enumerate(calls) if on_reads_too or name not in READS]
    failures = []
    for number in struck:
        shop.sandbox.reset()
        try:
            strike(story(shop, f"struck-at-the-call-{number}"), number, fate)
        except Exception as error:  # noqa: BLE001 — each call is tried, and all that failed are told at once
            failures.append(f"{fate} at call {number}, {calls[number]}: {error!r}")
    assert not failures, "\n\n".join(failures)
    keys = ["nothing-ever-struck", *(f"struck-at-the-call-{number}" for number in struck)]
    assert sorted(order.order_id for order in shop.order_rows()) == sorted(map(shop.order_id, keys))
