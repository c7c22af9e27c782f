"""What must hold again and again: of an answer that is an error, of an order after whatever happened to it."""

from integration.create.endpoint import Answer
from integration.create.insisting import Buyer
from paylink.app.attempt import Creation
from paylink.domain.order import Payment, PaymentState, Status

GONE = {PaymentState.LOST, PaymentState.FAILED, PaymentState.EXPIRED}


def assert_problem(answer: Answer, status: int, code: str, *, retry_after: int | None = None) -> None:
    """A whole problem document (RFC 9457) that tells what to change, and nothing beside it."""
    assert (answer.status, answer.document.get("code")) == (status, code), answer.document
    document = dict(answer.document)
    entries = document.pop("errors", [])
    document.pop("gateway_code", None)
    document.pop("gateway_description", None)
    assert set(document) == {"type", "title", "status", "detail", "code", "request_id"}
    assert document["type"] == f"urn:paylink:problem:{code}"
    assert document["status"] == status
    assert document["title"]
    assert len(document["detail"]) > 10
    assert document["request_id"].startswith("request-")
    for entry in entries:
        assert set(entry) == {"field", "detail"}
        assert entry["detail"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    told = answer.headers.get("retry-after")
    assert (None if told is None else int(told)) == retry_after


def fields_named(answer: Answer) -> list[str]:
    """The fields that a problem document names as wrong."""
    return [entry["field"] for entry in answer.document["errors"]]


def assert_one_live_payment(buyer: Buyer, creation: Creation) -> None:
    """The row waits for the one payment that can be paid, and names every other one for what it is."""
    shop = buyer.shop
    order = shop.order(buyer.key)
    assert (order.status, order.lease_until, order.waiting) == (Status.PENDING, None, True)
    assert creation.order == order
    assert order.redirect_url is not None
    live = shop.payment_of(order.redirect_url)
    assert (live.payment_id, live.order_id, live.open) == (order.payment_id, order.order_id, True)
    handed_out = [payment for payment in map(shop.payment_of, buyer.pages) if payment.open]
    assert [payment.payment_id for payment in handed_out] == [order.payment_id]
    made = {payment.payment_id for payment in shop.payments(buyer.key)}
    named = dict(order.payments)
    assert named.pop(live.payment_id) == Payment(PaymentState.OPEN, order.amount)
    assert set(named) == made - {live.payment_id}, "the row and the gateway name different payments"
    assert {payment.state for payment in named.values()} <= GONE


def assert_paying_it_pays_the_order(buyer: Buyer) -> None:
    """A card on the page makes the order paid, with nothing left to look at."""
    shop = buyer.shop
    before = shop.order(buyer.key)
    shop.sandbox.pay(str(before.payment_id))
    order = shop.order(buyer.key)
    assert (order.status, order.payment_id) == (Status.PAID, before.payment_id)
    assert (order.captured_amount, order.attention, order.waiting) == (order.amount, (), False)
    assert (order.lease_until, order.lease_owner, order.keep_until) == (None, None, None)
    held = [payment_id for payment_id, payment in order.payments.items() if payment.captured]
    assert held == [before.payment_id]
