"""A link as its page shows it, and where the page sends a buyer who has pressed the button."""

from dataclasses import dataclass, field

from paylink.domain.errors import PaylinkError
from paylink.domain.link import Link
from paylink.domain.order import Status


@dataclass(frozen=True, slots=True)
class Showing:
    """A link at one moment. `left` counts the units that are left of a limited link, else None."""

    link: Link
    test: bool
    left: int | None = None
    obstacle: PaylinkError | None = None
    """Why nothing can be bought at this moment; None where it can."""
    key: str | None = field(default=None, repr=False)
    """The key that the next press goes on with; None where it begins something new."""

    @property
    def most(self) -> int:
        """How many units one order may take: what the link allows, and no more than is left."""
        most = self.link.quantity.maximum
        return most if self.left is None else min(most, self.left)


@dataclass(frozen=True, slots=True)
class Onward:
    """What came of a pressed button: the order's state, and the address that the buyer is sent to, if any."""

    status: Status
    address: str | None = None
    stray_money: bool = False
    """Whether money came that does not fit the order: an operator's matter, and no reason to pay again."""
