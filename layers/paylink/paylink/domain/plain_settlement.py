"""The plain case of a result, settled in one write without reading first.

An order that waits for exactly this payment, and a result that fits it to the letter: then what follows is
known beforehand, and one conditional write both checks and does it. Everything else is judged by
`settlement` on the row that the failed condition hands back. A property test holds the two together.
"""

from dataclasses import dataclass
from datetime import datetime

from paylink.domain.money import from_decimal
from paylink.domain.notices import ResultNotice
from paylink.domain.order import Order, PaymentState, Status
from paylink.domain.terms import AUTOMATIC


@dataclass(frozen=True, slots=True)
class PlainSettlement:
    """A result that makes a fitting pending order paid. `amount` in minor units."""

    order_id: str
    payment_id: str
    amount: int
    currency: str
    test: bool
    capture: str | None
    """The capture mode that the order must have; None where the result itself says that it is captured."""
    digest: str
    paid_at: datetime

    def fits(self, order: Order) -> bool:
        """Whether the one write may settle this order; the table's adapter states the same as a condition."""
        return (
            order.status is Status.PENDING
            and order.payment_id == self.payment_id
            and order.amount == self.amount
            and order.currency == self.currency
            and order.test is self.test
            and self.capture in (None, order.capture)
            and order.amount_range is None
            and not order.places
            and order.approved in (None, self.payment_id)
            and order.lease_until is None
            and list(order.payments) == [self.payment_id]
            and order.payments[self.payment_id].state is PaymentState.OPEN
            and self.digest not in order.answers
        )


def plain_settlement(notice: ResultNotice, now: datetime) -> PlainSettlement | None:
    """The plain settlement that a result asks for; None where it is no such result."""
    amount = from_decimal(notice.amount, notice.currency)
    if notice.result != 1 or notice.captured is False or amount is None or notice.test is None:
        return None
    return PlainSettlement(
        order_id=notice.order_id,
        payment_id=notice.payment_id,
        amount=amount,
        currency=notice.currency,
        test=notice.test,
        capture=None if notice.captured else AUTOMATIC,
        digest=notice.digest(),
        paid_at=now,
    )
