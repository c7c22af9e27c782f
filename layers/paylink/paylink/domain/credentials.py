"""The merchant's keys: which one signs, which ones still verify, and which are no keys at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from paylink.domain.clock import from_text
from paylink.domain.errors import NotConfigured

SHORTEST_KEY: Final = 8
"""Characters. The provider issues longer ones; anything shorter is a slip or a placeholder."""

_PLACEHOLDER_WORDS: Final = re.compile(
    "changeme|changethis|placeholder|replaceme|replacethis|replacewith|yoursecret|yourkey|yourmerchant|"
    "merchantsecret|examplekey|notset|undefined"
)
_PLACEHOLDERS: Final = frozenset({"secret", "secretkey", "password", "mysecret", "mysecretkey"})


def usable(key: object) -> bool:
    """Whether a value may sign or verify at all.

    Empty, short, padded and placeholder values never do: a deployment whose owner has not yet set the key
    must not accept a message that was signed with something everybody can read in the template.
    """
    if not isinstance(key, str) or len(key) < SHORTEST_KEY or key != key.strip():
        return False
    letters = "".join(character for character in key.casefold() if character.isalnum())
    is_placeholder = letters in _PLACEHOLDERS or _PLACEHOLDER_WORDS.search(letters) is not None
    is_filler = len(set(key)) < 4
    is_template_text = key.startswith(("<", "{", "$", "!", "arn:")) or key.endswith(">")
    return not (is_placeholder or is_filler or is_template_text)


@dataclass(frozen=True, slots=True)
class FormerKey:
    """A key that no longer signs but verifies until `accept_until`."""

    secret_key: str = field(repr=False)
    accept_until: datetime


@dataclass(frozen=True, slots=True)
class MerchantKeys:
    """The merchant's number at the gateway and its keys. Its text shows none of them."""

    merchant_id: str
    secret_key: str = field(repr=False)
    previous: tuple[FormerKey, ...] = ()

    def former(self, now: datetime) -> tuple[str, ...]:
        """The former keys that still verify at `now`."""
        return tuple([key.secret_key for key in self.previous if now < key.accept_until])

    def verifying(self, now: datetime) -> tuple[str, ...]:
        """Every key that verifies a message at `now`, the signing one first."""
        return (self.secret_key, *self.former(now))


def parse_merchant_secret(document: object) -> MerchantKeys:
    """The merchant's keys from the secret's JSON object.

    Raises NotConfigured where the number or the signing key is missing or unusable. A former key that is
    unusable or has no readable time is left out: it must not stop the present one.
    """
    if not isinstance(document, Mapping):
        raise NotConfigured(
            "The merchant secret is not a JSON object: set it with merchant_id and secret_key."
        )
    merchant_id = str(document.get("merchant_id", ""))
    if not (merchant_id.isascii() and merchant_id.isdigit() and len(merchant_id) <= 20):
        raise NotConfigured("The merchant secret has no merchant_id: set it to the number of the shop.")
    secret_key = document.get("secret_key")
    if not usable(secret_key):
        raise NotConfigured("The merchant secret has no usable secret_key: set it to the shop's receive key.")
    previous = document.get("previous")
    former = [_former(entry) for entry in previous] if isinstance(previous, list) else []
    return MerchantKeys(merchant_id, str(secret_key), tuple(key for key in former if key is not None))


def _former(entry: object) -> FormerKey | None:
    if not isinstance(entry, Mapping) or not usable(entry.get("secret_key")):
        return None
    try:
        return FormerKey(str(entry["secret_key"]), from_text(str(entry.get("accept_until", ""))))
    except ValueError:
        return None
