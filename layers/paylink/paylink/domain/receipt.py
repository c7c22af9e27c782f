"""Fiscal receipts: the positions of what is sold, and the tax codes of each region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

TAX_TYPES: Final[Mapping[str, frozenset[int]]] = {
    # Kazakhstan, the newest table: 0 none, 3 VAT 16/116, 7 VAT 10/110, 11 VAT 5/105.
    "kz": frozenset({0, 3, 7, 11}),
    # The older table, which the other regions' pages still print: 0 none, 1 0 %, 2 12 %, 3 12/112, 4 18 %,
    # 5 18/118, 6 10 %, 7 10/110, 8 20 %, 9 20/120.
    "uz": frozenset(range(10)),
    "kg": frozenset(range(10)),
    "test": frozenset({0, 3, 7, 11}),
}
"""The tax codes that each region's gateway takes (Create payment: pg_receipt_positions, tax_type)."""

MOST_POSITIONS: Final = 10
LONGEST_NAME: Final = 128


@dataclass(frozen=True, slots=True)
class Receipt:
    """The fiscal attributes of what is sold."""

    tax_type: int
    unit_code: str | None = None
    gtin: str | None = None
    ntin: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """One line of a receipt. `price` in minor units, for one unit."""

    name: str
    count: int
    price: int
    receipt: Receipt


def positions_for(positions: Sequence[Position], amount: int) -> tuple[Position, ...]:
    """The receipt's lines for a part of what was sold: `amount` in minor units.

    The same lines where they come to that amount. Else each line's share, as one unit, so that the shares come
    to the amount exactly and every tax code keeps its part; a line whose share is nothing is left out.
    """
    total = sum(position.count * position.price for position in positions)
    if amount == total or not total:
        return tuple(positions)
    shares, given, counted = [], 0, 0
    for position in positions:
        counted += position.count * position.price
        until_here = amount * counted // total
        shares.append(until_here - given)
        given = until_here
    return tuple(
        replace(position, count=1, price=share)
        for position, share in zip(positions, shares, strict=True)
        if share
    )


@dataclass(frozen=True, slots=True)
class ReceiptRules:
    """What the owner decided: whether receipts are sent at all, for which region, and the usual tax code.

    Raises ValueError where receipts are sent and the region's gateway does not take the usual tax code: every
    payment would be refused for good.
    """

    region: str
    usual_tax_type: int = 0
    switched_on: bool = False

    def __post_init__(self) -> None:
        if self.switched_on and not self.admits(self.usual_tax_type):
            codes = ", ".join(map(str, sorted(TAX_TYPES[self.region])))
            raise ValueError(f"tax code {self.usual_tax_type} is none of the region {self.region}: {codes}")

    def admits(self, tax_type: int) -> bool:
        """Whether the region's gateway takes this tax code."""
        return tax_type in TAX_TYPES[self.region]
