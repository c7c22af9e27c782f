"""What the gateway tells the shop about a payment: the fields of check, result and the browser's return.

Freedom Pay protocol: Check request, Result notify, Redirect back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from .payments import Payment, State
from .reading import read_form
from .signing import Pair, script_name, signed
from .writing import split_query

# The gateway prints local time without an offset; Kazakhstan keeps one time, UTC+5.
LOCAL_ZONE = timezone(timedelta(hours=5))
FEE = Decimal("0.035")
EXPIRY_CODE, EXPIRY_TEXT = "101", "payment lifetime exceeded"
STALE_CODE, STALE_TEXT = "10010", "Refused by the issuing bank"


@dataclass(frozen=True)
class ReturnTrip:
    """Where the browser goes back to: by GET the whole address, by POST an address and a form's fields."""

    method: str
    address: str
    fields: Sequence[Pair]


def plain(amount: Decimal) -> str:
    """Return an amount as callbacks print it: 20.00 becomes 20, 19.30 becomes 19.3."""
    return format(amount.normalize(), "f")


def two_decimals(amount: Decimal) -> str:
    """Return an amount with two decimals, as get_status3 and failure callbacks print it."""
    return format(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")


def net(amount: Decimal) -> Decimal:
    """Return what is left of an amount after the gateway's fee."""
    return (amount * (1 - FEE)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def local_time(at: datetime | None) -> str:
    """Return a time as the gateway prints it, "" for none."""
    return at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def check_fields(payment: Payment) -> list[Pair]:
    """Return the fields of a check request."""
    return [*_identity(payment), *_payment_system(payment), *payment.extras]


def success_fields(payment: Payment) -> list[Pair]:
    """Return the fields of a success notice, but for pg_can_reject, which each delivery adds."""
    amount = payment.amount or Decimal(0)
    return [
        *_identity(payment),
        ("pg_net_amount", plain(net(amount))),
        *_payment_system(payment),
        ("pg_description", payment.description),
        ("pg_result", "1"),
        ("pg_payment_date", local_time(payment.paid_at)),
        *_contacts(payment),
        *([("pg_testing_mode", "1")] if payment.testing else []),
        ("pg_captured", "0" if payment.two_step else "1"),
        ("pg_payment_method", "bankcard"),
        *_card(payment),
        *payment.extras,
    ]


def failure_fields(payment: Payment, code: str, description: str) -> list[Pair]:
    """Return the fields of a failure notice: shorter than a success, as the gateway's own are."""
    return [
        ("pg_order_id", payment.order_id),
        ("pg_payment_id", payment.payment_id),
        ("pg_amount", two_decimals(payment.amount or Decimal(0))),
        ("pg_currency", payment.currency),
        ("pg_net_amount", "0.00"),
        ("pg_description", payment.description),
        ("pg_result", "0"),
        *_contacts(payment),
        *([("pg_testing_mode", "1")] if payment.testing else []),
        ("pg_failure_code", code),
        ("pg_failure_description", description),
        *payment.extras,
    ]


def addressed(url: str, fields: Sequence[Pair]) -> tuple[str, list[Pair]]:
    """Return the address without its query, and the fields with the query's moved in before them.

    A query field of a name that the gateway itself sends is overridden, as PHP would.
    """
    address, query = split_query(url)
    own = {name for name, _ in fields}
    return address, [pair for pair in read_form(query) if pair[0] not in own] + list(fields)


def return_trip(payment: Payment, secret_key: str) -> ReturnTrip | None:
    """Return the signed way back to the shop, None when it named no address for this outcome."""
    succeeded = payment.state is State.PAID
    kind = "success" if succeeded else "failure"
    url = payment.text(f"pg_{kind}_url")
    if not url:
        return None
    fields: list[Pair] = [("pg_order_id", payment.order_id), ("pg_payment_id", payment.payment_id)]
    if not succeeded and payment.failure_code:
        fields.append(("pg_error_code", payment.failure_code))
        fields.append(("pg_error_description", payment.failure_description or ""))
    address, fields = addressed(url, [*fields, *payment.extras])
    method = payment.text(f"pg_{kind}_url_method") or "GET"
    return ReturnTrip(method, address, signed(script_name(url), fields, secret_key))


def _identity(payment: Payment) -> list[Pair]:
    return [
        ("pg_order_id", payment.order_id),
        ("pg_payment_id", payment.payment_id),
        ("pg_amount", plain(payment.amount or Decimal(0))),
        ("pg_currency", payment.currency),
    ]


def _payment_system(payment: Payment) -> list[Pair]:
    amount = plain(payment.amount or Decimal(0))
    return [("pg_ps_amount", amount), ("pg_ps_full_amount", amount), ("pg_ps_currency", payment.currency)]


def _contacts(payment: Payment) -> list[Pair]:
    contacts = ("pg_user_phone", "pg_user_contact_email")
    flags = ("pg_need_phone_notification", "pg_need_email_notification")
    return [
        *((name, payment.text(name)) for name in contacts if payment.text(name)),
        *((name, payment.text(name) or "0") for name in flags),
    ]


def _card(payment: Payment) -> list[Pair]:
    if payment.card is None:
        return []
    return [
        ("pg_reference", payment.reference or ""),
        ("pg_card_pan", payment.card.masked),
        ("pg_card_exp", payment.card_exp),
        ("pg_card_owner", payment.card_owner),
        ("pg_card_brand", payment.card.brand),
        ("pg_auth_code", payment.auth_code or ""),
    ]
