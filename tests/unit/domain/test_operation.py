"""How long an operation of unknown outcome is looked for, and when an operator has to look."""

from datetime import timedelta
from typing import Any

import pytest

from paylink.domain.operation import (
    MOST_OPERATIONS,
    OVERDUE,
    RELEASE_AFTER,
    RELEASE_READS,
    Kind,
    Operation,
    OperationState,
)
from unit.domain.examples import NOW

SECOND = timedelta(seconds=1)
UNKNOWN, RUNNING = OperationState.UNKNOWN, OperationState.RUNNING


def an_operation(**changes: Any) -> Operation:
    return Operation(
        **{
            "id": "op_1",
            "fingerprint": "00",
            "kind": Kind.REFUND,
            "created_at": NOW,
            "currency": "KZT",
            **changes,
        }
    )


def test_the_bounds() -> None:
    assert (RELEASE_READS, MOST_OPERATIONS) == (3, 100)
    assert timedelta(minutes=15) == RELEASE_AFTER
    assert timedelta(hours=1) == OVERDUE


def test_what_nobody_says_of_an_operation() -> None:
    plain = an_operation()
    assert (plain.amount, plain.seen_sum, plain.reads, plain.state) == (0, 0, 0, RUNNING)
    assert [an_operation(state=state).is_open for state in (RUNNING, UNKNOWN, OperationState.DONE)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("after", "changes", "overdue"),
    [
        (OVERDUE - SECOND, {}, False),
        (OVERDUE, {}, True),
        (OVERDUE + SECOND, {}, True),
        (OVERDUE, {"state": UNKNOWN}, True),
        (OVERDUE, {"state": OperationState.DONE}, False),
        (OVERDUE, {"lease_until": NOW + OVERDUE + SECOND}, False),
        (OVERDUE, {"lease_until": NOW + OVERDUE}, True),
    ],
)
def test_overdue_when_open_for_an_hour(after: timedelta, changes: dict[str, Any], overdue: bool) -> None:
    assert an_operation(**changes).is_overdue(NOW + after) is overdue


@pytest.mark.parametrize(
    ("after", "reads", "state", "waited"),
    [
        (RELEASE_AFTER, 3, UNKNOWN, True),
        (RELEASE_AFTER + SECOND, 4, UNKNOWN, True),
        (RELEASE_AFTER - SECOND, 3, UNKNOWN, False),
        (RELEASE_AFTER, 2, UNKNOWN, False),
        (RELEASE_AFTER, 3, RUNNING, False),
    ],
)
def test_looked_for_long_and_often_enough(
    after: timedelta, reads: int, state: OperationState, waited: bool
) -> None:
    assert an_operation(state=state, reads=reads).has_waited(NOW + after) is waited
