"""What a genuine signature covers under other names, and what becomes of an order when somebody sends it.

Whoever holds a genuine message can rename its fields: the protocol signs values, not names. What he can never do
is turn an unpaid payment into a paid one, or change what an order costs. What remains to him, and to nobody
without such a message, is to pass another of its numbers for the payment id, or an amount of its other numbers
that then does not fit the order.
"""

from collections.abc import Sequence

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
from paylink.domain.order import Order, PaymentState, Status

# Fewer of the same: a card's authorisation code and a third amount add combinations and nothing new.
CARD = changed(PAID, pg_auth_code=None, pg_ps_full_amount=None, pg_need_email_notification=None)
HELD = changed(CARD, pg_captured="0")
OTHER_ORDER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"


def outcomes(
    script: str, message: Sequence[Pair], order: Order, callback: Callback, deployment: Deployment
) -> list[Order]:
    """The order after each renaming of the message, each sent to the order as it was."""
    bystander = stored_order(order_id=OTHER_ORDER, test=order.test)
    deployment.put_order(bystander)
    found = []
    for renamed in renamings(message):
        assert in_signed_order(renamed) == in_signed_order(message)
        assert verify(script, renamed, MERCHANT_KEY)
        deployment.put_order(order)
        reply = callback.send(script, renamed)
        assert reply.status in {200, 400, 404}
        after = deployment.order(ORDER_ID)
        found.append(after)
        assert (after.amount, after.currency, after.test) == (order.amount, order.currency, order.test)
        assert (after.refunded_amount, after.metadata, after.items) == (0, order.metadata, order.items)
        assert after.captured_amount in {0, AMOUNT}
        assert deployment.order(OTHER_ORDER) == bystander
    assert len(found) > 1
    return found


@pytest.mark.parametrize("code", ["10010", "101", None])
def test_unpaid_live_payment_is_never_anything_else(
    code: str | None, callback: Callback, deployment: Deployment
) -> None:
    order = stored_order(test=False)
    notice = changed(UNPAID, pg_testing_mode=None, pg_failure_code=code, pg_user_phone="77771234567")
    for after in outcomes(RESULT, signed(RESULT, notice), order, callback, deployment):
        assert after.status in {Status.FAILED, Status.EXPIRED}
        assert (after.payment_id, set(after.payments), after.attention) == (PAYMENT_ID, {PAYMENT_ID}, ())
        assert not after.holds_money()


def test_unpaid_test_payment_never_pays_an_order(callback: Callback, deployment: Deployment) -> None:
    """The mark of a test is a 1 that sorts after the result, and then lacks: the mode no longer fits."""
    for after in outcomes(RESULT, signed(RESULT, UNPAID), stored_order(), callback, deployment):
        assert after.status in {Status.PENDING, Status.FAILED, Status.EXPIRED}
        assert (after.captured_amount, after.paid_at, after.payment_id) == (0, None, PAYMENT_ID)


@pytest.mark.parametrize("mode", ["1", None], ids=["test", "live"])
def test_paid_payment_pays_its_own_order_what_it_costs_or_nothing(
    mode: str | None, callback: Callback, deployment: Deployment
) -> None:
    order = stored_order(test=mode is not None)
    message = signed(RESULT, changed(CARD, pg_testing_mode=mode, pg_ps_amount=mode and "1447.5"))
    numbers = {str(value) for _, value in message}
    for after in outcomes(RESULT, message, order, callback, deployment):
        assert after.status in {Status.PENDING, Status.PAID, Status.AUTHORIZED, Status.FAILED}
        assert set(after.payments) <= numbers
        if after.status is Status.PAID:
            assert after.captured_amount == AMOUNT
        else:
            assert after.captured_amount == 0


def test_held_payment_is_never_more_than_its_numbers_allow(
    callback: Callback, deployment: Deployment
) -> None:
    order = stored_order(test=False, capture="manual")
    message = signed(RESULT, changed(HELD, pg_testing_mode=None, pg_can_reject="0"))
    for after in outcomes(RESULT, message, order, callback, deployment):
        assert after.status in {Status.PENDING, Status.AUTHORIZED}
        assert after.captured_amount == 0
        for payment in after.payments.values():
            if payment.state is PaymentState.PAID:
                # Only beside the order, and only as something for an operator to look at.
                assert after.attention


def test_question_is_never_about_another_amount(callback: Callback, deployment: Deployment) -> None:
    order = stored_order()
    question = changed(QUESTION, pg_ps_amount="1500", pg_user_id="20")
    for after in outcomes(CHECK, signed(CHECK, question), order, callback, deployment):
        assert (after.status, after.payments) == (order.status, order.payments)
        assert after.approved in {None, PAYMENT_ID, "1500", "20"}
