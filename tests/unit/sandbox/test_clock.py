"""The clock that a test can turn."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from freedompay_sandbox.clock import Agenda, Clock

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def clock():
    return Clock(START, ticking=False)


def test_it_shows_its_start_and_moves_when_turned(clock):
    assert clock.now() == START
    assert clock.advance(90) == START + timedelta(seconds=90) == clock.now()


def test_it_runs_what_is_due_in_order_each_at_its_time(clock):
    seen = []
    for seconds in (30, 10, 20, 99):
        clock.schedule(START + timedelta(seconds=seconds), lambda s=seconds: seen.append((s, clock.now())))
    clock.advance(30)
    assert seen == [(s, START + timedelta(seconds=s)) for s in (10, 20, 30)]


def test_what_is_scheduled_on_the_way_runs_on_the_way(clock):
    seen = []

    def first():
        clock.schedule(clock.now() + timedelta(seconds=5), lambda: seen.append(clock.now()))

    clock.schedule(START + timedelta(seconds=10), first)
    clock.advance(15)
    assert seen == [START + timedelta(seconds=15)]


def test_two_at_one_time_run_in_the_order_they_were_scheduled(clock):
    seen = []
    for name in "ab":
        clock.schedule(START, lambda name=name: seen.append(name))
    clock.run_due()
    assert seen == ["a", "b"]


def test_time_never_goes_back(clock):
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
    seen = []
    clock.advance(100)
    clock.schedule(START, lambda: seen.append(clock.now()))
    clock.advance(1)
    assert seen == [START + timedelta(seconds=100)]


def test_real_time_passes_too():
    clock = Clock(START)
    before = clock.now()
    time.sleep(0.02)
    assert clock.now() - before >= timedelta(seconds=0.02)
    clock.advance(3600)
    assert timedelta(hours=1) <= clock.now() - before < timedelta(hours=1, seconds=30)


def test_a_start_needs_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 3, 2))  # noqa: DTZ001  (the mistake that is refused)


def test_a_cleared_agenda_leaves_what_others_scheduled(clock):
    seen = []
    agenda = Agenda(clock)
    agenda.at(START, lambda: seen.append("dropped"))
    clock.schedule(START, lambda: seen.append("another's"))
    agenda.clear()
    agenda.at(START, lambda: seen.append("after"))
    clock.advance(1)
    assert seen == ["another's", "after"]
