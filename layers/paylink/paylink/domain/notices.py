"""What the gateway tells about a payment, typed: the result of one, or the question whether to go ahead."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CheckNotice:
    """The gateway asks before it takes money. `amount` in major units; `test` None where it does not say."""

    order_id: str
    payment_id: str
    amount: Decimal
    currency: str
    test: bool | None = None


@dataclass(frozen=True, slots=True)
class ResultNotice:
    """The gateway tells how a payment ended. `amount` in major units.

    `result`: 1 paid, 0 not paid, 2 not final. `captured` None where it does not say. `test` None only where
    the word comes from a status answer that does not tell the mode.
    """

    order_id: str
    payment_id: str
    result: int
    amount: Decimal
    currency: str
    captured: bool | None = None
    can_reject: bool = False
    test: bool | None = False
    failure_code: str | None = None

    def digest(self) -> str:
        """What makes two results the same message: ten hex digits over what decides."""
        parts = (
            self.payment_id,
            str(self.result),
            str(self.captured),
            str(self.amount.normalize()),
            self.currency,
            str(self.can_reject),
        )
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:10]
