"""The provider's published test cards and what each of them does.

Freedom Pay protocol, Test mode. The provider prints which card pays, not the code that a declining card gets;
those codes are the sandbox's choice from the published decline groups.
"""

import re
from dataclasses import dataclass
from datetime import datetime

DEFAULT_CARD = "4716047261941981"
DEFAULT_HOLD_CARD = "6224466455690681278"  # one that also allows what may follow: clearing, cancel, refund
DEFAULT_DECLINE_CODE = "10010"

DECLINE_TEXTS = {
    "10004": "3D Secure authentication failed",
    "10005": "Wrong card data",
    "10009": "Insufficient funds",
    "10010": "Refused by the issuing bank",
    "10006": "Over the card's limit",
    "10017": "The card has expired",
    "99999": "Unknown payment system error",
}
UNKNOWN_CARD_CODE = "99999"


@dataclass(frozen=True)
class Card:
    """A test card, what it does, and which operations (clearing, reverse, refund) it allows afterwards."""

    pan: str
    brand: str
    three_ds: bool = False
    failure_code: str | None = None
    clearing: bool = True
    reverse: bool = True
    refund: bool = True

    @property
    def pays(self) -> bool:
        """Whether the bank says yes to this card."""
        return self.failure_code is None

    @property
    def masked(self) -> str:
        """The number as the gateway shows it, like 4716-04XX-XXXX-1981."""
        shown = self.pan[:6] + "X" * (len(self.pan) - 10) + self.pan[-4:]
        return "-".join(shown[at : at + 4] for at in range(0, len(shown), 4))

    @property
    def spaced(self) -> str:
        """The number in groups of four, as printed on a card."""
        return " ".join(self.pan[at : at + 4] for at in range(0, len(self.pan), 4))

    @property
    def outcome(self) -> str:
        """What the card does, for the list on the page."""
        if self.failure_code is not None:
            return f"declined: {DECLINE_TEXTS[self.failure_code].lower()}"
        return "asks for 3D Secure, then pays" if self.three_ds else "pays"


TEST_CARDS = (
    Card("4716047261941981", "VI", reverse=False),
    Card("4916307416334310", "VI", three_ds=True, reverse=False, refund=False),
    Card("5367654276102126", "MC", three_ds=True, clearing=False, refund=False),
    Card("4939770956154989", "VI", clearing=False, refund=False),
    Card("6224466455690681278", "UP"),
    Card("623275279933273424", "UP"),
    Card("62528733472390953", "UP"),
    Card("5335215945367703", "MC", failure_code="10009"),
    Card("4916109830832246", "VI", failure_code="10010"),
    Card("5548398681700148", "MC", failure_code="10006"),
    Card("5475102935853613", "MC", failure_code="10005"),
)
_BY_PAN = {card.pan: card for card in TEST_CARDS}


def find(number: str) -> Card:
    """Return the card of this number; one that is no test card is declined, as on the provider's test shop.

    Raises ValueError when the text can't be a card number.
    """
    pan = re.sub(r"[ -]", "", number)
    if not re.fullmatch(r"[0-9]{12,19}", pan) or not _luhn(pan):
        raise ValueError("this is not a card number")
    return _BY_PAN.get(pan) or Card(pan, _brand(pan), failure_code=UNKNOWN_CARD_CODE)


def form_errors(number: str, expiry: str, cvv: str, owner: str, now: datetime) -> dict[str, str]:
    """Return what is wrong with a filled card form, by field; empty when all of it can be used."""
    errors = {}
    try:
        find(number)
    except ValueError:
        errors["number"] = "Check the card number."
    if (problem := _expiry_problem(expiry.strip(), now)) is not None:
        errors["expiry"] = problem
    if not re.fullmatch(r"[0-9]{3}", cvv.strip()):
        errors["cvv"] = "Three digits."
    # The provider's test shop refuses a name of one word or in other letters.
    if not re.fullmatch(r"[A-Za-z'.-]+( [A-Za-z'.-]+)+", " ".join(owner.split())):
        errors["owner"] = "At least two words in Latin letters."
    return errors


def _expiry_problem(expiry: str, now: datetime) -> str | None:
    match = re.fullmatch(r"(0[1-9]|1[0-2]) ?/ ?([0-9]{2})", expiry)
    if not match:
        return "Month and year, like 12/30."
    month, year = int(match[1]), 2000 + int(match[2])
    return "This card has expired." if (year, month) < (now.year, now.month) else None


def _luhn(pan: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(pan)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _brand(pan: str) -> str:
    return {"4": "VI", "5": "MC", "6": "UP"}.get(pan[0], "OT")
