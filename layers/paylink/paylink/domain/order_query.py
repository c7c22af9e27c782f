"""Which orders an operator asks to see: filters, how many, and where the last page ended."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from paylink.domain import kinds
from paylink.domain.clock import from_text, to_text
from paylink.domain.form import Form
from paylink.domain.order import Order, Status
from paylink.domain.stack_key import is_order_id

USUAL_LIMIT: Final = 50
MOST_LISTED: Final = 100
_LONGEST_CURSOR: Final = 200
_FIRST_DAY: Final = date(2000, 1, 1)


class OrderKey(NamedTuple):
    """Where an order stands in its day: creation time as text, and its id."""

    created_at: str
    order_id: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the list of all orders, newest first: a day (UTC), and the last order seen of it."""

    day: date
    last: OrderKey | None = None


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """What is asked for. Days are UTC, by creation; None filters nothing."""

    day: date | None = None
    status: Status | None = None
    attention: bool | None = None
    after: Spot | None = None
    limit: int = USUAL_LIMIT

    @property
    def is_filtered(self) -> bool:
        """Whether some of a day's orders may be left out."""
        return self.status is not None or self.attention is not None

    def admits(self, order: Order) -> bool:
        """Whether an order is one of those asked for."""
        if self.status is not None and order.status is not self.status:
            return False
        return self.attention is None or bool(order.attention) is self.attention


def parse_order_query(parameters: Mapping[str, str]) -> OrderQuery:
    """A query from the address's parameters. Raises InvalidRequest naming every wrong one, unknown ones included."""
    form = Form(parameters)
    day = form.read("day", _day)
    status = form.read("status", kinds.one_of(*Status))
    attention = form.read("attention", kinds.one_of("true", "false"))
    after = form.read("cursor", read_cursor)
    limit = form.read("limit", _limit)
    if day is not None and after is not None and after.day != day:
        form.wrong("cursor", "belongs to another day")
    form.finish()
    return OrderQuery(
        day=day,
        status=None if status is None else Status(status),
        attention=None if attention is None else attention == "true",
        after=after,
        limit=limit or USUAL_LIMIT,
    )


def write_cursor(spot: Spot) -> str:
    """A spot as text for the address of the next page. Whoever gets it reads nothing into it."""
    parts = [spot.day.isoformat(), *(spot.last or ())]
    return base64.urlsafe_b64encode(" ".join(parts).encode()).decode().rstrip("=")


def read_cursor(value: object) -> Spot:
    """The spot of a cursor. Raises ValueError for what no `write_cursor` has written."""
    text = kinds.string(value, longest=_LONGEST_CURSOR)
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        parts = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").split(" ")
        spot = Spot(date.fromisoformat(parts[0]), _key(parts))
    except (ValueError, binascii.Error):
        raise ValueError("is none of ours: leave it out to begin anew") from None
    if write_cursor(spot) != text:
        raise ValueError("is none of ours: leave it out to begin anew")
    return spot


def _key(parts: list[str]) -> OrderKey | None:
    if len(parts) == 1:
        return None
    day, created_at, order_id = parts
    if to_text(from_text(created_at)) != created_at or created_at[:10] != day or not is_order_id(order_id):
        raise ValueError("no order stands there")
    return OrderKey(created_at, order_id)


def _day(value: object) -> date:
    try:
        day = date.fromisoformat(kinds.string(value, longest=10))
        if day.isoformat() == value and day >= _FIRST_DAY:
            return day
    except ValueError:
        pass
    raise ValueError("must be a day (UTC) such as 2026-12-31")


def _limit(value: object) -> int:
    text = kinds.string(value, longest=3)
    return kinds.whole(1, MOST_LISTED)(int(text) if text.isascii() and text.isdigit() else 0)
