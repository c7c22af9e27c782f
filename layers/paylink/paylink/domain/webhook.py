"""Webhooks by the Standard Webhooks specification: what is signed, with which keys, and how it is written."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from paylink.domain.clock import from_text
from paylink.domain.errors import NotConfigured

PREFIX: Final = "whsec_"
SHORTEST: Final = 24
LONGEST: Final = 64
"""Bytes of a key, by the specification."""


@dataclass(frozen=True, slots=True)
class FormerWebhookKey:
    """A key that signs beside the present one until `accept_until`."""

    key: bytes = field(repr=False)
    accept_until: datetime


@dataclass(frozen=True, slots=True)
class WebhookKeys:
    """The keys of the owner's webhook. Their text shows none of them."""

    current: bytes = field(repr=False)
    previous: tuple[FormerWebhookKey, ...] = ()

    def signing(self, now: datetime) -> tuple[bytes, ...]:
        """Every key that signs at `now`, the present one first."""
        return (self.current, *(former.key for former in self.previous if now < former.accept_until))


def signature_headers(keys: WebhookKeys, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The three headers of one attempt. While keys overlap there is a signature by each, so that either verifies."""
    timestamp = int(now.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(sign(key, message_id, timestamp, body) for key in keys.signing(now)),
    }


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature: `v1,` and the HMAC-SHA256 of id, time in epoch seconds and body, in base64."""
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, content, 'sha256')).decode()}"


def parse_webhook_key(text: object) -> bytes:
    """The bytes of a key as it is written (`whsec_` and base64; the prefix may be left out). Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("must be a text")
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except ValueError:
        raise ValueError(f"must be {PREFIX} and base64") from None
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"must be {SHORTEST} to {LONGEST} bytes in base64")
    return key


def parse_webhook_secret(document: object) -> WebhookKeys:
    """The keys from the secret's JSON object: `{"current": ..., "previous": [{"secret", "accept_until"}]}`.

    Raises NotConfigured where the present key is unusable. A former one that is unusable or has no readable time
    is left out: it must not stop the present one.
    """
    if not isinstance(document, Mapping):
        raise NotConfigured("The webhook secret is not a JSON object: set it with current.")
    try:
        current = parse_webhook_key(document.get("current"))
    except ValueError as error:
        raise NotConfigured(f"The webhook secret has no usable current key: it {error}.") from None
    previous = document.get("previous")
    former = [_former(entry) for entry in previous] if isinstance(previous, list) else []
    return WebhookKeys(current, tuple(key for key in former if key is not None))


def _former(entry: object) -> FormerWebhookKey | None:
    if not isinstance(entry, Mapping):
        return None
    try:
        return FormerWebhookKey(
            parse_webhook_key(entry.get("secret")), from_text(str(entry.get("accept_until", "")))
        )
    except ValueError:
        return None
