"""What the gateway answers to a status request: how a payment stands, its sums, refunds and reversals.

Freedom Pay protocol, Status. Refunded sums are negative; a refund that failed stays in the list and out of the
sum. /g2g/status_v2 repeats a list's name for each item, /get_status3.php wraps the items under one.
"""

from datetime import datetime
from decimal import Decimal

from .answers import Answer, iso
from .notices import local_time, net, plain, two_decimals
from .payments import Payment, State
from .refunds import Refund, RefundState
from .signing import Pair


def status_v2(payment: Payment, script: str, now: datetime, refunded_word: str) -> Answer:
    """Return a payment as /g2g/status_v2 describes it: fields that don't apply yet are there, but empty."""
    money = payment.state is State.PAID
    amount = payment.amount or Decimal(0)
    fields: list[Pair] = [
        ("pg_status", "ok"),
        *_identity(payment, refunded_word),
        ("pg_amount", plain(amount) if payment.state is not State.NEW else "0"),
        ("pg_clearing_amount", plain(payment.cleared)),
        ("pg_refund_amount", plain(-payment.refunded)),
        ("pg_net_amount", plain(net(payment.cleared or amount)) if money else "0"),
        ("pg_user_email", payment.text("pg_user_contact_email")),
        ("pg_user_phone", payment.text("pg_user_phone")),
        ("pg_payment_date", local_time(payment.paid_at)),
        *_card(payment),
        *_outcome(payment),
        *(("pg_refund_payments", _refund(refund, plain(-refund.amount))) for refund in payment.refunds),
        *(("pg_revoked_payments", item) for item in _revocations(payment)),
        ("pg_datetime", iso(now)),
    ]
    return Answer(fields, script, payment=payment)


def status3(payment: Payment, script: str, refunded_word: str) -> Answer:
    """Return a payment as /get_status3.php describes it: amounts with two decimals, its creation time."""
    amount = payment.amount or Decimal(0)
    refunds: list[Pair] = [
        ("pg_refund_payment", _refund(refund, two_decimals(-refund.amount))) for refund in payment.refunds
    ]
    revoked: list[Pair] = [("pg_revoked_payment", item) for item in _revocations(payment)]
    fields: list[Pair] = [
        ("pg_status", "ok"),
        *_identity(payment, refunded_word),
        ("pg_amount", two_decimals(amount)),
        ("pg_can_reject", "1" if payment.state in {State.NEW, State.WAITING} else "0"),
        ("pg_payment_method", "bankcard"),
        ("pg_clearing_amount", two_decimals(payment.cleared)),
        ("pg_revoke_amount", two_decimals(amount if payment.state is State.REVERSED else Decimal(0))),
        ("pg_refund_amount", two_decimals(-payment.refunded)),
        ("pg_user_email", payment.text("pg_user_contact_email")),
        ("pg_user_phone", payment.text("pg_user_phone")),
        ("pg_create_date", local_time(payment.created_at)),
        ("pg_payment_date", local_time(payment.paid_at)),
        *_card(payment),
        *_outcome(payment),
        *([("pg_refund_payments", refunds)] if refunds else []),
        *([("pg_revoked_payments", revoked)] if revoked else []),
    ]
    return Answer(fields, script, payment=payment)


def refund_status(payment: Payment, refund: Refund, script: str) -> Answer:
    """Return a refund as the status shows it in its own right: a negative amount, never cleared."""
    fields: list[Pair] = [
        ("pg_status", "ok"),
        ("pg_payment_id", refund.refund_id),
        ("pg_order_id", payment.order_id),
        ("pg_currency", payment.currency),
        ("pg_payment_status", str(refund.state)),
        ("pg_amount", two_decimals(-refund.amount)),
        ("pg_clearing_amount", "0"),
        ("pg_create_date", local_time(refund.at)),
        ("pg_reference", refund.reference),
    ]
    return Answer(fields, script, payment=payment)


def _identity(payment: Payment, refunded_word: str) -> list[Pair]:
    returned = payment.cleared > 0 and payment.refunded == payment.cleared
    return [
        ("pg_payment_id", payment.payment_id),
        ("pg_order_id", payment.order_id),
        ("pg_currency", payment.currency),
        ("pg_payment_status", refunded_word if returned else str(payment.state)),
    ]


def _refund(refund: Refund, amount: str) -> list[Pair]:
    failed: list[Pair] = [
        ("pg_failure_code", refund.failure_code or ""),
        ("pg_failure_description", refund.failure_description or ""),
    ]
    return [
        ("pg_payment_id", refund.refund_id),
        ("pg_payment_status", str(refund.state)),
        ("pg_amount", amount),
        *([("pg_payment_date", local_time(refund.at))] if refund.state is RefundState.DONE else []),
        ("pg_reference", refund.reference),
        *(failed if refund.failure_code else []),
    ]


def _revocations(payment: Payment) -> list[list[Pair]]:
    return [
        [("pg_payment_id", item.revoke_id), ("pg_payment_status", "success")] for item in payment.revocations
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
