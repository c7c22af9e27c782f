"""Signed offers: a price that the merchant fixed when the site was built, carried by the page itself.

A token is `v1.<payload>.<signature>`, both parts base64url without padding. The payload is compact JSON;
the signature is made with a key derived from the stack's own, which never leaves the stack.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from paylink.domain.errors import AlteredOffer, OfferExpired, OfferRevoked
from paylink.domain.stack_key import StackKey

LONGEST_VALIDITY: Final = timedelta(days=90)
LONGEST_TOKEN: Final = 8000
"""Characters that a page may send as an offer; no longer one is signed."""
_VERSION: Final = "v1"


@dataclass(frozen=True, slots=True)
class Offer:
    """One price for one thing. `price` is in minor units; times are UTC."""

    id: str
    title: str
    price: int
    currency: str
    issued_at: datetime
    expires_at: datetime
    limit: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def write_token(offer: Offer, key: StackKey) -> str:
    """The signed token of an offer. Raises ValueError where it is valid for more than 90 days or not at all."""
    if not offer.issued_at < offer.expires_at <= offer.issued_at + LONGEST_VALIDITY:
        raise ValueError("expires_at must be later than now and at most 90 days ahead")
    content: dict[str, object] = {
        "k": key.offer_key_id,
        "i": offer.id,
        "t": offer.title,
        "p": offer.price,
        "c": offer.currency,
        "a": int(offer.issued_at.timestamp()),
        "e": int(offer.expires_at.timestamp()),
    }
    if offer.limit is not None:
        content["l"] = offer.limit
    if offer.metadata:
        content["m"] = dict(offer.metadata)
    payload = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return ".".join((_VERSION, _encode(payload), _encode(key.sign_offer(_VERSION.encode() + b"." + payload))))


def read_token(token: str, key: StackKey, now: datetime, *, not_before: datetime | None = None) -> Offer:
    """The offer of a token that this stack signed, whose time has not passed and that was not revoked.

    Raises AlteredOffer where the token is anything else than what was signed, OfferExpired after its time,
    OfferRevoked where it was issued earlier than `not_before`.
    """
    version, _, rest = token.partition(".")
    body, _, signature = rest.partition(".")
    try:
        payload, given = _decode(body), _decode(signature)
    except (ValueError, binascii.Error):
        payload = given = b""
    expected = key.sign_offer(_VERSION.encode() + b"." + payload)
    if version != _VERSION or not hmac.compare_digest(expected, given):
        raise AlteredOffer(
            "The offer was altered, cut short or signed elsewhere: use the token as it was signed."
        )
    content = json.loads(payload)
    offer = Offer(
        id=content["i"],
        title=content["t"],
        price=content["p"],
        currency=content["c"],
        issued_at=datetime.fromtimestamp(content["a"], UTC),
        expires_at=datetime.fromtimestamp(content["e"], UTC),
        limit=content.get("l"),
        metadata=content.get("m", {}),
    )
    if now >= offer.expires_at:
        raise OfferExpired(f"The offer expired at {offer.expires_at.isoformat()}.")
    if not_before is not None and offer.issued_at < not_before:
        raise OfferRevoked("The offer was revoked: it was issued before the time from which offers count.")
    return offer


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encode(data) != text:
        raise ValueError("another spelling of the same bytes")
    return data
