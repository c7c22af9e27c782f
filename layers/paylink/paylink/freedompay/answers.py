"""What the gateway's answers say, once their signature holds.

Freedom Pay protocol, "Success response", "Error response" and "Status". Choices made here alone:
- `pg_status` is read first, whatever the HTTP status. An error counts with or without a signature, for the
  gateway signs some and not others; anything else must be signed with a current or former key.
- A field that is read must stand once, flat and in its format: names are not part of the signature, so a
  value in the wrong place is the one trace that a shifted message leaves.
- The legacy words `ok` and `partial` mean paid and new; `partial` is not "partially refunded".
- `success` without `pg_captured` is a hold if nothing was cleared, else paid; `captured` tells that it was
  absent.
- A payment whose failure code says that its lifetime ran out is expired, whatever the word.
- What was refunded is read from the sum, which the gateway writes as a negative number, and not from the
  word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .answer_fields import PAYMENT_ID, AnswerFields
from .codes import PAYMENT_EXPIRED
from .errors import ForgedAnswer, UnreadableAnswer, UnreadableMessage, gateway_error
from .hosts import is_local
from .messages import read_xml
from .refunds import Refund, read_refunds, read_revoked
from .signature import verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .signature import Field

ANSWER_ROOT = "response"
MAX_URL = 4096

_CURRENCY = re.compile(r"[A-Z]{3}")
_URL = re.compile(r"https?://[!-\[\]-~]+")
_PNG = "data:image/png;base64,"
_QR = re.compile(rf"(?:{re.escape(_PNG)})?[A-Za-z0-9+/]+=*")


class PaymentState(StrEnum):
    """What became of a payment, from the gateway's word and sums."""

    NEW = "new"
    PROCESSING = "processing"
    AUTHORIZED = "authorized"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    REVERSED = "reversed"
    UNKNOWN = "unknown"


STATES: Mapping[str, PaymentState] = MappingProxyType(
    {
        "new": PaymentState.NEW,
        "partial": PaymentState.NEW,
        "process": PaymentState.PROCESSING,
        "pending": PaymentState.PROCESSING,
        "waiting": PaymentState.PROCESSING,
        "success": PaymentState.PAID,
        "ok": PaymentState.PAID,
        "error": PaymentState.FAILED,
        "failed": PaymentState.FAILED,
        "incomplete": PaymentState.EXPIRED,
        "revoked": PaymentState.REVERSED,
        "refunded": PaymentState.REVERSED,
    }
)
"""The gateway's words for a payment; one that is not here is unknown. "Values of pg_payment_status"."""


@dataclass(frozen=True, slots=True)
class CreatedPayment:
    """A payment that waits for its buyer. `qr` is a data URI of a PNG picture, where one was asked for."""

    payment_id: str
    redirect_url: str
    redirect_url_type: str
    qr: str | None


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """A payment as the gateway sees it; amounts are in major units, `refunded_amount` is not negative.

    `word` is the gateway's own; `captured`, `test`, sums and ids are None where the answer lacks them.
    `refunds` and the ids of reversals, `revoked`, are empty where the answer lists none. `fields` is the whole
    answer, personal data included, and stays out of `repr`.
    """

    payment_id: str | None
    order_id: str | None
    word: str
    state: PaymentState
    amount: Decimal | None
    currency: str | None
    captured: bool | None
    captured_amount: Decimal | None
    refunded_amount: Decimal
    test: bool | None
    failure_code: int | None
    fields: tuple[Field, ...] = field(repr=False)
    refunds: tuple[Refund, ...] = ()
    revoked: tuple[str, ...] = ()


