"""What the gateway answers to a create or status request: the fields, and whether they are signed.

Freedom Pay protocol, Create payment (success and error response) and Status.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import segno

from .notices import local_time, net, plain, two_decimals
from .payments import Payment, State
from .signing import Pair, signed
from .writing import write_xml


@dataclass(frozen=True)
class Answer:
    """An answer before it is signed; `script` None means that it goes out unsigned."""

    fields: Sequence[Pair]
    script: str | None
    http_status: int = 200
    payment: Payment | None = None
    redirect_url: str | None = None

    def written(self, secret_key: str) -> tuple[bytes, list[Pair]]:
        """Return the XML document and its fields, signed with this key where the answer is signed."""
        fields = list(self.fields) if self.script is None else signed(self.script, self.fields, secret_key)
        return write_xml(fields, "response"), fields


def created(payment: Payment, script: str, page: str, *, qr: bool) -> Answer:
    """Return the answer to a create request whose payment can be paid on this page."""
    fields: list[Pair] = [
        ("pg_status", "ok"),
        ("pg_payment_id", payment.payment_id),
        ("pg_redirect_url", page),
        ("pg_redirect_url_type", "need data"),
    ]
    if qr:
        fields.append(("pg_redirect_qr", segno.make(page, micro=False).png_data_uri(scale=6)))
    return Answer(fields, script, payment=payment, redirect_url=page)


def error(
    code: str,
    description: str,
    *,
    script: str | None = None,
    http_status: int = 200,
    at: datetime | None = None,
) -> Answer:
    """Return an error answer, signed (then with its time) only where a script is given."""
    fields: list[Pair] = [
        ("pg_status", "error"),
        ("pg_error_code", code),
        ("pg_error_description", description),
    ]
    if script is not None and at is not None:
        fields.append(("pg_datetime", _iso(at)))
    return Answer(fields, script, http_status)


def status_v2(payment: Payment, script: str, now: datetime) -> Answer:
    """Return a payment as /g2g/status_v2 describes it: fields that don't apply yet are there, but empty."""
    money = payment.state is State.PAID
    amount = payment.amount or Decimal(0)
    fields: list[Pair] = [
        ("pg_status", "ok"),
        *_identity(payment),
        ("pg_amount", plain(amount) if payment.state is not State.NEW else "0"),
        ("pg_clearing_amount", plain(amount) if money and payment.captured else "0"),
        ("pg_refund_amount", "0"),
        ("pg_net_amount", plain(net(amount)) if money else "0"),
        ("pg_user_email", payment.text("pg_user_contact_email")),
        ("pg_user_phone", payment.text("pg_user_phone")),
        ("pg_payment_date", local_time(payment.paid_at)),
        *_card(payment),
        *_outcome(payment),
        ("pg_datetime", _iso(now)),
    ]
    return Answer(fields, script, payment=payment)


def status3(payment: Payment, script: str) -> Answer:
    """Return a payment as /get_status3.php describes it: amounts with two decimals, its creation time."""
    amount = payment.amount or Decimal(0)
    cleared = amount if payment.state is State.PAID and payment.captured else Decimal(0)
    fields: list[Pair] = [
        ("pg_status", "ok"),
        *_identity(payment),
        ("pg_amount", two_decimals(amount)),
        ("pg_can_reject", "1" if payment.state in {State.NEW, State.WAITING} else "0"),
        ("pg_payment_method", "bankcard"),
        ("pg_clearing_amount", two_decimals(cleared)),
        ("pg_revoke_amount", two_decimals(amount if payment.state is State.REVERSED else Decimal(0))),
        ("pg_refund_amount", "0.00"),
        ("pg_user_email", payment.text("pg_user_contact_email")),
        ("pg_user_phone", payment.text("pg_user_phone")),
        ("pg_create_date", local_time(payment.created_at)),
        ("pg_payment_date", local_time(payment.paid_at)),
        *_card(payment),
        *_outcome(payment),
    ]
    return Answer(fields, script, payment=payment)


def _identity(payment: Payment) -> list[Pair]:
    return [
        ("pg_payment_id", payment.payment_id),
        ("pg_order_id", payment.order_id),
        ("pg_currency", payment.currency),
        ("pg_payment_status", str(payment.state)),
    ]


def _card(payment: Payment) -> list[Pair]:
    card = payment.card
    return [
        ("pg_card_name", payment.card_owner if card else ""),
        ("pg_card_pan", card.masked if card else ""),
        ("pg_card_exp", payment.card_exp if card else ""),
        ("pg_card_brand", card.brand if card else ""),
    ]


def _outcome(payment: Payment) -> list[Pair]:
    fields: list[Pair] = []
    if payment.state not in {State.NEW, State.PROCESSING, State.WAITING, State.EXPIRED}:
        fields.append(("pg_captured", "1" if payment.captured else "0"))
        fields.append(("pg_reference", payment.reference or ""))
    if payment.auth_code:
        fields.append(("pg_auth_code", payment.auth_code))
    if payment.failure_code:
        description = payment.failure_description or ""
        fields += [("pg_failure_code", payment.failure_code), ("pg_failure_description", description)]
        if payment.state is State.DECLINED:  # the live gateway gives both pairs for a declined card
            fields += [("pg_error_code", payment.failure_code), ("pg_error_description", description)]
    return fields


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
