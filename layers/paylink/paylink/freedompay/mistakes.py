"""The usual mistakes in the fields of a signed message, each undone, for `explanation` to try."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote_plus

from .forms import bracketed
from .signature import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .signature import Field, Value

MAX_SHOWN_NAME = 60

_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,4})?")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that may have been made, and the message as it is without it. `detail` holds no value."""

    cause: str
    detail: str
    field: str
    undone: list[Field]


def mistakes(message: Sequence[Field]) -> Iterator[Mistake]:
    """Yield the message with one usual mistake undone at a time, the likelier ones first."""
    whole = list(message)
    yield from _left_out(whole)
    yield from _rewritten(whole)
    yield from _missing(whole)
    yield from _disordered(whole)


def _left_out(message: list[Field]) -> Iterator[Mistake]:
    for position, (name, _) in enumerate(message):
        if name != SIGNATURE:
            detail = f"The field {_shown(name)} was not signed: it was added on the way."
            yield Mistake("unsigned_field", detail, name, message[:position] + message[position + 1 :])
    detail = "The fields with empty values were not signed: the sender left them out."
    yield Mistake("empty_values", detail, "", [field for field in message if field[1] != ""])
    detail = "The fields without pg_ were not signed: the sender signs its own fields alone."
    yield Mistake("extra_fields", detail, "", [field for field in message if field[0].startswith("pg_")])


def _rewritten(message: list[Field]) -> Iterator[Mistake]:
    for cause, what, forms in _REWRITINGS:
        for form in forms:
            everywhere = [(n, value if n == SIGNATURE else _mapped(value, form)) for n, value in message]
            if everywhere != message:
                yield Mistake(cause, f"{what} differ between what was signed and what came.", "", everywhere)
            for position, (name, value) in enumerate(message):
                if name == SIGNATURE or not isinstance(value, str) or form(value) == value:
                    continue
                detail = f"{what} of the field {_shown(name)} differ between what was signed and what came."
                undone = [*message[:position], (name, form(value)), *message[position + 1 :]]
                yield Mistake(cause, detail, name, undone)


def _missing(message: list[Field]) -> Iterator[Mistake]:
    for name in sorted({"", *(name for name, _ in message)}):
        place = f"after {_shown(name)}" if name else "before all others"
        detail = f"A field with an empty value is missing, whose name sorts {place}."
        yield Mistake("missing_empty_field", detail, "", [*message, (f"{name}\x00", "")])


def _disordered(message: list[Field]) -> Iterator[Mistake]:
    """Other orders, each made by renaming the fields so that they sort into it."""
    signature = [field for field in message if field[0] == SIGNATURE]
    rest = [field for field in message if field[0] != SIGNATURE]
    numbered = list(enumerate(rest, 1))
    orders: tuple[tuple[str, list[Field]], ...] = (
        ("in the order of the message, unsorted", [(f"{i:06d}", value) for i, (_, value) in numbered]),
        ("sorted by name without regard to case", [(name.lower(), value) for name, value in rest]),
        ("sorted by name and position together", [(f"{name}{i:03d}", v) for i, (name, v) in numbered]),
        ("sorted by bracketed names, 10 before 2", list(bracketed(rest))),
    )
    for how, fields in orders:
        yield Mistake("field_order", f"The values were signed {how}.", "", fields + signature)


def _mapped(value: Value, form: Callable[[str], str]) -> Value:
    if isinstance(value, str):
        return form(value)
    return [(name, _mapped(inner, form)) for name, inner in value]


def _shown(name: str) -> str:
    return name if name.isprintable() and len(name) <= MAX_SHOWN_NAME else ascii(name)[:MAX_SHOWN_NAME]


def _with_decimals(count: int) -> Callable[[str], str]:
    def written(value: str) -> str:
        if not _AMOUNT.fullmatch(value):
            return value
        exact = Decimal(value)
        rounded = round(exact, count)
        return f"{rounded:f}" if rounded == exact else value

    return written


def _around(before: str, after: str) -> Callable[[str], str]:
    return lambda value: f"{before}{value}{after}" if value else value


_REWRITINGS: tuple[tuple[str, str, tuple[Callable[[str], str], ...]], ...] = (
    ("amount_format", "The decimals", (_with_decimals(0), _with_decimals(1), _with_decimals(2))),
    (
        "white_space",
        "The white space around",
        (str.strip, _around("", " "), _around(" ", ""), _around("", "\n")),
    ),
    ("xml_entities", "The XML entities", (html.unescape, html.escape, lambda v: html.escape(v, quote=False))),
    ("url_encoding", "The URL encoding", (unquote_plus, quote_plus, lambda value: quote(value, safe=""))),
    (
        "line_ends",
        "The line ends",
        (
            lambda value: value.replace("\r\n", "\n"),
            lambda value: value.replace("\r\n", "\n").replace("\n", "\r\n"),
        ),
    ),
)
