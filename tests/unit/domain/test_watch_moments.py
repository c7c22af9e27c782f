"""Where the next question about an order turns: the very moment of an end, and the one before or after it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from integration.stored_orders import NOW
from paylink.domain import watch as rules
from paylink.domain.order import Status
from paylink.domain.watch import Watch, after_trouble, due_at, is_told
from unit.domain.test_watch import (
    DAY,
    HOUR,
    MINUTE,
    NOTHING_NOTED,
    asked_at,
    hold,
    minutes,
    order_of,
)

SECOND = timedelta(seconds=1)
HELD = NOW + HOUR
ACTS, ENDS = HELD + 4 * DAY, HELD + 5 * DAY + HOUR


def test_the_times_that_the_decisions_state() -> None:
    # docs/decisions.md: what waits has a queue, what came due lately is asked about first.
    assert (rules.FRESH, rules.LATE, rules.OTHERS_SHARE) == (15 * MINUTE, HOUR, 4)
    assert (rules.OPEN_GAP, rules.LONGEST_GAP) == (6 * HOUR, DAY)
    assert (rules.AFTER_RETURN, rules.MARK_GAP, rules.PAGE_GAP) == (30 * SECOND, 3 * MINUTE, MINUTE)


def test_a_note_begins_without_questions_and_troubles() -> None:
    assert (NOTHING_NOTED.asks, NOTHING_NOTED.troubles) == (0, 0)
    assert after_trouble(NOTHING_NOTED, NOW) == NOW + 5 * MINUTE


@pytest.mark.parametrize(("now", "leased"), [(NOW - SECOND, True), (NOW, False), (NOW + SECOND, False)])
def test_a_lease_holds_until_its_time_and_never_after(now: datetime, leased: bool) -> None:
    assert Watch("pl_0", lease_until=NOW).leased(now) is leased


@pytest.mark.parametrize(
    ("lifetime", "moments"),
    [(601, [3, 10, 11 + 1 / 60, 26 + 1 / 60]), (600, [3, 11, 26]), (1800, [3, 10, 31, 46])],
)
def test_a_step_at_the_pages_very_end_gives_way_to_the_one_after_it(
    lifetime: int, moments: list[float]
) -> None:
    asked = minutes(asked_at(order_of(lifetime=lifetime), until=NOW + 50 * MINUTE))
    assert asked[: len(moments)] == moments


def test_a_page_without_a_noted_end_lives_for_the_orders_lifetime() -> None:
    order = order_of(expires_at=None)
    assert minutes(asked_at(order, until=NOW + 2 * HOUR)) == [3, 10, 30, 61, 76]


def test_at_its_end_a_page_no_longer_counts_as_open() -> None:
    end = NOW + 7 * DAY
    order, watch = order_of(lifetime=7 * 86_400), Watch("pl_0", since=NOW, asked_at=end - 10 * HOUR)
    assert due_at(order, watch, end - SECOND) == end - 4 * HOUR
    assert due_at(order, watch, end) == end + MINUTE


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_a_question_at_the_pages_very_end_is_one_after_it(status: Status) -> None:
    end = NOW + HOUR
    order = order_of(status, waiting=True, keep_until=None)
    assert due_at(order, Watch("pl_0", asked_at=end - SECOND), end) == end + MINUTE
    assert due_at(order, Watch("pl_0", asked_at=end), end) is None


@pytest.mark.parametrize(
    ("held", "told", "is_so"),
    [
        (HELD, None, False),
        (HELD, HELD - SECOND, False),
        (HELD, HELD, True),
        (HELD, ACTS, True),
        (None, ACTS, True),
        (None, None, False),
    ],
)
def test_the_word_about_an_earlier_hold_does_not_count(
    held: datetime | None,
    told: datetime | None,
    is_so: bool,
) -> None:
    assert is_told(hold(held_at=held, hold_alerted_at=told)) is is_so


def test_a_hold_is_taken_up_at_its_fourth_day_exactly() -> None:
    watch = Watch("pl_0", since=NOW, asked_at=ACTS - 12 * HOUR)
    assert due_at(hold(), watch, ACTS - 12 * HOUR) == ACTS


def test_what_could_not_be_done_about_a_hold_is_tried_until_its_end_alone() -> None:
    watch = Watch("pl_0", since=NOW, asked_at=ENDS - HOUR)
    assert due_at(hold(), watch, ENDS - SECOND) == ENDS - 45 * MINUTE
    assert due_at(hold(), watch, ENDS) == ENDS
    after = replace(watch, asked_at=ENDS + HOUR)
    assert due_at(hold(), after, ENDS + HOUR) == ENDS + HOUR + DAY
