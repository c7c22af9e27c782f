"""Crashes, lost answers, failing gateway calls, declines and waiting, in any mixture that chance brings.

The seeds are fixed: what fails once fails again.
"""

import random
from collections.abc import Callable

import pytest

from integration.create.assertions import assert_one_live_payment, assert_paying_it_pays_the_order
from integration.create.dying import Fate
from integration.create.insisting import PAST_THE_LEASE, PAST_THE_LIFETIME, Buyer
from integration.create.shop import KEY, Shop
from paylink.domain.order import Status

STEPS = 10
CREATE_FAULTS = (
    "drop_before",
    "drop_after",
    "http_500",
    "html",
    "wrong_signature",
    "error",
    "error_then_paid",
)
STATUS_FAULTS = ("drop_before", "http_500", "html", "error")

Step = Callable[[Buyer, random.Random], object]


def a_struck_request(buyer: Buyer, chance: random.Random) -> None:
    buyer.shop.watch.arm(chance.randrange(14), chance.choice(list(Fate)))
    buyer.ask()
    buyer.shop.watch.disarm()


def a_failing_create_call(buyer: Buyer, chance: random.Random) -> None:
    kind = chance.choice(CREATE_FAULTS)
    created = kind in {"http_500", "html", "error"} and chance.random() < 0.5
    buyer.shop.sandbox.faults.add("create", kind, created=created)
    buyer.ask()
    buyer.shop.sandbox.faults.clear()


def a_failing_status_call(buyer: Buyer, chance: random.Random) -> None:
    buyer.shop.sandbox.faults.add("status", chance.choice(STATUS_FAULTS))
    buyer.ask()
    buyer.shop.sandbox.faults.clear()


def a_plain_request(buyer: Buyer, chance: random.Random) -> None:
    buyer.ask()


def a_declined_card(buyer: Buyer, chance: random.Random) -> None:
    handed_out = [payment for payment in map(buyer.shop.payment_of, buyer.pages) if payment.open]
    if handed_out:
        buyer.shop.sandbox.decline(handed_out[-1].payment_id)


def a_pause(buyer: Buyer, chance: random.Random) -> None:
    buyer.shop.sandbox.clock.advance(chance.choice([1, 6, PAST_THE_LEASE, PAST_THE_LIFETIME]))


STORM: tuple[tuple[Step, int], ...] = (
    (a_struck_request, 5),
    (a_failing_create_call, 4),
    (a_failing_status_call, 1),
    (a_plain_request, 2),
    (a_declined_card, 2),
    (a_pause, 3),
)


@pytest.mark.parametrize("repeated_key", ["same", "error", "new"])
@pytest.mark.parametrize("seed", range(6))
def test_whatever_happened_it_ends_in_one_payment(shop: Shop, repeated_key: str, seed: int) -> None:
    chance = random.Random(f"{seed} {repeated_key}")  # noqa: S311 — a reproducible mixture, no secret
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    buyer = Buyer(shop, {"link": "coffee"}, KEY)
    steps, weights = zip(*STORM, strict=True)
    for step in chance.choices(steps, weights, k=STEPS):
        step(buyer, chance)
        live = [payment for payment in map(shop.payment_of, buyer.pages) if payment.open]
        assert len(live) <= 1, f"two pages can be paid after {step.__name__}"
    assert_one_live_payment(buyer, buyer.insist())
    assert_paying_it_pays_the_order(buyer)
    (order,) = shop.order_rows()
    assert order.status is Status.PAID
