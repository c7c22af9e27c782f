"""The page's use case: what it waits for, for how long, and where it sends the buyer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from paylink.app.attempt import Creation
from paylink.app.link_page import PAUSES, LinkPage
from paylink.app.policy import Call, Policy
from paylink.domain.errors import StillRunning, UnknownLink
from paylink.domain.link_form import parse_link
from paylink.domain.order import Order, Payment, PaymentState, Status
from paylink.domain.payment_request import parse_payment_request
from paylink.domain.seller import Seller

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOLD = Seller("n", "1", "a", "p", terms="t", refund_terms="r")
ASKED = parse_payment_request({"link": "coffee"})
KEY = "3f1d9c2e-6a51-4b8e-9c44-000000000001"
COFFEE = parse_link({"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT"})


def order(status: Status, **more: Any) -> Order:
    facts = {"amount": 150000, "currency": "KZT", "description": "Coffee", "test": True, **more}
    return Order("pl_1", "f", status, NOW, **facts)


PENDING = order(Status.PENDING, redirect_url="https://pay.example/1", expires_at=NOW + timedelta(hours=1))


class Creating:
    """CreatePayment that finds the key being worked on so many times before it answers."""

    def __init__(self, answer: Order, running: int = 0) -> None:
        self.answer = answer
        self.running = running
        self.calls: list[Call] = []

    def __call__(self, asked: object, key: str, call: Call) -> Creation:
        self.calls.append(call)
        if len(self.calls) <= self.running:
            raise StillRunning("x", retry_after=30)
        return Creation(self.answer, made=False)


class Links:
    def get(self, ids: Any) -> Any:
        return {"coffee": COFFEE}


def page(create: Any, pauses: list[float] | None = None) -> LinkPage:
    noted: list[float] = [] if pauses is None else pauses
    places: Any = None
    return LinkPage(
        links=Links(),
        places=places,
        create=create,
        policy=Policy(frozenset(), "https://shop.example/thanks"),
        seller=TOLD,
        now=lambda: NOW,
        pause=noted.append,
    )


def test_it_waits_for_the_first_click_and_goes_where_that_went() -> None:
    create, pauses = Creating(PENDING, running=3), []
    onward = page(create, pauses).pay(ASKED, KEY, Call("https://api.example"))
    assert onward.address == PENDING.redirect_url
    assert pauses == list(PAUSES[:3])
    left = [call.seconds_left for call in create.calls]
    assert left == sorted(left, reverse=True)
    assert len(set(left)) == 4, "what is left for the gateway shrinks with every look"


def test_it_does_not_wait_for_ever() -> None:
    create, pauses = Creating(PENDING, running=99), []
    with pytest.raises(StillRunning):
        page(create, pauses).pay(ASKED, KEY, Call("https://api.example"))
    assert pauses == list(PAUSES)
    assert sum(PAUSES) < 7


def test_it_does_not_wait_where_no_time_is_left_to_answer() -> None:
    create, pauses = Creating(PENDING, running=99), []
    with pytest.raises(StillRunning):
        page(create, pauses).pay(ASKED, KEY, Call("https://api.example", seconds_left=3.5))
    assert pauses == list(PAUSES[:1])


@pytest.mark.parametrize(
    ("found", "address"),
    [
        (PENDING, "https://pay.example/1"),
        (order(Status.PAID), "https://shop.example/thanks?order_id=pl_1"),
        (order(Status.AUTHORIZED), "https://shop.example/thanks?order_id=pl_1"),
        (order(Status.REFUNDED), "https://shop.example/thanks?order_id=pl_1"),
        (order(Status.PAID, success_url="https://s.example/a?b=c"), "https://s.example/a?b=c&order_id=pl_1"),
        (order(Status.CANCELLED, redirect_url="https://pay.example/1"), None),
        (order(Status.FAILED, redirect_url="https://pay.example/1"), None),
    ],
)
def test_where_the_buyer_goes_on(found: Order, address: str | None) -> None:
    onward = page(Creating(found)).pay(ASKED, KEY, Call("https://api.example"))
    assert (onward.status, onward.address) == (found.status, address)


@pytest.mark.parametrize("status", [Status.PENDING, Status.FAILED, Status.CANCELLED])
def test_money_that_does_not_fit_its_order_is_told_apart(status: Status) -> None:
    paid = {"1": Payment(PaymentState.PAID, amount=1000, captured=1000)}
    onward = page(Creating(replace(PENDING, status=status, payments=paid))).pay(
        ASKED, KEY, Call("https://api.example")
    )
    assert (onward.address, onward.stray_money) == (None, True)
    assert not page(Creating(replace(PENDING, status=status))).pay(ASKED, KEY, Call("x")).stray_money


@pytest.mark.parametrize("name", ["", "Coffee", "a b", "x" * 65, "../coffee"])
def test_what_can_be_no_id_is_not_looked_up(name: str) -> None:
    with pytest.raises(UnknownLink):
        page(Creating(PENDING)).link(name)
