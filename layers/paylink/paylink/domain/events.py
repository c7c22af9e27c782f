"""What a change of an order means to others: the events of the contract, with ids that repeats keep.

Pure: the same two versions of an order give the same events, whoever asks and however often.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from paylink.domain.clock import to_text, utc_now
from paylink.domain.money import DECIMALS, format_major
from paylink.domain.operation import Refund, Source
from paylink.domain.order import Attention, Order, Status
from paylink.domain.order_document import order_document
from paylink.domain.refund_proof import UNLISTED

SOURCE: Final = "paylink"
ATTENTION: Final = "payment.attention"
HOLD_EXPIRING: Final = "payment.hold_expiring"
PAID: Final = "payment.paid"

_TOLD: Final[Mapping[Status, str]] = {
    status: f"payment.{status.value}"
    for status in (
        Status.PENDING,
        Status.PAID,
        Status.AUTHORIZED,
        Status.FAILED,
        Status.EXPIRED,
        Status.CANCELLED,
        Status.PARTIALLY_REFUNDED,
        Status.REFUNDED,
    )
}
"""The states whose beginning is an event. A claim that is still being made and a refusal are the creator's alone."""

_REFUNDING: Final = frozenset({Status.PARTIALLY_REFUNDED, Status.REFUNDED})
TYPES: Final = (*_TOLD.values(), ATTENTION, HOLD_EXPIRING)


@dataclass(frozen=True, slots=True)
class Mark:
    """Which event of a change: its type, and of a refund the gateway's id, of attention the reasons."""

    type: str
    refund: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an order. `time` in UTC; `detail` as plain JSON values, nothing personal."""

    id: str
    type: str
    order_id: str
    sequence: int
    time: datetime
    detail: Mapping[str, object]


def events_of(before: Order | None, after: Order, at: datetime | None = None) -> tuple[Event, ...]:
    """The events of a change, in the order in which they are to be told. `at`: when it happened (default: now)."""
    return events_with(after, marks_of(before, after), after.sequence, at or utc_now())


def events_with(order: Order, marks: Sequence[Mark], sequence: int, at: datetime) -> tuple[Event, ...]:
    """The events of these marks, told with the order as it is given."""
    return tuple(_event(order, mark, sequence, at) for mark in marks)


def marks_of(before: Order | None, after: Order) -> tuple[Mark, ...]:
    """Which events a change makes; most changes make none."""
    return tuple(_marks(before, after))


def event_id(order_id: str, sequence: int, kind: str, refund: str | None = None) -> str:
    """The id of an event: the same whenever the same change is told again, and without a dot."""
    parts = (order_id, str(sequence), kind, *(() if refund is None else (refund,)))
    return f"evt_{hashlib.sha256('#'.join(parts).encode()).hexdigest()[:32]}"


def _marks(before: Order | None, after: Order) -> Iterator[Mark]:
    refunds = _untold(before, after)
    changed = before is None or before.status is not after.status
    if before is not None and before.status is Status.AUTHORIZED and after.status in _REFUNDING:
        # A hold that was cleared at the gateway and given back, both found by one look.
        yield Mark(PAID)
    if refunds:
        # One event for each: they may be several when refunds made elsewhere are found. A refund of a second
        # charge leaves the order's own state as it is, and is told all the same.
        kind = Status.REFUNDED if after.status is Status.REFUNDED else Status.PARTIALLY_REFUNDED
        yield from (Mark(_TOLD[kind], refund=refund_id) for refund_id in refunds)
    elif after.status in _REFUNDING and (
        # A smaller sum is no other refund: it is told below.
        changed or (before is not None and before.refunded_amount < after.refunded_amount)
    ):
        yield Mark(_TOLD[after.status])
    if changed and after.status in _TOLD and after.status not in _REFUNDING:
        yield Mark(_TOLD[after.status])
    raised = [reason.value for reason in after.attention if before is None or reason not in before.attention]
    if not raised and before is not None and after.refunded_amount < before.refunded_amount:
        # Another refund that failed after all, while the first one still needs attention.
        raised = [Attention.REFUND_FAILED.value]
    if raised:
        yield Mark(ATTENTION, reasons=tuple(raised))
    if after.hold_alerted_at is not None and (before is None or before.hold_alerted_at is None):
        yield Mark(HOLD_EXPIRING)


def _untold(before: Order | None, after: Order) -> list[str]:
    """The new refunds, but for those that are listed in the place of a sum in no list, which was told already."""
    known: Mapping[str, Refund] = {} if before is None else before.refunds
    told = {
        refund.payment_id: refund.amount - (after.refunds[one].amount if one in after.refunds else 0)
        for one, refund in known.items()
        if one.startswith(UNLISTED)
    }
    untold = []
    for one, refund in after.refunds.items():
        if one in known or refund.failed:
            continue
        left = told.get(refund.payment_id, 0) - refund.amount
        if left >= 0 and refund.source is Source.EXTERNAL:
            told[refund.payment_id] = left
        else:
            untold.append(one)
    return untold


def _event(order: Order, mark: Mark, sequence: int, at: datetime) -> Event:
    own = event_id(order.order_id, sequence, mark.type, mark.refund)
    detail: dict[str, object] = {
        "event_id": own,
        "sequence": sequence,
        "time": to_text(at),
        **order_document(order),
    }
    if mark.refund is not None and mark.refund in order.refunds:
        detail["refund"] = _refund(order, mark.refund)
    if mark.reasons:
        detail["reasons"] = list(mark.reasons)
    return Event(own, mark.type, order.order_id, sequence, at, detail)


def _refund(order: Order, refund_id: str) -> dict[str, object]:
    refund = order.refunds[refund_id]
    payment = order.payments.get(refund.payment_id)
    currency = (None if payment is None else payment.currency) or order.currency
    return {
        "id": refund_id,
        "payment_id": refund.payment_id,
        # A currency that is not known here has no known decimals either.
        "amount": format_major(refund.amount, currency) if currency in DECIMALS else None,
        "currency": currency,
        "source": refund.source.value,
    }
