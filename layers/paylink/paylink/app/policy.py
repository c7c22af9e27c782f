"""What the owner decided for the whole stack, as the use cases need it."""

from dataclasses import dataclass, field
from datetime import datetime

from paylink.domain.receipt import ReceiptRules


@dataclass(frozen=True, slots=True)
class Policy:
    """The stack's settings for new payments. `lifetime` in seconds."""

    allowed_origins: frozenset[str]
    shop_url: str
    language: str = "ru"
    lifetime: int = 3600
    test_mode: bool = True
    accept_payments: bool = True
    payment_method: str = ""
    check_call: bool = False
    receipts: ReceiptRules = field(default_factory=lambda: ReceiptRules("kz"))
    offers_not_before: datetime | None = None
    """Offers that were issued earlier are revoked."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of the call itself: the stack's public address, the buyer's address, the time left in seconds."""

    public_url: str
    buyer_ip: str | None = field(default=None, repr=False)
    seconds_left: float = 20.0
