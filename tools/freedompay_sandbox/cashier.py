"""What happens between a buyer's card and the bank: the check, 3D Secure, the charge, expiry."""

import secrets
import string
import time
from dataclasses import dataclass
from datetime import timedelta

from . import cards, notices
from .callbacks import Postman
from .clock import Agenda, Clock
from .faults import CHARGED, Faults
from .ledger import Ledger
from .payments import NotPayableError, Payment, State
from .results import Results
from .settings import Settings

THREE_DS_FAILED = "10004"


@dataclass
class Cashier:
    """Moves payments through the ledger; every call to the shop is done before a method returns."""

    settings: Settings
    ledger: Ledger
    clock: Clock
    agenda: Agenda
    faults: Faults
    postman: Postman
    results: Results

    def present(
        self,
        payment_id: str,
        card: str,
        *,
        expiry: str = "12/30",
        owner: str = "TEST BUYER",
        decline_code: str | None = None,
        check: bool = False,
    ) -> Payment:
        """Ask the shop (when set up so, or told to), then charge the card; a 3D Secure card leaves the payment waiting.

        Raises NotPayableError, UnknownPaymentError, ValueError for text that is no card number.
        """
        chosen = cards.find(card)
        if check and not self.ledger.get(payment_id).text("pg_check_url"):
            raise NotPayableError("the shop gave no pg_check_url")
        payment, before = self._begin(payment_id)
        refused = self._ask_shop(payment, check=check)
        if refused is not None:
            return self._release(payment, before, refusal=refused)
        payment = self.ledger.change(
            payment_id,
            card=chosen,
            card_exp=expiry.replace(" ", ""),
            card_owner=owner,
            refusal=None,
            attempts=payment.attempts + 1,
        )
        if decline_code is None and chosen.three_ds:
            return self._release(payment, State.WAITING)
        return self._charge(payment, decline_code or chosen.failure_code)

    def confirm(self, payment_id: str, *, passed: bool) -> Payment:
        """Finish 3D Secure. Raises NotPayableError when the payment does not wait for it."""
        self.end_if_over(payment_id)
        payment = self.ledger.change_if(payment_id, {State.WAITING}, state=State.PROCESSING)
        if payment is None or payment.card is None:
            raise NotPayableError(f"the payment is {self.ledger.get(payment_id).state}")
        return self._charge(payment, payment.card.failure_code if passed else THREE_DS_FAILED)

    def expire(self, payment_id: str) -> Payment:
        """End a payment's lifetime now, without turning the clock.

        Raises NotPayableError, UnknownPaymentError.
        """
        before = self.ledger.get(payment_id)
        if before.state not in {State.NEW, State.WAITING} or not self.expire_if_open(payment_id):
            raise NotPayableError(f"the payment is {before.state}")
        return self.ledger.get(payment_id)

    def _begin(self, payment_id: str) -> tuple[Payment, State]:
        self.end_if_over(payment_id)
        if self.ledger.get(payment_id).expires_at <= self.clock.now():
            raise NotPayableError("the payment's lifetime is over")
        return self.ledger.begin(payment_id)

    def end_if_over(self, payment_id: str) -> None:
        """Expire what the clock has passed, whether or not its event has run yet."""
        if self.ledger.get(payment_id).expires_at <= self.clock.now():
            self.expire_if_open(payment_id)

    def _release(self, payment: Payment, state: State, **values: object) -> Payment:
        """Let a payment out of processing; its lifetime may have ended while the shop was asked."""
        self.ledger.change(payment.payment_id, state=state, **values)
        self.end_if_over(payment.payment_id)
        return self.ledger.get(payment.payment_id)

    def _ask_shop(self, payment: Payment, *, check: bool) -> str | None:
        """Make the check call; return what to tell the buyer when the shop does not allow the payment."""
        url = payment.text("pg_check_url")
        if not ((check or self.settings.check_call) and url):
            return None
        fault = self.faults.take("check", payment.order_id)
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.seconds or 0)
        reply = self.postman.send(
            "check",
            payment,
            url,
            notices.check_fields(payment),
            attempt=payment.attempts + 1,
            fault=fault.kind if fault else None,
        )
        if reply.http_status == 200 and reply.says("ok"):
            return None
        if reply.http_status == 200 and reply.says("rejected"):
            return reply.description or "The shop does not accept this payment."
        return "The shop could not confirm this payment."

    def _charge(self, payment: Payment, failure_code: str | None) -> Payment:
        if failure_code is not None:
            description = cards.DECLINE_TEXTS.get(failure_code, "Declined")
            payment = self.ledger.change(
                payment.payment_id,
                state=State.DECLINED,
                closed=not self.settings.retry_same_page,
                reference=_digits(12),
                failure_code=failure_code,
                failure_description=description,
            )
            self.results.tell_failure(payment, failure_code, description)
        else:
            payment = self.ledger.change(
                payment.payment_id,
                state=State.PAID,
                captured=not payment.two_step,
                **self._mischarged(payment),
                paid_at=self.clock.now(),
                reference=_digits(12),
                auth_code=_digits(6),
                failure_code=None,
                failure_description=None,
            )
            days = self.settings.auto_clearing_days
            if payment.two_step and days is not None:
                self.agenda.at(
                    self.clock.now() + timedelta(days=days), lambda: self._clear(payment.payment_id)
                )
            self.results.tell_success(payment)
        return self.ledger.get(payment.payment_id)

    def _mischarged(self, payment: Payment) -> dict[str, object]:
        """Return what is charged otherwise than asked for, by a fault."""
        fault = self.faults.take("result", payment.order_id, CHARGED)
        if fault is None or payment.amount is None:
            return {}
        if fault.kind == "wrong_currency":
            return {"currency": "USD" if payment.currency != "USD" else "KZT"}
        return {"amount": payment.amount - 1 if payment.amount > 1 else payment.amount + 1}

    def _clear(self, payment_id: str) -> None:
        self.ledger.change_if(payment_id, {State.PAID}, captured=True)

    def expire_if_open(self, payment_id: str) -> bool:
        """Expire and tell the shop, unless a card was charged; return whether it expired by this call."""
        expired = self.ledger.change_if(
            payment_id,
            {State.NEW, State.WAITING},
            state=State.EXPIRED,
            failure_code=notices.EXPIRY_CODE,
            failure_description=notices.EXPIRY_TEXT,
        )
        if expired is not None:
            self.results.tell_failure(expired, notices.EXPIRY_CODE, notices.EXPIRY_TEXT)
        return expired is not None


def _digits(count: int) -> str:
    return "".join(secrets.choice(string.digits) for _ in range(count))
