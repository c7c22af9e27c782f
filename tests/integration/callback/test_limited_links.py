"""Checks and results for something of which only so many are sold."""

from dataclasses import replace

import pytest

from integration.callback.conftest import Callback
from integration.deployment import Deployment
from integration.gateway_message import (
    CHECK,
    DELIVERIES,
    ORDER_ID,
    PAID,
    PAYMENT_ID,
    QUESTION,
    UNPAID,
    Reply,
    changed,
    signed,
)
from integration.stored_orders import AMOUNT, OPEN, stored_order
from paylink.app.reasons import reason
from paylink.domain.order import Attention, Order, Payment, PaymentState, Status
from paylink.domain.place import Place
from paylink.domain.settlement import Answer

LAST = (Place("ticket", units=1, limit=1),)
OTHER_ID = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
OTHER_PAYMENT = "1432343999"
OURS = {"pg_order_id": ORDER_ID, "pg_payment_id": PAYMENT_ID}
OTHERS = {"pg_order_id": OTHER_ID, "pg_payment_id": OTHER_PAYMENT}
EXPIRED = changed(UNPAID, pg_failure_code="101")


@pytest.fixture
def two_orders(deployment: Deployment) -> None:
    """Two buyers on the payment page, and one ticket."""
    deployment.put_order(stored_order(places=LAST))
    payments = {OTHER_PAYMENT: OPEN}
    deployment.put_order(
        stored_order(order_id=OTHER_ID, payment_id=OTHER_PAYMENT, payments=payments, places=LAST)
    )


def ask(callback: Callback, of: dict[str, str], way: str = "urlencoded-base64") -> Reply:
    return callback.send(CHECK, signed(CHECK, {**QUESTION, **of}), DELIVERIES[way])


def other(deployment: Deployment) -> Order:
    return deployment.order(OTHER_ID)


@pytest.mark.usefixtures("two_orders")
def test_last_place_goes_to_the_first_that_asks(callback: Callback, deployment: Deployment) -> None:
    assert ask(callback, OURS).word == "ok"
    before = other(deployment)
    for way in DELIVERIES:
        reply = ask(callback, OTHERS, way)
        assert (reply.status, reply.word) == (200, "rejected")
        assert reply.signed_with(CHECK)
        assert reply.text("pg_description") == reason(Answer.SOLD_OUT, "ru")
    assert other(deployment) == before
    assert ask(callback, OURS).word == "ok"  # who has it may ask again


@pytest.mark.usefixtures("two_orders")
def test_money_without_a_place_is_refused_where_that_is_allowed(
    callback: Callback, deployment: Deployment
) -> None:
    assert callback.result({**PAID, **OURS}).word == "ok"
    reply = callback.result({**PAID, **OTHERS})
    assert (reply.word, reply.text("pg_description")) == ("rejected", reason(Answer.SOLD_OUT, "ru"))
    order = other(deployment)
    assert order.payments == {OTHER_PAYMENT: Payment(PaymentState.REJECTED, AMOUNT)}
    assert (order.status, order.waiting, order.captured_amount) == (Status.PENDING, True, 0)
    assert callback.result({**PAID, **OTHERS}).word == "rejected"
    assert other(deployment) == order


@pytest.mark.usefixtures("two_orders")
@pytest.mark.parametrize("refused_before", [True, False])
def test_money_without_a_place_stands_where_it_cannot_be_refused(
    refused_before: bool, callback: Callback, deployment: Deployment
) -> None:
    assert callback.result({**PAID, **OURS}).word == "ok"
    if refused_before:
        assert callback.result({**PAID, **OTHERS}).word == "rejected"
    stands = {**PAID, **OTHERS, "pg_can_reject": "0"}
    assert callback.result(stands).word == "ok"
    order = other(deployment)
    assert (order.status, order.attention) == (Status.PAID, (Attention.OVERSOLD,))
    assert order.payments == {OTHER_PAYMENT: Payment(PaymentState.PAID, AMOUNT, AMOUNT)}
    assert callback.result(stands).word == "ok"
    assert other(deployment) == order


@pytest.mark.usefixtures("two_orders")
def test_hold_takes_the_place_too(callback: Callback, deployment: Deployment) -> None:
    assert callback.result({**PAID, **OURS, "pg_captured": "0"}).word == "ok"
    assert deployment.order(ORDER_ID).status is Status.AUTHORIZED
    assert ask(callback, OTHERS).word == "rejected"
    assert callback.result({**PAID, **OURS}).word == "ok"
    assert deployment.order(ORDER_ID).status is Status.PAID
    assert ask(callback, OTHERS).word == "rejected"


@pytest.mark.usefixtures("two_orders")
def test_expiry_gives_the_place_back_and_a_failure_does_not_yet(
    callback: Callback, deployment: Deployment
) -> None:
    assert ask(callback, OURS).word == "ok"
    assert callback.result({**UNPAID, **OTHERS}).word == "ok"
    assert ask(callback, OTHERS).word == "rejected"
    assert callback.result({**EXPIRED, **OURS}).word == "ok"
    assert ask(callback, OTHERS).word == "ok"


@pytest.mark.usefixtures("two_orders")
def test_sold_place_is_not_given_back_by_a_late_expiry(callback: Callback, deployment: Deployment) -> None:
    assert ask(callback, OURS).word == "ok"
    assert callback.result({**PAID, **OURS}).word == "ok"
    assert callback.result({**EXPIRED, **OURS}).word == "ok"
    assert ask(callback, OTHERS).word == "rejected"


@pytest.mark.usefixtures("two_orders")
def test_money_that_does_not_fit_takes_no_place(callback: Callback, deployment: Deployment) -> None:
    assert callback.result({**PAID, **OURS, "pg_amount": "1"}).word == "rejected"
    assert callback.result({**PAID, **OURS, "pg_testing_mode": "0", "pg_can_reject": "0"}).word == "ok"
    assert ask(callback, OTHERS).word == "ok"


@pytest.mark.parametrize("number", range(3))
def test_several_limited_things_are_taken_together_or_not_at_all(
    number: int, callback: Callback, deployment: Deployment
) -> None:
    places = tuple(Place(f"thing-{name}", units=2, limit=3) for name in "abc")
    deployment.put_order(stored_order(order_id=OTHER_ID, places=(replace(places[number], units=2),)))
    deployment.put_order(stored_order(places=places))
    assert ask(callback, {**OTHERS, "pg_payment_id": PAYMENT_ID}).word == "ok"
    assert ask(callback, OURS).word == "rejected"
    # What it could have had of the other things is free for others.
    free = tuple(place for place in places if place.id != places[number].id)
    deployment.put_order(stored_order(places=free))
    assert ask(callback, OURS).word == "ok"
