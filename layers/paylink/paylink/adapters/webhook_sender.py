"""The owner's webhook: one signed POST, done only where it is answered 2xx."""

from collections.abc import Mapping
from typing import Final

from paylink.adapters.https import post
from paylink.domain.delivery import Gone, NotDelivered

SECONDS: Final = 15.0
"""For the whole exchange; the specification recommends 15 to 30."""

GONE: Final = 410


class WebhookSender:
    """Brings messages to one address."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Brings one. Raises NotDelivered, or Gone where the receiver wants no more."""
        answer = post(self.url, body, {"content-type": "application/json", **headers}, seconds=SECONDS)
        if answer.status == GONE:
            raise Gone
        if not 200 <= answer.status < 300:
            raise NotDelivered(f"answered {answer.status}", retry_after=answer.retry_after)
