"""POST /payments: the price comes from the table or from what the merchant signed, to the last tiyn."""

import base64
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from integration.create.assertions import assert_problem, fields_named
from integration.create.endpoint import Endpoint
from integration.create.shop import KEY
from paylink.domain.clock import utc_now
from paylink.domain.offer import Offer, write_token
from paylink.domain.stack_key import StackKey

MUG = {"id": "mug", "title": "Mug", "price": "2500.50", "currency": "KZT", "quantity": {"min": 2, "max": 4}}


def charged(endpoint: Endpoint) -> tuple[Decimal | None, str, str]:
    """Amount, currency and description of the one payment at the gateway."""
    (payment,) = endpoint.sandbox.payments()
    return payment.amount, payment.currency, payment.description


def test_a_cart_costs_the_sum_of_its_links(endpoint: Endpoint) -> None:
    endpoint.put_link(**MUG)
    answer = endpoint({"items": [{"link": "mug", "quantity": 3}, {"link": "coffee", "quantity": 2}]})
    assert (answer.status, answer.document["amount"]) == (201, "10501.50")
    assert charged(endpoint) == (Decimal("10501.50"), "KZT", "Mug × 3, Coffee × 2")
    assert endpoint.order().items == {"coffee": 2, "mug": 3}
    again = endpoint({"items": [{"link": "coffee", "quantity": 2}, {"link": "mug", "quantity": 3}]})
    assert (again.status, again.document) == (200, answer.document)


def test_a_cart_with_a_chosen_amount(endpoint: Endpoint) -> None:
    answer = endpoint({"items": [{"link": "coffee"}, {"link": "donation", "amount": 250}]})
    assert (answer.status, answer.document["amount"]) == (201, "1750.00")
    assert charged(endpoint) == (Decimal("1750.00"), "KZT", "Coffee, A gift")


def test_a_cart_of_fifty_links(endpoint: Endpoint) -> None:
    for number in range(50):
        endpoint.put_link(**{**MUG, "id": f"mug-{number:02}", "quantity": {"max": 1}, "title": "M"})
    answer = endpoint({"items": [{"link": f"mug-{number:02}"} for number in range(50)]})
    assert (answer.status, answer.document["amount"]) == (201, "125025.00")
    assert len(endpoint.order().items) == 50


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"currency": "USD"}, "items"),
        ({"capture": "manual"}, "items"),
        ({"test": False}, "items"),
    ],
)
def test_what_cannot_be_one_payment_is_refused(
    endpoint: Endpoint, other: dict[str, object], named: str
) -> None:
    endpoint.put_link(**{**MUG, **other})
    answer = endpoint({"items": [{"link": "coffee"}, {"link": "mug", "quantity": 2}]})
    assert_problem(answer, 400, "invalid_request")
    assert fields_named(answer) == [named]
    assert endpoint.orders() == []


@pytest.mark.parametrize("quantity", [1, 5])
def test_a_quantity_out_of_the_links_bounds(endpoint: Endpoint, quantity: int) -> None:
    endpoint.put_link(**MUG)
    answer = endpoint({"link": "mug", "quantity": quantity})
    assert_problem(answer, 400, "invalid_request")
    assert fields_named(answer) == ["quantity"]
    in_a_cart = endpoint({"items": [{"link": "mug", "quantity": quantity}]})
    assert fields_named(in_a_cart) == ["items[0].quantity"]


@pytest.mark.parametrize(
    ("amount", "charged_amount"),
    [
        ("100", "100.00"),
        (100, "100.00"),
        ("100.5", "100.50"),
        ("500000.00", "500000.00"),
        (500000, "500000.00"),
    ],
)
def test_a_gift_within_its_bounds(endpoint: Endpoint, amount: object, charged_amount: str) -> None:
    answer = endpoint({"link": "donation", "amount": amount})
    assert (answer.status, answer.document["amount"]) == (201, charged_amount)
    assert charged(endpoint)[0] == Decimal(charged_amount)


