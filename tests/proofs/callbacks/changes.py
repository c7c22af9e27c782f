"""Mutations of a message's fields: values, names, order, borders and the signature. Each gives other fields."""

import hashlib
import hmac
import random
import re
import unicodedata
from collections.abc import Callable, Mapping

from engines.embedded_aws import MERCHANT_KEY
from proofs.callbacks.genuine import OTHER_ORDER, Pairs, signature, signed_string

Change = Callable[[random.Random, str, Pairs], Pairs]
SIGNATURE = "pg_sig"
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_LOOKALIKES = str.maketrans("KTZaeopcxB0135", "КТΖаеорсхВОlЗ５")  # noqa: RUF001 — that is what they are for
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_FULL = str.maketrans("0123456789.", "０１２３４５６７８９．")  # noqa: RUF001
_SPACES = (" ", "\t", "\n", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u2028", "\x00", "\x0b")
DECIDING = (
    "pg_amount",
    "pg_currency",
    "pg_order_id",
    "pg_payment_id",
    "pg_result",
    "pg_captured",
    "pg_can_reject",
)
_OTHER = {
    "pg_amount": ("1", "0.01", "99999999", "-1500", "1500"),
    "pg_currency": ("USD", "RUB", "KRW", "kzt", ""),
    "pg_order_id": (OTHER_ORDER, "pl_", "130", ""),
    "pg_payment_id": ("1", "9999999999", "0", "-1"),
    "pg_result": ("0", "1", "2", "3"),
    "pg_captured": ("0", "1", ""),
    "pg_can_reject": ("0", "1"),
}


def _put(pairs: Pairs, place: int, name: str | None = None, value: str | None = None) -> Pairs:
    old = pairs[place]
    put = (old[0] if name is None else name, old[1] if value is None else value)
    return [*pairs[:place], put, *pairs[place + 1 :]]


def _field(chance: random.Random, pairs: Pairs, fits: Callable[[str, str], bool] = lambda *_: True) -> int:
    places = [at for at, (name, value) in enumerate(pairs) if name != SIGNATURE and fits(name, value)]
    return chance.choice(places or range(len(pairs) - 1))


def _claim(pairs: Pairs, value: str) -> Pairs:
    return [*(pair for pair in pairs if pair[0] != SIGNATURE), (SIGNATURE, value)]


def flip_bits(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    place = chance.randrange(len(pairs))
    value = pairs[place][1] or "x"
    at = chance.randrange(len(value))
    other = chr((ord(value[at]) ^ (1 << chance.randrange(7))) % 0xD800)
    return _put(pairs, place, value=value[:at] + other + value[at + 1 :])


def swap_values(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    one, two = _field(chance, pairs), _field(chance, pairs)
    return _put(_put(pairs, one, value=pairs[two][1]), two, value=pairs[one][1])


def other_value(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    place = _field(chance, pairs, lambda name, _: name in DECIDING)
    return _put(pairs, place, value=chance.choice(_OTHER.get(pairs[place][0], ("", "1"))))


def number_form(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    place = _field(chance, pairs, lambda _, value: _NUMBER.fullmatch(value) is not None)
    value = pairs[place][1]
    forms = (
        *(
            f"{value}.0",
            f"{value}.00",
            f"0{value}",
            f"+{value}",
            f"-{value}",
            f"{value}e0",
            f"{value}.",
            f"{value},00",
        ),
        *("1.5e3", "\u0660", "0x5dc", "1_500", "1 500", "NaN", "Infinity", "-0", "", "1500.000000"),
        *(value.translate(_ARABIC), value.translate(_FULL), hex(len(value)), value.rstrip("0").rstrip(".")),
    )
    return _put(pairs, place, value=chance.choice(forms))


def whitespace(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    place, space = chance.randrange(len(pairs)), chance.choice(_SPACES)
    name, value = pairs[place]
    at = chance.randrange(len(value) + 1)
    values = (space + value, value + space, value[:at] + space + value[at:], value.strip() + space * 3)
    if chance.random() < 0.2:
        return _put(
            pairs, place, name=chance.choice((f" {name}", f"{name} ", f"\t{name}")).strip("\t") or name
        )
    return _put(pairs, place, value=chance.choice(values))


def letter_case(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    place = chance.randrange(len(pairs))
    name, value = pairs[place]
    turn = chance.choice((str.upper, str.lower, str.swapcase, str.title))
    return (
        _put(pairs, place, name=turn(name))
        if chance.random() < 0.5
        else _put(pairs, place, value=turn(value))
    )


def lookalikes(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    place = chance.randrange(len(pairs))
    name, value = pairs[place]
    turned = (
        *(value.translate(_LOOKALIKES), value.translate(_FULL), value.translate(_ARABIC)),
        *(unicodedata.normalize(form, f"{value}é") for form in ("NFC", "NFD", "NFKC", "NFKD")),
        *(unicodedata.normalize(form, value) for form in ("NFD", "NFKD")),
        *(f"{value}\u0301", f"\u202e{value}", f"{value}\ufe0f"),
    )
    if chance.random() < 0.2:
        return _put(pairs, place, name=name.replace("a", "а"))  # noqa: RUF001
    return _put(pairs, place, value=chance.choice(turned))


def add_field(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    name = chance.choice(
        ("pg_new", "zz", "a", "m_more", "pg_amount2", "pg_resultat", "pg_merchant_id", "PG_RESULT")
    )
    return [*pairs, (name, chance.choice(("", "1", "0", "x", "500001", ";")))]


def remove_field(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    gone = {chance.randrange(len(pairs)) for _ in range(chance.choice((1, 1, 1, 3)))}
    return [pair for at, pair in enumerate(pairs) if at not in gone]


def duplicate_field(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    name, value = pairs[chance.randrange(len(pairs))]
    again = (name, chance.choice((value, "", "1", f"{value}1")))
    return [*pairs, again] if chance.random() < 0.5 else [again, *pairs]


def empty_value(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    return _put(pairs, chance.randrange(len(pairs)), value="")


def reorder(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    return chance.sample(pairs, len(pairs))


def rename_anyhow(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    place = chance.randrange(len(pairs))
    others = [name for name, _ in pairs]
    names = (
        *others,
        "pg_x",
        "pg_amount ",
        "pg_payment_id2",
        "",
        "pg_result[0]",
        "pg_sig",
        "pg_sig2",
        "a",
        "zz",
    )
    return _put(pairs, place, name=chance.choice(names) or "x")


def move_border(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    """Moves the end of a value past its neighbour's beginning, or a `;` into or out of one."""
    inside = sorted((pair for pair in pairs if pair[0] != SIGNATURE), key=lambda pair: pair[0])
    at = chance.randrange(len(inside) - 1)
    (name, value), (next_name, next_value) = inside[at], inside[at + 1]
    kind = chance.randrange(5)
    if kind == 0:  # two values as one: the very same string is signed
        moved = [(name, f"{value};{next_value}")]
    elif kind == 1:
        moved = [(next_name, f"{value};{next_value}")]
    elif kind == 2:
        moved = [(name, f"{value}{next_value[:1]}"), (next_name, next_value[1:])]
    elif kind == 3:
        moved = [(name, f"{value};"), (next_name, next_value)]
    else:  # a value with a `;` of its own in parts
        moved = [(f"{name}{index or ''}", part) for index, part in enumerate(value.split(";"))]
        moved.append((next_name, next_value))
    return [*inside[:at], *moved, *inside[at + 2 :], pairs[-1]]


def cut_signature(chance: random.Random, script: str, pairs: Pairs) -> Pairs:
    claim = dict(pairs)[SIGNATURE]
    length = chance.choice((0, 1, 8, 16, 31))
    return _claim(pairs, chance.choice((claim[:length], claim[length + 1 :], claim[::-1])))


def extend_signature(chance: random.Random, script: str, pairs: Pairs) -> Pairs:
    claim = dict(pairs)[SIGNATURE]
    return _claim(
        pairs, chance.choice((f"{claim}0", f"0{claim}", f"{claim} ", f"{claim}\n", f"{claim}\x00", claim * 2))
    )


def signature_case(_chance: random.Random, script: str, pairs: Pairs) -> Pairs:
    return _claim(pairs, dict(pairs)[SIGNATURE].upper())


def other_algorithm(chance: random.Random, script: str, pairs: Pairs) -> Pairs:
    text = f"{signed_string(script, pairs)};{MERCHANT_KEY}".encode()
    other = chance.choice(("sha1", "sha256", "sha512", "blake2b", "hmac", "truncated", "base64"))
    if other == "hmac":
        return _claim(
            pairs, hmac.new(MERCHANT_KEY.encode(), signed_string(script, pairs).encode(), "md5").hexdigest()
        )
    if other == "truncated":
        return _claim(pairs, hashlib.sha256(text).hexdigest()[:32])
    if other == "base64":
        return _claim(pairs, hashlib.md5(text).digest().hex(" "))  # noqa: S324
    return _claim(pairs, hashlib.new(other, text).hexdigest())


def other_key(chance: random.Random, script: str, pairs: Pairs) -> Pairs:
    keys = (
        "",
        " ",
        "secret",
        "changeme",
        "None",
        MERCHANT_KEY.upper(),
        MERCHANT_KEY[:-1],
        f"{MERCHANT_KEY} ",
    )
    scripts = (script, script, script, "", "success", "init_payment.php", "paylink_check2")
    key = chance.choice(keys)
    return _claim(pairs, signature(chance.choice(scripts), pairs, key))


def hidden_signature(chance: random.Random, _script: str, pairs: Pairs) -> Pairs:
    claim = dict(pairs)[SIGNATURE]
    rest = [pair for pair in pairs if pair[0] != SIGNATURE]
    hidden = ("pg_sig[0]", "pg_sig[]", "pg_sig[pg_sig]", "PG_SIG", "pg_sig ", "x[pg_sig]")
    return chance.choice(
        (
            [*rest, (chance.choice(hidden), claim)],
            [*pairs, (SIGNATURE, claim)],
            [*pairs, (SIGNATURE, "0" * 32)],
            rest,
        )
    )


CHANGES: Mapping[str, Change] = {
    "bits flipped in a value": flip_bits,
    "values swapped": swap_values,
    "another value": other_value,
    "another form of a number": number_form,
    "white space": whitespace,
    "case": letter_case,
    "lookalikes and normal forms": lookalikes,
    "field added": add_field,
    "fields removed": remove_field,
    "field given twice": duplicate_field,
    "value emptied": empty_value,
    "fields in another order": reorder,
    "field renamed": rename_anyhow,
    "borders between values": move_border,
    "signature cut": cut_signature,
    "signature longer": extend_signature,
    "signature in capitals": signature_case,
    "signature of another kind": other_algorithm,
    "signature of another key or script": other_key,
    "signature hidden or doubled": hidden_signature,
}
