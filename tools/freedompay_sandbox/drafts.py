"""A payment as a create request asks for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from . import rules
from .payments import Payment
from .reading import text_of
from .settings import Settings
from .signing import Pair

_UNREPEATED = {"pg_salt", "pg_sig"}


def draft_of(fields: Sequence[Pair], settings: Settings, now: datetime) -> Payment:
    """Return the payment that a checked create request asks for; the ledger gives it its id."""

    def text(name: str) -> str:
        return text_of(fields, name) or ""

    def number(name: str) -> Decimal | None:
        return Decimal(text(name)) if text(name) else None

    auto_clearing = text("pg_auto_clearing") or ("0" if settings.two_step else "1")
    return Payment(
        order_id=text("pg_order_id"),
        description=text("pg_description"),
        currency=text("pg_currency") or "KZT",
        amount=number("pg_amount"),
        interval=(number("pg_amount_interval_from"), number("pg_amount_interval_to")),
        fields=tuple(fields),
        extras=tuple(rules.extras(fields)),
        testing=text("pg_testing_mode") == "1",
        two_step=auto_clearing == "0",
        created_at=now,
        expires_at=now + timedelta(seconds=int(text("pg_lifetime") or rules.DEFAULT_LIFETIME)),
    )


def content_of(fields: Sequence[Pair]) -> list[Pair]:
    """Return what a request asks for, without what differs between repeats of it."""
    return sorted(
        ((name, value) for name, value in fields if name not in _UNREPEATED), key=lambda pair: pair[0]
    )