def read_answer(
    script: str, document: bytes, secret_keys: Sequence[str], http_status: int | None = None
) -> list[Field]:
    """Return the fields of an answer that is not an error and whose signature holds.

    `script` is the script name of the address that was called. Raises GatewayError (of the code's class)
    for an error, signed or not; ForgedAnswer for anything else without a valid signature; UnreadableAnswer
    for what is no message of the protocol.
    """
    try:
        fields = read_xml(document, ANSWER_ROOT)
    except UnreadableMessage as error:
        raise UnreadableAnswer(str(error), http_status) from None
    answer = AnswerFields(fields, http_status)
    status = answer.text("pg_status")
    if status is None:
        raise answer.unreadable("pg_status is missing")
    genuine = verify(script, fields, secret_keys)
    if status == "error":
        code = answer.code("pg_error_code") or 0
        said = answer.text("pg_error_description") or ""
        raise gateway_error(code, said, http_status=http_status, signed=genuine)
    if not genuine:
        raise ForgedAnswer("an answer without a valid signature")
    if status != "ok":
        raise answer.unreadable("pg_status is neither ok nor error")
    return fields


def read_created(
    fields: Sequence[Field], http_status: int | None = None, *, allow_http: bool = False
) -> CreatedPayment:
    """Return the payment of a create answer whose signature holds.

    `allow_http` admits a payment page on this machine over plain http. Raises UnreadableAnswer if the id is
    not a number or the page's address is none that a buyer may be sent to.
    """
    answer = AnswerFields(fields, http_status)
    payment_id = answer.matching("pg_payment_id", PAYMENT_ID)
    if payment_id is None:
        raise answer.unreadable("pg_payment_id is missing")
    redirect_url = answer.text("pg_redirect_url") or ""
    if not _is_page(redirect_url, allow_http=allow_http):
        raise answer.unreadable("pg_redirect_url is no address of a payment page")
    kind = answer.text("pg_redirect_url_type") or ""
    return CreatedPayment(payment_id, redirect_url, kind, _picture(answer.text("pg_redirect_qr")))


def read_status(
    fields: Sequence[Field],
    http_status: int | None = None,
    *,
    order_id: str | None = None,
    payment_id: str | None = None,
) -> PaymentStatus:
    """Return the state of a status answer whose signature holds and that is about what was asked.

    Raises ForgedAnswer if it names another order or payment, UnreadableAnswer if it names none of those
    asked for or a field is not in its format.
    """
    answer = AnswerFields(fields, http_status)
    found = (answer.text("pg_order_id"), answer.matching("pg_payment_id", PAYMENT_ID))
    named = [
        (asked, told) for asked, told in zip((order_id, payment_id), found, strict=True) if asked and told
    ]
    if any(asked != told for asked, told in named):
        raise ForgedAnswer("a status of another payment than the one asked for")
    if not named:
        raise answer.unreadable("neither pg_order_id nor pg_payment_id is the one asked for")
    word = answer.text("pg_payment_status") or answer.text("pg_transaction_status") or ""
    captured = answer.flag("pg_captured")
    cleared = answer.amount("pg_clearing_amount")
    failure_code = answer.code("pg_failure_code")
    return PaymentStatus(
        payment_id=found[1],
        order_id=found[0],
        word=word,
        state=_state(word, captured=captured, cleared=cleared, failure_code=failure_code),
        amount=answer.amount("pg_amount"),
        currency=answer.matching("pg_currency", _CURRENCY),
        captured=captured,
        captured_amount=cleared,
        refunded_amount=abs(answer.amount("pg_refund_amount") or Decimal(0)),
        test=answer.flag("pg_testing_mode"),
        failure_code=failure_code,
        fields=answer.fields,
        refunds=read_refunds(answer),
        revoked=read_revoked(answer),
    )


def _state(
    word: str, *, captured: bool | None, cleared: Decimal | None, failure_code: int | None
) -> PaymentState:
    state = STATES.get(word, PaymentState.UNKNOWN)
    if state is PaymentState.PAID and (captured is False or (captured is None and cleared == 0)):
        return PaymentState.AUTHORIZED
    if state is PaymentState.FAILED and failure_code == PAYMENT_EXPIRED:
        return PaymentState.EXPIRED
    return state


def _is_page(url: str, *, allow_http: bool) -> bool:
    if len(url) > MAX_URL or not _URL.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (allow_http and is_local(url))


def _picture(text: str | None) -> str | None:
    # A picture that cannot be shown is no reason to lose the payment.
    if text is None or not _QR.fullmatch(text):
        return None
    return text if text.startswith(_PNG) else _PNG + text
