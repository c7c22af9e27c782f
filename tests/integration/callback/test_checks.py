"""The checks of the callback table: may the money be taken?"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from integration.callback.conftest import Callback
from integration.deployment import Deployment
from integration.gateway_message import CHECK, DELIVERIES, PAYMENT_ID, QUESTION, SALT, changed, signed
from integration.gateway_message import Reply as Answered
from integration.stored_orders import NOW, stored_order
from paylink.app.reasons import reason
from paylink.domain.link import AmountRange
from paylink.domain.order import Order, Status
from paylink.domain.settlement import Answer
from paylink.domain.text import LANGUAGES

OTHER = "1432343999"
SOON = NOW + timedelta(minutes=5)
APPROVED = {"approved": PAYMENT_ID, "approved_until": SOON}
RANGED = stored_order(amount_range=AmountRange(100_000, 200_000), amount=100_000)

ACCEPTED: dict[str, tuple[Order, dict[str, str | None]]] = {
    "creating": (stored_order(Status.CREATING), {}),
    "pending": (stored_order(), {}),
    "pending after its time": (stored_order(expires_at=NOW - timedelta(seconds=1)), {}),
    "failed within its time": (stored_order(Status.FAILED), {}),
    "says its mode": (stored_order(), {"pg_testing_mode": "1"}),
    "live, says its mode": (stored_order(test=False), {"pg_testing_mode": "0"}),
    "live, silent": (stored_order(test=False), {}),
    "the amount otherwise written": (stored_order(), {"pg_amount": "1500"}),
    "an amount within the bounds": (RANGED, {"pg_amount": "1999.99"}),
    "approved before": (stored_order(approved=PAYMENT_ID, approved_until=NOW + timedelta(seconds=9)), {}),
    "another was approved till now": (stored_order(approved=OTHER, approved_until=NOW), {}),
    "a payment that the row does not know": (stored_order(payments={}, payment_id="7"), {}),
}
REFUSED: dict[str, tuple[Order, dict[str, str | None], Answer]] = {
    "another is approved": (
        stored_order(approved=OTHER, approved_until=NOW + timedelta(milliseconds=1)),
        {},
        Answer.IN_PROGRESS,
    ),
    "paid": (stored_order(Status.PAID), {}, Answer.ALREADY_PAID),
    "held": (stored_order(Status.AUTHORIZED), {}, Answer.ALREADY_PAID),
    "partly refunded": (stored_order(Status.PARTIALLY_REFUNDED), {}, Answer.ALREADY_PAID),
    "refunded": (stored_order(Status.REFUNDED), {}, Answer.ALREADY_PAID),
    "cancelled": (stored_order(Status.CANCELLED), {}, Answer.CANCELLED),
    "expired": (stored_order(Status.EXPIRED), {}, Answer.NOT_OPEN),
    "refused": (stored_order(Status.REFUSED), {}, Answer.NOT_OPEN),
    "failed, at the end of its time": (stored_order(Status.FAILED, expires_at=NOW), {}, Answer.NOT_OPEN),
    "less": (stored_order(), {"pg_amount": "1499.99"}, Answer.OTHER_AMOUNT),
    "more": (stored_order(), {"pg_amount": "1500.01"}, Answer.OTHER_AMOUNT),
    "a hundredth": (stored_order(), {"pg_amount": "15"}, Answer.OTHER_AMOUNT),
    "another currency": (stored_order(), {"pg_currency": "USD"}, Answer.OTHER_AMOUNT),
    "below the bounds": (RANGED, {"pg_amount": "999.99"}, Answer.OTHER_AMOUNT),
    "above the bounds": (RANGED, {"pg_amount": "2000.01"}, Answer.OTHER_AMOUNT),
    "live for a test order": (stored_order(), {"pg_testing_mode": "0"}, Answer.OTHER_MODE),
    "a test for a live order": (stored_order(test=False), {"pg_testing_mode": "1"}, Answer.OTHER_MODE),
}
SAMPLE_ACCEPTED = {"creating", "pending"}
SAMPLE_REFUSED = {"another is approved", "paid", "less"}


def cases(table: dict[str, Any], sample: set[str]) -> list[Any]:
    """Each entry in one encoding, in turn, and the sample in all of them."""
    ways = list(DELIVERIES)
    return [
        pytest.param(name, way, id=f"{name}: {way}".replace(" ", "-"))
        for place, name in enumerate(table)
        for way in (ways if name in sample else [ways[place % len(ways)]])
    ]


def asked(callback: Callback, way: str = "urlencoded-base64", **says: str | None) -> Answered:
    return callback.send(CHECK, signed(CHECK, changed(QUESTION, **says)), DELIVERIES[way])


def said(reply: Answered) -> tuple[str | None, str | None]:
    """Status and reason of a check's answer, after what holds for every one of them."""
    assert (reply.status, reply.content_type) == (200, "application/xml")
    assert reply.signed_with(CHECK)
    assert reply.text("pg_salt") == SALT
    return reply.word, reply.text("pg_description")


