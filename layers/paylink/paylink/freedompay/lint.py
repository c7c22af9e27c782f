"""Find what makes a message ambiguous before it is sent.

A signature covers the values in the order of their names, joined with ";" and nothing else: names are not
part of it and ";" is not escaped. So a message that could be cut into values, ordered or re-typed in two
ways is refused here, with a line on what to change. Freedom Pay protocol, "Signature" and "Nested data".

Choices made here alone, each on the strict side:
- ";" is refused in every value, not in ids and extra parameters alone: wherever it stands, another message
  has the same signature. In a description write ",", in an address "%3B".
- Names of extra parameters are letters and "_". The provider's reference sorts a name together with the
  position of its field, so digits, hyphens and dots in names can change the order; PHP rewrites dots and
  spaces as well.
- A name with `pg_` that no document lists is a slip of the pen, or a field that the caller adds to
  `also_known`.
- White space around a value is refused: a receiver that trims its input signs something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .errors import AmbiguousMessage
from .names import AMOUNTS, LISTS, RECEIPT, REPLY, REQUEST

if TYPE_CHECKING:
    from .signature import Field

MAX_RECEIPT_POSITIONS = 10
MAX_DEPTH = 8
MAX_SHOWN_NAME = 60

_EXTRA_NAME = re.compile(r"[A-Za-z_]+")
_NESTED_NAME = re.compile(r"[A-Za-z_]+|0|[1-9][0-9]*")
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]{1,2})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_KNOWN = REQUEST | REPLY


class Problem(StrEnum):
    """The kinds of ambiguity."""

    NOT_TEXT = "not_text"
    EMPTY = "empty"
    SEPARATOR = "separator"
    CONTROL_CHARACTER = "control_character"
    NOT_UTF8 = "not_utf8"
    OUTER_SPACE = "outer_space"
    AMOUNT_FORMAT = "amount_format"
    EXTRA_NAME = "extra_name"
    UNKNOWN_NAME = "unknown_name"
    REPEATED_NAME = "repeated_name"
    NESTED_NAME = "nested_name"
    TOO_MANY_POSITIONS = "too_many_positions"
    TOO_DEEP = "too_deep"


@dataclass(frozen=True, slots=True)
class Finding:
    """One ambiguity: the field's name (its path, where nested), the kind, and what to change. Holds no
    value."""

    field: str
    problem: Problem
    advice: str

    def __str__(self) -> str:
        return f"{self.field}: {self.advice}"


def lint(fields: Iterable[Field], *, also_known: Collection[str] = ()) -> list[Finding]:
    """Return everything in the message that could be read in two ways; an empty list means that it may be
    sent.

    `also_known` are names with `pg_` that the caller answers for, such as those of a newer document.
    """
    message = list(fields)
    known = REQUEST | REPLY | frozenset(also_known)
    findings = [finding for name, _ in message for finding in _name_findings(name, known)]
    findings += _repeats(message)
    positions = sum(1 for name, _ in message if name == RECEIPT)
    if positions > MAX_RECEIPT_POSITIONS:
        advice = (
            f"send at most {MAX_RECEIPT_POSITIONS} positions, not {positions}: their order gets lost beyond"
        )
        findings.append(Finding(RECEIPT, Problem.TOO_MANY_POSITIONS, advice))
    for name, value in message:
        findings += _value_findings(_shown(name), name, value, 1)
    return findings


def check(fields: Iterable[Field], *, also_known: Collection[str] = ()) -> None:
    """Raise AmbiguousMessage with all findings if the message could be read in two ways."""
    message = list(fields)
    if _is_plain(message):
        return
    findings = lint(message, also_known=also_known)
    if findings:
        raise AmbiguousMessage(findings)


def _is_plain(message: Sequence[tuple[Any, Any]]) -> bool:
    """Whether each field is documented or extra, stands once and holds plain text: then `lint` finds nothing.

    Nearly every message is so, and this tells in a tenth of the time. False says nothing.
    """
    names = {name for name, _ in message if type(name) is str}
    values = [value for _, value in message if type(value) is str]
    if not len(names) == len(values) == len(message) or not names.isdisjoint(LISTS):
        return False
    together = "".join(values)
    # What Python calls printable holds no control character, no surrogate and no white space but " ".
    if not together.isprintable() or ";" in together:
        return False
    if "" in values or [value.strip(" ") for value in values] != values:
        return False
    for name in names - _KNOWN:
        if name[:3].lower() == "pg_" or not _EXTRA_NAME.fullmatch(name):
            return False
    return all(_AMOUNT.fullmatch(value) for name, value in message if name in AMOUNTS)


def _shown(name: object) -> str:
    text = name if isinstance(name, str) else repr(name)
    return text if text.isprintable() and len(text) <= MAX_SHOWN_NAME else ascii(text)[:MAX_SHOWN_NAME]


def _name_findings(name: object, known: Collection[str]) -> Iterator[Finding]:
    if not isinstance(name, str):
        yield Finding(_shown(name), Problem.NOT_TEXT, "make the name text")
    elif name.lower().startswith("pg_"):
        if name not in known:
            advice = "no document lists this name: mend it, or rename an extra parameter so that it lacks pg_"
            yield Finding(_shown(name), Problem.UNKNOWN_NAME, advice)
    elif not _EXTRA_NAME.fullmatch(name):
        advice = "use letters and _ alone in the name of an extra parameter"
        yield Finding(_shown(name), Problem.EXTRA_NAME, advice)


def _repeats(message: Sequence[tuple[Any, Any]], path: str = "") -> Iterator[Finding]:
    counts = Counter(name for name, _ in message if isinstance(name, str))
    for name, count in counts.items():
        if count > 1 and name not in LISTS:
            shown = f"{path}{_shown(name)}"
            yield Finding(shown, Problem.REPEATED_NAME, f"send the field once, not {count} times")


def _value_findings(path: str, name: str, value: object, depth: int) -> Iterator[Finding]:
    if isinstance(value, str):
        yield from _text_findings(path, name, value)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        yield from _nested_findings(path, value, depth)
    else:
        kind = type(value).__name__
        advice = f"write the value as text, it is {kind}: an amount as '20.00', a flag as '1' or '0'"
        yield Finding(path, Problem.NOT_TEXT, advice)


def _nested_findings(path: str, value: Sequence[tuple[Any, Any]], depth: int) -> Iterator[Finding]:
    if depth > MAX_DEPTH:
        yield Finding(path, Problem.TOO_DEEP, f"nest at most {MAX_DEPTH} levels")
        return
    if not value:
        yield Finding(path, Problem.EMPTY, "leave out a field that holds nothing")
    yield from _repeats(value, f"{path}/")
    for name, inner in value:
        inner_path = f"{path}/{_shown(name)}"
        if not isinstance(name, str) or not _NESTED_NAME.fullmatch(name):
            yield Finding(inner_path, Problem.NESTED_NAME, "use letters and _ alone in the name")
        yield from _value_findings(inner_path, name, inner, depth + 1)


def _text_findings(path: str, name: str, value: str) -> Iterator[Finding]:
    if not value:
        yield Finding(path, Problem.EMPTY, "leave out a field without a value")
        return
    if ";" in value:
        instead = '"%3B"' if name.endswith("_url") else '","'
        yield Finding(
            path, Problem.SEPARATOR, f'write {instead} for ";": it separates the values of a signature'
        )
    if _CONTROL.search(value):
        yield Finding(path, Problem.CONTROL_CHARACTER, "leave out line breaks, tabs and control characters")
    elif value != value.strip():
        yield Finding(path, Problem.OUTER_SPACE, "remove the white space around the value")
    if _SURROGATE.search(value):
        yield Finding(path, Problem.NOT_UTF8, "write the value in characters that UTF-8 can carry")
    if name in AMOUNTS and not _AMOUNT.fullmatch(value):
        yield Finding(
            path, Problem.AMOUNT_FORMAT, "write the amount as digits with at most two decimals: '20.00'"
        )
