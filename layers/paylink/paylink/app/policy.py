"""What the owner decided for the whole stack, as the use cases need it."""

from dataclasses import dataclass, field


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


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of the call itself: the stack's public address, the buyer's address, the time left in seconds."""

    public_url: str
    buyer_ip: str | None = field(default=None, repr=False)
    seconds_left: float = 20.0
