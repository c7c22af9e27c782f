"""The calls that move money after the sale: refund, capture, cancel.

How a message is signed, sent and its answer verified is the client's affair: it inherits these.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from .endpoints import CANCEL, CLEARING, REFUND, Endpoint
from .operations import Cancelled, Captured, Refunded, read_cancelled, read_captured, read_refunded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from .credentials import Credentials
    from .signature import Field

__all__ = ["TOTAL_SECONDS", "Cancelled", "Captured", "OperationCalls", "Refunded"]

TOTAL_SECONDS = 12.0
"""The deadline of a call."""


class OperationCalls(ABC):
    """Refunds, captures and cancellations of one gateway."""

    def refund(
        self,
        credentials: Credentials,
        *,
        payment_id: str,
        amount: Decimal | None,
        fields: Iterable[Field] = (),
        timeout: float = TOTAL_SECONDS,
    ) -> Refunded:
        """Give a payment's money back: `amount` in major units, or all of it with None.

        Of operations, the gateway documents no key that would make a repeat safe, so every call is one more
        refund. `fields` are added to the message, such as receipt positions. Raises ValueError for an amount
        that is not positive, AmbiguousMessage before anything is sent, GatewayError (refused) or a
        GatewayUnclear: nobody knows.
        """
        message = [*_sum("pg_amount", amount), *fields]
        answer, http_status = self._operate(REFUND, credentials, payment_id, message, timeout)
        return read_refunded(answer, http_status, payment_id=payment_id)

    def capture(
        self,
        credentials: Credentials,
        *,
        payment_id: str,
        amount: Decimal | None,
        fields: Iterable[Field] = (),
        timeout: float = TOTAL_SECONDS,
    ) -> Captured:
        """Take a hold's money ("clearing"), `amount` in major units or all with None; otherwise as `refund`."""
        message = [*_sum("pg_clearing_amount", amount), *fields]
        answer, http_status = self._operate(CLEARING, credentials, payment_id, message, timeout)
        return read_captured(answer, http_status, payment_id=payment_id)

    def cancel(
        self,
        credentials: Credentials,
        *,
        payment_id: str,
        fields: Iterable[Field] = (),
        timeout: float = TOTAL_SECONDS,
    ) -> Cancelled:
        """Give a hold back whole, before it is cleared; otherwise as `refund`."""
        answer, http_status = self._operate(CANCEL, credentials, payment_id, fields, timeout)
        return read_cancelled(answer, http_status, payment_id=payment_id)

    def _operate(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        payment_id: str,
        fields: Iterable[Field],
        timeout: float,
    ) -> tuple[list[Field], int]:
        return self._call(endpoint, credentials, [("pg_payment_id", payment_id), *fields], timeout)

    @abstractmethod
    def _call(
        self, endpoint: Endpoint, credentials: Credentials, fields: Iterable[Field], timeout: float
    ) -> tuple[list[Field], int]:
        """Send a message; return the fields of a genuine answer other than an error, and its HTTP status."""


def _sum(name: str, amount: Decimal | None) -> list[Field]:
    if amount is None:
        return []
    if not amount.is_finite() or amount <= 0:
        raise ValueError("an amount to move is positive")
    return [(name, format(amount, "f"))]
