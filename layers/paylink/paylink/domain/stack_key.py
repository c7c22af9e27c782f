"""What the stack's own key makes: ids of orders and operations, fingerprints of requests, signatures of offers.

One generated key serves four purposes, each with a key of its own derived from it, so that a value made
for one purpose never passes for another.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Final

from paylink.domain.errors import NotConfigured

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_ORDER_ID: Final = re.compile(rf"pl_[0-7][{_ALPHABET}]{{25}}")
_SHORTEST: Final = 32
_canonical: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


def is_order_id(text: str) -> bool:
    """Whether a text has the form of our order ids (`pl_` and 26 characters)."""
    return text.startswith("pl_") and _ORDER_ID.fullmatch(text) is not None


class StackKey:
    """The stack's own key. Raises NotConfigured where it is too short to be the generated one."""

    __slots__ = ("_fingerprint", "_offer", "_operation", "_order")

    def __init__(self, key: str) -> None:
        if len(key) < _SHORTEST:
            raise NotConfigured("The stack's own secret holds no generated key.")
        self._order, self._fingerprint, self._offer, self._operation = (
            hmac.digest(key.encode(), b"paylink " + purpose, "sha256")
            for purpose in (b"order id", b"fingerprint", b"offer", b"operation id")
        )

    def __repr__(self) -> str:
        """Shows nothing of the key."""
        return "StackKey(...)"

    def order_id(self, purpose: str, merchant_id: str, idempotency_key: str) -> str:
        """The order id of an idempotency key: 128 bits that nobody without the key can guess or collide."""
        return f"pl_{_id(self._order, purpose, merchant_id, idempotency_key)}"

    def operation_id(self, order_id: str, idempotency_key: str) -> str:
        """The id of an operation: a key names one operation of one order, whatever its kind."""
        return f"op_{_id(self._operation, order_id, idempotency_key)}"

    def fingerprint(self, content: Mapping[str, object]) -> str:
        """What tells whether two requests ask for the same; reveals nothing of their content."""
        return hmac.digest(self._fingerprint, _canonical(content).encode(), "sha256")[:16].hex()

    @property
    def offer_key_id(self) -> str:
        """Names the key that signed an offer without revealing it: eight hex digits."""
        return hashlib.sha256(b"id of " + self._offer).hexdigest()[:8]

    def sign_offer(self, payload: bytes) -> bytes:
        """The signature of an offer's payload, 32 bytes."""
        return hmac.digest(self._offer, payload, "sha256")


def _id(key: bytes, *parts: str) -> str:
    """26 characters that hold 128 bits of the parts' HMAC."""
    number = int.from_bytes(hmac.digest(key, json.dumps(parts).encode(), "sha256")[:16])
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])
