"""What a genuine signature covers under other names, and what becomes of an order when somebody sends it.

Whoever holds a genuine message can rename its fields: the protocol signs values, not names. Each renaming is
refused, or does to the order what the message itself does.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from freedompay_sandbox.signing import Pair, verify
from integration.callback.conftest import Callback
from integration.callback.renaming import in_signed_order, renamings
from integration.deployment import Deployment
from integration.gateway_message import (
    CHECK,
    MERCHANT_KEY,
    ORDER_ID,
    PAID,
    PAYMENT_ID,
    QUESTION,
    RESULT,
    UNPAID,
    changed,
    signed,
)
from integration.stored_orders import AMOUNT, stored_order
from paylink.domain.link import AmountRange
from paylink.domain.order import Order, Payment, PaymentState, Status

# Fewer of the same: a card's authorisation code and a third amount add combinations and nothing new.
CARD = changed(PAID, pg_auth_code=None, pg_ps_full_amount=None, pg_need_email_notification=None)
HELD = changed(CARD, pg_captured="0")
OTHER_ORDER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"


def outcomes(
    script: str, message: Sequence[Pair], order: Order, callback: Callback, deployment: Deployment
) -> tuple[Order, list[Order]]:
    """The order after the message itself, and after each renaming of it, each sent to the order as it was."""
    bystander = stored_order(order_id=OTHER_ORDER, test=order.test)
    deployment.put_order(bystander)
    deployment.put_order(order)
    assert callback.send(script, message).status == 200
    meant = deployment.order(ORDER_ID)
    found = []
    for renamed in renamings(message):
        assert in_signed_order(renamed) == in_signed_order(message)
        assert verify(script, renamed, MERCHANT_KEY)
        deployment.put_order(order)
        reply = callback.send(script, renamed)
        assert reply.status in {200, 400}
        after = deployment.order(ORDER_ID)
        # Whether the money may be refused is remembered with the answer, and changes nothing of what fits.
        assert after == order or replace(after, answers=meant.answers) == meant
        assert reply.status == 200 or after == order
        found.append(after)
        assert deployment.order(OTHER_ORDER) == bystander
    assert len(found) > 1
    return meant, found


@pytest.mark.parametrize("code", ["10010", "101", None])
def test_unpaid_live_payment(code: str | None, callback: Callback, deployment: Deployment) -> None:
    order = stored_order(test=False)
    notice = changed(UNPAID, pg_testing_mode=None, pg_failure_code=code, pg_user_phone="77771234567")
    meant, found = outcomes(RESULT, signed(RESULT, notice), order, callback, deployment)
    assert meant.status is (Status.EXPIRED if code == "101" else Status.FAILED)
    assert meant.status in {after.status for after in found}


def test_unpaid_test_payment(callback: Callback, deployment: Deployment) -> None:
    """The mark of a test is a 1 that sorts after the result: it never passes for it."""
    meant, _ = outcomes(RESULT, signed(RESULT, UNPAID), stored_order(), callback, deployment)
    assert meant.status is Status.FAILED


@pytest.mark.parametrize("mode", ["1", None], ids=["test", "live"])
def test_paid_payment(mode: str | None, callback: Callback, deployment: Deployment) -> None:
    order = stored_order(test=mode is not None)
    message = signed(RESULT, changed(CARD, pg_testing_mode=mode, pg_ps_amount=mode and "1447.5"))
    meant, found = outcomes(RESULT, message, order, callback, deployment)
    assert (meant.status, meant.captured_amount) == (Status.PAID, AMOUNT)
    assert Status.PAID in {after.status for after in found}


@pytest.mark.parametrize("can_reject", ["0", "1"])
def test_held_payment(can_reject: str, callback: Callback, deployment: Deployment) -> None:
    order = stored_order(test=False, capture="manual")
    notice = changed(HELD, pg_testing_mode=None, pg_can_reject=can_reject)
    meant, _ = outcomes(RESULT, signed(RESULT, notice), order, callback, deployment)
    assert (meant.status, meant.captured_amount) == (Status.AUTHORIZED, 0)


def test_question_is_about_no_other_payment(callback: Callback, deployment: Deployment) -> None:
    question = changed(QUESTION, pg_ps_amount="1500", pg_user_id="20")
    meant, _ = outcomes(CHECK, signed(CHECK, question), stored_order(), callback, deployment)
    assert meant.approved == PAYMENT_ID


def test_payment_that_is_not_known_yet(callback: Callback, deployment: Deployment) -> None:
    """The result may come before the answer to the create call: its place tells the payment's id."""
    order = stored_order(Status.CREATING)
    meant, _ = outcomes(RESULT, signed(RESULT, CARD), order, callback, deployment)
    assert (meant.status, meant.payment_id) == (Status.PAID, PAYMENT_ID)


def test_amount_that_the_buyer_chose(callback: Callback, deployment: Deployment) -> None:
    """The card's authorisation code is a number within the bounds as well."""
    order = stored_order(amount_range=AmountRange(10_000, 100_000_000), amount=0)
    message = signed(RESULT, changed(CARD, pg_auth_code="123456"))
    meant, _ = outcomes(RESULT, message, order, callback, deployment)
    assert (meant.status, meant.amount) == (Status.PAID, AMOUNT)


def test_order_that_a_buyer_named_in_a_field_of_the_shop(callback: Callback, deployment: Deployment) -> None:
    """Whoever pays little could name an order that costs much, its amount and currency as the shop's data."""
    order = stored_order(amount=10_000, payments={PAYMENT_ID: Payment(PaymentState.OPEN, 10_000)})
    victim = stored_order(Status.CREATING, order_id=OTHER_ORDER)
    deployment.put_order(order)
    deployment.put_order(victim)
    planted = {"m_a": "1500", "m_b": "KZT", "m_c": OTHER_ORDER, "m_reference": None}
    notice = changed(PAID, **planted, pg_amount="100", pg_ps_amount="100", pg_ps_full_amount="100")
    message = signed(RESULT, notice)
    names = {"m_a": "pg_amount", "m_b": "pg_currency", "m_c": "pg_order_id"}
    kept = {"pg_payment_id", "pg_result", "pg_salt", "pg_testing_mode", "pg_sig"}
    renamed = [
        (
            names.get(name) or (name if name in kept or name > "pg_order_id" else f"pg_order_idx{number:02}"),
            value,
        )
        for number, (name, value) in enumerate(sorted(message, key=lambda pair: pair[0]))
    ]
    assert in_signed_order(renamed) == in_signed_order(message)
    assert callback.send(RESULT, renamed).status == 400
    assert deployment.order(OTHER_ORDER) == victim
    # The gateway did sign it: a person can find what it was about.
    assert deployment.row("unknown", f"{OTHER_ORDER}#{PAYMENT_ID}")["result"] == 1
    assert callback.send(RESULT, message).status == 200
    assert deployment.order(ORDER_ID).status is Status.PAID
