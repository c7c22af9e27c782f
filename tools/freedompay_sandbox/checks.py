"""Checks of a single parameter: each takes its text and answers what is wrong, None when nothing is."""

import re
from collections.abc import Callable
from decimal import Decimal
from ipaddress import AddressValueError, IPv4Address
from urllib.parse import urlsplit

from .reading import UnreadableMessageError, read_form
from .writing import split_query

SMALLEST_AMOUNT = Decimal("0.01")
LARGEST_AMOUNT = Decimal(99_999_999)

_AMOUNT = re.compile(r"[0-9]{1,8}(\.[0-9]{1,2})?")

Check = Callable[[str], str | None]


def amount(text: str) -> Decimal:
    """Return an amount within the gateway's limits, in major units. Raises ValueError."""
    if not _AMOUNT.fullmatch(text) or not SMALLEST_AMOUNT <= Decimal(text) <= LARGEST_AMOUNT:
        raise ValueError("must be 0.01 to 99999999 with at most two decimals")
    return Decimal(text)


def at_most(limit: int) -> Check:
    """Return a check of a text's length."""
    return lambda text: None if len(text) <= limit else f"must have at most {limit} characters"


def one_of(*values: str) -> Check:
    """Return a check for one of these words."""
    return lambda text: None if text in values else f"must be one of {', '.join(sorted(values))}"


def whole(low: int, high: int | None = None) -> Check:
    """Return a check for a whole number within bounds."""
    limits = f"must be a whole number from {low}" + (f" to {high}" if high is not None else "")

    def check(text: str) -> str | None:
        if (
            not re.fullmatch(r"[0-9]{1,18}", text)
            or int(text) < low
            or (high is not None and int(text) > high)
        ):
            return limits
        return None

    return check


def like(pattern: str, reason: str) -> Check:
    """Return a check against a pattern, with its own words for what breaks it."""
    compiled = re.compile(pattern)
    return lambda text: None if compiled.fullmatch(text) else reason


def amount_limits(text: str) -> str | None:
    """Hold an amount against the gateway's limits."""
    try:
        amount(text)
    except ValueError as problem:
        return str(problem)
    return None


def web_address(text: str) -> str | None:
    """Hold an address against what the gateway calls."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if len(text) > 255 or parts.scheme not in {"http", "https"} or not host:
        return "must be an http or https address of at most 255 characters"
    try:
        read_form(split_query(text)[1])
    except UnreadableMessageError as problem:
        return str(problem)  # these fields come back in the callback, where names must be unique
    return None


def ipv4_address(text: str) -> str | None:
    """Hold a text against the form of an IPv4 address."""
    try:
        IPv4Address(text)
    except AddressValueError:
        return "must be an IPv4 address"
    return None