@pytest.mark.parametrize(("name", "way"), cases(ACCEPTED, SAMPLE_ACCEPTED))
def test_goes_ahead_and_is_the_one_approved(
    name: str, way: str, callback: Callback, deployment: Deployment
) -> None:
    order, says = ACCEPTED[name]
    deployment.put_order(order)
    reply = asked(callback, way, **says)
    assert said(reply) == ("ok", None)
    assert reply.text("pg_timeout") == "300"
    after = replace(order, approved=PAYMENT_ID, approved_until=SOON, sequence=order.sequence + 1)
    assert deployment.order(order.order_id) == after
    assert len(deployment.items()) == 1


@pytest.mark.parametrize(("name", "way"), cases(REFUSED, SAMPLE_REFUSED))
def test_is_refused_with_a_reason_and_changes_nothing(
    name: str, way: str, callback: Callback, deployment: Deployment
) -> None:
    order, says, answer = REFUSED[name]
    deployment.put_order(order)
    before = deployment.items()
    reply = asked(callback, way, **says)
    assert said(reply) == ("rejected", reason(answer, "ru"))
    assert reply.text("pg_timeout") is None
    assert deployment.items() == before


@pytest.mark.parametrize("way", DELIVERIES)
@pytest.mark.parametrize("order_id", ["pl_7zzzzzzzzzzzzzzzzzzzzzzzzz", "130"])
def test_unknown_order_is_refused_and_not_kept(
    way: str, order_id: str, callback: Callback, deployment: Deployment
) -> None:
    reply = asked(callback, way, pg_order_id=order_id)
    assert said(reply) == ("rejected", reason(Answer.UNKNOWN_ORDER, "ru"))
    assert deployment.items() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_reason_is_in_the_language_of_the_order(
    language: str, callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order(Status.PAID, language=language))
    texts = {name: reason(Answer.ALREADY_PAID, name) for name in LANGUAGES}
    assert len(set(texts.values())) == len(LANGUAGES)
    assert said(asked(callback)) == ("rejected", texts[language])


def test_one_payment_at_a_time_and_the_next_after_five_minutes(
    callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    assert said(asked(callback))[0] == "ok"
    assert said(asked(callback, pg_payment_id=OTHER))[0] == "rejected"
    assert deployment.order(QUESTION["pg_order_id"]).approved == PAYMENT_ID
    callback.later(minutes=4)
    # The one approved may ask again, and has five minutes from then on.
    assert said(asked(callback))[0] == "ok"
    callback.later(minutes=4, seconds=59)
    assert said(asked(callback, pg_payment_id=OTHER))[0] == "rejected"
    callback.later(seconds=1)
    assert said(asked(callback, pg_payment_id=OTHER))[0] == "ok"
    assert said(asked(callback))[0] == "rejected"
    assert deployment.order(QUESTION["pg_order_id"]).approved == OTHER


def test_is_judged_anew_each_time(callback: Callback, deployment: Deployment) -> None:
    assert said(asked(callback))[0] == "rejected"
    deployment.put_order(stored_order())
    assert said(asked(callback))[0] == "ok"
    deployment.put_order(stored_order(Status.PAID))
    assert said(asked(callback))[0] == "rejected"
    deployment.put_order(stored_order(Status.FAILED))
    assert said(asked(callback))[0] == "ok"


def test_the_approved_payment_settles_the_order_and_another_one_too(
    callback: Callback, deployment: Deployment
) -> None:
    """A check reserves; it is the result that tells what was paid, and money is never ignored."""
    for payment_id in (PAYMENT_ID, OTHER):
        deployment.put_order(stored_order(**APPROVED))
        paid = {**QUESTION, "pg_result": "1", "pg_captured": "1", "pg_testing_mode": "1"}
        assert callback.result({**paid, "pg_payment_id": payment_id}).word == "ok"
        order = deployment.order(QUESTION["pg_order_id"])
        assert (order.status, order.payment_id) == (Status.PAID, payment_id)
        assert (order.approved, order.approved_until) == (None, None)
