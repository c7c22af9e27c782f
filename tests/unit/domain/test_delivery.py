"""When a delivery is tried again."""

import json
from datetime import UTC, datetime

import pytest

from paylink.domain.delivery import (
    HOUR,
    LONGEST_HIDING,
    MESSAGE_SCHEDULE,
    MINUTE,
    WEBHOOK_SCHEDULE,
    Channel,
    Delivery,
    Schedule,
    Visit,
    read_delivery,
    schedule_of,
    spread,
    write_delivery,
)
from paylink.domain.events import Event

# Time since the start of each try, by the specification's table.
TRIES = [0, 5, 305, 2105, 9305, 27305, 63305, 113705, 185705, 272105]
EVENT = Event("evt_00ff", "payment.paid", "pl_1", 3, datetime(2026, 3, 1, tzinfo=UTC), {"amount": "1.00"})


def walked(schedule: Schedule, *, slow: int = 0) -> tuple[list[int], int]:
    """The moments of all tries where each fails, and how often the message came out of the queue."""
    elapsed, tries, visits = 0, [], 0
    while True:
        visit = schedule.visit(elapsed)
        visits += 1
        if visit.tries:
            tries.append(elapsed)
        if visit.again is None:
            return tries, visits
        assert 1 <= visit.again <= LONGEST_HIDING
        elapsed += visit.again + slow


def test_the_webhook_is_tried_when_the_specification_says() -> None:
    tries, visits = walked(WEBHOOK_SCHEDULE)
    assert tries == TRIES
    assert visits < 20, "far below what sends a message to the dead letters unasked"


def test_slow_tries_do_not_move_the_later_ones() -> None:
    tries, _ = walked(WEBHOOK_SCHEDULE, slow=15)
    assert len(tries) == len(TRIES)
    assert all(wanted <= was + 1 and was <= wanted + 30 for wanted, was in zip(TRIES, tries, strict=True))


def test_a_message_seen_again_before_its_time_is_tried_and_keeps_its_next_time() -> None:
    assert WEBHOOK_SCHEDULE.visit(400).tries
    assert WEBHOOK_SCHEDULE.visit(400).again == 2105 - 400


def test_a_message_that_was_long_forgotten_is_tried_a_last_time() -> None:
    assert WEBHOOK_SCHEDULE.visit(10 * 24 * HOUR).tries
    assert WEBHOOK_SCHEDULE.visit(10 * 24 * HOUR).again is None


def test_a_clock_that_is_behind_does_no_harm() -> None:
    assert WEBHOOK_SCHEDULE.visit(-3) == Visit(tries=True, again=8)
    assert WEBHOOK_SCHEDULE.visit(4.5).again == 300


@pytest.mark.parametrize(("elapsed", "again"), [(3.9, 1), (4, 301), (5, 300)])
def test_a_visit_counts_as_the_next_from_a_second_before_its_time(elapsed: float, again: int) -> None:
    assert WEBHOOK_SCHEDULE.visit(elapsed).again == again


@pytest.mark.parametrize(
    ("elapsed", "visit"),
    [
        (27305, Visit(tries=True, again=10 * HOUR)),
        (63305, Visit(tries=True, again=10 * HOUR)),
        (63305 + 10 * HOUR, Visit(tries=False, again=4 * HOUR)),
        (113705 + 10 * HOUR, Visit(tries=False, again=10 * HOUR)),
    ],
)
def test_a_wait_of_more_than_ten_hours_is_made_in_parts(elapsed: int, visit: Visit) -> None:
    assert WEBHOOK_SCHEDULE.visit(elapsed) == visit


def test_short_messages_end_within_the_day() -> None:
    tries, _ = walked(MESSAGE_SCHEDULE)
    assert tries == [0, 5, 65, 665, 4265, 18665]


def test_a_system_is_tried_for_days_and_a_person_for_hours() -> None:
    assert schedule_of(Channel.WEBHOOK) is WEBHOOK_SCHEDULE
    assert schedule_of(Channel.EMAIL) is schedule_of(Channel.TELEGRAM) is MESSAGE_SCHEDULE


def test_waits_are_spread_and_never_shortened() -> None:
    waits = {spread(MINUTE * 100, f"evt_{number:04x}") for number in range(500)}
    assert min(waits) >= 6000
    assert max(waits) <= 6600
    assert len(waits) > 20
    assert spread(LONGEST_HIDING, "evt_zz") < 12 * HOUR


def test_waits_are_spread_in_steps_of_a_thousandth_over_a_tenth() -> None:
    # By the id's last two signs, whatever they are: of all hexadecimal ones nearly every step is taken.
    steps = {100_000 + 100 * step for step in range(100)}
    assert {spread(100_000, f"evt_{chr(one)}{chr(two)}") for one in b"0Az" for two in range(48, 123)} == steps
    of_ids = {spread(100_000, f"evt_{number:02x}") for number in range(256)}
    assert of_ids <= steps
    assert len(of_ids) == 95


@pytest.mark.parametrize("channel", list(Channel))
def test_a_delivery_comes_out_of_the_queue_as_it_went_in(channel: Channel) -> None:
    delivery = Delivery(channel, EVENT)
    assert read_delivery(json.loads(json.dumps(write_delivery(delivery)))) == delivery


@pytest.mark.parametrize("document", [None, [], {}, {"channel": "pigeon", "event": {}}, {"channel": "email"}])
def test_anything_else_is_no_delivery(document: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_delivery(document)
