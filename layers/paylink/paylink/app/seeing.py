"""What the gateway's status says about an order whose attempts did not end in writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from paylink.app.deadline import Deadline
from paylink.app.ports import Gateway
from paylink.domain.notices import ResultNotice
from paylink.domain.order import Order
from paylink.domain.order import PaymentState as OrderPaymentState
from paylink.domain.settlement import EXPIRED_CODE
from paylink.freedompay.answers import PaymentState, PaymentStatus
from paylink.freedompay.client import Credentials
from paylink.freedompay.errors import Advice, GatewayError


class Seen(Enum):
    """How the gateway sees the order's payment; of two sights the later in this list counts."""

    ABSENT = auto()
    """It knows none."""
    DEAD = auto()
    """Declined or expired: nobody will pay it."""
    OPEN = auto()
    """It waits for a buyer."""
    BUSY = auto()
    """Someone is paying it, or the word is one we don't know."""
    MONEY = auto()
    """It is paid or held."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One look: what is seen, and the status it was seen in (None where the gateway knows no payment)."""

    seen: Seen
    status: PaymentStatus | None = None

    @property
    def payment_id(self) -> str | None:
        """The payment that was seen."""
        return None if self.status is None else self.status.payment_id

    def notice(self, order: Order) -> ResultNotice | None:
        """The status as the message that a callback would have brought; None where it decides nothing."""
        status = self.status
        if status is None or status.payment_id is None or self.seen not in {Seen.DEAD, Seen.MONEY}:
            return None
        is_money = self.seen is Seen.MONEY
        if is_money and (status.amount is None or status.currency is None):
            return None
        return ResultNotice(
            order_id=order.order_id,
            payment_id=status.payment_id,
            result=1 if is_money else 0,
            amount=status.amount or Decimal(0),
            currency=status.currency or order.currency,
            captured=status.state is PaymentState.PAID if is_money else None,
            test=status.test,
            failure_code=EXPIRED_CODE if status.state is PaymentState.EXPIRED else None,
        )

    def is_the_ledgers(self, order: Order) -> bool:
        """Whether it is of money that the order knows, or of a refund, which is a payment of its own at the gateway
        and may be the order's last."""
        known = order.payments.get(self.payment_id or "")
        return self._is_refund(order) or (known is not None and known.state in _LEDGERS)

    def is_given_back(self, order: Order) -> bool:
        """Whether it shows money, and money that is known to have gone back: nobody is paying there."""
        known = order.payments.get(self.payment_id or "")
        is_spent = known is not None and known.state in _SPENT and not known.holds_money
        return self.seen is Seen.MONEY and (is_spent or self._is_refund(order))

    def _is_refund(self, order: Order) -> bool:
        amount = None if self.status is None else self.status.amount
        return self.payment_id in order.refunds or (amount is not None and amount < 0)


def unsettled(order: Order, sights: Sequence[Sight]) -> list[Sight]:
    """The sights but for those of money that went back; never empty."""
    return [sight for sight in sights if not sight.is_given_back(order)] or [Sight(Seen.ABSENT)]


MOST_EARLIER = 5
"""How many earlier payments are asked about; each is a call to the gateway."""

_UNSETTLED = {OrderPaymentState.OPEN, OrderPaymentState.LOST, OrderPaymentState.FAILED}
"""A declined payment's page may take another card, so a failed payment may have been paid since."""

_SPENT = {OrderPaymentState.PAID, OrderPaymentState.REVERSED}
_LEDGERS = _SPENT | {OrderPaymentState.AUTHORIZED, OrderPaymentState.REJECTED}
"""Payments whose money is known: a notice would judge them as if they had just been paid."""

_SEEN = {
    PaymentState.NEW: Seen.OPEN,
    PaymentState.PROCESSING: Seen.BUSY,
    PaymentState.UNKNOWN: Seen.BUSY,
    PaymentState.AUTHORIZED: Seen.MONEY,
    PaymentState.PAID: Seen.MONEY,
    PaymentState.FAILED: Seen.DEAD,
    PaymentState.EXPIRED: Seen.DEAD,
    PaymentState.REVERSED: Seen.DEAD,
}


def look(gateway: Gateway, credentials: Credentials, order: Order, deadline: Deadline) -> list[Sight]:
    """Asks for the order's last payment and for each earlier one that might still be or have been paid.

    The most telling sight comes first: money, then whatever is being paid or can be. Raises FreedomPayError
    where the gateway gives no usable answer, GatewaySilent where no time is left.
    """
    last = _ask(gateway, credentials, deadline, order_id=order.order_id)
    others = [
        payment_id
        for payment_id, payment in order.payments.items()
        if payment.state in _UNSETTLED and payment_id != last.payment_id
    ]
    if order.payment_id is not None and order.payment_id not in (last.payment_id, *others):
        others.append(order.payment_id)
    sights = [last]
    for payment_id in others[-MOST_EARLIER:]:
        sight = _ask(gateway, credentials, deadline, order_id=order.order_id, payment_id=payment_id)
        known = order.payments.get(payment_id)
        if sight.seen is not Seen.OPEN or known is None or known.state is not OrderPaymentState.LOST:
            # A lost page that is still open can be paid by nobody, so it tells nothing.
            sights.append(sight)
    return sorted(
        sights, key=lambda sight: (sight.seen.value, sight.payment_id == order.payment_id), reverse=True
    )


def _ask(
    gateway: Gateway,
    credentials: Credentials,
    deadline: Deadline,
    *,
    order_id: str | None = None,
    payment_id: str | None = None,
) -> Sight:
    try:
        status = gateway.status(
            credentials, order_id=order_id, payment_id=payment_id, timeout=deadline.next_call()
        )
    except GatewayError as error:
        if error.advice is Advice.NOT_FOUND:
            return Sight(Seen.ABSENT)
        raise
    return Sight(_SEEN[status.state], status)
