"""Every message that a genuine signature covers under other names: names are not signed, sorted values are.

A renaming keeps the values in their order and gives them names in rising order. Those names that decide are
put to any of the values that may pass for theirs; the rest get names of no meaning in between.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence

from freedompay_sandbox.signing import Pair

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
# The names that decide, as they sort, and what could stand under each; the formats are wider than the real ones.
DECIDING: Mapping[str, str] = {
    "pg_amount": _NUMBER,
    "pg_can_reject": "[01]",
    "pg_captured": "[01]",
    "pg_currency": "[A-Z]{3}",
    "pg_failure_code": "[0-9]{1,10}",
    "pg_order_id": "pl_[0-9a-z]{26}",
    "pg_payment_id": "[0-9]+",
    "pg_result": "[012]",
    "pg_testing_mode": "[01]",
}
REQUIRED = frozenset({"pg_amount", "pg_currency", "pg_order_id", "pg_payment_id"})
SIGNATURE = "pg_sig"


def in_signed_order(message: Sequence[Pair]) -> tuple[list[str], str]:
    """The values of a flat message as they are signed, and the signature."""
    values = [str(value) for name, value in sorted(message, key=lambda pair: pair[0]) if name != SIGNATURE]
    (signature,) = [str(value) for name, value in message if name == SIGNATURE]
    return values, signature


def renamings(message: Sequence[Pair]) -> Iterator[list[Pair]]:
    """Every renaming of a message in which each required field finds a value that looks like its own."""
    values, signature = in_signed_order(message)
    is_result = any(name == "pg_result" for name, _ in message)
    required = REQUIRED | {"pg_result"} if is_result else REQUIRED
    for places in _places(values, list(DECIDING), required):
        yield [*_named(values, places), (SIGNATURE, signature)]


def _places(
    values: Sequence[str], names: list[str], required: frozenset[str], start: int = 0
) -> Iterator[dict[int, str]]:
    """Which value gets which of the names, both in rising order from `start` on."""
    if not names:
        yield {}
        return
    name, *rest = names
    if name not in required:
        yield from _places(values, rest, required, start)
    for place in range(start, len(values)):
        if re.fullmatch(DECIDING[name], values[place]):
            for others in _places(values, rest, required, place + 1):
                yield {place: name, **others}


def _named(values: Sequence[str], places: Mapping[int, str]) -> list[Pair]:
    """The values under their names; one without a name gets one that sorts between its neighbours."""
    numbers = itertools.count(100)
    last = "a"
    named: list[Pair] = []
    for place, value in enumerate(values):
        last = places.get(place, last)
        named.append((last if place in places else f"{last}_{next(numbers)}", value))
    return named