@pytest.mark.parametrize("amount", ["99.99", 99, "500000.01", 500001, "0", 0, "99999999", None])
def test_a_gift_out_of_its_bounds(endpoint: Endpoint, amount: object) -> None:
    answer = endpoint({"link": "donation", "amount": amount})
    assert_problem(answer, 400, "invalid_request")
    assert fields_named(answer) == ["amount"]
    assert endpoint.orders() == []


def test_the_same_gift_in_another_spelling_is_the_same(endpoint: Endpoint) -> None:
    assert endpoint({"link": "donation", "amount": "500"}).status == 201
    for amount in (500, "500.0", "500.00"):
        assert endpoint({"link": "donation", "amount": amount}).status == 200


def test_an_offer_is_charged_as_it_was_signed(endpoint: Endpoint) -> None:
    token = endpoint.offer(metadata={"sku": "case-7"})
    answer = endpoint({"offer": token, "metadata": {"colour": "red"}})
    assert (answer.status, answer.document["amount"]) == (201, "2500.00")
    assert charged(endpoint) == (Decimal("2500.00"), "KZT", "Чехол")
    (call,) = endpoint.calls()
    assert (call["m_sku"], call["m_colour"]) == ("case-7", "red")
    assert endpoint({"offer": token, "metadata": {"colour": "red"}}).status == 200


def test_a_page_cannot_write_over_what_the_merchant_signed(endpoint: Endpoint) -> None:
    answer = endpoint({"offer": endpoint.offer(metadata={"sku": "case-7"}), "metadata": {"sku": "case-1"}})
    assert_problem(answer, 400, "invalid_request")
    assert fields_named(answer) == ["metadata.sku"]


def altered(token: str) -> dict[str, str]:
    version, payload, signature = token.split(".")
    content = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    cheaper = base64.urlsafe_b64encode(json.dumps({**content, "p": 1}).encode()).rstrip(b"=").decode()
    now = utc_now()
    offer = Offer("offer-1", "Чехол", 1, "KZT", now, now + timedelta(days=1))
    return {
        "another price": f"{version}.{cheaper}.{signature}",
        "cut short": token[:-1],
        "a character more": f"{token}A",
        "padded": f"{token}==",
        "no signature": f"{version}.{payload}.",
        "another version": f"v2.{payload}.{signature}",
        "signed by another stack": write_token(
            offer, StackKey("another-stack-key-" + "0123456789abcdef" * 3)
        ),
        "no token at all": "free coffee",
        "not ASCII": f"{version}.{payload}.подпись",
    }


@pytest.mark.parametrize("how", altered("v1.e30.e30"))
def test_an_altered_offer_is_400(endpoint: Endpoint, how: str) -> None:
    assert_problem(endpoint({"offer": altered(endpoint.offer())[how]}), 400, "offer_altered")
    assert endpoint.orders() == []
    assert endpoint.sandbox.requests == []


def test_an_expired_offer_is_410_but_a_payment_made_before_stays(endpoint: Endpoint) -> None:
    token = endpoint.offer(expires_at=utc_now() + timedelta(seconds=900))
    first = endpoint({"offer": token})
    assert first.status == 201
    endpoint.later = timedelta(seconds=901)
    assert_problem(endpoint({"offer": token}, key=f"{KEY}-2"), 410, "offer_expired")
    again = endpoint({"offer": token})
    assert (again.status, again.document) == (200, first.document)


def test_a_currency_without_decimals(endpoint: Endpoint) -> None:
    endpoint.put_link(id="soju", title="Soju", price="45000", currency="KRW")
    answer = endpoint({"link": "soju"})
    assert (answer.status, answer.document["amount"], answer.document["currency"]) == (201, "45000", "KRW")
    assert charged(endpoint)[:2] == (Decimal(45000), "KRW")


def test_more_than_the_gateway_takes_is_refused_here(endpoint: Endpoint) -> None:
    endpoint.put_link(id="house", title="House", price="99999999", currency="KZT", quantity={"max": 2})
    answer = endpoint({"link": "house", "quantity": 2})
    assert_problem(answer, 400, "invalid_request")
    assert endpoint.sandbox.requests == []
    assert endpoint({"link": "house"}).document["amount"] == "99999999.00"
