"""Donations whose amount the buyer chooses on the gateway's own page."""

from decimal import Decimal
from typing import Any

import pytest

from freedompay_sandbox import NotPayableError
from integration.deployment import Deployment
from paylink.domain.order import Attention, Status

from .desk import Answer, Till

BOX: dict[str, Any] = {
    "id": "box",
    "title": "A gift",
    "amount": {"min": "100", "max": "5000", "suggested": "500", "chosen_at": "gateway"},
    "currency": "KZT",
}


@pytest.fixture
def box(till: Till, deployment: Deployment) -> Till:
    deployment.put_link(BOX)
    return till


def paths(till: Till) -> list[str]:
    return [request.path for request in till.sandbox.requests if request.operation == "create"]


def paid(till: Till, amount: str) -> Answer:
    """A buyer has chosen and paid; the gateway's word is on its way."""
    answer = till.ask({"link": "box"})
    till.sandbox.pay(answer.content["payment_id"], amount=amount)
    return answer


def test_without_an_amount_the_gateway_asks_for_it(box: Till) -> None:
    answer = box.ask({"link": "box", "reference": "INV-1", "lifetime": 600})
    assert answer.status == 201
    assert paths(box) == ["/g2g/any_amount"]
    sent = dict(box.payment(answer).fields)
    assert (sent["pg_amount_interval_from"], sent["pg_amount_interval_to"]) == ("100", "5000")
    assert "pg_amount" not in sent
    assert (sent["pg_currency"], sent["pg_lifetime"], sent["m_reference"]) == ("KZT", "600", "INV-1")
    assert sent["pg_result_url"].endswith("/callbacks/paylink_result")
    assert answer.content["redirect_url"].startswith("http")


@pytest.mark.parametrize("amount", ["100", "5000", "777.50"])
def test_what_the_buyer_chose_is_the_orders_amount(box: Till, amount: str) -> None:
    answer = paid(box, amount)
    assert box.last_word() == "ok"
    order = box.order(answer)
    minor = int(Decimal(amount) * 100)
    assert (order.status, order.amount, order.captured_amount) == (Status.PAID, minor, minor)
    assert order.attention == ()
    assert box.last_word() == "ok", "a repeat gets the same answer"
    assert box.order(answer) == order


def test_once_it_is_paid_any_other_amount_is_an_operators_matter(box: Till) -> None:
    answer = paid(box, "700")
    box.last_word()
    before = box.order(answer)
    box.last_word(pg_amount="800", pg_can_reject="0")
    order = box.order(answer)
    assert (order.amount, order.status) == (before.amount, Status.PAID)
    assert order.attention == (Attention.AMOUNT_MISMATCH,)


def test_the_gateways_page_takes_nothing_outside_the_bounds(box: Till) -> None:
    answer = box.ask({"link": "box"})
    for amount in ("99.99", "5000.01"):
        with pytest.raises(NotPayableError):
            box.sandbox.pay(answer.content["payment_id"], amount=amount)


@pytest.mark.parametrize("amount", ["99.99", "5000.01", "1"])
def test_an_amount_outside_the_bounds_is_rejected_where_that_is_allowed(box: Till, amount: str) -> None:
    answer = paid(box, "500")
    assert box.last_word(pg_amount=amount, pg_can_reject="1") == "rejected"
    order = box.order(answer)
    assert (order.status, order.attention, order.captured_amount) == (Status.PENDING, (), 0)


@pytest.mark.parametrize("amount", ["99.99", "5000.01"])
def test_an_amount_outside_the_bounds_is_else_an_operators_matter(box: Till, amount: str) -> None:
    answer = paid(box, "500")
    assert box.last_word(pg_amount=amount, pg_can_reject="0") == "ok"
    order = box.order(answer)
    assert order.status is Status.PENDING
    assert order.attention == (Attention.AMOUNT_MISMATCH,)
    assert order.holds_money()


def test_another_currency_is_rejected(box: Till) -> None:
    answer = paid(box, "500")
    assert box.last_word(pg_currency="USD") == "rejected"
    assert box.order(answer).status is Status.PENDING


def test_with_an_amount_it_is_a_payment_like_any_other(box: Till) -> None:
    answer = box.ask({"link": "box", "amount": "250.75"})
    assert (answer.status, answer.content["amount"]) == (201, "250.75")
    assert paths(box) == ["/init_payment.php"]
    sent = dict(box.payment(answer).fields)
    assert sent["pg_amount"] == "250.75"
    assert not [name for name in sent if "interval" in name]
    box.sandbox.pay(answer.content["payment_id"])
    assert box.last_word(pg_amount="250") == "rejected"
    assert box.last_word() == "ok"
    assert box.order(answer).captured_amount == 25_075


@pytest.mark.parametrize("amount", ["99.99", "5000.01"])
def test_an_amount_of_the_pages_own_stays_within_the_bounds(box: Till, amount: str) -> None:
    assert box.ask({"link": "box", "amount": amount}).wrong_fields == ["amount"]


def test_in_a_cart_the_page_has_to_say_how_much(box: Till, deployment: Deployment) -> None:
    deployment.put_link({"id": "tea", "title": "Tea", "price": "1200", "currency": "KZT"})
    assert box.ask({"items": [{"link": "box"}, {"link": "tea"}]}).wrong_fields == ["items[0].amount"]
    answer = box.ask({"items": [{"link": "box", "amount": 300}, {"link": "tea"}]})
    assert (answer.content["amount"], paths(box)) == ("1500.00", ["/init_payment.php"])


def test_a_link_that_asks_itself_needs_the_amount(box: Till, deployment: Deployment) -> None:
    amount = {"min": "100", "max": "5000", "suggested": "500", "chosen_at": "shop"}
    deployment.put_link({**BOX, "id": "hat", "amount": amount})
    assert box.ask({"link": "hat"}).wrong_fields == ["amount"]


def test_a_further_attempt_asks_at_the_gateway_again(box: Till) -> None:
    first = box.ask({"link": "box"}, "the-key-of-this-buyer")
    box.sandbox.choose_amount(first.content["payment_id"], "700")
    box.sandbox.decline(first.content["payment_id"])
    assert box.last_word() == "ok"
    again = box.ask({"link": "box"}, "the-key-of-this-buyer")
    assert (again.status, paths(box)) == (201, ["/g2g/any_amount"] * 2)
    box.sandbox.pay(again.content["payment_id"], amount="900")
    assert box.last_word() == "ok"
    assert (box.order(again).status, box.order(again).amount) == (Status.PAID, 90_000)


def test_a_limit_counts_gifts(box: Till, deployment: Deployment) -> None:
    deployment.put_link({**BOX, "limit": 1})
    answer = paid(box, "500")
    assert box.last_word() == "ok"
    assert box.order(answer).status is Status.PAID
    assert box.ask({"link": "box"}).problem == (409, "sold_out")
