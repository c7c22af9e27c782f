"""Amounts, moments and states as a person reads them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from rich.text import Text

from paylink_cli.showing.text import printable

_STYLES: Final = {
    "paid": "green",
    "done": "green",
    "captured": "green",
    "authorized": "cyan",
    "creating": "yellow",
    "pending": "yellow",
    "running": "yellow",
    "unknown": "bold yellow",
    "failed": "red",
    "refused": "red",
    "expired": "dim",
    "cancelled": "dim",
    "partially_refunded": "magenta",
    "refunded": "magenta",
}


def decimal(amount: object) -> Decimal:
    """An amount of the API as an exact number; zero where there is none."""
    try:
        return Decimal(str(amount)) if amount is not None else Decimal(0)
    except InvalidOperation:
        return Decimal(0)


def money(amount: object, currency: object) -> str:
    """An amount with thin groups and its currency: `12 500.00 KZT`; empty where there is none."""
    if amount is None:
        return ""
    return f"{decimal(amount):,}".replace(",", " ") + f" {currency}"


def amount_of(record: Mapping[str, Any], name: str = "amount", currency: object = None) -> str:
    """An amount of a record of the API in the record's own currency, or in the one given."""
    return money(record.get(name), record.get("currency") or currency)


def moment(text: object, form: str = "%Y-%m-%d %H:%M:%S UTC") -> str:
    """A moment of the API in UTC; empty where there is none."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC).strftime(form) if text else ""
    except ValueError:
        return printable(text)


def state(status: object, mark: str = "") -> Text:
    """A status in its colour, with a mark behind it."""
    name = str(status or "")
    text = Text(printable(name).replace("_", " "), style=_STYLES.get(name, ""))
    return text.append(mark, style="bold red") if mark else text


def localized(text: object) -> str:
    """A text, or the one of a text per language that a person here most likely reads."""
    if isinstance(text, Mapping):
        for language in ("ru", "kz", "en"):
            if text.get(language):
                return str(text[language])
        return str(next(iter(text.values()), ""))
    return "" if text is None else str(text)
