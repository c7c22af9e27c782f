"""One run of asking: whose turn, what is asked, and what one order's trouble means for the others."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from paylink.app.reconcile import MOST_SILENT
from paylink.domain.errors import (
    GatewayMisconfigured,
    GatewaySilent,
    GatewayUnclear,
    NotConfigured,
    StoreUnavailable,
)
from paylink.domain.order import IllegalTransition, Order, Status
from paylink.domain.watch import RETRY

from .waiting_room import MINUTE, START, Answer, WaitingRoom, a_pending_order, expiring, paid


def room_with(count: int, answer: Answer = expiring, *, age: timedelta = 4 * MINUTE) -> WaitingRoom:
    """So many pending orders that are due, the first the oldest."""
    room = WaitingRoom(answer=answer)
    for number in range(count):
        made = START - age - (count - number) * timedelta(seconds=1)
        room.arrive(a_pending_order(f"pl_{number:03}", made))
    return room


def raising(*failures: Exception, of: str = "") -> Answer:
    """A gateway that fails in this order and answers after that; `of` one order alone."""
    left = list(failures)

    def answer(order: Order, now: datetime) -> Order:
        if left and (not of or order.order_id == of):
            raise left.pop(0)
        return expiring(order, now)

    return answer


def test_an_order_is_not_asked_about_before_it_is_three_minutes_old() -> None:
    room = room_with(1, age=MINUTE)
    assert room.run().asked == 0
    assert room.notes == {}
    room.time.sleep(120)
    assert room.run().asked == 1


def test_what_is_paid_is_counted_and_never_asked_about_again() -> None:
    room = room_with(1, paid)
    room.run()
    assert room.orders["pl_000"].status is Status.PAID
    assert room.signals.counts["ReconcileFoundPaid"] == 1
    assert room.signals.counts["ReconcileAsked"] == 1
    room.time.sleep(86_400)
    room.run()
    assert len(room.asked) == 1
    assert room.queued == 0


def test_steps_follow_from_run_to_run() -> None:
    room = room_with(1, age=timedelta(0))
    room.run_each_minute(100)
    made = room.orders["pl_000"].created_at
    ages = [(moment - made).total_seconds() / 60 for _, moment in room.asked]
    assert [int(age) for age in ages] == [3, 10, 30, 61]


def test_a_buyer_who_came_back_is_asked_for_in_the_next_run() -> None:
    room = room_with(1, paid, age=timedelta(seconds=20))
    room.returned("pl_000")
    assert room.run().asked == 0
    room.time.sleep(30)
    assert room.run().asked == 1


def test_a_return_while_the_gateway_is_being_asked_is_not_lost() -> None:
    room = room_with(1)
    room.before_asking = room.returned
    room.run()
    room.before_asking = None
    note = room.notes["pl_000"]
    assert note.due_at == note.returned_at + timedelta(seconds=30)
    assert note.lease_until is None
    room.time.sleep(60)
    assert room.run().asked == 1


def test_a_second_run_stands_back_while_one_is_at_work() -> None:
    room = room_with(2)
    inner: list[bool] = []
    room.before_asking = lambda _: inner.append(room.reconcile()(55.0).ran)
    report = room.run()
    assert (report.ran, report.asked, inner) == (True, 2, [False, False])


def test_a_run_that_died_is_followed_by_another_when_its_turn_is_over() -> None:
    room = room_with(3, raising(StoreUnavailable("the table"), StoreUnavailable("the table")))
    with pytest.raises(StoreUnavailable):
        room.run()
    room.time.sleep(30)
    assert not room.run().ran
    room.time.sleep(30)
    with pytest.raises(StoreUnavailable):
        room.run()
    room.time.sleep(60)
    assert room.run().asked == 1
    assert [note.asks for note in room.notes.values()].count(0) == 2, "they come again after a while"
    room.time.sleep(300)
    room.run()
    assert min(note.asks for note in room.notes.values()) == 1


@pytest.mark.parametrize(
    "failure",
    [
        GatewayUnclear("refused", gateway_code=9999),
        KeyError("payments"),
        IllegalTransition("paid -> pending"),
        RuntimeError("a bug"),
    ],
)
def test_one_bad_order_blocks_no_other_and_is_tried_ever_less_often(failure: Exception) -> None:
    failures = [failure] * 1_000
    room = room_with(4, raising(*failures, of="pl_000"))
    report = room.run()
    assert (report.asked, report.troubled) == (3, 1)
    assert room.signals.counts["ReconcileTrouble"] == 1
    tried = [room.time.now()]
    for _ in range(6 * 60):
        room.time.sleep(60)
        if room.run().troubled:
            tried.append(room.time.now())
    gaps = [round((later - earlier) / MINUTE) for earlier, later in itertools.pairwise(tried)]
    assert gaps == sorted(gaps)
    assert gaps[0] in {5, 6}
    assert len(tried) < 9
    assert all(ids["order_id"] == "pl_000" for event, ids in room.signals.lines if event == "asking failed")


def test_a_row_that_nobody_can_read_is_reported_and_passed_by() -> None:
    room = room_with(2)
    room.unreadable.add("pl_000")
    assert room.run().asked == 1
    assert ("an order's row cannot be read", {"order_id": "pl_000"}) in room.signals.lines


def test_a_note_whose_order_is_gone_leaves_the_queue() -> None:
    room = room_with(1)
    room.enqueue("pl_gone", START - MINUTE, START)
    room.run()
    assert room.queued == 1
    assert room.notes["pl_gone"].due_at is None


def test_a_run_ends_early_where_the_gateway_is_down() -> None:
    room = room_with(10, raising(*[GatewaySilent("no answer")] * 100))
    report = room.run()
    assert (report.asked, report.silent) == (0, MOST_SILENT)
    assert room.signals.counts["ReconcileSilent"] == MOST_SILENT
    assert room.time.seconds < 10
    waiting = [note.due_at for note in room.notes.values() if note.due_at and note.due_at > room.time.now()]
    assert len(waiting) == MOST_SILENT, "only those that were tried wait for another try"
    assert max(waiting) <= room.time.now() + RETRY


def test_a_silent_answer_between_others_does_not_end_the_run() -> None:
    room = room_with(10, raising(GatewaySilent("no answer"), GatewaySilent("no answer")))
    assert room.run().asked == 8


@pytest.mark.parametrize("failure", [NotConfigured("no key"), GatewayMisconfigured("key", gateway_code=9998)])
def test_a_shop_without_a_usable_key_is_left_alone_until_the_next_run(failure: Exception) -> None:
    room = room_with(10, raising(failure))
    assert room.run().asked == 0
    assert room.time.seconds < 1
    room.time.sleep(60)
    assert room.run().asked == 9


def test_an_attempt_that_is_running_goes_first() -> None:
    room = room_with(0)
    order = replace(
        a_pending_order("pl_0", START - 5 * MINUTE),
        status=Status.CREATING,
        lease_until=START + timedelta(seconds=20),
        lease_owner="a",
    )
    room.arrive(order)
    assert room.run().asked == 0
    assert room.notes["pl_0"].due_at == START + timedelta(seconds=25)
    room.time.sleep(60)
    assert room.run().asked == 1


def test_it_stops_while_there_is_time_to_stop() -> None:
    room = room_with(100)
    room.call_seconds = 11.0
    room.run()
    assert room.time.seconds <= 55.0 + 11.0 - 7.0
    assert room.run().ran, "its turn was given back"


def test_a_failed_order_is_let_go_when_its_page_is_over() -> None:
    def as_it_was(order: Order, now: datetime) -> Order:
        return order

    room = WaitingRoom(answer=as_it_was)
    pending = a_pending_order("pl_0", START - 30 * MINUTE)
    room.arrive(pending.moved(Status.FAILED, START - 20 * MINUTE))
    room.run_each_minute(60)
    order = room.orders["pl_0"]
    assert (order.waiting, order.status) == (False, Status.FAILED)
    assert order.keep_until is not None
    assert room.queued == 0
    ages = [int((moment - order.created_at) / MINUTE) for _, moment in room.asked]
    assert ages[-1] == 61, "its page may be paid to its very end"
    assert len(ages) == 2
