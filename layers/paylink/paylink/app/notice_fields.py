"""A callback's fields as a typed notice.

Strict about every field that decides, since the names of fields are not part of the signature: a message
whose values keep their order verifies under other names too.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, TypeVar

from paylink.domain.notices import CheckNotice, ResultNotice

T = TypeVar("T")
Fields = Iterable[tuple[str, object]]

_ID = re.compile(r"[\x21-\x3a\x3c-\x7e]{1,50}")
_PAYMENT_ID = re.compile(r"[1-9][0-9]{0,19}")
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,2}0{0,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
# The gateway writes some optional fields though they are empty; an empty code tells nothing.
_CODE = re.compile(r"[0-9]{0,10}")
# It goes into the answer's XML, which carries neither control characters nor these two.
_SALT = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]{1,128}")
_FLAGS: Final = {"0": False, "1": True}


class MalformedNotice(ValueError):
    """A field that we read is missing, given twice or not in its format; the text names it."""


def read_check(fields: Fields) -> CheckNotice:
    """A check request (Check request: pg_check_url). Raises MalformedNotice."""
    read = _Reader(fields)
    return CheckNotice(
        order_id=read.required("pg_order_id", _matching(_ID)),
        payment_id=read.required("pg_payment_id", _matching(_PAYMENT_ID)),
        amount=read.required("pg_amount", _amount),
        currency=read.required("pg_currency", _matching(_CURRENCY)),
        # Not among the documented fields of a check: only a mode that is said can differ.
        test=read.optional("pg_testing_mode", _flag),
    )


def read_result(fields: Fields) -> ResultNotice:
    """A result (Result notify: pg_result_url). Raises MalformedNotice."""
    read = _Reader(fields)
    return ResultNotice(
        order_id=read.required("pg_order_id", _matching(_ID)),
        payment_id=read.required("pg_payment_id", _matching(_PAYMENT_ID)),
        result=int(read.required("pg_result", _matching(re.compile("[012]")))),
        amount=read.required("pg_amount", _amount),
        currency=read.required("pg_currency", _matching(_CURRENCY)),
        captured=read.optional("pg_captured", _flag),
        can_reject=read.optional("pg_can_reject", _flag) or False,
        # The gateway leaves the mode out where it is live.
        test=read.optional("pg_testing_mode", _flag) or False,
        failure_code=read.optional("pg_failure_code", _matching(_CODE)) or None,
    )


def read_salt(fields: Fields) -> str | None:
    """The message's salt, to be used again in the answer; None where there is none. Raises MalformedNotice."""
    return _Reader(fields).optional("pg_salt", _matching(_SALT))


class _Reader:
    def __init__(self, fields: Fields) -> None:
        self._values: dict[str, list[object]] = {}
        for name, value in fields:
            self._values.setdefault(name, []).append(value)

    def required(self, name: str, parse: Callable[[str], T]) -> T:
        value = self.optional(name, parse)
        if value is None:
            raise MalformedNotice(f"{name} is missing")
        return value

    def optional(self, name: str, parse: Callable[[str], T]) -> T | None:
        values = self._values.get(name, [])
        if not values:
            return None
        if len(values) > 1:
            raise MalformedNotice(f"{name} is given twice")
        if not isinstance(values[0], str):
            raise MalformedNotice(f"{name} has parts")
        try:
            return parse(values[0])
        except ValueError:
            raise MalformedNotice(f"{name} is not in its format") from None


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if pattern.fullmatch(text) is None:
            raise ValueError
        return text

    return parse


def _amount(text: str) -> Decimal:
    return Decimal(_matching(_AMOUNT)(text))


def _flag(text: str) -> bool:
    if text not in _FLAGS:
        raise ValueError
    return _FLAGS[text]
