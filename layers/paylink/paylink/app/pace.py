"""The gateway asked no faster than it should be: what creates payments goes first."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from paylink.app.ports import Gateway

if TYPE_CHECKING:
    from paylink.freedompay.answers import CreatedPayment, PaymentStatus
    from paylink.freedompay.client import Credentials
    from paylink.freedompay.operations import Cancelled, Captured, Refunded
    from paylink.freedompay.signature import Field

GAP = 2.0
"""Seconds from one call to the next."""
_LEAST = 1.0
"""Seconds that a call is given however long it waited for its turn."""


class Pace:
    """The moments at which calls may begin, one process at a time. `tick` counts seconds, as time.monotonic does."""

    def __init__(
        self, *, now: Callable[[], datetime], tick: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._now = now
        self._tick = tick
        self._sleep = sleep
        self._next = 0.0
        self.called_at: datetime | None = None

    def go_on(self, called_at: datetime | None) -> None:
        """Keeps the distance to the last call of the run before."""
        self.called_at = called_at
        if called_at is not None:
            passed = (self._now() - called_at).total_seconds()
            self._next = max(self._next, self._tick() + min(GAP, GAP - passed))

    def wait(self) -> float:
        """Seconds that were waited for this call's turn."""
        waited = max(0.0, self._next - self._tick())
        if waited:
            self._sleep(waited)
        self._next = self._tick() + GAP
        self.called_at = self._now()
        return waited


class PacedGateway:
    """A gateway whose every call waits for its turn; waiting counts as part of the call's time."""

    def __init__(self, gateway: Gateway, pace: Pace) -> None:
        self._gateway = gateway
        self._pace = pace

    def _left(self, timeout: float) -> float:
        return max(_LEAST, timeout - self._pace.wait())

    def create(
        self, credentials: "Credentials", fields: Iterable["Field"], *, timeout: float
    ) -> "CreatedPayment":
        """Makes a payment."""
        return self._gateway.create(credentials, fields, timeout=self._left(timeout))

    def any_amount(
        self, credentials: "Credentials", fields: Iterable["Field"], *, timeout: float
    ) -> "CreatedPayment":
        """Makes a payment whose amount the buyer chooses."""
        return self._gateway.any_amount(credentials, fields, timeout=self._left(timeout))

    def status(
        self, credentials: "Credentials", *, order_id: str | None, payment_id: str | None, timeout: float
    ) -> "PaymentStatus":
        """Tells how a payment stands."""
        return self._gateway.status(
            credentials, order_id=order_id, payment_id=payment_id, timeout=self._left(timeout)
        )

    def refund(
        self,
        credentials: "Credentials",
        *,
        payment_id: str,
        amount: Decimal | None,
        fields: Iterable["Field"] = (),
        timeout: float,
    ) -> "Refunded":
        """Gives money back."""
        left = self._left(timeout)
        return self._gateway.refund(
            credentials, payment_id=payment_id, amount=amount, fields=fields, timeout=left
        )

    def capture(
        self,
        credentials: "Credentials",
        *,
        payment_id: str,
        amount: Decimal | None,
        fields: Iterable["Field"] = (),
        timeout: float,
    ) -> "Captured":
        """Takes held money."""
        left = self._left(timeout)
        return self._gateway.capture(
            credentials, payment_id=payment_id, amount=amount, fields=fields, timeout=left
        )

    def cancel(
        self,
        credentials: "Credentials",
        *,
        payment_id: str,
        fields: Iterable["Field"] = (),
        timeout: float,
    ) -> "Cancelled":
        """Lets held money go."""
        return self._gateway.cancel(
            credentials, payment_id=payment_id, fields=fields, timeout=self._left(timeout)
        )
