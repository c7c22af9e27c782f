"""The process dies, or an answer is lost, at every single call that an operation makes to the outside.

Whatever was struck, either the operator repeats the request with its key, or reconcile syncs the order; the
sums at the gateway and in the table end equal, and the money moved once at most.
"""

import itertools
from contextlib import suppress
from typing import NamedTuple

import pytest

from integration.create.dying import Fate, ProcessDied
from integration.operations.office import Office, fresh_key
from integration.operations.sums import assert_equal_sums, gateway_refunds
from paylink.domain.errors import PaylinkError
from paylink.domain.operation import OperationState
from paylink.domain.order import Order, Status

pytestmark = pytest.mark.dynamodb_local

PAST_THE_LEASE = 31.0
READS = {"merchant.keys", "stack.key", "orders.get", "gateway.status"}


class Story(NamedTuple):
    kind: str
    order: str
    document: dict[str, str]
    status: Status
    refunds: list[int]


STORIES = {
    "refund": Story("refund", "sold", {}, Status.REFUNDED, [150_000]),
    "part": Story("refund", "sold", {"amount": "500"}, Status.PARTIALLY_REFUNDED, [50_000]),
    "capture": Story("capture", "held", {}, Status.PAID, []),
    "capture part": Story("capture", "held", {"amount": "1000"}, Status.PAID, []),
    "cancel": Story("cancel", "held", {}, Status.CANCELLED, []),
    "cancel pending": Story("cancel", "pending", {}, Status.CANCELLED, []),
}
LAGS = (0, 40)
"""Seconds for which the status shows the sums from before; the longer one outlives the lease."""


@pytest.fixture
def office(engine_office: Office) -> Office:
    """On AWS's own engine."""
    return engine_office


def struck_calls(office: Office, story: Story) -> list[str]:
    """The calls to the outside of a story, none of them struck."""
    order = getattr(office, story.order)()
    office.shop.watch.disarm()
    office.run(story.kind, order, **story.document)
    calls = office.shop.watch.calls
    office.shop.watch.disarm()
    return calls


def cases(calls: list[str]) -> list[tuple[int, Fate]]:
    """Dying after a read is dying before the next call, losing its answer is not reaching it."""
    return [
        (number, fate)
        for number, fate in itertools.product(range(len(calls)), Fate)
        if not (calls[number] in READS and fate in {Fate.DIES_AFTER, Fate.ANSWER_LOST})
    ]


def strike(office: Office, story: Story, number: int, fate: Fate) -> tuple[Order, str]:
    """The order after the request of the story met its fate, and the key of the request."""
    order, key = getattr(office, story.order)(), fresh_key()
    office.shop.watch.arm(number, fate)
    with suppress(ProcessDied, PaylinkError):
        office.run(story.kind, order, key, **story.document)
    assert office.shop.watch.struck is not None
    office.shop.watch.disarm()
    office.sandbox.clock.advance(PAST_THE_LEASE)
    return order, key


@pytest.mark.parametrize("lag", LAGS)
@pytest.mark.parametrize("name", STORIES)
def test_the_same_key_later_ends_it(office: Office, name: str, lag: int) -> None:
    story = STORIES[name]
    office.sandbox.settings.update({"lag_seconds": lag})
    for number, fate in cases(struck_calls(office, story)):
        order, key = strike(office, story, number, fate)
        result = office.insist(story.kind, order, key, **story.document)
        after = assert_equal_sums(office, order.order_id)
        assert after.operation is None
        if result.operation.state is OperationState.DONE:
            assert after.status is story.status
            assert gateway_refunds(office, order.order_id) == story.refunds
        else:
            # It never came to the gateway's ears: nothing was moved, and a fresh key does it.
            assert result.operation.state is OperationState.REFUSED
            assert (after.status, gateway_refunds(office, order.order_id)) == (order.status, [])
            again = office.run(story.kind, order, **story.document)
            assert again.operation.state is OperationState.DONE
            after = assert_equal_sums(office, order.order_id)
            assert (after.status, gateway_refunds(office, order.order_id)) == (story.status, story.refunds)
        assert office.insist(story.kind, order, key, **story.document).operation == result.operation


@pytest.mark.parametrize("lag", LAGS)
@pytest.mark.parametrize("name", STORIES)
def test_a_sync_finds_out_how_it_ended(office: Office, name: str, lag: int) -> None:
    story = STORIES[name]
    office.sandbox.settings.update({"lag_seconds": lag})
    for number, fate in cases(struck_calls(office, story)):
        order, key = strike(office, story, number, fate)
        claimed = office.order(order.order_id).operation is not None
        assert not claimed or office.order(order.order_id).waiting
        after = office.sync_until_quiet(order)
        assert after.sequence == assert_equal_sums(office, order.order_id).sequence
        moved = after.status is story.status
        assert gateway_refunds(office, order.order_id) == (story.refunds if moved else [])
        if claimed or moved:
            (operation,) = after.operations.values()
            assert operation.state is (OperationState.DONE if moved else OperationState.REFUSED)
            assert office.run(story.kind, order, key, **story.document).operation == operation


@pytest.mark.parametrize("name", ["refund", "capture", "cancel"])
def test_a_sync_that_dies_loses_nothing(office: Office, name: str) -> None:
    story = STORIES[name]
    for number in range(1, 8):
        order = getattr(office, story.order)()
        office.sandbox.faults.add({"capture": "clearing"}.get(story.kind, story.kind), "drop_after")
        assert office.run(story.kind, order).operation.state is OperationState.UNKNOWN
        for fate in (Fate.DIES_BEFORE, Fate.DIES_AFTER, Fate.ANSWER_LOST):
            office.shop.watch.arm(number, fate)
            with suppress(ProcessDied, PaylinkError):
                office.sync(order)
            office.shop.watch.disarm()
        after = office.sync_until_quiet(order)
        assert after.sequence == assert_equal_sums(office, order.order_id).sequence
        assert after.status is story.status
        assert gateway_refunds(office, order.order_id) == story.refunds
