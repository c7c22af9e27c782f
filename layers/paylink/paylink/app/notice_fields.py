"""A callback's fields as a typed notice.

Strict about every field that decides, since the names of fields are not part of the signature: a message
whose values keep their order verifies under other names too.
"""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from paylink.domain.notices import CheckNotice, ResultNotice

Fields = Iterable[tuple[str, object]]

_ID = re.compile(r"[\x21-\x3a\x3c-\x7e]{1,50}")
_PAYMENT_ID = re.compile(r"[1-9][0-9]{0,19}")
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,2}0{0,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_RESULT = re.compile(r"[012]")
# The gateway writes some optional fields though they are empty; an empty code tells nothing.
_CODE = re.compile(r"[0-9]{0,10}")
# It goes into the answer's XML, which carries neither control characters nor these two.
_SALT = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]{1,128}")
_FLAG = re.compile(r"[01]")


class MalformedNotice(ValueError):
    """A field that we read is missing, given twice or not in its format; the text names it."""


def read_check(fields: Fields) -> CheckNotice:
    """A check request (Check request: pg_check_url). Raises MalformedNotice."""
    read = _Reader(fields)
    return CheckNotice(
        order_id=read.required("pg_order_id", _ID),
        payment_id=read.required("pg_payment_id", _PAYMENT_ID),
        amount=Decimal(read.required("pg_amount", _AMOUNT)),
        currency=read.required("pg_currency", _CURRENCY),
        # Not among the documented fields of a check: only a mode that is said can differ.
        test=read.flag("pg_testing_mode"),
    )


def read_result(fields: Fields) -> ResultNotice:
    """A result (Result notify: pg_result_url). Raises MalformedNotice."""
    read = _Reader(fields)
    return ResultNotice(
        order_id=read.required("pg_order_id", _ID),
        payment_id=read.required("pg_payment_id", _PAYMENT_ID),
        result=int(read.required("pg_result", _RESULT)),
        amount=Decimal(read.required("pg_amount", _AMOUNT)),
        currency=read.required("pg_currency", _CURRENCY),
        captured=read.flag("pg_captured"),
        can_reject=read.flag("pg_can_reject") or False,
        # The gateway leaves the mode out where it is live.
        test=read.flag("pg_testing_mode") or False,
        failure_code=read.optional("pg_failure_code", _CODE) or None,
    )


def read_salt(fields: Fields) -> str | None:
    """The message's salt, to be used again in the answer; None where there is none. Raises MalformedNotice."""
    return _Reader([field for field in fields if field[0] == "pg_salt"]).optional("pg_salt", _SALT)


class _Reader:
    def __init__(self, fields: Fields) -> None:
        every = list(fields)
        self._values: dict[str, object] = dict(every)
        self._repeated: frozenset[str] = frozenset()
        if len(self._values) < len(every):
            counts = Counter(name for name, _ in every)
            self._repeated = frozenset(name for name, count in counts.items() if count > 1)

    def required(self, name: str, pattern: re.Pattern[str]) -> str:
        text = self.optional(name, pattern)
        if text is None:
            raise MalformedNotice(f"{name} is missing")
        return text

    def optional(self, name: str, pattern: re.Pattern[str]) -> str | None:
        if name not in self._values:
            return None
        if name in self._repeated:
            raise MalformedNotice(f"{name} is given twice")
        value = self._values[name]
        if not isinstance(value, str):
            raise MalformedNotice(f"{name} has parts")
        if pattern.fullmatch(value) is None:
            raise MalformedNotice(f"{name} is not in its format")
        return value

    def flag(self, name: str) -> bool | None:
        text = self.optional(name, _FLAG)
        return None if text is None else text == "1"


def is_amount(text: str) -> bool:
    """Whether a value has the form of an amount."""
    return _AMOUNT.fullmatch(text) is not None
