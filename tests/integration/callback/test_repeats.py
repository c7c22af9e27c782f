"""The gateway calls again, calls twice, and calls in the wrong order."""

import itertools
from datetime import timedelta

import pytest

from integration.callback.conftest import Callback
from integration.deployment import Deployment
from integration.gateway_message import (
    DELIVERIES,
    ORDER_ID,
    PAID,
    PAYMENT_ID,
    RESULT,
    UNPAID,
    changed,
    signed,
)
from integration.stored_orders import AMOUNT, NOW, stored_order
from paylink.domain.link import MANUAL
from paylink.domain.order import Attention, Order, Payment, PaymentState, Status

OTHER = "1432343999"
LAST_CALL = {"pg_can_reject": "0"}
UNFINISHED = changed(PAID, pg_result="2", pg_captured=None)
EXPIRED = changed(UNPAID, pg_failure_code="101")
LESS = changed(PAID, pg_amount="1499.99")

ANSWERED = {
    "paid": (stored_order(), PAID, "ok"),
    "unpaid": (stored_order(), UNPAID, "ok"),
    "not final": (stored_order(), UNFINISHED, "ok"),
    "mismatch": (stored_order(), LESS, "rejected"),
    "mismatch that stands": (stored_order(), changed(LESS, **LAST_CALL), "ok"),
    "second charge": (stored_order(Status.PAID), changed(PAID, pg_payment_id=OTHER), "rejected"),
    "after cancel": (stored_order(Status.CANCELLED), PAID, "rejected"),
    "live money for a test order": (stored_order(), changed(PAID, pg_testing_mode=None), "rejected"),
}


def order_of(deployment: Deployment) -> Order:
    return deployment.order(ORDER_ID)


@pytest.mark.parametrize("name", ANSWERED)
def test_repeat_gets_the_stored_answer_and_changes_nothing(
    name: str, callback: Callback, deployment: Deployment
) -> None:
    order, notice, word = ANSWERED[name]
    deployment.put_order(order)
    first = callback.result(notice)
    assert (first.status, first.word) == (200, word)
    stored = deployment.items()
    callback.later(days=2)
    for number, delivery in enumerate(DELIVERIES.values()):
        salt = f"anotherSalt{number}"
        again = callback.result(notice, delivery, salt=salt)
        assert (again.status, again.word) == (200, word)
        assert again.text("pg_description") == first.text("pg_description")
        assert again.text("pg_salt") == salt
        assert again.signed_with(RESULT)
    assert deployment.items() == stored


