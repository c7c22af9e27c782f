"""Operations on an order's money: what was asked for, and how far it has come.

    running -> done | refused | unknown     unknown -> done | refused

An operation stands in the order's row as running before the gateway is called, with what the gateway showed
just before. One that ended without a usable answer, or whose process died, is unknown: it is never sent
again, and `ledger` alone decides from later reads of the gateway how it ended.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

RELEASE_AFTER: Final = timedelta(minutes=15)
"""How long the gateway may take to show an operation whose outcome is unknown."""

RELEASE_READS: Final = 3
"""How many reads have to lack it before it counts as never done."""

MOST_OPERATIONS: Final = 100
"""How many operations an order's row remembers; further ones are refused, for forgetting one would let its key
move money again."""


OVERDUE: Final = timedelta(hours=1)
"""After which an operator is called even where no status of the payment could be read at all."""


class Kind(StrEnum):
    """What the operator asks for."""

    REFUND = "refund"
    CAPTURE = "capture"
    CANCEL = "cancel"
    RESOLVE = "resolve"


class OperationState(StrEnum):
    """How far an operation has come."""

    RUNNING = "running"
    """Claimed; its process may be calling the gateway until the lease ends. After that it is as good as unknown."""
    UNKNOWN = "unknown"
    """Sent or maybe sent, and nobody knows what became of it."""
    DONE = "done"
    REFUSED = "refused"
    """The gateway refused it, or shows after long enough that it never happened."""


class Source(StrEnum):
    """Who made a refund."""

    PAYLINK = "paylink"
    EXTERNAL = "external"
    """Found at the gateway: made in its cabinet or by another system."""


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that the gateway made. `amount` in minor units of the payment's currency."""

    payment_id: str
    amount: int
    source: Source
    failed: bool = False
    """The gateway said done and later that it failed; counts in no sum."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `amount` in minor units of `currency`, which is the payment's; 0 for one without a sum."""

    id: str
    fingerprint: str
    kind: Kind
    created_at: datetime
    currency: str
    state: OperationState = OperationState.RUNNING
    payment_id: str | None = None
    """The payment that it is about; None where no payment is: a pending order's cancellation, a resolution."""
    amount: int = 0
    lease_until: datetime | None = None
    """Until then the process that claimed it may be calling the gateway."""
    owner: str | None = None
    seen: tuple[str, ...] = ()
    """The refunds' ids at the gateway as known just before the call; kept while it is open."""
    seen_sum: int = 0
    """The sum refunded (captured, for a capture) as known just before the call, in minor units."""
    unlisted: int = 0
    """The part of a refunded `seen_sum` that stood in no list."""
    reads: int = 0
    """Reads of the gateway since, up to RELEASE_READS, that did not show it."""
    refund_id: str | None = None
    gateway_code: int | None = None
    gateway_description: str = ""
    finished_at: datetime | None = None
    note: str | None = None
    """What the operator wrote when resolving."""
    by: str | None = None
    """Who resolved: the caller's identity as AWS tells it."""
    reasons: tuple[str, ...] = ()
    """The reasons for attention that a resolution cleared."""

    @property
    def is_open(self) -> bool:
        """Whether its outcome is still to be found."""
        return self.state in {OperationState.RUNNING, OperationState.UNKNOWN}

    def leased(self, now: datetime) -> bool:
        """Whether its process may be calling the gateway at this moment."""
        return (
            self.state is OperationState.RUNNING and self.lease_until is not None and now < self.lease_until
        )

    def is_overdue(self, now: datetime) -> bool:
        """Whether it has been open for so long, whatever could be read, that an operator has to look."""
        return self.is_open and not self.leased(now) and now >= self.created_at + OVERDUE

    def has_waited(self, now: datetime) -> bool:
        """Whether its outcome was looked for long and often enough."""
        is_over = now >= self.created_at + RELEASE_AFTER and self.reads >= RELEASE_READS
        return self.state is OperationState.UNKNOWN and is_over
