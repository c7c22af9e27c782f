"""What a buyer's browser sends from the page, and the payment that it asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from paylink.domain.errors import InvalidBody, InvalidRequest
from paylink.domain.link import BUYER_FIELDS, Link
from paylink.domain.payment_request import PaymentRequest, parse_payment_request
from paylink.domain.text import LANGUAGES
from paylink.web.request import Request

KEY: Final = "key"
LANGUAGE: Final = "lang"
QUANTITY: Final = "quantity"
AMOUNT: Final = "amount"
TYPED: Final = (QUANTITY, AMOUNT, *BUYER_FIELDS)
"""What the buyer fills in, in the order in which the page asks."""

_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 30
_SPACES: Final = str.maketrans("", "", " \u00a0\u202f\u2009'\u2019")
_ENGLISH_THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_DOMESTIC_PHONE: Final = re.compile(r"8\d{10}")


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form as it came. `typed` holds the buyer's own words by field; `strange` the names that no page has."""

    key: str | None = field(default=None, repr=False)
    language: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    strange: tuple[str, ...] = ()

    def payment(self, link_id: str, language: str) -> PaymentRequest:
        """The payment that is asked for, as a page of the shop would ask for it. Raises InvalidRequest."""
        if self.strange:
            raise InvalidRequest.of(self.strange[0][:80], "is not a field of this form")
        given = {name: text for name, text in self.typed.items() if text.strip()}
        document: dict[str, object] = {"link": link_id, "language": language}
        if QUANTITY in given:
            document[QUANTITY] = _whole(given[QUANTITY])
        if AMOUNT in given:
            document[AMOUNT] = plain_amount(given[AMOUNT], language)
        buyer = {name: given[name] for name in BUYER_FIELDS if name in given}
        if buyer:
            document["fields"] = buyer
        contacts = {name: buyer[name] for name in ("email", "phone") if name in buyer}
        if contacts:
            # The gateway's page then has them filled in, and its receipt finds its way.
            document["customer"] = {name: _contact(name, text) for name, text in contacts.items()}
        return parse_payment_request(document)


def asked_of(link: Link) -> tuple[str, ...]:
    """The fields that a link's page shows, in their order."""
    own: tuple[str, ...] = ()
    if link.amount is not None:
        own = () if link.amount.at_gateway else (AMOUNT,)
    elif link.asks_how_many:
        own = (QUANTITY,)
    return (*own, *(wanted.name for wanted in link.fields))


def read_form(request: Request) -> Submitted:
    """The form of a request. Raises BodyTooLarge, or InvalidBody where it is none or names a field twice."""
    media_type = (request.content_type or "").partition(";")[0].strip().lower()
    if media_type != _FORM_TYPE:
        raise InvalidBody.of("body", "is no form")
    try:
        pairs = parse_qsl(
            request.body().decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise InvalidBody.of("body", "is no form that can be read") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise InvalidBody.of("body", "names a field twice")
    language = fields.get(LANGUAGE)
    return Submitted(
        key=fields.get(KEY),
        language=language if language in LANGUAGES else None,
        typed={name: fields[name] for name in TYPED if name in fields},
        strange=tuple(name for name in fields if name not in {KEY, LANGUAGE, *TYPED}),
    )


def plain_amount(text: str, language: str) -> str:
    """An amount as people write it (`1 500`, `1500,50`, in English `1,500.50`) as the domain reads it.

    What could be read in two ways stays as it is and is refused there.
    """
    amount = text.strip().translate(_SPACES)
    if language == "en" and _ENGLISH_THOUSANDS.fullmatch(amount):
        return amount.replace(",", "")
    return amount.replace(",", ".") if amount.count(",") == 1 and "." not in amount else amount


def _whole(text: str) -> int | str:
    digits = text.strip().translate(_SPACES)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else text


def _contact(name: str, text: str) -> str:
    if name == "email":
        return text.strip()
    # At home people dial 8 where the country code has a 7.
    digits = "".join(character for character in text if character.isdigit())
    is_domestic = not text.strip().startswith("+") and _DOMESTIC_PHONE.fullmatch(digits)
    return f"7{digits[1:]}" if is_domestic else text.strip()
