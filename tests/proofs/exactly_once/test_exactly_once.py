"""The short version of the proof; the long one is `python -m proofs.exactly_once` (docs/proofs/exactly-once.md)."""

from collections.abc import Iterator

import pytest

from paylink.app.reconcile import Report

from .faults import Fate, fates_of
from .mutants import MUTANTS
from .running import RANDOM, THREADS, Tally, run, run_label, run_seeded, spread
from .scenes import SITUATIONS
from .walks import FIRST, WITHIN, Walk, enumerated
from .world import World, opened

pytestmark = pytest.mark.dynamodb_local
ENUMERATED, AT_RANDOM, BY_THREADS = 26, 6, 4


@pytest.fixture(scope="module")
def world(dynamodb_local_endpoint: str) -> Iterator[World]:
    with opened(dynamodb_local_endpoint) as world:
        yield world


@pytest.fixture(scope="module")
def every(world: World) -> list[Walk]:
    return list(enumerated(world))


def assert_held(tally: Tally) -> None:
    assert not tally.failures, "\n\n".join(f"{label}\n    {error}" for label, error in tally.failures)


def test_every_call_of_every_situation_meets_every_fate(every: list[Walk]) -> None:
    assert len(every) > 3500
    assert len({walk.label for walk in every}) == len(every)
    assert {walk.situation.name for walk in every} == {situation.name for situation in SITUATIONS}
    met: dict[tuple[str, int, str], set[Fate]] = {}
    for walk in every:
        met.setdefault((walk.situation.name, walk.number, walk.call), set()).add(walk.fate)
    assert all(fates == {*fates_of(call), Fate.NOTHING} for (_, _, call), fates in met.items())
    companies = {walk.company for walk in every}
    assert {"nobody", "a repeat", f"{FIRST}same", f"{WITHIN}same"} < companies


def test_a_spread_of_them_holds(world: World, every: list[Walk]) -> None:
    tally = run(world, spread(every, ENUMERATED))
    assert_held(tally)
    assert tally.walked == ENUMERATED


def test_walks_at_random_hold(world: World) -> None:
    assert_held(run_seeded(world, RANDOM, [f"suite/{number}" for number in range(AT_RANDOM)]))


def test_walks_by_threads_hold(world: World) -> None:
    assert_held(run_seeded(world, THREADS, [f"suite/{number}" for number in range(BY_THREADS)]))


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_condition_is_noticed(world: World, name: str) -> None:
    """The very walk that holds does not on code of which one condition is broken."""
    label = MUTANTS[name].noticed_by
    assert_held(run_label(world, label))
    with MUTANTS[name].applied():
        assert run_label(world, label).broken, "the walk holds though the condition is broken"


def test_two_runs_in_the_same_moment(world: World) -> None:
    """By one clock or by two that differ, a run never asks the index for less than nothing."""
    world.begin()
    for _ in range(2):
        assert isinstance(world.process().reconcile(), Report)
