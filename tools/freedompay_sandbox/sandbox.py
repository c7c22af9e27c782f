"""The stand-in gateway as a whole: creating payments, presenting cards, expiring, looking up."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from flask import Flask

from . import cards, checks, rules
from .callbacks import CallbackRecord, Postman
from .cashier import Cashier
from .clock import Agenda, Clock
from .drafts import content_of, draft_of
from .faults import EARLY, Faults
from .ledger import Ledger, Opened
from .operations import Operations
from .payments import NotPayableError, Payment, State, UnknownPaymentError
from .reading import text_of
from .refunds import Source
from .requests_log import RequestLog, RequestRecord
from .results import Results
from .settings import Settings
from .signing import Pair


class RepeatedKeyError(Exception):
    """A pg_idempotency_key was used again, where that is an error."""


class Sandbox:
    """One shop's gateway, in memory. All methods are safe to call from many threads.

    >>> sandbox = Sandbox(merchant_id="500001", secret_key="a key made up for tests")
    >>> with running(sandbox) as base_url: ...          # serve it
    >>> sandbox.pay(payment_id)                         # a buyer with a card that pays
    """

    def __init__(
        self,
        *,
        merchant_id: str,
        secret_key: str,
        clock: Clock | None = None,
        **settings: object,
    ) -> None:
        """Set the shop up; Settings has the others, and what each value means. Raises TypeError, ValueError."""
        self.settings = Settings(merchant_id, secret_key, **settings)  # type: ignore[arg-type]  # checked there
        self.clock = clock or Clock()
        self.faults = Faults()
        self.request_log = RequestLog()
        self._ledger = Ledger()
        self._postman = Postman(self.settings, self.clock)
        self._agenda = Agenda(self.clock)
        self.operations = Operations(self.settings, self._ledger, self.clock, self._agenda)
        results = Results(self._ledger, self._postman, self.clock, self._agenda, self.faults, self.operations)
        self._results = results
        self._cashier = Cashier(
            self.settings, self._ledger, self.clock, self._agenda, self.faults, self._postman, results
        )

    @cached_property
    def app(self) -> Flask:
        """The WSGI application: gateway, hosted page and control API."""
        from .server import create_app  # noqa: PLC0415  (the application is made of routes that need this class)

        return create_app(self)

    @property
    def callbacks(self) -> list[CallbackRecord]:
        """Every check and result sent, oldest first."""
        return self._postman.records()

    @property
    def requests(self) -> list[RequestRecord]:
        """Every request to the gateway's own addresses, oldest first."""
        return self.request_log.records()

    def payments(self, order_id: str | None = None) -> list[Payment]:
        """Return copies of the payments, of one order or of all, oldest first."""
        return self._ledger.all(order_id)

    def payment(self, payment_id: str) -> Payment:
        """Return a copy of a payment. Raises UnknownPaymentError."""
        return self._ledger.get(payment_id)

    def payment_of_page(self, customer: str) -> Payment:
        """Return the payment of a hosted page. Raises UnknownPaymentError."""
        payment = self._ledger.by_customer(customer)
        self._cashier.end_if_over(payment.payment_id)
        return self._ledger.get(payment.payment_id)

    def find(self, *, payment_id: str = "", order_id: str = "") -> Payment:
        """Return the payment of an id, or the last one of an order. Raises UnknownPaymentError."""
        if payment_id:
            return self._ledger.get(payment_id)
        of_order = self._ledger.all(order_id) if order_id else []
        if not of_order:
            raise UnknownPaymentError("payment not found")
        return of_order[-1]

    def order_of(self, payment_id: str) -> str | None:
        """Return the order id of a payment, None for a payment that there is not."""
        with suppress(UnknownPaymentError):
            return self._ledger.get(payment_id).order_id
        return None

    def create(self, fields: Sequence[Pair], *, any_amount: bool = False) -> Payment:
        """Make a payment from a verified request, or answer a repeated key as the settings say.

        Raises rules.ParameterError and RepeatedKeyError.
        """
        rules.check_create(fields, any_amount=any_amount)
        opened = self._open(fields)
        payment = opened.payment
        if not opened.repeated:
            self._end_in_time(payment)
            if self.faults.take("result", payment.order_id, EARLY):
                self.pay(payment.payment_id)
        return payment

    def repeat(self, payment_id: str) -> Payment:
        """Make one more payment of the same request, as two clicks would. Raises UnknownPaymentError."""
        first = self._ledger.get(payment_id)
        draft = replace(draft_of(first.fields, self.settings, self.clock.now()), amount=first.amount)
        payment = self._ledger.open(draft).payment
        self._end_in_time(payment)
        return payment

    def pay_later(self, payment_id: str, seconds: float) -> None:
        """Pay by machine once that much time has passed on the clock."""

        def pay() -> None:
            with suppress(NotPayableError):  # a buyer, or the end of its lifetime, came first
                self.pay(payment_id)

        self.later(seconds, pay)

    def later(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something once that much time has passed on the clock, unless the sandbox was reset by then."""
        self._agenda.at(self.clock.now() + timedelta(seconds=seconds), action)

    def choose_amount(self, payment_id: str, amount: str | Decimal) -> Payment:
        """Note the amount a buyer chose. Raises ValueError, NotPayableError, UnknownPaymentError."""
        return self._ledger.set_amount(payment_id, checks.amount(str(amount)))

    def pay(
        self,
        payment_id: str,
        card: str | None = None,
        *,
        amount: str | Decimal | None = None,
        three_ds: bool = True,
        check: bool = False,
    ) -> Payment:
        """Present a card, confirm 3D Secure (fail it with three_ds=False), return the payment as it then is.

        No card stands for one that pays. `check` asks the shop first even where the settings don't.
        Callbacks are sent before this returns. Raises NotPayableError, UnknownPaymentError, ValueError.
        """
        payment = self._ledger.get(payment_id)
        if payment.amount is None:
            low, _ = payment.interval
            self.choose_amount(payment_id, amount if amount is not None else low or Decimal(1000))
        chosen = card or (cards.DEFAULT_HOLD_CARD if payment.two_step else cards.DEFAULT_CARD)
        payment = self._cashier.present(payment_id, chosen, check=check)
        return self.confirm(payment_id, passed=three_ds) if payment.state is State.WAITING else payment

    def decline(self, payment_id: str, code: str = cards.DEFAULT_DECLINE_CODE) -> Payment:
        """Have the bank decline, whatever the card. Raises NotPayableError, UnknownPaymentError."""
        return self._cashier.present(payment_id, cards.DEFAULT_CARD, decline_code=code)

    def present(
        self, payment_id: str, card: str, *, expiry: str = "12/30", owner: str = "TEST BUYER"
    ) -> Payment:
        """Present a card as the page does: a 3D Secure card leaves the payment waiting for `confirm`.

        Raises NotPayableError, UnknownPaymentError, ValueError for text that is no card number.
        """
        return self._cashier.present(payment_id, card, expiry=expiry, owner=owner)

    def confirm(self, payment_id: str, *, passed: bool) -> Payment:
        """Finish 3D Secure. Raises NotPayableError when the payment does not wait for it."""
        return self._cashier.confirm(payment_id, passed=passed)

    def expire(self, payment_id: str) -> Payment:
        """End a payment's lifetime now, without turning the clock.

        Raises NotPayableError, UnknownPaymentError.
        """
        return self._cashier.expire(payment_id)

    def cabinet_clear(self, payment_id: str, amount: str | Decimal | None = None) -> Payment:
        """Clear a hold in the shop's cabinet, all of it for None; the shop is not told.

        Raises ValueError, RefusedError, UnknownPaymentError.
        """
        return self.operations.clear(payment_id, _amount(amount), source=Source.CABINET)

    def cabinet_cancel(self, payment_id: str) -> Payment:
        """Cancel a hold in the shop's cabinet. Raises RefusedError, UnknownPaymentError."""
        return self.operations.cancel(payment_id, source=Source.CABINET)

    def cabinet_refund(self, payment_id: str, amount: str | Decimal | None = None) -> Payment:
        """Refund in the shop's cabinet, all that is left for None; the new refund is the last of the payment's.

        Raises ValueError, RefusedError, UnknownPaymentError.
        """
        return self.operations.refund(payment_id, _amount(amount), source=Source.CABINET)

    def reset(self) -> None:
        """Forget payments, records, faults and what was due; settings and the clock's time stay."""
        self._agenda.clear()
        self.faults.clear()
        self.request_log.clear()
        self._ledger.clear()
        self._postman.clear()
        self._results.clear()

    def _end_in_time(self, payment: Payment) -> None:
        self._agenda.at(payment.expires_at, lambda: self._cashier.end_if_over(payment.payment_id))

    def _open(self, fields: Sequence[Pair]) -> Opened:
        key = text_of(fields, "pg_idempotency_key") or ""
        mode = self.settings.repeated_key
        opened = self._ledger.open(
            draft_of(fields, self.settings, self.clock.now()), key, repeat_makes_new=mode == "new"
        )
        if opened.repeated and (mode == "error" or content_of(fields) != content_of(opened.payment.fields)):
            raise RepeatedKeyError("pg_idempotency_key was already used")
        return opened


def _amount(given: str | Decimal | None) -> Decimal | None:
    return None if given is None else checks.amount(str(given))
