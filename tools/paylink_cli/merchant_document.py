"""How the merchant's secret changes: the new key signs, every former one still verifies until its time. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from paylink.domain.clock import from_text, to_text
from paylink.domain.credentials import usable

OVERLAP: Final = timedelta(hours=24)
"""How long a former key verifies: longer than the gateway repeats a callback."""
# A second of a guesser's time for a few guesses; the person who compares waits a tenth.
_SCRYPT: Final = {"n": 2**14, "r": 8, "p": 1, "dklen": 4}

Document = dict[str, Any]


def read_document(text: str | None) -> Document | None:
    """The secret's JSON object; None where there is no value, or one that is no such object."""
    try:
        document = json.loads(text) if text is not None else None
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def with_key(
    document: Mapping[str, Any] | None, merchant_id: str, secret_key: str, now: datetime, *, keep: bool = True
) -> Document:
    """The document in which this key signs. With `keep` the one before verifies for OVERLAP, others as they did.

    A typo and its correction lose nothing: what was in force before both stands in the list until its own time.
    """
    known = document or {}
    former = _former(known, now) if keep else {}
    present = known.get("secret_key")
    if keep and isinstance(present, str) and usable(present):
        former[present] = now + OVERLAP
    return _document(known, merchant_id, secret_key, former)


def with_former_of(document: Mapping[str, Any], other: Mapping[str, Any], now: datetime) -> Document:
    """The document that lets the keys of another one verify too: a change that somebody made meanwhile."""
    former = _former(document, now)
    present = other.get("secret_key")
    others = _former(other, now)
    if isinstance(present, str) and usable(present):
        others[present] = now + OVERLAP
    for key, until in others.items():
        former[key] = max(until, former.get(key, until))
    return _document(document, str(document["merchant_id"]), str(document["secret_key"]), former)


def merchant_id_of(document: Mapping[str, Any] | None) -> str | None:
    """The merchant's number, where a usable one stands there."""
    number = str((document or {}).get("merchant_id", ""))
    return number if is_merchant_id(number) else None


def is_merchant_id(text: str) -> bool:
    """Whether a text is a merchant's number."""
    return text.isascii() and text.isdigit() and len(text) <= 20


def fingerprint(secret: str, key: str) -> str:
    """Eight digits by which a person compares keys, and which lead back to none.

    They are salted with the secret's own name and too few to confirm a guess by them.
    """
    digest = hashlib.scrypt(key.encode(), salt=f"paylink fingerprint {secret}".encode(), **_SCRYPT)
    digits = digest.hex()
    return f"{digits[:4]}-{digits[4:]}"


def _former(document: Mapping[str, Any], now: datetime) -> dict[str, datetime]:
    """The former keys that still verify, each with its latest time."""
    entries = document.get("previous")
    former: dict[str, datetime] = {}
    for key, until in _readable(entries if isinstance(entries, list) else []):
        if now < until:
            former[key] = max(until, former.get(key, until))
    return former


def _readable(entries: Iterable[object]) -> Iterable[tuple[str, datetime]]:
    for entry in entries:
        if not isinstance(entry, Mapping) or not usable(entry.get("secret_key")):
            continue
        try:
            yield str(entry["secret_key"]), from_text(str(entry.get("accept_until", "")))
        except ValueError:
            continue


def _document(
    known: Mapping[str, Any], merchant_id: str, secret_key: str, former: Mapping[str, datetime]
) -> Document:
    previous = [
        {"secret_key": key, "accept_until": to_text(until)}
        for key, until in sorted(former.items(), key=lambda item: item[1], reverse=True)
        if key != secret_key
    ]
    # What else the owner wrote there is none of our business.
    return {**known, "merchant_id": merchant_id, "secret_key": secret_key, "previous": previous}
