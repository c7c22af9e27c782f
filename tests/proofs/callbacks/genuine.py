"""Genuine callbacks of many kinds, each with the order that it meets. Made and signed without the code under test."""

import hashlib
import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engines.embedded_aws import MERCHANT_KEY
from integration.stored_orders import NOW, stored_order
from paylink.domain.link import AmountRange
from paylink.domain.order import Order, Payment, PaymentState, Status

CHECK, RESULT = "paylink_check", "paylink_result"
OTHER_ORDER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
Pairs = list[tuple[str, str]]
_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def signed_string(script: str, pairs: Pairs) -> str:
    """What is signed of a flat message: the script and the values in the order of their names' bytes."""
    inside = [pair for pair in pairs if pair[0] != "pg_sig"]
    return ";".join([script, *(value for _, value in sorted(inside, key=lambda pair: pair[0].encode()))])


def signature(script: str, pairs: Pairs, key: str = MERCHANT_KEY) -> str:
    return hashlib.md5(f"{signed_string(script, pairs)};{key}".encode()).hexdigest()  # noqa: S324 — the protocol's


@dataclass(frozen=True)
class Genuine:
    """A message as the gateway sends it, `pg_sig` last, and the order as it stands when it comes."""

    kind: str
    script: str
    pairs: tuple[tuple[str, str], ...]
    order: Order


def make(kind: str, chance: random.Random) -> Genuine:
    """A genuine message of a kind."""
    return KINDS[kind](chance)


def _base(chance: random.Random) -> tuple[dict[str, Any], dict[str, str]]:
    """The order's fields and the message's, which agree."""
    order_id = "pl_" + chance.choice("01234567") + "".join(chance.choices(_ID_LETTERS, k=25))
    payment_id = str(chance.randrange(10**9, 10**10))
    minor = chance.choice([100, 200, 1050, 150_000, chance.randrange(300, 10**9)])
    test = chance.random() < 0.5
    major = Decimal(minor) / 100
    amount = chance.choice([f"{major:.2f}", f"{major.normalize():f}"])
    order = {
        "order_id": order_id,
        "payment_id": payment_id,
        "payments": {payment_id: Payment(PaymentState.OPEN, minor)},
        "amount": minor,
        "test": test,
    }
    message = {
        "pg_order_id": order_id,
        "pg_payment_id": payment_id,
        "pg_amount": amount,
        "pg_currency": "KZT",
    }
    if test:
        message["pg_testing_mode"] = "1"
    own = {"m_reference": "INV-42", "m_comment": "до 18:00", "m_name": "Айгүл & Co"}
    message |= {name: value for name, value in own.items() if chance.random() < 0.4}
    return order, message


def _card(chance: random.Random, message: dict[str, str]) -> dict[str, str]:
    """What a card payment brings along, some of it now and then left out."""
    card = {
        "pg_net_amount": str(Decimal(message["pg_amount"]) * Decimal("0.97")),
        "pg_ps_amount": message["pg_amount"],
        "pg_ps_full_amount": message["pg_amount"],
        "pg_ps_currency": "KZT",
        "pg_description": chance.choice(["Чашка кофе & <булочка>", "Coffee", "Кофе × 2, чай", "GEL"]),
        "pg_payment_date": "2026-03-01 15:00:00",
        "pg_can_reject": chance.choice("01"),
        "pg_user_phone": "7777" + "".join(chance.choices(string.digits, k=7)),
        "pg_user_contact_email": "buyer@example.com",
        "pg_need_email_notification": "1",
        "pg_need_phone_notification": chance.choice("01"),
        "pg_payment_method": "bankcard",
        "pg_reference": "5" + "".join(chance.choices(string.digits, k=11)),
        "pg_card_pan": "4716-04XX-XXXX-1981",
        "pg_card_exp": "12/30",
        "pg_card_owner": "TEST BUYER",
        "pg_card_brand": "VI",
        "pg_auth_code": "".join(chance.choices(string.digits, k=6)),
    }
    optional = ("pg_user_phone", "pg_user_contact_email", "pg_payment_method", "pg_reference", "pg_auth_code")
    left_out = {name for name in optional if chance.random() < 0.2}
    return {name: value for name, value in card.items() if name not in left_out}


