"""A backlog of ten thousand drains over runs while what came due lately does not wait, on a simulated clock."""

import itertools
from datetime import datetime, timedelta

from paylink.app.discovery import MOST_NEW, MOST_ROUND
from paylink.domain.order import Order, Status
from paylink.domain.watch import Watch, due_at

from .waiting_room import MINUTE, START, WaitingRoom, a_pending_order, expiring

BACKLOG = 10_000
NEW_A_MINUTE = 3
LONGEST_WAIT = timedelta(minutes=15)
HOURS_TO_DRAIN = 14


class Waits:
    """How long each order was due before it was asked about, told from its own moments alone."""

    def __init__(self) -> None:
        self._asked: dict[str, datetime] = {}
        self.waits: dict[str, list[timedelta]] = {}

    def answer(self, order: Order, now: datetime) -> Order:
        watch = Watch(order.order_id, since=order.created_at, asked_at=self._asked.get(order.order_id))
        due = due_at(order, watch, now)
        assert due is not None
        self.waits.setdefault(order.order_id, []).append(now - due)
        self._asked[order.order_id] = now
        return expiring(order, now)


def test_ten_thousand_drain_while_new_ones_are_asked_about_in_time() -> None:
    waits = Waits()
    room = WaitingRoom(answer=waits.answer)
    for number in range(BACKLOG):
        # Made over a day that ended two hours ago: every one is due for more than an hour.
        made = START - timedelta(hours=2) - number * timedelta(hours=24) / BACKLOG
        room.arrive(a_pending_order(f"old{number:05}", made))
    largest_look, numbers = 0, itertools.count()

    def arrive(_: int) -> None:
        nonlocal largest_look
        largest_look, room.looks = max(largest_look, room.looks), 0
        for number in range(NEW_A_MINUTE):
            at = room.time.now() - number * timedelta(seconds=7)
            room.arrive(a_pending_order(f"new{next(numbers):05}", at))

    minutes = 0
    while any(order.waiting for order_id, order in room.orders.items() if order_id.startswith("old")):
        room.run_each_minute(15, arrive)
        minutes += 15
        assert minutes <= HOURS_TO_DRAIN * 60, "the backlog does not drain"
    new = {order_id: all_ for order_id, all_ in waits.waits.items() if order_id.startswith("new")}
    assert max(wait for all_ in new.values() for wait in all_) <= LONGEST_WAIT
    never_asked = {
        order_id
        for order_id, order in room.orders.items()
        if order_id not in waits.waits and order.created_at < room.time.now() - 3 * MINUTE - LONGEST_WAIT
    }
    assert never_asked == set()
    assert largest_look <= MOST_NEW + MOST_ROUND
    assert {order.status for order_id, order in room.orders.items() if order_id.startswith("old")} == {
        Status.EXPIRED
    }


def test_the_gateway_is_never_asked_twice_within_two_seconds() -> None:
    room = WaitingRoom(answer=expiring)
    for number in range(200):
        room.arrive(a_pending_order(f"pl_{number:03}", START - 2 * timedelta(hours=1)))
    room.run_each_minute(4)
    moments = [moment for _, moment in room.asked]
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert min(gaps) >= timedelta(seconds=2) - timedelta(milliseconds=1), "beyond rounding"
    assert 80 <= len(moments) <= 120


def test_after_an_outage_those_of_the_last_quarter_of_an_hour_go_first() -> None:
    room = WaitingRoom(answer=expiring)
    for number in range(600):
        # One a minute: the youngest became due just now, the oldest ten hours ago.
        room.arrive(a_pending_order(f"pl_{number:03}", START - 3 * MINUTE - number * MINUTE, lifetime=86_400))
    room.run()
    ages = [(moment - room.orders[order_id].created_at) for order_id, moment in room.asked]
    lately = [age for age in ages if age < timedelta(minutes=18)]
    assert len(lately) == 15, "all that came due within a quarter of an hour"
    assert ages.index(max(lately)) == 0, "the one that waits longest first"
    assert max(ages) > timedelta(hours=9)


def test_the_lag_is_the_age_of_the_oldest_that_is_due() -> None:
    room = WaitingRoom(answer=expiring)
    room.arrive(a_pending_order("pl_0", START - 10 * MINUTE))
    room.arrive(a_pending_order("pl_1", START - 5 * MINUTE))
    assert room.run().lag_seconds == 7 * 60
    room.time.sleep(60)
    assert room.run().lag_seconds == 0
    assert [value for name, value in room.signals.measured if name == "ReconcileLag"] == [420, 0]


def test_what_nobody_waits_for_any_more_costs_no_call() -> None:
    room = WaitingRoom(answer=expiring)
    order = a_pending_order("pl_0", START - 5 * MINUTE)
    room.arrive(order)
    room.run()
    present = room.orders["pl_0"]
    room.save(present, present.moved(Status.PAID, room.time.now()))
    room.time.sleep(3_600)
    report = room.run()
    assert (report.asked, room.queued, len(room.asked)) == (0, 0, 1)
    assert room.notes["pl_0"].due_at is None
