"""Sign and verify Freedom Pay messages. Standard library only.

The rule (Freedom Pay protocol, "Signature"): `pg_sig` is the lower-case hexadecimal MD5 of the script name,
the values of all fields sorted by name and the secret key, joined with ";". Values are signed as they stand
on the wire once decoded, never through a typed model: `20` and `20.00` are different messages.

Choices where the protocol is silent or contradicts itself, each made here alone:
- Empty values take part as empty items, as in the provider's reference code.
- Siblings are sorted by the bytes of their names, those of one name stay in message order, nested values
  are treated the same way in their place. The provider's reference differs only where a sibling's name is
  another's plus digits or punctuation; `lint` refuses to send such names.
- `pg_sig` is left out at every level, as in the reference.
- A received signature counts in lower case only: the gateway sends no other, the reference compares exactly.
- A trailing slash gives the empty script name, as in the reference. PHP's `basename` would give the segment
  before the slash; no client is known to have proved either, so `FreedomPayClient` asks for the name in
  that case.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

Value: TypeAlias = "str | Sequence[Field]"
"""Text as received, or the fields of a nested value."""
Field: TypeAlias = "tuple[str, Value]"
"""Name and value. A list is several fields of one name, in the order of the message."""

SIGNATURE = "pg_sig"
SALT = "pg_salt"
MAX_DEPTH = 32
"""Levels of nesting that are signed; anything deeper is no message of this protocol."""
SALT_BYTES = 8

_by_name = itemgetter(0)


def script_name(url: str) -> str:
    """Return the script name that signs messages of `url`: its last path segment, without query or fragment.

    `""` for a path that ends in a slash or for no path at all. A bare path or file name will do as well.
    Freedom Pay protocol, "Script name".
    """
    address = url.partition("#")[0].partition("?")[0]
    _, scheme, rest = address.partition("://")
    if not scheme:
        return address.rpartition("/")[2]
    return rest.partition("/")[2].rpartition("/")[2]


def sign(script: str, fields: Iterable[Field], secret_key: str) -> str:
    """Return the signature of a message; fields called `pg_sig` are left out at every level.

    Raises ValueError for an empty key, text that is not UTF-8 or nesting beyond MAX_DEPTH; TypeError for a
    value that is neither text nor nested fields.
    """
    if not secret_key.strip():
        raise ValueError("the secret key is empty: nothing can be signed with it")
    text = f"{_signed_text(script, _ordered(fields))};{secret_key}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def signed(script: str, fields: Iterable[Field], secret_key: str) -> list[Field]:
    """Return the message ready to send: the fields, `pg_salt` where it lacks, and `pg_sig` at the end.

    A `pg_sig` that was there is replaced. Raises what `sign` raises.
    """
    message = [field for field in fields if field[0] != SIGNATURE]
    if not any(name == SALT for name, _ in message):
        message.append((SALT, secrets.token_hex(SALT_BYTES)))
    message.append((SIGNATURE, sign(script, message, secret_key)))
    return message


def verify(script: str, fields: Iterable[Field], secret_keys: Iterable[str]) -> bool:
    """Tell whether the message's `pg_sig` was made with one of the keys.

    Total: whatever comes in, the answer is a bool, and False unless exactly one top-level `pg_sig` is text
    that equals the signature. Every key is tried, in constant time each; an empty or blank key never
    matches, and nothing in the message chooses the key or the algorithm.
    """
    try:
        return _verified(script, fields, secret_keys)
    except Exception:  # noqa: BLE001  a forged message may hold anything; every failure means "not signed"
        return False


def covered(fields: Iterable[Field]) -> list[tuple[str, str]]:
    """Return what a signature covers, in its order: each text with the name of its field of the first level.

    The names are not covered, nor is where one text ends: joined with `;` only the texts are. Raises what
    `sign` raises.
    """
    ordered = [field for field in _ordered(fields) if field[0] != SIGNATURE]
    if {type(value) for _, value in ordered} <= {str}:
        return ordered  # type: ignore[return-value]  # every value is text
    return [(name, text) for name, value in ordered for text in _flat([(name, value)], 0)]


def _verified(script: str, fields: Iterable[Field], secret_keys: Iterable[object]) -> bool:
    if isinstance(secret_keys, str | bytes):
        # A lone string would be tried letter by letter, and a key of one letter can be guessed.
        return False
    ordered = _ordered(fields)
    claims = [value for name, value in ordered if name == SIGNATURE]
    if len(claims) != 1 or not isinstance(claims[0], str):
        return False
    claim = claims[0].encode()
    unkeyed = hashlib.md5(f"{_signed_text(script, ordered)};".encode(), usedforsecurity=False)
    matched = False
    for key in secret_keys:
        if not isinstance(key, str) or not key.strip():
            continue
        digest = unkeyed.copy()
        digest.update(key.encode("utf-8", "surrogatepass"))
        matched |= hmac.compare_digest(digest.hexdigest().encode(), claim)
    return matched


def _ordered(fields: Iterable[Field]) -> list[Field]:
    if isinstance(fields, Mapping):
        raise TypeError("fields are (name, value) pairs, not a mapping, which would lose repeated names")
    # Code points order as UTF-8 bytes do, and the sort is stable.
    return sorted(fields, key=_by_name)


def _signed_text(script: str, ordered: list[Field]) -> str:
    values = [value for name, value in ordered if name != SIGNATURE]
    try:
        # Nearly every message is flat; joining tells at the price of nothing.
        return ";".join((script, *values))  # type: ignore[arg-type]  # a nested value is what TypeError is for
    except TypeError:
        return ";".join((script, *_flat(ordered, 0)))


def _flat(ordered: list[tuple[str, Any]], depth: int) -> list[str]:
    if depth > MAX_DEPTH:
        raise ValueError(f"fields are nested more than {MAX_DEPTH} levels deep")
    texts: list[str] = []
    for name, value in ordered:
        if name == SIGNATURE:
            continue
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, tuple | list) or (
            isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview)
        ):
            texts += _flat(_ordered(value), depth + 1)
        else:
            raise TypeError(f"a value is {type(value).__name__}: it must be text or nested fields")
    return texts