def _finished(
    kind: str,
    chance: random.Random,
    order: Mapping[str, Any],
    message: Mapping[str, str],
    status: Status = Status.PENDING,
) -> Genuine:
    script = CHECK if kind == "check" else RESULT
    salt = "".join(chance.choices(string.ascii_letters + string.digits, k=16))
    pairs = [*message.items(), ("pg_salt", salt)]
    pairs.append(("pg_sig", signature(script, pairs)))
    return Genuine(kind, script, tuple(pairs), stored_order(status, **order))


def _paid(chance: random.Random) -> Genuine:
    order, message = _base(chance)
    message |= {**_card(chance, message), "pg_result": "1", "pg_captured": "1"}
    return _finished("paid", chance, order, message)


def _paid_early(chance: random.Random) -> Genuine:
    """Before the create call's answer: the order does not know the payment's id."""
    order, message = _base(chance)
    message |= {**_card(chance, message), "pg_result": "1", "pg_captured": "1"}
    order |= {"payment_id": None, "payments": {}}
    return _finished("paid, id unknown", chance, order, message, Status.CREATING)


def _paid_again(chance: random.Random) -> Genuine:
    order, message = _base(chance)
    message |= {**_card(chance, message), "pg_result": "1", "pg_captured": "1"}
    paid = Payment(PaymentState.PAID, order["amount"], order["amount"])
    order |= {"payments": {order["payment_id"]: paid}, "captured_amount": order["amount"]}
    return _finished("paid already", chance, order, message, Status.PAID)


def _chosen(chance: random.Random) -> Genuine:
    """The buyer chose the amount on the gateway's page."""
    order, message = _base(chance)
    message |= {**_card(chance, message), "pg_result": "1", "pg_captured": "1"}
    order |= {"amount_range": AmountRange(100, 10**10, at_gateway=True), "amount": 0}
    return _finished("amount chosen", chance, order, message)


def _held(chance: random.Random) -> Genuine:
    order, message = _base(chance)
    message |= {**_card(chance, message), "pg_result": "1", "pg_captured": "0"}
    return _finished("two-step, held", chance, {**order, "capture": "manual"}, message)


def _captured(chance: random.Random) -> Genuine:
    order, message = _base(chance)
    message |= {**_card(chance, message), "pg_result": "1", "pg_captured": "1"}
    held = {order["payment_id"]: Payment(PaymentState.AUTHORIZED, order["amount"])}
    order |= {"capture": "manual", "payments": held, "held_at": NOW - timedelta(hours=2)}
    return _finished("two-step, captured", chance, order, message, Status.AUTHORIZED)


def _failed(chance: random.Random) -> Genuine:
    order, message = _base(chance)
    code, text = chance.choice([("10010", "Declined; see the bank; 1"), ("101", "payment lifetime exceeded")])
    message |= {
        "pg_net_amount": "0.00",
        "pg_description": "Чашка кофе",
        "pg_result": "0",
        "pg_can_reject": "0",
        "pg_user_phone": "77771234567",
        "pg_failure_code": code,
        "pg_failure_description": text,
    }
    return _finished("failed", chance, order, message)


def _check(chance: random.Random) -> Genuine:
    order, message = _base(chance)
    message |= {
        "pg_ps_amount": message["pg_amount"],
        "pg_ps_full_amount": message["pg_amount"],
        "pg_ps_currency": "KZT",
    }
    return _finished("check", chance, order, message)


KINDS: Mapping[str, Callable[[random.Random], Genuine]] = {
    "paid": _paid,
    "paid, id unknown": _paid_early,
    "paid already": _paid_again,
    "amount chosen": _chosen,
    "two-step, held": _held,
    "two-step, captured": _captured,
    "failed": _failed,
    "check": _check,
}
