"""The order's states: the table of transitions as data, and the marks that follow from each change."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from paylink.domain.lease import LEASE, taken_over
from paylink.domain.order import (
    HOLDING_MONEY,
    KEEP_EMPTY,
    SETTLED,
    TRANSITIONS,
    UNPAID_END,
    Attention,
    IllegalTransition,
    Order,
    Payment,
    PaymentState,
    Status,
)
from unit.domain.examples import FIRST, LATER, MINOR, NOW, SECOND, a_pending_order, an_order, an_order_in

CONTRACT = """
creating -> pending | refused | paid | authorized | failed | expired
pending -> paid | authorized | failed | expired | cancelled
failed -> pending | paid | authorized
expired -> pending | paid | authorized
refused -> pending | paid | authorized
authorized -> paid | cancelled
paid -> partially_refunded | refunded
partially_refunded -> partially_refunded | refunded
cancelled ->
refunded ->
"""


def contract() -> set[tuple[Status, Status]]:
    steps = set()
    for line in CONTRACT.split("\n"):
        before, _, after = line.partition(" ->")
        steps |= {(Status(before), Status(word)) for word in after.replace("|", " ").split()}
    return steps


def test_the_table_holds_what_the_contract_says() -> None:
    table = {(before, after) for before, row in TRANSITIONS.items() for after in row}
    assert table == contract()
    assert set(TRANSITIONS) == set(Status)


@pytest.mark.parametrize(("before", "after"), list(itertools.product(Status, Status)))
def test_only_what_is_in_the_table_may_follow(before: Status, after: Status) -> None:
    order = an_order_in(before)
    if (before, after) in contract() or before is after:
        moved = order.moved(after, LATER)
        assert (moved.status, moved.sequence) == (after, order.sequence + 1)
    else:
        with pytest.raises(IllegalTransition, match=f"{before} -> {after}"):
            order.moved(after, LATER)


def test_no_step_leads_from_money_to_none() -> None:
    for before, after in contract():
        if before in SETTLED:
            assert after in SETTLED or (before, after) == (Status.AUTHORIZED, Status.CANCELLED)


def test_the_groups_of_states() -> None:
    assert HOLDING_MONEY < SETTLED
    assert not SETTLED & UNPAID_END
    assert set(Status) - SETTLED - UNPAID_END == {Status.CREATING, Status.PENDING, Status.CANCELLED}


def test_a_new_order_has_one_attempt_and_no_money() -> None:
    order = an_order()
    assert (order.sequence, order.attempt, order.sent, order.lifetime) == (1, 1, 1, 3600)
    assert (order.captured_amount, order.refunded_amount, order.waiting) == (0, 0, True)
    payment = Payment(PaymentState.OPEN)
    assert (payment.amount, payment.captured, payment.refunded, payment.currency) == (0, 0, 0, None)


def test_times() -> None:
    assert timedelta(days=90) == KEEP_EMPTY
    # A function runs 20 s at most, so that a lease that has ended means an attempt that has ended.
    assert timedelta(seconds=30) == LEASE


@pytest.mark.parametrize(
    ("order", "waits"),
    [
        (an_order(), True),
        (a_pending_order(), True),
        (an_order_in(Status.AUTHORIZED), True),
        (an_order_in(Status.FAILED), True),
        (an_order_in(Status.FAILED, expires_at=LATER), False),
        (an_order_in(Status.FAILED, expires_at=None), False),
        (an_order_in(Status.EXPIRED), False),
        (an_order_in(Status.REFUSED), False),
        (an_order_in(Status.CANCELLED), True),
        (an_order_in(Status.CANCELLED, expires_at=LATER), False),
        (an_order_in(Status.CANCELLED, payments={}), False),
        (an_order_in(Status.PAID), False),
        (an_order_in(Status.PARTIALLY_REFUNDED), False),
        (an_order_in(Status.REFUNDED), False),
    ],
)
def test_what_an_order_waits_for(order: Order, *, waits: bool) -> None:
    assert order.waits(LATER) is waits


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("lease_until", [LATER, NOW - timedelta(days=30)])
def test_an_attempt_without_an_outcome_is_waited_for(status: Status, lease_until: datetime) -> None:
    assert an_order_in(status, lease_until=lease_until).waits(LATER)


@pytest.mark.parametrize("status", Status)
def test_rejected_money_stays_on_watch(status: Status) -> None:
    order = an_order_in(status)
    order = order.changed(LATER, payments={**order.payments, SECOND: Payment(PaymentState.REJECTED, MINOR)})
    assert order.waiting
    assert order.keep_until is None


IN_THREE_DAYS = NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, LATER + KEEP_EMPTY),
        ({"keep_until": IN_THREE_DAYS}, IN_THREE_DAYS),
        ({"attention": (Attention.OUTCOME_UNKNOWN,)}, None),
        ({"lease_until": LATER}, None),
        ({"payments": {FIRST: Payment(PaymentState.PAID, MINOR, MINOR)}}, None),
        ({"payments": {FIRST: Payment(PaymentState.AUTHORIZED, MINOR)}}, None),
        ({"payments": {FIRST: Payment(PaymentState.PAID, MINOR, MINOR, refunded=1)}}, None),
        ({"payments": {FIRST: Payment(PaymentState.PAID, MINOR, MINOR, refunded=MINOR)}}, LATER + KEEP_EMPTY),
        ({"payments": {FIRST: Payment(PaymentState.REJECTED, MINOR)}}, None),
        ({"payments": {FIRST: Payment(PaymentState.LOST, MINOR)}}, LATER + KEEP_EMPTY),
    ],
)
@pytest.mark.parametrize("status", [Status.EXPIRED, Status.REFUSED, Status.CANCELLED])
def test_a_row_is_forgotten_only_where_it_holds_nothing(
    status: Status, changes: dict[str, Any], kept: datetime | None
) -> None:
    order = an_order(status=status, **changes).changed(LATER)
    assert order.keep_until == kept
    assert order.changed(LATER + timedelta(days=1)).keep_until == kept


@pytest.mark.parametrize("status", sorted(SETTLED))
def test_an_order_that_had_money_is_never_forgotten(status: Status) -> None:
    assert an_order_in(status).changed(LATER).keep_until is None


def test_a_further_attempt_takes_the_time_limit_of_the_row_away() -> None:
    order = an_order_in(Status.EXPIRED)
    assert order.keep_until is not None
    taken = taken_over(order, "owner", LATER)
    assert (taken.attempt, taken.lease_owner, taken.lease_until) == (2, "owner", LATER + LEASE)
    assert (taken.waiting, taken.keep_until, taken.status) == (True, None, Status.EXPIRED)


@pytest.mark.parametrize(
    ("lease_until", "leased"),
    [(None, False), (NOW, False), (NOW - timedelta(seconds=1), False), (NOW + timedelta(seconds=1), True)],
)
def test_a_lease_ends_at_its_time(lease_until: datetime | None, *, leased: bool) -> None:
    assert an_order(lease_until=lease_until).leased(NOW) is leased


@pytest.mark.parametrize(
    ("changes", "payable"),
    [
        ({}, True),
        ({"expires_at": NOW}, False),
        ({"expires_at": None}, False),
        ({"redirect_url": None}, False),
        *(({"status": status}, False) for status in Status if status is not Status.PENDING),
    ],
)
def test_an_order_can_be_paid_on_a_page_that_is_known_and_open(
    changes: dict[str, Any], *, payable: bool
) -> None:
    assert a_pending_order(**changes).payable(NOW) is payable


def test_what_nobody_says_of_an_order() -> None:
    order = an_order()
    assert (order.attempt, order.sent, order.sequence, order.lifetime) == (1, 1, 1, 3600)
    assert (order.captured_amount, order.refunded_amount) == (0, 0)
    payment = Payment(PaymentState.PAID)
    assert (payment.amount, payment.captured, payment.refunded) == (0, 0, 0)
    assert timedelta(days=90) == KEEP_EMPTY


@pytest.mark.parametrize(
    ("order", "over"),
    [
        (an_order_in(Status.EXPIRED), True),
        (an_order_in(Status.CANCELLED), True),
        (an_order_in(Status.PENDING, expires_at=NOW), False),
        (an_order_in(Status.PAID), False),
        (an_order_in(Status.FAILED), False),
        (an_order_in(Status.FAILED, payments={}), False),
        (an_order_in(Status.FAILED, expires_at=None), False),
        (an_order_in(Status.FAILED, expires_at=LATER), True),
        (an_order_in(Status.FAILED, expires_at=LATER - timedelta(seconds=1)), True),
        (an_order_in(Status.FAILED, expires_at=LATER + timedelta(seconds=1)), False),
        (an_order_in(Status.FAILED, payments={FIRST: Payment(PaymentState.EXPIRED)}), True),
        (an_order_in(Status.FAILED, payments={SECOND: Payment(PaymentState.EXPIRED)}), False),
        (
            an_order_in(Status.FAILED, payment_id=None, payments={SECOND: Payment(PaymentState.EXPIRED)}),
            False,
        ),
    ],
)
def test_over_when_unpaid_and_out_of_time(order: Order, over: bool) -> None:
    assert order.over(LATER) is over


def test_a_page_is_payable_until_its_time_and_not_after() -> None:
    assert a_pending_order(expires_at=LATER + timedelta(seconds=1)).payable(LATER)
    assert not a_pending_order(expires_at=LATER).payable(LATER)
    assert not a_pending_order(expires_at=LATER - timedelta(seconds=1)).payable(LATER)
