"""A payment link: what is sold, for how much, when and to whom it may be sold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from paylink.domain.errors import LinkClosed, LinkOff, NotYetOpen
from paylink.domain.receipt import Receipt
from paylink.domain.terms import AUTOMATIC, MANUAL, AmountRange
from paylink.domain.text import Text

__all__ = [
    "AUTOMATIC",
    "BUYER_FIELDS",
    "LINK_ID",
    "MANUAL",
    "METADATA_NAME",
    "MOST_METADATA",
    "MOST_UNITS",
    "AmountRange",
    "BuyerField",
    "Link",
    "QuantityRange",
    "UnreadableLink",
]

LINK_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
METADATA_NAME: Final = re.compile(r"[a-z][a-z_]{0,37}")
MOST_METADATA: Final = 20
BUYER_FIELDS: Final = ("name", "phone", "email", "address", "comment")
MOST_UNITS: Final = 10_000


@dataclass(frozen=True, slots=True)
class QuantityRange:
    """How many units one order may take, both ends included. Where the owner sets no bounds, any number."""

    minimum: int = 1
    maximum: int = MOST_UNITS


@dataclass(frozen=True, slots=True)
class BuyerField:
    """Something the link asks the buyer for."""

    name: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One thing on sale. `price` is in minor units; exactly one of `price` and `amount` is set."""

    id: str
    title: Text
    currency: str
    price: int | None = None
    amount: AmountRange | None = None
    description: Text | None = None
    image_url: str | None = None
    quantity: QuantityRange = field(default_factory=QuantityRange)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    limit: int | None = None
    active: bool = True
    inactive_text: Text | None = None
    success_url: str | None = None
    failure_url: str | None = None
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[BuyerField, ...] = ()
    capture: str = AUTOMATIC
    test: bool | None = None
    receipt: Receipt | None = None

    @property
    def asks_how_many(self) -> bool:
        """Whether the link's page asks for a quantity: where the owner set bounds other than just one unit.

        Without bounds the page sells one, while a shop's own page may send any number.
        """
        bounded = self.quantity != QuantityRange()
        return self.amount is None and bounded and self.quantity.maximum > 1

    def require_on_sale(self, now: datetime) -> None:
        """Raises LinkOff, NotYetOpen or LinkClosed where nothing can be bought at `now`."""
        if not self.active:
            raise LinkOff(f"The link {self.id} is switched off.")
        if self.opens_at is not None and now < self.opens_at:
            raise NotYetOpen(f"The link {self.id} opens at {self.opens_at.isoformat()}.")
        if self.closes_at is not None and now >= self.closes_at:
            raise LinkClosed(f"The link {self.id} closed at {self.closes_at.isoformat()}.")


class UnreadableLink(Exception):
    """A link's row holds no link: a fault of ours or of whoever wrote the table by hand, not of the request.

    `reason` may quote the row: it is for the owner alone.
    """

    def __init__(self, link_id: str, reason: str) -> None:
        super().__init__(link_id)
        self.link_id = link_id
        self.reason = reason
