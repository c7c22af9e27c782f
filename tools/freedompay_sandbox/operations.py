"""Money moved after the charge: clearing a hold, cancelling it, giving money back.

Freedom Pay protocol, Cancel, clearing, refund. Which code a refusal carries is not documented: the codes here
are the sandbox's choice from the published lists.
"""

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from .clock import Agenda, Clock
from .ledger import Ledger
from .payments import Payment, Stale, State
from .refunds import Refund, RefundCourse, RefundState, Revocation, Source
from .settings import Settings

WRONG_STATE, NOT_CANCELLABLE, BAD_AMOUNT, CARD_REFUSES = "120", "490", "200", "10010"
REFUND_FAILED_CODE, REFUND_FAILED_TEXT = "10010", "Refused by the issuing bank"


class RefusedError(Exception):
    """An operation that the payment's state, sums or card do not allow; `code` is the gateway's."""

    def __init__(self, code: str, reason: str) -> None:
        """Say why, with the code that the gateway answers."""
        super().__init__(reason)
        self.code = code


@dataclass
class Operations:
    """Each method is one step of the ledger, so that none of many at once can overdraw a payment."""

    settings: Settings
    ledger: Ledger
    clock: Clock
    agenda: Agenda

    def clear(
        self, payment_id: str, amount: Decimal | None = None, *, source: Source = Source.SHOP
    ) -> Payment:
        """Take the money of a hold, all of it for None. Raises RefusedError, UnknownPaymentError."""

        def clear(payment: Payment) -> Mapping[str, object]:
            held = _held(payment, WRONG_STATE)
            if payment.card is not None and not payment.card.clearing and source is Source.SHOP:
                raise RefusedError(CARD_REFUSES, "the bank does not clear payments of this card")
            if amount is not None and amount > held:
                raise RefusedError(BAD_AMOUNT, "pg_clearing_amount: must not be above the payment's amount")
            return {"captured": True, "captured_amount": held if amount is None else amount}

        return self._change(payment_id, clear)

    def cancel(self, payment_id: str, *, source: Source = Source.SHOP) -> Payment:
        """Let go of a hold. Raises RefusedError, UnknownPaymentError."""

        def cancel(payment: Payment) -> Mapping[str, object]:
            _held(payment, NOT_CANCELLABLE)
            if payment.card is not None and not payment.card.reverse and source is Source.SHOP:
                raise RefusedError(NOT_CANCELLABLE, "the bank does not reverse payments of this card")
            return self.reversal(payment, source)

        return self._change(payment_id, cancel)

    def reversal(self, payment: Payment, source: Source) -> dict[str, object]:
        """Return what reversing a whole payment changes in it."""
        revocation = Revocation(self.ledger.new_id(), self.clock.now(), source)
        return {
            "state": State.REVERSED,
            "captured": False,
            "revocations": (*payment.revocations, revocation),
        }

    def refund(
        self,
        payment_id: str,
        amount: Decimal | None = None,
        *,
        source: Source = Source.SHOP,
        course: RefundCourse | None = None,
    ) -> Payment:
        """Give money back, all that is left for None; the new refund is the last of the payment's.

        Raises RefusedError, UnknownPaymentError.
        """
        course = course or RefundCourse()

        def refund(payment: Payment) -> Mapping[str, object]:
            if payment.state is not State.PAID or not payment.captured:
                raise RefusedError(WRONG_STATE, "only a cleared payment can be refunded")
            if payment.card is not None and not payment.card.refund and source is Source.SHOP:
                raise RefusedError(CARD_REFUSES, "the bank does not refund payments of this card")
            given = payment.refundable if amount is None else amount
            if not 0 < given <= payment.refundable:
                raise RefusedError(BAD_AMOUNT, "pg_amount: must not be above what is left of the payment")
            made = Refund(self.ledger.new_id(), given, self.clock.now(), source, _digits(12))
            return {"refunds": (*payment.refunds, _in_state(made, course.first))}

        payment = self._change(payment_id, refund)
        if course.then is not None and course.seconds is not None:
            refund_id, then = payment.refunds[-1].refund_id, course.then
            due = self.clock.now() + timedelta(seconds=course.seconds)
            self.agenda.at(due, lambda: self._settle(payment_id, refund_id, then))
        return payment

    def _settle(self, payment_id: str, refund_id: str, state: RefundState) -> None:
        def settle(payment: Payment) -> Mapping[str, object]:
            refunds = (_in_state(r, state) if r.refund_id == refund_id else r for r in payment.refunds)
            return {"refunds": tuple(refunds)}

        self._change(payment_id, settle)

    def _change(self, payment_id: str, change: Callable[[Payment], Mapping[str, object]]) -> Payment:
        """Change a payment in one step; the status shows it as it was until the lag has passed."""

        def with_lag(payment: Payment) -> Mapping[str, object]:
            values, now = change(payment), self.clock.now()
            until = now + timedelta(seconds=self.settings.lag_seconds)
            stale = [item for item in payment.lagging if item.until > now]
            if until > now:
                stale.append(Stale(until, replace(payment, lagging=())))
            return {**values, "lagging": tuple(stale)}

        return self.ledger.update(payment_id, with_lag)


def _held(payment: Payment, code: str) -> Decimal:
    """Return what a hold holds. Raises RefusedError with this code for any other payment."""
    if payment.state is not State.PAID or payment.captured or payment.amount is None:
        raise RefusedError(code, f"the payment is no hold: {payment.state}, captured {int(payment.captured)}")
    return payment.amount


def _in_state(refund: Refund, state: RefundState) -> Refund:
    failed = state is RefundState.FAILED
    return replace(
        refund,
        state=state,
        failure_code=REFUND_FAILED_CODE if failed else None,
        failure_description=REFUND_FAILED_TEXT if failed else None,
    )


def _digits(count: int) -> str:
    return "".join(secrets.choice(string.digits) for _ in range(count))
