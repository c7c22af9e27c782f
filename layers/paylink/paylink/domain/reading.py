"""A payment's status at the gateway, as the ledger reads it."""

from dataclasses import dataclass
from enum import Enum, auto


class Standing(Enum):
    """How a payment that held money stands at the gateway."""

    HELD = auto()
    CAPTURED = auto()
    GONE = auto()
    """Reversed: the hold was let go, or all the money went back without a refund being listed."""
    DEAD = auto()
    """Declined or expired; says nothing about money that was held."""
    OTHER = auto()


class Ending(Enum):
    """How a listed refund ended."""

    DONE = auto()
    FAILED = auto()
    OPEN = auto()


@dataclass(frozen=True, slots=True)
class Listed:
    """A refund as the gateway lists it. `amount` in minor units; None where it does not come to them."""

    id: str
    amount: int | None
    ending: Ending


@dataclass(frozen=True, slots=True)
class Reading:
    """A payment's status. Sums in minor units of the payment's currency; `captured` None where it is not told."""

    payment_id: str
    standing: Standing
    captured: int | None = None
    refunded: int = 0
    refunds: tuple[Listed, ...] = ()
