"""What was done to a payment after its card was charged: money given back, and holds or payments reversed."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class RefundState(StrEnum):
    """A refund's state, by the word that the status request answers for it."""

    DONE = "success"
    PROCESSING = "process"
    FAILED = "error"


class Source(StrEnum):
    """Who asked for an operation; the gateway itself never tells."""

    SHOP = "shop"  # by a signed request
    CABINET = "cabinet"  # a person, in the shop's cabinet
    REJECTION = "rejection"  # the shop's answer to a result


@dataclass(frozen=True)
class Refund:
    """One refund, with a payment id of its own; the amount is positive, in major units."""

    refund_id: str
    amount: Decimal
    at: datetime
    source: Source
    reference: str
    state: RefundState = RefundState.DONE
    failure_code: str | None = None
    failure_description: str | None = None


@dataclass(frozen=True)
class Revocation:
    """One reversal of a whole payment, with a payment id of its own."""

    revoke_id: str
    at: datetime
    source: Source


@dataclass(frozen=True)
class RefundCourse:
    """How an accepted refund goes on: its first state, and a later one after so many seconds (None: never)."""

    first: RefundState = RefundState.DONE
    then: RefundState | None = None
    seconds: float | None = None
