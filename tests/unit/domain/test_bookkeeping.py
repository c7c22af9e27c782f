"""Sums and states: each payment's own, each operation's own, and only as the table of transitions allows."""

from dataclasses import replace

import pytest

from paylink.domain import bookkeeping
from paylink.domain.bookkeeping import finished, refunded_sum, restated
from paylink.domain.operation import OperationState, Refund, Source
from paylink.domain.order import IllegalTransition, Payment, PaymentState, Status
from unit.domain.examples import FIRST, LATER, MINOR, SECOND, THIRD, an_order_in
from unit.domain.test_ledger import an_operation


def test_a_payments_refunds_are_its_own() -> None:
    sums = {FIRST: 1, SECOND: 20, THIRD: 300}
    refunds = {str(n): Refund(payment, n, Source.PAYLINK) for payment, n in sums.items()}
    order = an_order_in(Status.PAID, refunds=refunds)
    assert {payment: refunded_sum(order, payment) for payment in sums} == sums


@pytest.mark.parametrize("other", ["op_0", "op_2"])
def test_an_operation_that_ends_leaves_another_in_flight(other: str) -> None:
    order = an_order_in(Status.PAID, operation=an_operation(id=other))
    after = finished(order, an_operation(), OperationState.DONE, LATER)
    assert after.operation == an_operation(id=other)
    assert set(after.operations) == {"op_1"}


def test_money_on_an_order_that_is_not_settled_changes_no_sum() -> None:
    paid = {FIRST: Payment(PaymentState.PAID, MINOR, MINOR)}
    order = an_order_in(Status.CANCELLED, payments=paid)
    assert restated(order, LATER) is order


def test_what_the_table_does_not_allow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bookkeeping, "TRANSITIONS", {status: frozenset() for status in Status})
    order = an_order_in(Status.AUTHORIZED)
    gone = replace(order, payments={FIRST: Payment(PaymentState.REVERSED, MINOR)})
    with pytest.raises(IllegalTransition, match="authorized -> cancelled"):
        restated(gone, LATER)
