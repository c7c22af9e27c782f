"""What was paid, given back and not paid, by day, currency and mode."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final

from paylink_cli.showing.values import decimal

FAILED: Final = frozenset({"failed", "expired", "refused"})


@dataclass
class DaySums:
    """The orders that were created on one day, in one currency and mode."""

    day: date
    currency: str
    test: bool
    orders: int = 0
    paid_orders: int = 0
    paid: Decimal = Decimal(0)
    refunded_orders: int = 0
    refunded: Decimal = Decimal(0)
    failed_orders: int = 0
    failed: Decimal = Decimal(0)

    @property
    def kept(self) -> Decimal:
        """What was paid and not given back."""
        return self.paid - self.refunded

    def add(self, order: Mapping[str, Any]) -> None:
        """Count an order."""
        self.orders += 1
        paid, refunded = decimal(order.get("captured_amount")), decimal(order.get("refunded_amount"))
        if paid:
            self.paid_orders += 1
            self.paid += paid
        if refunded:
            self.refunded_orders += 1
            self.refunded += refunded
        if order.get("status") in FAILED:
            self.failed_orders += 1
            self.failed += decimal(order.get("amount"))


def by_day(orders: Iterable[Mapping[str, Any]], days: Iterable[date], zone: tzinfo) -> list[DaySums]:
    """The sums of the orders created on these days, as days are in a time zone.

    In the order of modes, currencies and days; every day has a line for each currency and mode that was met.
    """
    wanted = list(days)
    within = frozenset(wanted)
    found: dict[tuple[bool, str], dict[date, DaySums]] = {}
    for order in orders:
        day = datetime.fromisoformat(str(order["created_at"])).astimezone(zone).date()
        if day not in within:
            continue
        test, currency = bool(order.get("test")), str(order.get("currency"))
        sums = found.setdefault((test, currency), {})
        sums.setdefault(day, DaySums(day, currency, test)).add(order)
    return [
        sums.get(day) or DaySums(day, currency, test)
        for (test, currency), sums in sorted(found.items())
        for day in wanted
    ]
