"""The gateway tells how a payment ended before the create call was answered: both functions at once."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from integration.api_event import api_event
from integration.callback.conftest import Callback
from integration.deployment import Deployment
from integration.gateway_message import CHECK, PAID, PAYMENT_ID, QUESTION, UNPAID, Reply, changed, signed
from integration.lambda_function import LoadedFunction
from integration.stored_orders import AMOUNT
from paylink.domain.clock import utc_now
from paylink.domain.order import Order, Payment, PaymentState, Status
from paylink.freedompay.answers import CreatedPayment

OTHER = "1432343999"
PAGE = "https://customer.freedompay.kz/pay.html?customer=4f0c"
LINK = {"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT"}

Meanwhile = Callable[[str], None]


class EarlyGateway:
    """Makes the payment, and lets something happen before it answers the create call."""

    def __init__(self, meanwhile: Meanwhile) -> None:
        self._meanwhile = meanwhile

    def create(
        self, credentials: object, fields: Iterable[tuple[str, str]], *, timeout: float
    ) -> CreatedPayment:
        self._meanwhile(dict(fields)["pg_order_id"])
        return CreatedPayment(PAYMENT_ID, PAGE, "need data", None)


def create_while(
    meanwhile: Meanwhile, load_function: Callable[..., LoadedFunction], callback: Callback
) -> dict[str, Any]:
    """The answer to `POST /payments` during whose create call something else happens."""
    callback.now = utc_now()
    function = load_function("create_payment")
    create = function.parts.create
    create._parts = replace(create._parts, gateway=EarlyGateway(meanwhile), now=lambda: callback.now)
    event = api_event(
        "POST",
        "/payments",
        body=b'{"link": "coffee"}',
        content_type="application/json",
        headers={"idempotency-key": "a-key-of-this-very-test"},
    )
    answer = function(event)
    return {**answer, "body": json.loads(answer["body"])}


ENDS = {
    "paid": (PAID, Status.PAID, Payment(PaymentState.PAID, AMOUNT, AMOUNT)),
    "held": (
        changed(PAID, pg_captured="0"),
        Status.AUTHORIZED,
        Payment(PaymentState.AUTHORIZED, AMOUNT),
    ),
    "failed": (UNPAID, Status.FAILED, Payment(PaymentState.FAILED)),
    "expired": (changed(UNPAID, pg_failure_code="101"), Status.EXPIRED, Payment(PaymentState.EXPIRED)),
}


@pytest.mark.parametrize("end", ENDS)
def test_answer_to_the_create_call_never_moves_it_back(
    end: str, callback: Callback, load_function: Callable[..., LoadedFunction], deployment: Deployment
) -> None:
    notice, status, payment = ENDS[end]
    deployment.put_link(LINK)
    seen: list[tuple[Order, Reply, Order]] = []

    def tell(order_id: str) -> None:
        before = deployment.order(order_id)
        reply = callback.result(changed(notice, pg_order_id=order_id))
        seen.append((before, reply, deployment.order(order_id)))

    answer = create_while(tell, load_function, callback)
    ((before, reply, between),) = seen
    assert (before.status, before.payment_id) == (Status.CREATING, None)
    assert (reply.status, reply.word) == (200, "ok")
    assert (between.status, between.payment_id, between.payments) == (
        status,
        PAYMENT_ID,
        {PAYMENT_ID: payment},
    )

    assert (answer["statusCode"], answer["body"]["status"]) == (201, status.value)
    assert "redirect_url" not in answer["body"]
    after = deployment.order(before.order_id)
    assert (after.status, after.payment_id, after.payments) == (status, PAYMENT_ID, {PAYMENT_ID: payment})
    assert (after.captured_amount, after.paid_at) == (between.captured_amount, between.paid_at)
    assert (after.answers, after.attention) == (between.answers, ())
    assert (after.lease_until, after.lease_owner) == (None, None)
    # The gateway's repeat finds the same.
    assert callback.result(changed(notice, pg_order_id=before.order_id)).word == "ok"
    assert deployment.order(before.order_id) == after


def test_early_check_is_approved_and_the_page_opens(
    callback: Callback, load_function: Callable[..., LoadedFunction], deployment: Deployment
) -> None:
    deployment.put_link(LINK)
    replies: list[Reply] = []

    def ask(order_id: str) -> None:
        replies.append(callback.send(CHECK, signed(CHECK, changed(QUESTION, pg_order_id=order_id))))

    answer = create_while(ask, load_function, callback)
    assert [reply.word for reply in replies] == ["ok"]
    assert (answer["statusCode"], answer["body"]["status"]) == (201, "pending")
    assert answer["body"]["redirect_url"] == PAGE
    order = deployment.order(answer["body"]["order_id"])
    assert (order.status, order.approved) == (Status.PENDING, PAYMENT_ID)
    assert callback.result(changed(PAID, pg_order_id=order.order_id)).word == "ok"
    assert deployment.order(order.order_id).status is Status.PAID


def test_answer_that_comes_after_another_payment_was_paid(
    callback: Callback, load_function: Callable[..., LoadedFunction], deployment: Deployment
) -> None:
    """An earlier call's payment was paid after all: it stays the order's, and the new one is a second charge."""
    deployment.put_link(LINK)

    def tell(order_id: str) -> None:
        callback.result(changed(PAID, pg_order_id=order_id, pg_payment_id=OTHER))

    answer = create_while(tell, load_function, callback)
    assert (answer["statusCode"], answer["body"]["status"]) == (201, "paid")
    assert (answer["body"]["payment_id"], "redirect_url" in answer["body"]) == (OTHER, False)
    order = deployment.order(answer["body"]["order_id"])
    assert (order.status, order.payment_id, order.redirect_url) == (Status.PAID, OTHER, None)
    assert order.payments[OTHER] == Payment(PaymentState.PAID, AMOUNT, AMOUNT)
    assert callback.result(changed(PAID, pg_order_id=order.order_id)).word == "rejected"
    assert deployment.order(order.order_id).payment_id == OTHER
