"""What the gateway may answer to an operation, and what it shows afterwards."""

from typing import NamedTuple

import pytest

from integration.create.dying import Fate, ProcessDied
from integration.operations.office import Office, fresh_key
from integration.operations.sums import assert_equal_sums, gateway_refunds
from paylink.domain.errors import GatewayMisconfigured, OperationInFlight, StillRunning
from paylink.domain.operation import OperationState, Source
from paylink.domain.order import Attention, Order, Status


class Story(NamedTuple):
    kind: str
    endpoint: str
    order: str
    status: Status


STORIES = [
    Story("refund", "refund", "sold", Status.REFUNDED),
    Story("capture", "clearing", "held", Status.PAID),
    Story("cancel", "cancel", "held", Status.CANCELLED),
]
DONE_UNHEARD = ("drop_after", "garbage", "unsigned", "wrong_signature")
NEVER_DONE = ("drop_before", "http_500", "html")


@pytest.mark.parametrize("fault", DONE_UNHEARD)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.kind)
def test_done_but_unheard(office: Office, story: Story, fault: str) -> None:
    office.sandbox.settings.update({"lag_seconds": 20})
    sold, key = getattr(office, story.order)(), fresh_key()
    office.sandbox.faults.add(story.endpoint, fault)
    assert office.run(story.kind, sold, key).operation.state is OperationState.UNKNOWN
    # The status lags: the first reads don't show it, and it is not sent again.
    assert office.run(story.kind, sold, key).operation.state is OperationState.UNKNOWN
    with pytest.raises(OperationInFlight):
        office.run(story.kind, sold)
    office.sandbox.clock.advance(21)
    result = office.run(story.kind, sold, key)
    assert (result.operation.state, result.replayed) == (OperationState.DONE, True)
    after = assert_equal_sums(office, sold.order_id)
    assert after.status is story.status
    assert not after.attention
    assert all(refund.source is Source.PAYLINK for refund in after.refunds.values())


@pytest.mark.parametrize("fault", NEVER_DONE)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.kind)
def test_never_done(office: Office, story: Story, fault: str) -> None:
    sold, key = getattr(office, story.order)(), fresh_key()
    office.sandbox.faults.add(story.endpoint, fault)
    assert office.run(story.kind, sold, key).operation.state is OperationState.UNKNOWN
    for _ in range(4):
        # However often it is asked: not before 15 minutes.
        assert office.run(story.kind, sold, key).operation.state is OperationState.UNKNOWN
    office.sandbox.clock.advance(15 * 60)
    released = office.run(story.kind, sold, key)
    assert released.operation.state is OperationState.REFUSED
    after = assert_equal_sums(office, sold.order_id)
    assert after.status is sold.status
    assert after.attention == ((Attention.REFUND_FAILED,) if story.kind == "refund" else ())
    assert office.run(story.kind, sold).operation.state is OperationState.DONE
    assert assert_equal_sums(office, sold.order_id).status is story.status


def test_not_before_three_reads(office: Office) -> None:
    sold, key = office.sold(), fresh_key()
    office.sandbox.faults.add("refund", "drop_before")
    office.run("refund", sold, key)
    office.sandbox.clock.advance(24 * 3600)
    states = [office.run("refund", sold, key).operation.state for _ in range(3)]
    assert states == [OperationState.UNKNOWN, OperationState.UNKNOWN, OperationState.REFUSED]


@pytest.mark.parametrize("seconds", [60, 800])
def test_the_gateway_does_it_later(office: Office, seconds: int) -> None:
    sold, key = office.sold(), fresh_key()
    office.sandbox.faults.add("refund", "later", seconds=seconds)
    assert office.run("refund", sold, key).operation.state is OperationState.UNKNOWN
    for _ in range(3):
        assert office.run("refund", sold, key).operation.state is OperationState.UNKNOWN
    office.sandbox.clock.advance(seconds + 1)
    assert office.run("refund", sold, key).operation.state is OperationState.DONE
    assert assert_equal_sums(office, sold.order_id).status is Status.REFUNDED
    assert gateway_refunds(office, sold.order_id) == [150_000]


@pytest.mark.parametrize("code", [120, 200, 9996, 4006, 350])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.kind)
def test_the_gateway_refuses(office: Office, story: Story, code: int) -> None:
    sold, key = getattr(office, story.order)(), fresh_key()
    office.sandbox.faults.add(story.endpoint, "refused", code=str(code), description="Not today")
    refused = office.run(story.kind, sold, key)
    assert refused.operation.state is OperationState.REFUSED
    assert (refused.operation.gateway_code, refused.operation.gateway_description) == (code, "Not today")
    after = assert_equal_sums(office, sold.order_id)
    assert (after.status, after.operation) == (sold.status, None)
    assert after.attention == ((Attention.REFUND_FAILED,) if story.kind == "refund" else ())
    again = office.run(story.kind, sold, key)
    assert (again.operation, again.replayed) == (refused.operation, True)
    assert office.run(story.kind, sold).operation.state is OperationState.DONE
    assert assert_equal_sums(office, sold.order_id).status is story.status


@pytest.mark.parametrize("code", [120, 200])
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.kind)
def test_it_refuses_and_does_it_all_the_same(office: Office, story: Story, code: int) -> None:
    sold = getattr(office, story.order)()
    office.sandbox.faults.add(story.endpoint, "error", code=str(code), description="Not today", created=True)
    assert office.run(story.kind, sold).operation.state is OperationState.DONE
    assert assert_equal_sums(office, sold.order_id).status is story.status


