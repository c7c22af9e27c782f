"""When the gateway is asked about an order that waits, worked out by hand."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integration.stored_orders import FAILED, NOW, stored_order
from paylink.domain.operation import Kind, Operation, OperationState
from paylink.domain.order import Order, Payment, PaymentState, Status
from paylink.domain.watch import (
    LONGEST_GAP,
    OPEN_GAP,
    Watch,
    after_trouble,
    due_at,
    hold_acts_at,
    in_turn,
    opened_at,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOTHING_NOTED = Watch("pl_0")


def order_of(status: Status = Status.PENDING, *, lifetime: int = 3600, **changes: object) -> Order:
    """An order whose page opened NOW and lives for `lifetime` seconds."""
    given = {
        "created_at": NOW,
        "lifetime": lifetime,
        "expires_at": NOW + timedelta(seconds=lifetime),
        **changes,
    }
    return stored_order(status, **given)


def asked_at(order: Order, *, until: datetime, watch: Watch = NOTHING_NOTED) -> list[datetime]:
    """Every moment at which the order is asked about while the gateway's answer changes nothing."""
    moments: list[datetime] = []
    due = due_at(order, watch, NOW)
    while due is not None and due <= until:
        moments.append(due)
        watch = replace(watch, asked_at=due, since=watch.since or due)
        due = due_at(order, watch, due)
    return moments


def minutes(moments: list[datetime]) -> list[float]:
    return [(moment - NOW) / MINUTE for moment in moments]


def test_a_page_of_an_hour() -> None:
    moments = asked_at(order_of(), until=NOW + 2 * HOUR)
    assert minutes(moments) == [3, 10, 30, 61, 76]


def test_a_page_of_three_hours_has_every_step() -> None:
    assert minutes(asked_at(order_of(lifetime=10_800), until=NOW + 4 * HOUR)) == [3, 10, 30, 120, 181, 196]


def test_a_page_of_five_minutes() -> None:
    assert minutes(asked_at(order_of(lifetime=300), until=NOW + 25 * MINUTE)) == [3, 6, 21]


def test_while_a_long_page_is_open_no_more_than_six_hours_pass() -> None:
    moments = asked_at(order_of(lifetime=7 * 86_400), until=NOW + 8 * DAY)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert max(gaps) == OPEN_GAP
    assert NOW + 7 * DAY + MINUTE in moments
    assert len(moments) < 40


def test_what_never_ends_is_asked_about_ever_less_often_but_each_day() -> None:
    moments = asked_at(order_of(), until=NOW + 10 * DAY)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    after_the_end = gaps[4:]
    assert after_the_end == sorted(after_the_end)
    assert after_the_end[0] >= HOUR
    assert after_the_end[-1] == LONGEST_GAP
    assert len(moments) < 20


def test_a_buyer_who_comes_back_brings_the_question_forward() -> None:
    watch = Watch("pl_0", returned_at=NOW + MINUTE)
    assert due_at(order_of(), watch, NOW + MINUTE) == NOW + timedelta(seconds=90)
    asked = replace(watch, asked_at=NOW + timedelta(seconds=95))
    assert due_at(order_of(), asked, NOW + 2 * MINUTE) == NOW + 3 * MINUTE
    again = replace(asked, returned_at=NOW + 5 * MINUTE, asked_at=NOW + 3 * MINUTE)
    assert due_at(order_of(), again, NOW + 5 * MINUTE) == NOW + timedelta(seconds=330)


def test_a_late_run_asks_once_for_all_the_steps_that_it_missed() -> None:
    order, late = order_of(), NOW + 45 * MINUTE
    assert due_at(order, NOTHING_NOTED, late) == NOW + 3 * MINUTE
    assert due_at(order, Watch("pl_0", asked_at=late), late) == NOW + 61 * MINUTE


def test_a_further_attempt_has_steps_of_its_own() -> None:
    order = order_of(created_at=NOW - 5 * HOUR)
    assert opened_at(order) == NOW
    watch = Watch("pl_0", since=NOW - 5 * HOUR, asked_at=NOW - HOUR)
    assert due_at(order, watch, NOW) == NOW + 3 * MINUTE


@pytest.mark.parametrize("status", [Status.CREATING, Status.PENDING])
def test_an_attempt_without_an_outcome_is_asked_about_like_a_page(status: Status) -> None:
    order = order_of(status, lease_until=NOW + 30 * timedelta(seconds=1))
    assert due_at(order, NOTHING_NOTED, NOW) == NOW + 3 * MINUTE


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_a_page_that_may_still_be_paid_is_asked_about_once_after_its_end(status: Status) -> None:
    order = order_of(status, waiting=True, keep_until=None)
    end = NOW + HOUR
    assert minutes(asked_at(order, until=end)) == [3, 10, 30]
    before = Watch("pl_0", asked_at=NOW + 30 * MINUTE)
    assert due_at(order, before, end + 5 * MINUTE) == end + MINUTE
    assert due_at(order, Watch("pl_0", asked_at=end + 5 * MINUTE), end + 5 * MINUTE) is None


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_it_is_not_taken_up_again_once_it_left_the_list(status: Status) -> None:
    order = order_of(status, waiting=False, payments={"1": FAILED})
    assert due_at(order, NOTHING_NOTED, NOW + 2 * HOUR) is None


