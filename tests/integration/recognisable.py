"""Secrets and a buyer's data spelled so that they are found again, whole, in part or encoded."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

KEY = "Vq7-present-key-quux-44fa11-hollyhock"
FORMER_KEY = "Rk3-former-key-quux-90be27-columbine"
STACK_KEY = "Tz9-stack-key-quux-" + "61cd35-larkspur" * 3
MERCHANT_ID = "734519"
IDEMPOTENCY_KEY = "idem-quux-8f20c6e1-aaaa-foxglove"

EMAIL = "zebulon.quuxley@leak-mail.example"
PHONE = "77059182736"
PHONE_AS_WRITTEN = "+7 (705) 918-27-36"
CUSTOMER_ID = "quux-customer-5521"
NAME = "Zebulon Quuxley"
ADDRESS = "Quuxstrasse 778, flat 13"
COMMENT = "ring at Quuxleys, не звонить"
IP = "198.51.100.77"
PAN = "4405-64XX-XXXX-9173"
OWNER = "ZEBULON J QUUXLEY"
# Letters too: six digits alone turn up by chance in a digest or an id.
AUTH_CODE = "9K1827Q3"
REFERENCE = "618273945510"

SECRETS: Mapping[str, tuple[str, ...]] = {
    "the key": (KEY, KEY[:14], KEY[-14:]),
    "the former key": (FORMER_KEY, FORMER_KEY[:14], FORMER_KEY[-14:]),
    "the stack's key": (STACK_KEY, STACK_KEY[:20], "61cd35-larkspur"),
    "the idempotency key": (IDEMPOTENCY_KEY, "8f20c6e1", "foxglove"),
}
CONTACTS: Mapping[str, tuple[str, ...]] = {
    "the e-mail": (EMAIL, "zebulon.quuxley", "leak-mail"),
    "the phone": (PHONE, PHONE_AS_WRITTEN, "9182736", "918-27-36"),
    "the customer's id": (CUSTOMER_ID,),
    "the name": (NAME, "Zebulon", "Quuxley"),
    "the address": (ADDRESS, "Quuxstrasse"),
    "the comment": (COMMENT, "не звонить"),
    "anything of the buyer": ("quuxley",),
}
PERSONAL: Mapping[str, tuple[str, ...]] = {
    **CONTACTS,
    "the IP address": (IP,),
    "the card": (PAN, PAN.replace("-", ""), "4405-64", "440564x", "XXXX-9173", "-9173"),
    "the card's owner": (OWNER,),
    "the authorisation code": (AUTH_CODE,),
    "the bank's reference": (REFERENCE,),
}


def spellings(text: str) -> Iterator[str]:
    """A value as it could stand in a log line or an item: plain, escaped, URL-encoded, in hex or base64."""
    raw = text.encode()
    yield from (text, quote(text), quote(text, safe=""), quote_plus(text))
    yield text.encode("unicode_escape").decode()
    yield raw.hex()
    if len(raw) >= 7:
        # In the midst of something longer the border characters differ with the place.
        for offset in range(3):
            encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
            yield encoded[(0, 2, 3)[offset] : -1]


class Searcher:
    """Finds any of the values in a text, whatever their case and spelling."""

    def __init__(self, values: Mapping[str, Iterable[str]]) -> None:
        self._names = {
            spelling.casefold(): name
            for name, texts in values.items()
            for text in texts
            for spelling in spellings(text)
        }
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(spelling) for spelling in longest_first))

    def found(self, text: str) -> list[str]:
        """What was found, each with its surroundings."""
        folded = text.casefold()
        return [
            f"{self._names[match[0]]}: …{folded[max(0, match.start() - 60) : match.end() + 20]}…"
            for match in self._pattern.finditer(folded)
        ]