@pytest.mark.parametrize(
    "says",
    [
        {"pg_amount": "1500.00"},
        {"pg_net_amount": "1400", "pg_payment_date": None, "pg_reference": "other"},
        {"m_reference": "INV-43"},
        {"pg_failure_code": "10010"},
    ],
)
def test_what_decides_nothing_makes_no_other_message(
    says: dict[str, str | None], callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    callback.result(PAID)
    stored = deployment.items()
    assert callback.result(changed(PAID, **says)).word == "ok"
    assert deployment.items() == stored


@pytest.mark.parametrize("name", ["mismatch", "after cancel", "live money for a test order"])
def test_stored_answer_holds_whatever_the_order_has_become(
    name: str, callback: Callback, deployment: Deployment
) -> None:
    order, notice, word = ANSWERED[name]
    deployment.put_order(order)
    callback.result(notice)
    if order.status is not Status.CANCELLED:
        assert callback.result(changed(PAID, pg_payment_id=OTHER)).word == "ok"
        assert order_of(deployment).status is Status.PAID
    stored = deployment.items()
    assert callback.result(notice).word == word
    assert deployment.items() == stored


def test_paid_is_still_ok_when_the_order_was_refunded_since(
    callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    callback.result(PAID)
    paid = order_of(deployment)
    deployment.put_order(paid.moved(Status.REFUNDED, NOW, refunded_amount=AMOUNT))
    stored = deployment.items()
    assert callback.result(PAID).word == "ok"
    assert deployment.items() == stored


def test_refused_money_stays_on_watch_and_stands_when_it_may_no_longer_be_refused(
    callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    assert callback.result(LESS).word == "rejected"
    order = order_of(deployment)
    assert order.payments[PAYMENT_ID] == Payment(PaymentState.REJECTED, 149_999)
    assert (order.status, order.waiting, order.attention) == (Status.PENDING, True, ())

    callback.later(minutes=30)
    assert callback.result(changed(LESS, **LAST_CALL)).word == "ok"
    order = order_of(deployment)
    assert order.payments[PAYMENT_ID] == Payment(PaymentState.PAID, 149_999, 149_999)
    assert (order.status, order.attention) == (Status.PENDING, (Attention.AMOUNT_MISMATCH,))
    assert order.holds_money()
    assert order.keep_until is None

    stored = deployment.items()
    assert callback.result(LESS).word == "rejected"  # the stored answer of that message
    assert callback.result(changed(LESS, **LAST_CALL)).word == "ok"
    assert deployment.items() == stored


def test_second_charge_that_was_refused_stands_beside_the_first(
    callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    second = changed(PAID, pg_payment_id=OTHER)
    assert [callback.result(PAID).word, callback.result(second).word] == ["ok", "rejected"]
    assert order_of(deployment).waiting
    assert callback.result(changed(second, **LAST_CALL)).word == "ok"
    order = order_of(deployment)
    assert order.payments == {
        PAYMENT_ID: Payment(PaymentState.PAID, AMOUNT, AMOUNT),
        OTHER: Payment(PaymentState.PAID, AMOUNT, AMOUNT),
    }
    assert (order.status, order.payment_id, order.captured_amount) == (Status.PAID, PAYMENT_ID, AMOUNT)
    assert (order.attention, order.waiting) == ((Attention.SECOND_CHARGE,), False)


def test_paid_is_not_refused_later_by_a_message_that_may_be(
    callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    assert callback.result(changed(PAID, **LAST_CALL)).word == "ok"
    assert callback.result(PAID).word == "ok"
    assert order_of(deployment).payments == {PAYMENT_ID: Payment(PaymentState.PAID, AMOUNT, AMOUNT)}


@pytest.mark.parametrize("order", list(itertools.permutations([PAID, UNPAID, UNFINISHED, EXPIRED], 3)))
def test_in_whatever_order_they_come_money_is_money(
    order: tuple[dict[str, str], ...], callback: Callback, deployment: Deployment
) -> None:
    """Each comes twice, too. Without a paid one among them the order is never paid."""
    deployment.put_order(stored_order())
    for notice in order:
        for _ in range(2):
            assert callback.result(notice).word == "ok"
            callback.later(seconds=1)
    after = order_of(deployment)
    assert after.attention == ()
    if PAID in order:
        assert after.status is Status.PAID
        assert after.payments == {PAYMENT_ID: Payment(PaymentState.PAID, AMOUNT, AMOUNT)}
        assert after.paid_at == NOW + timedelta(seconds=2 * order.index(PAID))
        assert (after.waiting, after.keep_until) == (False, None)
    else:
        first = next(notice for notice in order if notice["pg_result"] == "0")
        assert after.status is (Status.EXPIRED if first is EXPIRED else Status.FAILED)
        assert (after.captured_amount, after.paid_at) == (0, None)
    # Failed and expired are one message: what tells them apart is not among what makes two messages equal.
    assert len(after.answers) == len({notice["pg_result"] for notice in order})


@pytest.mark.parametrize("order", list(itertools.permutations(["0", "1", None])))
def test_hold_and_capture_in_any_order_end_paid(
    order: tuple[str | None, ...], callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order(capture=MANUAL))
    for captured in order:
        assert callback.result(changed(PAID, pg_captured=captured)).word == "ok"
    after = order_of(deployment)
    assert (after.status, after.captured_amount, after.attention) == (Status.PAID, AMOUNT, ())
    assert after.payments == {PAYMENT_ID: Payment(PaymentState.PAID, AMOUNT, AMOUNT)}


def test_second_payment_fails_after_the_first_was_paid(callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    callback.result(PAID)
    assert callback.result(changed(UNPAID, pg_payment_id=OTHER)).word == "ok"
    order = order_of(deployment)
    assert (order.status, order.payment_id, order.captured_amount) == (Status.PAID, PAYMENT_ID, AMOUNT)
    assert order.payments[OTHER].state is PaymentState.FAILED


@pytest.mark.parametrize("times", [2, 5])
def test_doubled_message_settles_once(times: int, callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    message = signed(RESULT, PAID)
    replies = [callback.send(RESULT, message) for _ in range(times)]
    assert len({reply.body for reply in replies}) == 1  # the same salt: the same answer to the letter
    assert order_of(deployment).sequence == 3
