"""Runs and pages at the same time: whoever comes second stands back. On AWS's own engine."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from integration.lambda_function import LoadedFunction
from paylink.adapters.runs import Runs
from paylink.adapters.waiting_index import WaitingIndex
from paylink.adapters.watches import Watches
from paylink.domain.order import Status
from paylink.domain.watch import Watch

from .stack import SCHEDULED, Stack

pytestmark = pytest.mark.dynamodb_local
MINUTE = timedelta(minutes=1)
CALLERS = 8


def test_of_two_runs_at_once_one_works(stack: Stack) -> None:
    orders = [stack.create() for _ in range(4)]
    for order_id in orders:
        stack.pay(order_id)
    stack.sandbox.clock.advance(240)
    stack.sandbox.faults.add("status", "slow", seconds=0.5)
    functions = [load_run(stack, number) for number in range(2)]
    begin = threading.Barrier(2)

    def run(function: LoadedFunction) -> dict:
        begin.wait(10)
        return function(SCHEDULED, milliseconds=55_000)

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run, functions))
    assert sorted(report["ran"] for report in reports) == [False, True]
    assert {stack.order(order_id).status for order_id in orders} == {Status.PAID}
    assert stack.questions() == len(orders)


def load_run(stack: Stack, number: int) -> LoadedFunction:
    function = stack.function("reconcile", LogRetentionDays=str((1, 3)[number]))
    function.parts.run._pace._sleep = lambda _: None
    return function


def test_a_page_and_a_run_at_once_ask_once(stack: Stack) -> None:
    order_id = stack.create()
    stack.pay(order_id)
    stack.come_back(order_id)
    stack.sandbox.clock.advance(240)
    stack.sandbox.faults.add("status", "slow", seconds=0.5)
    run, page = load_run(stack, 0), stack.function("payment_status")
    assert page.parts is not None
    begin = threading.Barrier(2)

    def reconcile() -> None:
        begin.wait(10)
        run(SCHEDULED, milliseconds=55_000)

    def ask() -> None:
        begin.wait(10)
        stack.asked_status(order_id)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(reconcile), pool.submit(ask)]:
            done.result(30)
    assert stack.order(order_id).status is Status.PAID
    assert stack.questions() == 1


@pytest.fixture
def watches(stack: Stack) -> Watches:
    return Watches(stack.deployment.dynamodb, stack.deployment.table)


def test_a_place_in_the_queue_is_taken_by_one(stack: Stack, watches: Watches) -> None:
    now = stack.sandbox.clock.now()
    index = WaitingIndex(stack.deployment.dynamodb, stack.deployment.table)
    watches.enqueue("pl_0", now - MINUTE, now)
    (note,) = index.due(None, now, 10)

    def claim(owner: int) -> Watch | None:
        return watches.claim(note, str(owner), now, until=now + MINUTE, retry_at=now + 5 * MINUTE)

    with ThreadPoolExecutor(CALLERS) as pool:
        taken = [one for one in pool.map(claim, range(CALLERS)) if one is not None]
    assert len(taken) == 1
    assert index.due(None, now, 10) == []
    assert [one.order_id for one in index.due(None, now + 5 * MINUTE, 10)] == ["pl_0"]
    watches.finish(taken[0], None, now)
    assert index.due(None, now + 5 * MINUTE, 10) == []


def test_a_lease_that_has_ended_passes_on(stack: Stack, watches: Watches) -> None:
    now = stack.sandbox.clock.now()
    watches.enqueue("pl_0", now, now)
    first = watches.claim(
        Watch("pl_0", due_at=now), "first", now, until=now + MINUTE, retry_at=now + 2 * MINUTE
    )
    assert first is not None
    later = now + 2 * MINUTE
    second = watches.claim(
        Watch("pl_0", due_at=first.due_at), "second", later, until=later + MINUTE, retry_at=later + MINUTE
    )
    assert second is not None
    assert second.lease_owner == "second"
    watches.finish(first, None, later)
    present = watches.get("pl_0")
    assert present is not None
    assert (present.lease_owner, present.due_at) == ("second", second.due_at)


def test_a_turn_is_taken_by_one_and_goes_on_from_where_it_stopped(stack: Stack) -> None:
    runs = Runs(stack.deployment.dynamodb, stack.deployment.table)
    now = stack.sandbox.clock.now()
    with ThreadPoolExecutor(CALLERS) as pool:
        turns = list(pool.map(lambda owner: runs.begin(str(owner), now, now + MINUTE), range(CALLERS)))
    (turn,) = [one for one in turns if one is not None]
    assert (turn.frontier, turn.circle, turn.called_at) == (None, None, None)
    moved = type(turn)(turn.owner, frontier=now, circle=("pl_0", now), called_at=now)
    assert runs.keep(moved)
    assert runs.begin("other", now + MINUTE / 2, now + 2 * MINUTE) is None
    after = runs.begin("other", now + MINUTE, now + 2 * MINUTE)
    assert after is not None
    assert (after.circle, after.frontier) == (("pl_0", after.frontier), after.called_at)
    assert not runs.end(moved), "the turn is another run's by now"
    assert runs.end(after)
    assert runs.begin("third", now + MINUTE, now + 2 * MINUTE) is not None


def test_the_index_is_read_in_pieces_without_a_gap_or_a_repeat(stack: Stack) -> None:
    made = [stack.create() for _ in range(7)]
    index = WaitingIndex(stack.deployment.dynamodb, stack.deployment.table)
    now = stack.sandbox.clock.now()
    found, position = [], None
    for _ in range(10):
        piece = index.waiting(position, now, 3)
        found += piece
        position = piece[-1] if piece else None
        if len(piece) < 3:
            break
    assert [order_id for order_id, _ in found] == made
    assert [order_id for order_id, _ in index.made(None, now, 50)] == made
    (_, middle) = found[3]
    assert [order_id for order_id, _ in index.made(middle, now, 50)] == made[4:]
    seen, unreadable = index.look([*made, "pl_gone"])
    assert {order.order_id for order, _ in seen} == set(made)
    assert unreadable == []
