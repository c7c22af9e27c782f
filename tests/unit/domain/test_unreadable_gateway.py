"""An order whose gateway could not be asked: an operator is called once its operation has been open for too long."""

from dataclasses import replace
from datetime import timedelta

import pytest

from paylink.domain.operation import OVERDUE, Kind, Operation, OperationState
from paylink.domain.operation_steps import unreadable
from paylink.domain.order import Attention, Status
from unit.domain.examples import FIRST, NOW, an_order_in

STUCK = Operation("op_1", "00", Kind.REFUND, NOW, "KZT", OperationState.UNKNOWN, FIRST, 500)
ORDER = an_order_in(Status.PAID, operation=STUCK, attention=(Attention.OVERSOLD,), waiting=True)
OVER = NOW + OVERDUE


def test_an_operator_is_called_after_an_hour() -> None:
    after = unreadable(ORDER, OVER)
    assert after.attention == (Attention.OVERSOLD, Attention.OUTCOME_UNKNOWN)
    assert (after.operation, after.sequence) == (STUCK, ORDER.sequence + 1)


def test_nobody_is_called_before_the_hour_is_over() -> None:
    assert unreadable(ORDER, OVER - timedelta(milliseconds=1)) is ORDER


def test_nobody_is_called_twice() -> None:
    called = unreadable(ORDER, OVER)
    assert unreadable(called, OVER + OVERDUE) is called


@pytest.mark.parametrize("attention", [(), (Attention.OUTCOME_UNKNOWN,)])
def test_nobody_is_called_where_nothing_is_in_flight(attention: tuple[Attention, ...]) -> None:
    order = replace(ORDER, operation=None, attention=attention)
    assert unreadable(order, OVER) is order
