"""Amounts as people of each language write them."""

from collections.abc import Mapping
from typing import Final

from paylink.domain.link import AmountRange, Link
from paylink.domain.money import DECIMALS

NBSP: Final = "\u00a0"
"""Between groups of digits and before a currency, so that an amount never breaks over two lines."""

_SIGNS: Final[Mapping[str, str]] = {
    "KZT": "₸",
    "RUB": "₽",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "UAH": "₴",
    "TRY": "₺",
    "INR": "₹",
    "KRW": "₩",
    "GEL": "₾",
    "AZN": "₼",
    "AMD": "֏",
    "CNY": "¥",
}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "UZS": {"ru": "сум", "kz": "сум", "kg": "сум", "uz": "soʻm"},  # noqa: RUF001 — Uzbek's own letter
    "KGS": {"ru": "сом", "kz": "сом", "kg": "сом", "uz": "som"},
}


def currency_name(currency: str, language: str) -> str:
    """How a currency is written beside an amount: its sign, its word, or its code."""
    return _SIGNS.get(currency) or _WORDS.get(currency, {}).get(language, currency)


def sum_text(minor: int, currency: str, language: str) -> str:
    """An amount in minor units with its currency: `1 500 ₸`, in English `₸1,500`; no decimals where there are none."""
    name, number = currency_name(currency, language), number_text(minor, currency, language)
    if language != "en":
        return f"{number}{NBSP}{name}"
    return f"{name}{number}" if currency in _SIGNS else f"{name}{NBSP}{number}"


def price_text(link: Link, language: str) -> str:
    """What a link costs, in one line: the price of one unit, or the bounds of what the buyer chooses."""
    if link.amount is None:
        return sum_text(link.price or 0, link.currency, language)
    return " \N{EN DASH} ".join(bounds_text(link, language))


def bounds_text(link: Link, language: str) -> tuple[str, str]:
    """The least and the most that a buyer may choose to pay; of a link with a price that price, twice."""
    price = link.price or 0
    bounds = AmountRange(price, price) if link.amount is None else link.amount
    return (
        sum_text(bounds.minimum, link.currency, language),
        sum_text(bounds.maximum, link.currency, language),
    )


def number_text(minor: int, currency: str, language: str) -> str:
    """An amount in minor units without its currency."""
    whole, fraction = divmod(minor, 10 ** DECIMALS[currency])
    grouped = f"{whole:,}" if language == "en" else f"{whole:,}".replace(",", NBSP)
    if not fraction:
        return grouped
    point = "." if language == "en" else ","
    return f"{grouped}{point}{fraction:0{DECIMALS[currency]}d}"
