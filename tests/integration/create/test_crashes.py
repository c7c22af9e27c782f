"""The process dies, or an answer is lost, at every single call that creating a payment makes to the outside.

Whatever was struck, the buyer's page repeats its request, and it must end in one order with one payment that
can be paid.
"""

import itertools
from collections.abc import Callable

import pytest

from integration.create.assertions import assert_one_live_payment, assert_paying_it_pays_the_order
from integration.create.conftest import MakeShop
from integration.create.dying import Fate
from integration.create.insisting import PAST_THE_LEASE, PAST_THE_LIFETIME, Buyer
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
    *itertools.product([after_a_lost_repeat], KEY_MODES, [Fate.DIES_AFTER]),
    *itertools.product([after_a_lost_further_attempt], KEY_MODES, [Fate.ANSWER_LOST]),
    (after_an_expiry, "same", Fate.DIES_AFTER),
]
READS = {"merchant.keys", "stack.key", "links.get", "orders.get", "gateway.status"}
"""Calls without an effect: dying after one is dying before the next, losing its answer is not reaching it."""
NOTHING_LOST_YET = {first_creation, after_a_decline}


def tells_something(calls: list[str], number: int, story: Story, repeated_key: str, fate: Fate) -> bool:
    """Whether no other case is the very same: half of the product of all that varies would be."""
    if calls[number] in READS and fate in {Fate.DIES_AFTER, Fate.ANSWER_LOST}:
        return False
    # Until a payment is lost, what the gateway does with repeated keys plays no part.
    plays_a_part = story not in NOTHING_LOST_YET or number >= calls.index("gateway.create")
    return repeated_key == "same" or plays_a_part


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
    # Some pages insist at once, some come back when the lease has ended, some when every payment has expired.
    shop.sandbox.clock.advance((0, PAST_THE_LEASE, PAST_THE_LIFETIME)[number % 3])
    assert_one_live_payment(buyer, buyer.insist())
    assert_paying_it_pays_the_order(buyer)


@pytest.mark.parametrize(
    ("story", "repeated_key", "fate"), MATRIX, ids=lambda part: getattr(part, "__name__", part)
)
def test_every_call_may_be_the_last_one(
    make_shop: MakeShop, story: Story, repeated_key: str, fate: Fate
) -> None:
    shop = make_shop(keep_contacts=7)
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    calls = dry_run(story, shop)
    assert len(calls) >= 7
    struck = [
        number for number in range(len(calls)) if tells_something(calls, number, story, repeated_key, fate)
    ]
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


@pytest.mark.parametrize("fate", Fate)
def test_every_call_may_be_the_last_one_though_the_result_came_before_the_answer(
    shop: Shop, fate: Fate
) -> None:
    """The buyer's money is there while the call that made the payment still runs: it is never lost or doubled."""
    calls = dry_run(first_creation, shop)
    failures = []
    for number, name in enumerate(calls):
        shop.sandbox.reset()
        key = f"struck-at-the-call-{number}"
        buyer = first_creation(shop, key)
        shop.sandbox.faults.add("result", "early")
        shop.watch.arm(number, fate)
        buyer.ask()
        shop.watch.disarm()
        order = buyer.insist().order
        (payment,) = shop.payments(key)
        stands = (order.status, order.payment_id, order.lease_until, order.waiting, list(order.payments))
        if stands != (Status.PAID, payment.payment_id, None, False, [payment.payment_id]):
            failures.append(f"{fate} at call {number}, {name}: {order}")
        assert shop.order(key) == order
    assert not failures, "\n\n".join(failures)


@pytest.mark.parametrize("fate", Fate)
def test_every_call_may_be_the_last_one_and_the_places_still_add_up(shop: Shop, fate: Fate) -> None:
    shop.put_link(**TICKET)
    calls = dry_run(first_of_a_cart, shop)
    assert "places.hold" in calls
    for number in range(len(calls)):
        strike(first_of_a_cart(shop, f"struck-at-the-call-{number}"), number, fate)
    place = shop.order("struck-at-the-call-0").places[0]
    # The order of the dry run expired unpaid meanwhile, and gave its place back.
    assert shop.places.left(place) == place.limit - len(calls)
