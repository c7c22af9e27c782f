"""Kinds of field values: each takes an untyped value and returns it typed, or raises ValueError with the
text that tells a person what to change."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from paylink.domain.clock import from_text
from paylink.domain.text import LANGUAGES, Text, is_printable

LONGEST_URL: Final = 512
_SIMPLE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,50}")
_EMAIL: Final = re.compile(r"[^\s@;<>\"']{1,64}@[^\s@;<>\"'.]{1,63}(?:\.[^\s@;<>\"'.]{1,63}){1,8}")
_PHONE_SEPARATORS: Final = str.maketrans("", "", " ()-+\u00a0")
_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
"""A host as urlsplit gives it: in lower case, an IPv6 address without its brackets."""
_VISIBLE: Final = re.compile(r"[\x21-\x3a\x3c-\x7e]{1,64}")


def string(value: object, *, longest: int, shortest: int = 1) -> str:
    """A printable string of bounded length."""
    if not isinstance(value, str):
        raise ValueError("must be a string")
    if not shortest <= len(value) <= longest:
        raise ValueError(f"must have {shortest} to {longest} characters")
    if not is_printable(value):
        raise ValueError("must not contain control characters or line breaks")
    if shortest and not value.strip():
        raise ValueError("must not be blank")
    return value


def bounded(longest: int) -> Callable[[object], str]:
    """A string of 1 to `longest` characters."""
    return lambda value: string(value, longest=longest)


def boolean(value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def whole(least: int, most: int) -> Callable[[object], int]:
    """An integer within bounds; true and false are no integers."""

    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return parse


def one_of(*choices: str) -> Callable[[object], str]:
    """One of the given words."""

    def parse(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return value

    return parse


def visible_id(value: object) -> str:
    """An id of another system: 1 to 64 visible ASCII characters without `;`."""
    if not isinstance(value, str) or _VISIBLE.fullmatch(value) is None:
        raise ValueError("must have 1 to 64 visible ASCII characters, without spaces and `;`")
    return value


def simple_id(value: object) -> str:
    """A buyer's id as the gateway takes it (Create payment: pg_user_id)."""
    if not isinstance(value, str) or _SIMPLE_ID.fullmatch(value) is None:
        raise ValueError("must have 1 to 50 letters, digits, `_` or `-`")
    return value


def email(value: object) -> str:
    """An e-mail address, checked for its form alone."""
    if (
        not isinstance(value, str)
        or len(value) > 254
        or not is_printable(value)
        or _EMAIL.fullmatch(value) is None
    ):
        raise ValueError("must be an e-mail address, for example buyer@example.com")
    return value


def phone(value: object) -> str:
    """A phone number with the country code; spaces, brackets, dashes and a plus are dropped."""
    digits = value.translate(_PHONE_SEPARATORS) if isinstance(value, str) and len(value) <= 32 else ""
    if not (digits.isascii() and digits.isdigit() and 10 <= len(digits) <= 15):
        raise ValueError("must be a phone number with the country code, for example +7 777 123 45 67")
    return digits


def web_url(value: object) -> str:
    """An absolute https address (http on this machine alone), without user name and of bounded length."""
    text = string(value, longest=LONGEST_URL)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = parts = None
    if not host or parts is None or not text.isascii() or any(character in ' \\"<>`' for character in text):
        raise ValueError("must be an absolute https address")
    if _HOST.fullmatch(host) is None:
        # Origins stand in a Content-Security-Policy, where a `;` or a `,` would begin something else.
        raise ValueError("must be an absolute https address with a host such as shop.example")
    is_local = parts.scheme == "http" and host in {"127.0.0.1", "localhost", "::1"}
    if (parts.scheme != "https" and not is_local) or "@" in parts.netloc:
        raise ValueError("must be an absolute https address without a user name")
    return text


def origin_of(url: str) -> str:
    """The origin of an absolute address, as browsers write it (scheme, host in lower case, port if unusual)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return (
        f"{parts.scheme}://{host}" if parts.port in (None, usual) else f"{parts.scheme}://{host}:{parts.port}"
    )


def localized(longest: int) -> Callable[[object], Text]:
    """A text, or an object with one text per language."""

    def parse(value: object) -> Text:
        if isinstance(value, str):
            return string(value, longest=longest)
        if not isinstance(value, Mapping) or not value or not set(value) <= set(LANGUAGES):
            raise ValueError(
                f"must be a string, or an object with a string for any of: {', '.join(LANGUAGES)}"
            )
        return {language: string(text, longest=longest) for language, text in value.items()}

    return parse


def moment(value: object) -> datetime:
    """A time with an offset, in whole milliseconds as the table keeps it, so that what is read back compares equal."""
    try:
        exact = from_text(string(value, longest=40))
    except ValueError:
        raise ValueError("must be a time with an offset, for example 2026-12-31T18:00:00+05:00") from None
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)
