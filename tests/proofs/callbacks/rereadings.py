"""Mutations that keep what is signed: other names, other borders, nesting. They need a genuine message, and no key."""

import random
import re
from collections.abc import Callable, Mapping, Sequence

from proofs.callbacks.genuine import Pairs

SIGNATURE = "pg_sig"
_NUMBER = r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,6})?"
# The names that decide, as they sort, and what may stand under each.
DECIDING: Mapping[str, str] = {
    "pg_amount": _NUMBER,
    "pg_can_reject": "[01]",
    "pg_captured": "[01]",
    "pg_currency": "[A-Z]{3}",
    "pg_failure_code": "[0-9]{0,10}",
    "pg_order_id": r"[\x21-\x3a\x3c-\x7e]{1,50}",
    "pg_payment_id": "[1-9][0-9]{0,19}",
    "pg_result": "[012]",
    "pg_salt": "[^\x00-\x1f]{1,128}",
    "pg_testing_mode": "[01]",
}
DOCUMENTED = (
    *("m_a", "m_comment", "m_name", "m_reference", "m_z", "pg_auth_code", "pg_card_brand", "pg_card_exp"),
    *("pg_card_id", "pg_card_owner", "pg_card_pan", "pg_card_token", "pg_description", "pg_discount_amount"),
    *("pg_failure_description", "pg_need_email_notification", "pg_need_phone_notification", "pg_net_amount"),
    *("pg_payment_date", "pg_payment_method", "pg_ps_amount", "pg_ps_currency", "pg_ps_full_amount"),
    *("pg_recurring_profile_id", "pg_reference", "pg_user_contact_email", "pg_user_id", "pg_user_phone"),
)


def in_order(pairs: Pairs) -> Pairs:
    """The fields as they are signed, without the signature."""
    return sorted((pair for pair in pairs if pair[0] != SIGNATURE), key=lambda pair: pair[0].encode())


def _named(chance: random.Random, values: Sequence[str], places: Mapping[int, str]) -> Pairs:
    """The values under rising names: those of `places`, between them documented or made-up ones."""
    named: Pairs = []
    last = "a"
    following = [places[at] for at in sorted(places)]
    for at, value in enumerate(values):
        if at in places:
            last = following.pop(0)
        else:
            end = following[0] if following else "~"
            known = [name for name in DOCUMENTED if last < name < end]
            # Enough names must be left for the values up to the next one that is given.
            gap = next((other for other in sorted(places) if other > at), len(values)) - at
            last = known[0] if len(known) >= gap and chance.random() < 0.9 else f"{last}_"
            if last >= end:
                return []
        named.append((last, value))
    return named


def deciding_names_elsewhere(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    """Each deciding name goes to a value that has its form; the rest get names in between."""
    values = [piece for _, value in in_order(pairs) for piece in value.split(";")]
    places: dict[int, str] = {}
    start = 0
    truth = {name: value for name, value in pairs if name in DECIDING}
    moved = chance.choice(list(DECIDING))
    for name, form in DECIDING.items():
        fits = [at for at in range(start, len(values)) if re.fullmatch(form, values[at])]
        real = [at for at in fits if name in truth and values[at] == truth[name]]
        if name not in truth and chance.random() < 0.8:
            continue
        if name == moved or not real:
            fits = [at for at in fits if at not in real] or fits
            if not fits or (
                name in {"pg_can_reject", "pg_captured", "pg_testing_mode"} and chance.random() < 0.3
            ):
                continue
            at = chance.choice(fits[:6])
        else:
            at = real[0] if chance.random() < 0.8 else chance.choice(real)
        places[at] = name
        start = at + 1
    return [*(_named(chance, values, places) or in_order(pairs)), pairs[-1]]


def fillers_renamed(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    """What decides keeps its name; everything else gets another in between."""
    fields = in_order(pairs)
    places = {at: name for at, (name, _) in enumerate(fields) if name in DECIDING}
    return [*(_named(chance, [value for _, value in fields], places) or fields), pairs[-1]]


def joined(chance: random.Random, script: str, pairs: Pairs) -> Pairs:
    """Several neighbours become one value with `;`, after the names were moved."""
    fields = in_order(deciding_names_elsewhere(chance, script, pairs) if chance.random() < 0.6 else pairs)
    start = chance.randrange(len(fields))
    end = min(len(fields), start + chance.choice((2, 2, 3, 5)))
    name = chance.choice(fields[start:end])[0]
    return [
        *fields[:start],
        (name, ";".join(value for _, value in fields[start:end])),
        *fields[end:],
        pairs[-1],
    ]


def nested(chance: random.Random, script: str, pairs: Pairs) -> Pairs:
    """Neighbours become the parts of one field: they are signed in its place, in the order of their names."""
    fields = in_order(deciding_names_elsewhere(chance, script, pairs) if chance.random() < 0.5 else pairs)
    start = chance.randrange(len(fields))
    end = min(len(fields), start + chance.choice((1, 2, 3)))
    parent = fields[start][0]
    inner = [(f"{parent}[k{number:03}]", value) for number, (_, value) in enumerate(fields[start:end])]
    return [*fields[:start], *inner, *fields[end:], pairs[-1]]


def one_value_renamed(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    """A single field gets a name between its neighbours'."""
    fields = in_order(pairs)
    at = chance.randrange(len(fields))
    before = fields[at - 1][0] if at else "a"
    return [*fields[:at], (f"{before}_", fields[at][1]), *fields[at + 1 :], pairs[-1]]


REREADINGS: Mapping[str, Callable[[random.Random, str, Pairs], Pairs]] = {
    "deciding names moved": deciding_names_elsewhere,
    "other names between": fillers_renamed,
    "values joined": joined,
    "values nested": nested,
    "one name changed": one_value_renamed,
}
