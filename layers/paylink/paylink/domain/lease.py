"""Attempts and their leases: who may work on an order, and until when."""

from datetime import datetime, timedelta
from typing import Final

from paylink.domain.order import Order

LEASE: Final = timedelta(seconds=30)
"""Longer than a function may run (20 s), so that a lease that has ended means an attempt that has ended."""


def taken_over(order: Order, owner: str, now: datetime) -> Order:
    """The order with a further attempt that `owner` runs. Only to be written where no lease stands."""
    return order.changed(now, attempt=order.attempt + 1, lease_until=now + LEASE, lease_owner=owner)
