"""Telling the shop how a payment ended: the first call, its retries, and faults on the way.

Freedom Pay protocol, Result notify: HTTP 200 ends it, anything else is tried again every 30 minutes for two
hours; only the first call lets the shop reject the payment.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .callbacks import Postman, Reply
from .clock import Agenda, Clock
from .faults import CHARGED, EARLY, FIRST_DELIVERY, KINDS, Fault, Faults
from .ledger import Ledger
from .notices import STALE_CODE, STALE_TEXT, failure_fields, success_fields
from .operations import Operations
from .payments import Payment, State, UnknownPaymentError
from .refunds import Source
from .signing import Pair

RETRY_EVERY = timedelta(minutes=30)
RETRIES = 4
REJECTED_CODE = "400"


@dataclass
class Notice:
    """One result to be told, until the shop answers HTTP 200 or the retries are used up."""

    payment: Payment
    fields: Sequence[Pair]
    success: bool
    attempts: int = 0
    first_sent: datetime | None = None


@dataclass
class Results:
    """Sends result notices and acts on the shop's answers."""

    ledger: Ledger
    postman: Postman
    clock: Clock
    agenda: Agenda
    faults: Faults
    operations: Operations
    _held: dict[str, list[Notice]] = field(default_factory=dict)

    def tell_success(self, payment: Payment) -> None:
        """Tell that the payment was made; a valid rejection reverses it before this returns."""
        self._tell(Notice(payment, success_fields(payment), success=True))

    def tell_failure(self, payment: Payment, code: str, description: str) -> None:
        """Tell that the payment failed or expired."""
        self._tell(Notice(payment, failure_fields(payment, code, description), success=False))

    def clear(self) -> None:
        """Forget what was held back."""
        self._held.clear()

    def _tell(self, notice: Notice) -> None:
        payment = notice.payment
        if not payment.text("pg_result_url"):
            return
        fault = self.faults.take("result", payment.order_id)
        if fault is not None and fault.kind == "delayed":
            due = self.clock.now() + timedelta(seconds=fault.seconds or 0)
            self.agenda.at(due, lambda: self._deliver(notice, None))
        elif fault is not None and fault.kind == "out_of_order" and not notice.success:
            self._hold(notice)
        else:
            self._deliver(notice, fault)
            if notice.success:
                self._tell_late_failures(payment, invent=fault is not None and fault.kind == "out_of_order")

    def _hold(self, notice: Notice) -> None:
        """Keep a failure back until a success of the payment was told, or a retry's time has passed."""
        held = self._held.setdefault(notice.payment.payment_id, [])
        held.append(notice)

        def let_go() -> None:
            if notice in held:
                held.remove(notice)
                self._deliver(notice, None)

        self.agenda.at(self.clock.now() + RETRY_EVERY, let_go)

    def _tell_late_failures(self, payment: Payment, *, invent: bool) -> None:
        held = self._held.get(payment.payment_id, [])
        if invent and not held:
            # As if an earlier card had been declined and its notice had taken the longer way.
            held = [Notice(payment, failure_fields(payment, STALE_CODE, STALE_TEXT), success=False)]
        while held:
            self._deliver(held.pop(0), None)

    def _deliver(self, notice: Notice, fault: Fault | None) -> None:
        notice.attempts += 1
        notice.first_sent = notice.first_sent or self.clock.now()
        may_reject = notice.success and notice.attempts == 1
        kind = fault.kind if fault else None
        if fault is not None and kind == "slow":
            time.sleep(fault.seconds or 0)
        reply = self.postman.send(
            "result",
            notice.payment,
            notice.payment.text("pg_result_url"),
            [*notice.fields, ("pg_can_reject", "1" if may_reject else "0")],
            attempt=notice.attempts,
            fault=kind,
        )
        if reply.http_status != 200:
            self._retry(notice)
        elif may_reject and reply.says("rejected"):
            self._reverse(notice.payment, reply)

    def _retry(self, notice: Notice) -> None:
        if notice.attempts <= RETRIES and notice.first_sent is not None:
            due = notice.first_sent + notice.attempts * RETRY_EVERY
            self.agenda.at(due, lambda: self._deliver(notice, self._fault_on_retry(notice)))

    def _fault_on_retry(self, notice: Notice) -> Fault | None:
        kinds = KINDS["result"].keys() - EARLY - CHARGED - FIRST_DELIVERY
        return self.faults.take("result", notice.payment.order_id, kinds)

    def _reverse(self, payment: Payment, reply: Reply) -> None:
        """Give the money of a rejected payment back, now or after the delay that the settings ask for."""

        def reverse(payment: Payment) -> Mapping[str, object]:
            if payment.state is not State.PAID or payment.refunds:
                return {}  # someone in the cabinet came first
            return {
                **self.operations.reversal(payment, Source.REJECTION),
                "refusal": reply.description,
                "failure_code": REJECTED_CODE,
                "failure_description": reply.description or "The shop did not accept the payment",
            }

        def act() -> None:
            with suppress(UnknownPaymentError):
                self.ledger.update(payment.payment_id, reverse)

        delay = timedelta(seconds=self.postman.settings.reversal_delay)
        if delay:
            self.agenda.at(self.clock.now() + delay, act)
        else:
            act()