@pytest.mark.parametrize("code", [1000, 9999, 4004, 10000, 12345])
def test_an_error_that_settles_nothing(office: Office, code: int) -> None:
    sold, key = office.sold(), fresh_key()
    office.sandbox.faults.add("refund", "error", code=str(code), description="Try later", created=True)
    unknown = office.run("refund", sold, key).operation
    assert (unknown.state, unknown.gateway_code) == (OperationState.UNKNOWN, code)
    done = office.run("refund", sold, key).operation
    assert (done.state, done.gateway_code) == (OperationState.DONE, None)
    assert gateway_refunds(office, sold.order_id) == [150_000]


def calls_of_a_refund(office: Office) -> list[str]:
    """The calls to the outside of a refund that goes as it should."""
    other = office.sold()
    office.shop.watch.disarm()
    office.run("refund", other)
    return list(office.shop.watch.calls)


def test_a_refusal_that_cannot_be_checked_is_unknown(office: Office) -> None:
    after_the_call = calls_of_a_refund(office).index("gateway.refund") + 2
    sold, key = office.sold(), fresh_key()
    office.sandbox.faults.add("refund", "refused", code="120", description="no")
    office.shop.watch.arm(after_the_call, Fate.NOT_REACHED)
    unknown = office.run("refund", sold, key).operation
    assert office.shop.watch.struck == f"not_reached at call {after_the_call}, gateway.status"
    assert (unknown.state, unknown.gateway_code) == (OperationState.UNKNOWN, 120)
    office.shop.watch.disarm()
    assert office.insist("refund", sold, key).operation.state is OperationState.REFUSED
    assert gateway_refunds(office, sold.order_id) == []


def test_our_own_key_is_wrong(office: Office) -> None:
    """Nothing was done: the same key works once the owner has mended the secret."""
    sold, key = office.sold(), fresh_key()
    office.sandbox.faults.add("refund", "refused", code="9998", description="bad signature")
    with pytest.raises(GatewayMisconfigured):
        office.run("refund", sold, key)
    assert office.order(sold.order_id).operation is None
    assert office.run("refund", sold, key).operation.state is OperationState.DONE
    assert gateway_refunds(office, sold.order_id) == [150_000]


def unheard_and_in_process(office: Office, seconds: float | None) -> tuple[Order, str]:
    """A refund whose answer is lost, and which the gateway lists as in process."""
    call = calls_of_a_refund(office).index("gateway.refund")
    sold, key = office.sold(), fresh_key()
    office.sandbox.faults.add("refund", "pending", seconds=seconds)
    office.shop.watch.arm(call, Fate.ANSWER_LOST)
    assert office.run("refund", sold, key).operation.state is OperationState.UNKNOWN
    office.shop.watch.disarm()
    return sold, key


def test_a_refund_that_stays_in_process_is_looked_at_and_resolved(office: Office) -> None:
    sold, key = unheard_and_in_process(office, None)
    for _ in range(3):
        assert office.sync(sold).attention == ()
    office.sandbox.clock.advance(15 * 60)
    stuck = office.sync(sold)
    assert (stuck.attention, stuck.waiting) == ((Attention.OUTCOME_UNKNOWN,), True)
    assert office.run("refund", sold, key).operation.state is OperationState.UNKNOWN
    after = office.run("resolve", sold, note="The bank has it.").order
    assert (after.operation, after.attention, after.waiting) == (None, (), False)
    assert office.run("refund", sold, key).operation.state is OperationState.REFUSED
    assert gateway_refunds(office, sold.order_id) == [150_000]


def test_a_refund_in_process_that_comes_through(office: Office) -> None:
    sold, key = unheard_and_in_process(office, 600)
    assert office.run("refund", sold, key).operation.state is OperationState.UNKNOWN
    office.sandbox.clock.advance(601)
    assert office.run("refund", sold, key).operation.state is OperationState.DONE
    assert assert_equal_sums(office, sold.order_id).status is Status.REFUNDED


def test_a_refund_that_fails_after_all(office: Office) -> None:
    sold = office.sold()
    office.sandbox.faults.add("refund", "fails_later")
    first = office.run("refund", sold).operation.state
    assert first is OperationState.DONE
    after = office.sync(sold)
    assert assert_equal_sums(office, sold.order_id) == after
    assert (after.refunded_amount, after.attention) == (0, (Attention.REFUND_FAILED,))
    assert after.holds_money()
    assert office.run("refund", sold).operation.state is OperationState.DONE
    assert assert_equal_sums(office, sold.order_id).status is Status.REFUNDED


def test_while_its_process_is_at_it_others_wait(office: Office) -> None:
    calls = calls_of_a_refund(office)
    sold, key = office.sold(), fresh_key()
    office.shop.watch.arm(calls.index("gateway.refund"), Fate.DIES_AFTER)
    with pytest.raises(ProcessDied):
        office.run("refund", sold, key)
    office.shop.watch.disarm()
    with pytest.raises(StillRunning):
        office.run("refund", sold, key)
    with pytest.raises(OperationInFlight):
        office.run("refund", sold)
    # Nor does a sync take the refund for one that was made elsewhere.
    assert office.sync(sold).refunds == {}
    office.sandbox.clock.advance(31)
    assert office.sync(sold).operation is None
    assert assert_equal_sums(office, sold.order_id).status is Status.REFUNDED
