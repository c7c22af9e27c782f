"""List orders, newest first, day by day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from paylink.app.ports import OrderBook
from paylink.domain.clock import utc_now
from paylink.domain.order import Order
from paylink.domain.order_query import MOST_LISTED, OrderQuery, Spot, write_cursor

MOST_LOOKED: Final = 500
MOST_DAYS: Final = 100
"""How many orders and days one request looks at; where a filter leaves few of them, the cursor goes on."""
REACH: Final = timedelta(days=366)
"""How far back a list without a day goes. Older orders are found by their day or their id."""


class ListOrders:
    """The use case behind `GET /orders`."""

    def __init__(self, orders: OrderBook, now: Callable[[], datetime] = utc_now) -> None:
        self._orders = orders
        self._now = now

    def __call__(self, query: OrderQuery) -> tuple[list[Order], str | None]:
        """The orders, and the cursor of the next page (None on the last one). Raises StoreUnavailable.

        A page may hold fewer orders than asked for, or none, and still have a next one. The list's order comes
        from an index that follows by moments; each order is as the last write left it.
        """
        today = self._now().date()
        end = query.day or today - REACH
        spot = query.after or Spot(query.day or today)
        found: list[Order] = []
        days = looked = 0
        while spot.day >= end:
            wanted = MOST_LISTED if query.is_filtered else query.limit - len(found)
            keys, is_last = self._orders.day(spot, wanted)
            orders = self._orders.orders(key.order_id for key in keys)
            for index, key in enumerate(keys, start=1):
                order = orders.get(key.order_id)
                if order is not None and query.admits(order):
                    found.append(order)
                if len(found) == query.limit:
                    rest = index < len(keys) or not is_last
                    return found, _next(Spot(spot.day, key) if rest else _earlier(spot.day), end)
            looked += len(keys)
            if is_last:
                days += 1
                spot = _earlier(spot.day)
            else:
                spot = Spot(spot.day, keys[-1] if keys else spot.last)
            if looked >= MOST_LOOKED or days >= MOST_DAYS:
                break
        return found, _next(spot, end)


def _earlier(day: date) -> Spot:
    return Spot(day - timedelta(days=1))


def _next(spot: Spot, end: date) -> str | None:
    return write_cursor(spot) if spot.day >= end else None
