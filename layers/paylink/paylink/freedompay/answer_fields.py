"""The fields of an answer, each read once and in its format or not at all."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from .errors import UnreadableAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .signature import Field

PAYMENT_ID = re.compile(r"[0-9]{1,20}")

_CODE = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")


class AnswerFields:
    """An answer, or a value nested in it. All that it raises is an UnreadableAnswer that names the field."""

    def __init__(self, fields: Sequence[Field], http_status: int | None) -> None:
        self.fields = tuple(fields)
        self.http_status = http_status

    def unreadable(self, reason: str) -> UnreadableAnswer:
        return UnreadableAnswer(reason, self.http_status)

    def text(self, name: str) -> str | None:
        values = [value for found, value in self.fields if found == name]
        if not values or values == [""]:
            return None
        if len(values) > 1 or not isinstance(values[0], str):
            raise self.unreadable(f"{name} is given twice or holds other fields")
        return values[0]

    def matching(self, name: str, pattern: re.Pattern[str]) -> str | None:
        value = self.text(name)
        if value is not None and not pattern.fullmatch(value):
            raise self.unreadable(f"{name} is not in its format")
        return value

    def amount(self, name: str) -> Decimal | None:
        value = self.matching(name, _AMOUNT)
        return None if value is None else Decimal(value)

    def flag(self, name: str) -> bool | None:
        value = self.text(name)
        if value not in {None, "0", "1"}:
            raise self.unreadable(f"{name} is neither 0 nor 1")
        return None if value is None else value == "1"

    def code(self, name: str) -> int | None:
        value = self.text(name)
        return int(value) if value is not None and _CODE.fullmatch(value) else None

    def items(self, name: str, inner: str = "") -> Iterator[AnswerFields]:
        """Yield the items of a list in either form: fields of that name, or fields that hold `inner` ones."""
        for value in (value for found, value in self.fields if found == name):
            if value == "":
                continue
            if isinstance(value, str):
                raise self.unreadable(f"{name} holds text")
            names = {found for found, _ in value}
            if inner not in names:
                yield AnswerFields(value, self.http_status)
            elif names == {inner}:
                yield from AnswerFields(value, self.http_status).items(inner)
            else:
                raise self.unreadable(f"{name} holds other fields beside {inner}")
