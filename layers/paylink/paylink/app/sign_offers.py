"""Sign offers: prices that pages may carry, made in the stack so that its key never leaves it."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from paylink.app.ports import StackKeySource
from paylink.domain.clock import utc_now
from paylink.domain.errors import Entry, InvalidRequest
from paylink.domain.offer import LONGEST_TOKEN, write_token
from paylink.domain.offer_form import MOST_OFFERS, parse_offers


class SignOffers:
    """The use case behind `POST /offers`."""

    def __init__(self, stack: StackKeySource, now: Callable[[], datetime] = utc_now) -> None:
        self._stack = stack
        self._now = now

    def __call__(self, data: Mapping[str, object]) -> list[tuple[str, str]]:
        """Ids and tokens, in the order of the offers. Raises InvalidRequest; then none is signed."""
        ids = [f"of_{secrets.token_hex(8)}" for _ in range(MOST_OFFERS)]
        offers = parse_offers(data, ids, self._now())
        key = self._stack.key()
        tokens = [write_token(offer, key) for offer in offers]
        too_long = [index for index, token in enumerate(tokens) if len(token) > LONGEST_TOKEN]
        if too_long:
            raise InvalidRequest(
                Entry(f"offers[{index}].metadata", "makes the token too long to be sent: shorten it")
                for index in too_long
            )
        return [(offer.id, token) for offer, token in zip(offers, tokens, strict=True)]
