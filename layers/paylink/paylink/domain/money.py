"""Amounts: integer minor units inside, decimal strings in major units outside. Never a float."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

DECIMALS: Final[Mapping[str, int]] = {
    "KZT": 2,
    "RUB": 2,
    "USD": 2,
    "UZS": 2,
    "KGS": 2,
    "EUR": 2,
    "HKD": 2,
    "GBP": 2,
    "AED": 2,
    "CNY": 2,
    "INR": 2,
    "THB": 2,
    "UAH": 2,
    "AMD": 2,
    "BYN": 2,
    "PLN": 2,
    "CZK": 2,
    "AZN": 2,
    "GEL": 2,
    "TJS": 2,
    "CAD": 2,
    "MDL": 2,
    "TRY": 2,
    "KRW": 0,
}
"""The gateway's currencies and how many decimals each has (ISO 4217)."""

LARGEST_MAJOR: Final = 99_999_999
"""The gateway's largest amount, in major units (Create payment: pg_amount)."""

_MAJOR = re.compile(r"(0|[1-9][0-9]{0,7})(?:\.([0-9]{1,2}))?")


def parse_major(value: object, currency: str) -> int:
    """An amount in major units as a person or a page writes it, as minor units.

    Takes a decimal string (`"1500"`, `"1500.5"`) or an integer. Raises ValueError with a text for the
    person on anything else: floats, signs, exponents, more decimals than the currency has, zero, or more
    than the gateway takes.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('must be a decimal string such as "1500.00" or an integer, never a float')
    text = str(value) if isinstance(value, str) or abs(value) <= LARGEST_MAJOR else "too large"
    match = _MAJOR.fullmatch(text)
    if match is None:
        raise ValueError(f"must be a positive amount up to {LARGEST_MAJOR} with at most two decimals")
    whole, fraction = match[1], (match[2] or "").rstrip("0")
    decimals = DECIMALS[currency]
    if len(fraction) > decimals:
        raise ValueError(f"{currency} has {decimals} decimals")
    minor = int(whole + fraction.ljust(decimals, "0"))
    if minor == 0:
        raise ValueError("must be more than zero")
    return minor


def is_whole(minor: int, currency: str) -> bool:
    """Whether minor units come to whole major units."""
    return to_decimal(minor, currency) % 1 == 0


def to_decimal(minor: int, currency: str) -> Decimal:
    """Minor units as an exact Decimal in major units."""
    return Decimal(minor).scaleb(-DECIMALS[currency])


def from_decimal(amount: Decimal, currency: str) -> int | None:
    """A Decimal in major units as minor units; None where it does not fit them exactly."""
    if currency not in DECIMALS:
        return None
    minor = amount.scaleb(DECIMALS[currency])
    return int(minor) if minor == minor.to_integral_value() else None


def format_major(minor: int, currency: str) -> str:
    """Minor units as a decimal string with the currency's decimals (`"1500.00"`)."""
    decimals = DECIMALS[currency]
    if decimals == 0:
        return str(minor)
    whole, fraction = divmod(minor, 10**decimals)
    return f"{whole}.{fraction:0{decimals}d}"