@pytest.mark.parametrize("status", [Status.PAID, Status.REFUNDED, Status.EXPIRED, Status.REFUSED])
def test_what_waits_for_nothing_is_never_due(status: Status) -> None:
    assert due_at(order_of(status), Watch("pl_0", returned_at=NOW), NOW) is None


def hold(**changes: object) -> Order:
    return order_of(Status.AUTHORIZED, **{"held_at": NOW + HOUR, **changes})


def test_what_could_not_be_done_about_a_hold_is_tried_again_soon() -> None:
    acts = NOW + HOUR + 4 * DAY
    asked = Watch("pl_0", since=NOW, asked_at=acts + 5 * HOUR)
    assert due_at(hold(), asked, acts + 5 * HOUR) == acts + 5 * HOUR + 15 * MINUTE
    told = hold(hold_alerted_at=acts + 5 * HOUR)
    assert due_at(told, asked, acts + 5 * HOUR) == NOW + HOUR + 5 * DAY + HOUR


def test_a_hold_is_seen_on_its_fourth_day_and_after_its_fifth() -> None:
    moments = asked_at(hold(hold_alerted_at=NOW + DAY), until=NOW + 8 * DAY)
    held = NOW + HOUR
    assert hold_acts_at(hold()) == held + 4 * DAY
    assert held + 5 * DAY + HOUR in moments
    assert held + 4 * DAY in asked_at(hold(), until=held + 4 * DAY)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert max(gaps) <= DAY


def test_a_hold_written_down_without_its_time_counts_from_its_page() -> None:
    assert hold_acts_at(hold(held_at=None)) == NOW + 4 * DAY
    assert hold_acts_at(order_of(Status.PAID)) is None


def operation(state: OperationState = OperationState.UNKNOWN) -> Operation:
    return Operation("op_1", "f", Kind.REFUND, NOW, "KZT", state=state, payment_id="1", amount=100)


def test_an_operation_without_an_outcome_is_read_three_times_in_sixteen_minutes() -> None:
    paid = order_of(Status.PAID, operation=operation(), waiting=True)
    assert minutes(asked_at(paid, until=NOW + 20 * MINUTE)) == [1, 5, 16]
    assert len(asked_at(paid, until=NOW + 10 * DAY)) < 20


def test_the_earliest_of_all_that_an_order_waits_for_counts() -> None:
    order = hold(operation=replace(operation(), created_at=NOW + 2 * DAY))
    watch = Watch("pl_0", since=NOW, asked_at=NOW + 2 * DAY)
    assert due_at(order, watch, NOW + 2 * DAY) == NOW + 2 * DAY + MINUTE


def test_refused_money_is_followed_from_when_it_was_first_seen() -> None:
    rejected = {"9": Payment(PaymentState.REJECTED, 150_000)}
    order = order_of(Status.PAID, payments=rejected, waiting=True, created_at=NOW - 9 * DAY)
    assert due_at(order, NOTHING_NOTED, NOW) == NOW + 3 * MINUTE
    moments = asked_at(order, until=NOW + DAY, watch=Watch("pl_0", since=NOW))
    assert minutes(moments)[:4] == [3, 10, 30, 120]
    assert len(moments) < 10
    back = {"9": Payment(PaymentState.REVERSED, 150_000)}
    assert due_at(replace(order, payments=back), Watch("pl_0", since=NOW), NOW) is None


def test_trouble_with_one_order_makes_it_wait_ever_longer_up_to_a_day() -> None:
    waits = [after_trouble(Watch("pl_0", troubles=number), NOW) - NOW for number in range(60)]
    assert waits[:3] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_GAP


def watches(prefix: str, count: int) -> list[Watch]:
    return [Watch(f"{prefix}{number}") for number in range(count)]


def test_what_came_due_lately_goes_first_and_every_fourth_turn_is_the_others() -> None:
    turns = [watch.order_id for watch in in_turn(watches("f", 6), watches("l", 2), watches("o", 3))]
    assert turns == ["f0", "f1", "f2", "l0", "f3", "f4", "f5", "o0", "l1", "o1", "o2"]


def test_no_part_of_the_queue_waits_for_an_empty_one() -> None:
    assert [watch.order_id for watch in in_turn([], [], watches("o", 2))] == ["o0", "o1"]
    assert [watch.order_id for watch in in_turn(watches("f", 5), [], [])] == ["f0", "f1", "f2", "f3", "f4"]
    assert list(in_turn([], [], [])) == []


def test_a_lease_is_over_at_its_time() -> None:
    watch = Watch("pl_0", lease_until=datetime(2026, 3, 1, 10, 0, tzinfo=UTC))
    assert watch.leased(NOW - MINUTE)
    assert not watch.leased(NOW)
