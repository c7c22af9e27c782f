"""A paid order of which the gateway has not told yet, and a buyer who creates a payment, while something is out."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from freedompay_sandbox import State
from freedompay_sandbox.writing import form_fields
from integration.api_event import api_event
from integration.lambda_function import SHOP_URL
from integration.operations.sums import minor
from integration.reconcile.stack import SCHEDULED, Stack
from paylink.domain.order import Status

from .outages import Row

KEY = "a-key-of-a-buyer-in-an-outage"


def live_through(
    stack: Stack,
    name: str,
    outage: Callable[[], AbstractContextManager[None]],
    *,
    is_cold: bool = True,
    **how: Any,
) -> Row:
    """Begins, lives through the outage and ends it; nobody lifts a hand. AssertionError where anything is lost."""
    order_id = stack.create()
    stack.pay(order_id)
    told = [pair for pair in stack.sandbox.callbacks[-1].fields if pair[1] is not None]
    stack.sandbox.clock.advance(240)
    if is_cold:
        stack._loaded.clear()
    with outage():
        creating = create(stack, **how)
        found = reconciled(stack)
        row = Row(
            name,
            creating,
            answered(
                call(stack, "link_page", api_event("GET", "/pay/coffee", path_parameters={"link": "coffee"}))
            ),
            answered(status(stack, order_id)),
            answered(
                call(
                    stack, "return_page", api_event("GET", "/return/success", query=f"pg_order_id={order_id}")
                )
            ),
            tell(stack, told),
            found,
            "",
        )
    stack.sandbox.faults.clear()
    stack.sandbox.faults.add("result", "lost", times=None)
    stack._loaded.clear()
    afterwards = heal(stack, order_id, told, was_told=row.told == "200")
    return replace(row, afterwards=afterwards)


def heal(stack: Stack, order_id: str, told: list[Any], *, was_told: bool) -> str:
    """The same requests again: the buyer's, the gateway's. What it came to."""
    stack.sandbox.clock.advance(31)
    assert create(stack) in {"201", "200"}
    assert tell(stack, told) == "200"
    assert_paid(stack, order_id)
    rows = [row for row in stack.deployment.rows() if row["sk"] == "order"]
    (made,) = [row["pk"] for row in rows if row["pk"] != order_id]
    assert stack.order(made).status is Status.PENDING
    live = [payment for payment in stack.sandbox.payments(made) if payment.open]
    assert str(stack.order(made).payment_id) in {payment.payment_id for payment in live}
    # This word of the gateway never comes: reconcile alone finds the money.
    stack.pay(made)
    stack.minutes(12)
    assert_paid(stack, made)
    assert not [row for row in stack.deployment.rows() if "waiting" in row]
    return "the same key makes the payment; " + ("nothing to mend" if was_told else "the next call is taken")


def assert_paid(stack: Stack, order_id: str) -> None:
    """Paid once, with the gateway's own sum."""
    order = stack.order(order_id)
    (payment,) = [one for one in stack.sandbox.payments(order_id) if one.state is State.PAID]
    assert (order.status, order.payment_id, order.attention) == (Status.PAID, payment.payment_id, ())
    assert order.captured_amount == minor(payment.cleared)


def call(stack: Stack, function: str, event: dict[str, Any], **how: Any) -> dict[str, Any]:
    """A function's answer, as one of the stack's; by the same gateway."""
    return stack.function(function)(event, **how)


def create(stack: Stack, **how: Any) -> str:
    """The buyer's request, with always the same key."""
    event = api_event(
        "POST",
        "/payments",
        body=json.dumps({"link": "coffee"}).encode(),
        content_type="application/json",
        headers={"idempotency-key": KEY},
    )
    return answered(call(stack, "create_payment", event, **how))


def status(stack: Stack, order_id: str) -> dict[str, Any]:
    return call(
        stack,
        "payment_status",
        api_event("GET", f"/payments/{order_id}", path_parameters={"order_id": order_id}),
    )


def tell(stack: Stack, told: list[Any]) -> str:
    """The gateway's message; the status that it is answered with."""
    event = api_event(
        "POST",
        "/callbacks/paylink_result",
        body=urlencode(form_fields(told)).encode(),
        content_type="application/x-www-form-urlencoded",
    )
    return str(call(stack, "gateway_callback", event)["statusCode"])


def reconciled(stack: Stack) -> str:
    """What a run of the schedule comes to."""
    function = stack.function("reconcile")
    function.parts.run._pace._sleep = lambda _: None
    try:
        report = function(SCHEDULED, milliseconds=55_000)
    except Exception as error:  # noqa: BLE001 — Lambda counts it, and the next minute's run goes on
        return f"run fails ({type(error).__name__}), alarm"
    return f"asked {report['asked']}, no answer {report['silent']}"


def answered(answer: dict[str, Any]) -> str:
    """An answer in a few words."""
    code = answer["statusCode"]
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    if code == 303:
        return (
            "303 to the shop" if headers["location"].startswith(SHOP_URL) else f"303 to {headers['location']}"
        )
    if "json" not in headers.get("content-type", ""):
        return str(code) if code < 400 else f"{code}, a page that says so"
    document = json.loads(answer["body"])
    words = [str(code), *([document["code"]] if "code" in document else [])]
    if code == 200 and "paid_at" in document:
        words.append(document["status"])
    again = f", again in {headers['retry-after']} s" if "retry-after" in headers else ""
    return " ".join(words) + again
