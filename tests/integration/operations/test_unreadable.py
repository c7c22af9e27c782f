"""An operation whose outcome can never be read: an operator is called, and can end it."""

import pytest

from integration.operations.office import Office
from integration.operations.sums import gateway_refunds
from paylink.domain.errors import GatewayTrouble, OperationNotAllowed
from paylink.domain.operation import OVERDUE, OperationState
from paylink.domain.order import Attention, Order


def asked_in_vain(office: Office, order: Order) -> Order:
    with pytest.raises(GatewayTrouble):
        office.sync(order)
    return office.order(order.order_id)


def test_an_operator_is_called_after_an_hour_and_may_close_it(office: Office) -> None:
    order = office.sold()
    office.sandbox.faults.add("refund", "drop_before")
    assert office.run("refund", order).operation.state is OperationState.UNKNOWN
    office.sandbox.faults.add("status", "garbage", times=None)

    office.sandbox.clock.advance(OVERDUE.total_seconds() - 60)
    early = asked_in_vain(office, order)
    assert Attention.OUTCOME_UNKNOWN not in early.attention
    office.sandbox.clock.advance(61)
    late = asked_in_vain(office, order)
    assert late.attention == (Attention.OUTCOME_UNKNOWN,)
    assert asked_in_vain(office, order).sequence == late.sequence, "called once"

    office.run("resolve", order, note="asked the gateway's support")
    closed = office.order(order.order_id)
    assert (closed.operation, closed.attention) == (None, ())
    office.sandbox.faults.clear()
    assert office.run("refund", order).operation.state is OperationState.DONE
    assert len(gateway_refunds(office, order.order_id)) == 1


def test_what_is_not_looked_for_long_enough_is_not_closed(office: Office) -> None:
    order = office.sold()
    office.sandbox.faults.add("refund", "drop_before")
    office.run("refund", order)
    with pytest.raises(OperationNotAllowed):
        office.run("resolve", order, note="impatient")
    assert office.order(order.order_id).operation is not None
