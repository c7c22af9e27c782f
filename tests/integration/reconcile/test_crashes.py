"""A run dies, or loses an answer, at each call to the outside: the runs after it end where they should."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from integration.create.dying import Fate, ProcessDied, Watch, Watched
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.runs import Runs
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.adapters.waiting_index import WaitingIndex
from paylink.adapters.watches import Watches
from paylink.app.asking import Asking
from paylink.app.hold_policy import HoldPolicy
from paylink.app.operations import Operations
from paylink.app.pace import Pace, PacedGateway
from paylink.app.reconcile import Reconcile
from paylink.app.sync import Sync
from paylink.domain.clock import utc_now
from paylink.domain.errors import PaylinkError
from paylink.domain.order import Order, Status
from paylink.freedompay.client import FreedomPayClient

from .stack import Stack

pytestmark = [pytest.mark.dynamodb_local, pytest.mark.timeout(300)]


READS = {
    "orders.get",
    "index.made",
    "index.waiting",
    "index.due",
    "index.look",
    "gateway.status",
    "watches.get",
}
"""Calls without an effect: dying after one is dying before the next, losing its answer is not reaching it."""


class Quiet:
    """Signals of which only what is asked for is kept."""

    def count(self, name: str) -> None:
        """Nothing."""

    def measure(self, name: str, seconds: float) -> None:
        """Nothing."""

    def note(self, event: str, **ids: object) -> None:
        """Nothing."""

    warn = note


def process(stack: Stack, watch: Watch, policy: str = "capture") -> Reconcile:
    """One process of reconcile, each of whose calls to the outside is watched."""
    table, dynamodb = stack.deployment.table, stack.deployment.dynamodb
    client = FreedomPayClient(stack.gateway_url)

    def watched(name: str, outside: object):
        return Watched(name, outside, watch)

    orders, places = watched("orders", Orders(dynamodb, table)), watched("places", Places(dynamodb, table))
    watches = watched("watches", Watches(dynamodb, table))
    merchant = MerchantSecret(stack.deployment.secrets, stack.deployment.merchant_secret)
    pace = Pace(now=utc_now, tick=time.monotonic, sleep=lambda _: None)
    gateway = PacedGateway(watched("gateway", client), pace)
    signals = Quiet()
    sync = Sync(orders=orders, places=places, gateway=gateway, merchant=merchant, signals=signals)
    operations = Operations(
        orders=orders,
        places=places,
        gateway=gateway,
        stack=StackSecret(stack.deployment.secrets, stack.deployment.stack_secret),
        sync=sync,
        signals=signals,
    )
    holds = HoldPolicy(policy, orders=orders, operations=operations, signals=signals)
    return Reconcile(
        runs=watched("runs", Runs(dynamodb, table)),
        index=watched("index", WaitingIndex(dynamodb, table)),
        watches=watches,
        asking=Asking(orders=orders, places=places, watches=watches, sync=sync, signals=signals, holds=holds),
        pace=pace,
        signals=signals,
        tick=time.monotonic,
    )


def struck_everywhere(
    stack: Stack, fate: Fate, prepare: Callable[[], str], settled: Callable[[Order], bool]
) -> list[str]:
    """Strikes each call of a run once, a fresh order for each, and sees to it that later runs end it well."""
    order_id, calm = prepare(), Watch()
    process(stack, calm)(55.0)
    assert settled(stack.order(order_id)), "a run that nothing strikes ends it"
    struck = []
    for at, name in enumerate(calm.calls):
        if name in READS and fate in {Fate.DIES_AFTER, Fate.ANSWER_LOST}:
            continue
        order_id = prepare()
        watch = Watch()
        watch.arm(at, fate)
        with suppress(ProcessDied, PaylinkError):
            process(stack, watch)(55.0)
        assert watch.struck is not None, f"{name} was never called"
        struck.append(watch.struck)
        for _ in range(20):
            stack.sandbox.clock.advance(120)
            process(stack, Watch())(55.0)
            if settled(stack.order(order_id)):
                break
        assert settled(stack.order(order_id)), watch.struck
        # Whatever note is left of it leaves the queue by itself.
        stack.sandbox.clock.advance(400)
        process(stack, Watch())(55.0)
        note = stack.deployment.row(order_id, "watch")
        assert ("waiting" in note) is stack.order(order_id).waiting, watch.struck
        assert "lease_until" not in note, watch.struck
    assert calm.calls[-1] == "runs.end"
    return struck


@pytest.mark.parametrize("fate", list(Fate))
def test_a_lost_callback_is_found_wherever_a_run_is_struck(fate: Fate, stack: Stack) -> None:
    stack.put_link(limit=1_000)

    def paid_long_ago() -> str:
        order_id = stack.create()
        stack.pay(order_id)
        stack.sandbox.clock.advance(240)
        return order_id

    def settled(order: Order) -> bool:
        return order.status is Status.PAID and not order.waiting

    struck = struck_everywhere(stack, fate, paid_long_ago, settled)
    assert len(struck) >= (15 if fate in {Fate.DIES_BEFORE, Fate.NOT_REACHED} else 7)
    for row in stack.deployment.rows():
        if row["sk"] == "order":
            payment = stack.sandbox.payment(row["payment_id"])
            assert row["captured_amount"] == row["amount"] == payment.amount * 100
    assert len(stack.sandbox.payments()) == sum(row["sk"] == "order" for row in stack.deployment.rows())
    places = stack.deployment.row("places", "test:coffee")
    assert places["taken"] == len(stack.sandbox.payments())


@pytest.mark.parametrize("fate", list(Fate))
def test_a_hold_is_captured_once_wherever_a_run_is_struck(fate: Fate, stack: Stack) -> None:
    stack.put_link(capture="manual")

    def held_for_four_days() -> str:
        order_id = stack.create()
        stack.pay(order_id)
        stack.sandbox.clock.advance(240)
        process(stack, Watch())(55.0)
        order = stack.order(order_id)
        assert order.held_at is not None
        # The hold is old by the row alone: the sandbox would clear one that is.
        aged = order.changed(stack.sandbox.clock.now(), held_at=order.held_at - timedelta(days=4))
        stack.deployment.put_order(aged)
        stack.sandbox.clock.advance(7 * 3_600)
        return order_id

    def settled(order: Order) -> bool:
        # Where the call was lost on its way it is never sent again by itself: the owner is told instead.
        told = order.status is Status.AUTHORIZED and order.hold_alerted_at is not None
        return (order.status is Status.PAID or told) and order.operation is None

    struck = struck_everywhere(stack, fate, held_for_four_days, settled)
    assert any("gateway.capture" in one for one in struck)
    sent = [str(one.fields) for one in stack.sandbox.requests if "clearing" in one.path]
    for payment in stack.sandbox.payments():
        assert sum(payment.payment_id in fields for fields in sent) <= 1
        order = stack.order(payment.order_id)
        assert (order.status is Status.PAID) is payment.captured
        assert order.captured_amount == (payment.amount * 100 if payment.captured else 0)
