"""The gateway's signature, computed the way its PHP reference does it.

Every name gets its place in its parent as a three-digit suffix, children carry their parents' names in front,
and one byte-order sort over all flat names puts the values in order (Freedom Pay protocol, Signature). It
shares no code with any client, so that a client's mistake is seen as a mistake here.
"""

import hashlib
import hmac
import re
import secrets
import string
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

Value = str | Sequence["Pair"]
Pair = tuple[str, Value]

SIGNATURE = "pg_sig"
SALT = "pg_salt"
SALT_LENGTH = 16

_LIST_INDEX = re.compile(r"0|[1-9][0-9]*")
_SALT_ALPHABET = string.ascii_letters + string.digits


def script_name(url: str) -> str:
    """Return the last path segment of a URL or path, "" when it ends in a slash or has no path."""
    return urlsplit(url).path.rpartition("/")[2]


def flatten(pairs: Iterable[Pair], parent: str = "", parent_tag: str = "") -> dict[str, str]:
    """Return flat name -> value, signatures left out at every level.

    A list index takes its parent's name, so that only the place of the item in its list decides.
    """
    flat: dict[str, str] = {}
    for place, (name, value) in enumerate(pairs, start=1):
        if name == SIGNATURE:
            continue
        tag = parent_tag if parent and _LIST_INDEX.fullmatch(name) else name
        flat_name = f"{parent}{tag}{place:03d}"
        if isinstance(value, str):
            flat[flat_name] = value
        else:
            flat.update(flatten(value, flat_name, tag))
    return flat


def sign(script: str, pairs: Iterable[Pair], secret_key: str) -> str:
    """Return the signature of a message: 32 lower-case hexadecimal characters."""
    flat = flatten(pairs)
    values = [flat[name] for name in sorted(flat, key=lambda name: name.encode())]
    text = ";".join([script, *values, secret_key])
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def verify(script: str, pairs: Sequence[Pair], secret_key: str) -> bool:
    """Tell whether the message carries the one signature that fits; the reference compares case exactly."""
    given = [value for name, value in pairs if name == SIGNATURE]
    if len(given) != 1 or not isinstance(given[0], str):
        return False
    return hmac.compare_digest(given[0].encode(), sign(script, pairs, secret_key).encode())


def new_salt() -> str:
    """Return a random salt of letters and digits, as long as the gateway's own."""
    return "".join(secrets.choice(_SALT_ALPHABET) for _ in range(SALT_LENGTH))


def signed(script: str, pairs: Iterable[Pair], secret_key: str, *, salt: str | None = None) -> list[Pair]:
    """Return the message with a fresh salt (or the given one) and its signature at the end."""
    message: list[Pair] = [*pairs, (SALT, salt or new_salt())]
    return [*message, (SIGNATURE, sign(script, message, secret_key))]
