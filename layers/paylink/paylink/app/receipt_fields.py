"""The lines of a fiscal receipt as the gateway takes them, with a payment and with every operation on it."""

from collections.abc import Iterable

from paylink.domain.money import format_major
from paylink.domain.receipt import Position
from paylink.freedompay.signature import Field


def position_fields(positions: Iterable[Position], currency: str) -> list[Field]:
    """The lines as a list of `pg_receipt_positions` in their order."""
    return [
        (
            "pg_receipt_positions",
            [
                (name, text)
                for name, text in (
                    ("count", str(position.count)),
                    ("name", position.name),
                    ("price", format_major(position.price, currency)),
                    ("tax_type", str(position.receipt.tax_type)),
                    ("UnitCode", position.receipt.unit_code),
                    ("GTIN", position.receipt.gtin),
                    ("NTIN", position.receipt.ntin),
                )
                if text
            ],
        )
        for position in positions
    ]
