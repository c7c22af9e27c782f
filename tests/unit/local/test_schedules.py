"""The template's schedules, run by a clock that a test turns."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from paylink_local.errors import TemplateError
from paylink_local.payload import HttpRequest
from paylink_local.schedules import Schedules
from paylink_local.template import Template
from paylink_local.workers import InvocationError

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SECONDS = 10.0


class Turned:
    """A clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment


class Called:
    """A function that notes its events."""

    def __init__(self) -> None:
        self.events: list[dict] = []
        self.came = threading.Semaphore(0)

    def __call__(self, event: dict) -> dict:
        self.events.append(event)
        self.came.release()
        return {"ran": True}


@pytest.fixture
def clock() -> Turned:
    return Turned()


@pytest.fixture
def function() -> Called:
    return Called()


@pytest.fixture
def make(project: Path, clock: Turned) -> Callable[..., Schedules]:
    def schedules(expression: str = "rate(1 minute)") -> Schedules:
        file = project / "template.yaml"
        file.write_text(file.read_text().replace("rate(1 day)", f'"{expression}"'))
        return Schedules(Template(project, {"Greeting": "hello"}), clock.now, lambda *_: None)

    return schedules


@pytest.fixture
def started(make: Callable[..., Schedules], function: Called):
    schedules = make()
    schedules.start({"Echo": function})
    yield schedules
    schedules.stop()
    schedules.join()


def test_it_runs_when_its_time_has_come_and_once_for_a_long_turn(
    started: Schedules, function: Called, clock: Turned
) -> None:
    assert not function.came.acquire(timeout=0.5), "nothing is due yet"
    clock.moment += timedelta(hours=3)
    assert function.came.acquire(timeout=SECONDS)
    assert not function.came.acquire(timeout=0.5)
    clock.moment += timedelta(minutes=1)
    assert function.came.acquire(timeout=SECONDS)
    (first, second) = function.events
    assert first["detail-type"] == "Scheduled Event"
    assert (first["time"], second["time"]) == ("2026-03-01T12:00:00Z", "2026-03-01T12:01:00Z")


def test_it_can_be_run_at_once(started: Schedules, function: Called) -> None:
    answer = started.page(HttpRequest("POST", "/local/reconcile", "", (), b"", "127.0.0.1", "80", "HTTP/1.1"))
    assert (answer.status, answer.body) == (200, b'{"Echo": {"ran": true}}')
    assert len(function.events) == 1


def test_a_failure_is_told_and_the_schedule_goes_on(
    make: Callable[..., Schedules], function: Called, clock: Turned
) -> None:
    failures = [InvocationError("echo timed out")]

    def failing(event: dict) -> dict:
        if failures:
            raise failures.pop()
        return function(event)

    schedules = make()
    schedules.start({"Echo": failing})
    assert schedules.run_now() == {"Echo": {"error": "echo timed out"}}
    clock.moment += timedelta(minutes=1)
    assert function.came.acquire(timeout=SECONDS)
    schedules.stop()
    schedules.join()


@pytest.mark.parametrize("expression", ["cron(0 12 * * ? *)", "rate(minute)", "each minute"])
def test_a_schedule_that_is_no_rate_is_refused(expression: str, make: Callable[..., Schedules]) -> None:
    with pytest.raises(TemplateError, match="rate"):
        make(expression)


def test_rates_of_days_and_hours(make: Callable[..., Schedules]) -> None:
    assert make("rate(2 hours)")._schedules[0].every == timedelta(hours=2)
