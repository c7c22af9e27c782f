"""What a link passes on to its orders: how money is captured, and within which bounds the buyer chooses.

Apart from the link, which most functions never load.
"""

from dataclasses import dataclass
from typing import Final

AUTOMATIC: Final = "automatic"
MANUAL: Final = "manual"


@dataclass(frozen=True, slots=True)
class AmountRange:
    """What a buyer may choose to pay, in minor units, both ends included.

    `at_gateway`: the buyer is asked on the gateway's own page (Any amount) and not by the shop.
    """

    minimum: int
    maximum: int
    suggested: int | None = None
    at_gateway: bool = False

    def admits(self, minor: int) -> bool:
        """Whether an amount lies within."""
        return self.minimum <= minor <= self.maximum
