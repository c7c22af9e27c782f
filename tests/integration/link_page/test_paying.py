"""POST /pay/{link}: one press, one payment, and a way on whatever happens."""

import json
import re
import threading
from html import unescape
from typing import Any

import pytest

from freedompay_sandbox import State
from integration.api_event import api_event
from integration.lambda_function import SHOP_URL
from paylink.domain.order import Status

from .conftest import KEY, Shop, form_event

FIELDS = [
    {"name": "name", "required": True},
    {"name": "phone", "required": True},
    {"name": "email"},
    {"name": "address"},
    {"name": "comment"},
]


def hidden_of(body: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', body)
    return {name: unescape(text) for name, text in found}


def test_it_leads_to_the_gateways_page(shop: Shop) -> None:
    answer = shop.post({"quantity": "2"})
    (order,) = shop.orders()
    (payment,) = shop.payments()
    assert answer["statusCode"] == 303
    assert answer["headers"]["location"] == order.redirect_url
    assert answer["headers"]["cache-control"] == "no-store"
    assert str(answer["headers"]["location"]).startswith(shop.gateway)
    assert (order.status, order.amount, order.items) == (Status.PENDING, 300000, {"coffee": 2})
    assert payment.text("pg_amount") == "3000.00"
    assert payment.text("pg_language") == "ru"


def test_what_the_buyer_wrote_reaches_the_gateway_and_is_not_kept(shop: Shop) -> None:
    shop.sell(fields=FIELDS)
    shop.post(
        {
            "name": "Алия Серик",
            "phone": "8 (777) 123-45-67",
            "email": "aliya@example.com",
            "address": "Абая 10\r\nкв. 5",
            "comment": "",
        }
    )
    (payment,) = shop.payments()
    sent = dict(payment.fields)
    assert sent["m_name"] == "Алия Серик"
    assert sent["m_address"] == "Абая 10 кв. 5"
    assert (sent["pg_user_phone"], sent["pg_user_contact_email"]) == ("77771234567", "aliya@example.com")
    assert "m_comment" not in sent
    kept = json.dumps(shop.deployment.rows(), default=str, ensure_ascii=False)
    for personal in ("Алия", "777", "aliya", "Абая"):
        assert personal not in kept


def test_a_chosen_amount(shop: Shop) -> None:
    shop.deployment.put_link(
        {"id": "gift", "title": "A gift", "amount": {"min": "100", "max": "5000"}, "currency": "KZT"}
    )
    assert shop.post({"amount": "1 250,50"}, "gift")["statusCode"] == 303
    assert [payment.text("pg_amount") for payment in shop.payments()] == ["1250.50"]


def test_an_amount_that_the_gateways_page_asks_for(shop: Shop) -> None:
    amount = {"min": "100", "max": "5000", "chosen_at": "gateway"}
    shop.deployment.put_link({"id": "gift", "title": "A gift", "amount": amount, "currency": "KZT"})
    assert 'name="amount"' not in shop.get("/pay/gift")["body"]
    assert shop.post({}, "gift")["statusCode"] == 303
    (payment,) = shop.payments()
    assert payment.text("pg_amount_interval_to") == "5000"


@pytest.mark.parametrize(
    "form",
    [
        {"price": "1"},
        {"currency": "USD"},
        {"discount": "100"},
        {"amount": "1"},
        {"quantity": "6"},
        {"quantity": "0"},
        {"success_url": "https://evil.example/"},
        {"metadata": "x"},
        {"name": "not asked for"},
    ],
)
def test_a_page_can_set_nothing_that_the_link_decides(shop: Shop, form: dict[str, str]) -> None:
    answer = shop.post(form)
    assert answer["statusCode"] == 400
    assert shop.orders() == []
    assert shop.payments() == []
    assert hidden_of(answer["body"])["key"] == KEY
    assert shop.post({"quantity": "2"})["statusCode"] == 303, "the same key, mended"


def test_pressing_twice_makes_one_payment(shop: Shop) -> None:
    first, second = shop.post(), shop.post()
    assert first == second
    assert len(shop.payments()) == len(shop.orders()) == 1


def test_a_double_click_makes_one_payment_and_ends_at_its_page(shop: Shop) -> None:
    shop.sandbox.faults.add("create", "slow", seconds=0.6)
    answers: list[Any] = [None] * 4

    def press(number: int) -> None:
        answers[number] = shop.post()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(answers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {answer["statusCode"] for answer in answers} == {303}
    assert len({answer["headers"]["location"] for answer in answers}) == 1
    assert len(shop.payments()) == 1


def test_with_too_little_time_the_second_click_is_told_to_press_again(shop: Shop) -> None:
    shop.sandbox.faults.add("create", "slow", seconds=1.5)
    first = threading.Thread(target=shop.post)
    first.start()
    while not shop.sandbox.requests and first.is_alive():
        first.join(0.05)
        if shop.orders():
            break
    answer = shop.post(milliseconds=2_000)
    first.join(20)
    assert answer["statusCode"] == 409
    assert "Платёж создаётся" in answer["body"]
    assert hidden_of(answer["body"]) == {"key": KEY, "lang": "ru"}
    assert shop.post()["statusCode"] == 303
    assert len(shop.payments()) == 1


def test_the_page_and_the_api_share_their_keys(shop: Shop) -> None:
    shop.post({"quantity": "2"})
    shop.deploy("create_payment")
    event = api_event(
        "POST",
        "/payments",
        body=json.dumps({"link": "coffee", "quantity": 2, "language": "ru"}).encode(),
        content_type="application/json",
        headers={"idempotency-key": KEY},
    )
    answer = shop.function(event)
    (order,) = shop.orders()
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["order_id"] == order.order_id


def test_a_paid_order_leads_back_to_the_shop(shop: Shop) -> None:
    shop.post()
    (order,) = shop.orders()
    shop.sandbox.pay(order.payment_id or "")
    shop.deployment.put_order(order.moved(Status.PAID, order.created_at))
    answer = shop.post()
    assert answer["statusCode"] == 303
    assert answer["headers"]["location"] == f"{SHOP_URL}?order_id={order.order_id}"
    assert [payment.state for payment in shop.payments()] == [State.PAID]


def test_or_to_the_links_own_page(shop: Shop) -> None:
    shop.sell(success_url="https://shop.example/done?from=pay")
    shop.post()
    (order,) = shop.orders()
    shop.deployment.put_order(order.moved(Status.PAID, order.created_at))
    location = shop.post()["headers"]["location"]
    assert location == f"https://shop.example/done?from=pay&order_id={order.order_id}"


def test_going_back_and_changing_the_content_warns_and_gives_a_fresh_key(shop: Shop) -> None:
    shop.post({"quantity": "1"})
    answer = shop.post({"quantity": "2"})
    assert answer["statusCode"] == 422
    fresh = hidden_of(answer["body"])["key"]
    assert fresh != KEY
    assert shop.post({"quantity": "2", "key": fresh})["statusCode"] == 303
    assert len(shop.payments()) == 2


@pytest.mark.parametrize(
    ("kind", "created", "status"),
    [
        ("drop_before", False, 504),
        ("drop_after", False, 504),
        ("http_500", False, 502),
        ("http_500", True, 502),
        ("wrong_signature", False, 502),
    ],
)
def test_when_the_gateway_does_not_answer_trying_again_continues_the_same_payment(
    shop: Shop, kind: str, created: bool, status: int
) -> None:
    shop.sell(fields=FIELDS)
    shop.sandbox.faults.add("create", kind, created=created)
    answer = shop.post({"name": "A", "phone": "+77771234567", "comment": 'a "b"'})
    assert answer["statusCode"] == status
    assert "9999" not in answer["body"]
    # After a silence the order rests for a moment, since the gateway may still be at it; the page waits.
    again = shop.post(hidden_of(answer["body"]))
    assert again["statusCode"] == 303, again.get("body")
    (order,) = shop.orders()
    assert len(shop.payments()) == 1
    assert again["headers"]["location"] == order.redirect_url


def test_what_the_gateway_refuses_is_not_tried_again(shop: Shop) -> None:
    shop.sandbox.faults.add("create", "error", code="850", description="words of the gateway")
    answer = shop.post()
    assert answer["statusCode"] == 502
    assert "Платёж не принят" in answer["body"]
    assert "850" not in answer["body"].split("<body>")[1]
    assert "words of the gateway" not in answer["body"]
    assert KEY not in answer["body"]
    assert shop.post()["statusCode"] == 502
    assert shop.payments() == []


def test_a_wrong_merchant_key_is_not_told_but_kept_open(shop: Shop) -> None:
    shop.deployment.set_merchant(shop.deployment.merchant_document(secret_key="another-made-up-key"))
    shop.deploy()
    answer = shop.post()
    assert answer["statusCode"] == 502
    assert "Оплата временно недоступна" in answer["body"]
    shop.deployment.set_merchant(shop.deployment.merchant_document())
    shop.deploy()
    assert shop.post(hidden_of(answer["body"]))["statusCode"] == 303


def test_the_last_one_is_sold_once(shop: Shop) -> None:
    shop.sell(limit=1, quantity={"max": 1})
    assert shop.post()["statusCode"] == 303
    answer = shop.post({"key": KEY[:-1] + "2"})
    assert answer["statusCode"] == 409
    assert "Всё распродано" in answer["body"]
    assert shop.get()["statusCode"] == 409
    assert shop.post()["statusCode"] == 303, "the first buyer's key still leads to the first buyer's page"


def test_fewer_are_offered_where_not_enough_is_left(shop: Shop) -> None:
    shop.sell(limit=3)
    shop.post({"quantity": "2"})
    answer = shop.post({"quantity": "2", "key": KEY[:-1] + "2"})
    assert answer["statusCode"] == 409
    assert "Столько уже нет. Осталось: 1" in answer["body"]
    assert shop.post({"quantity": "1", "key": hidden_of(answer["body"])["key"]})["statusCode"] == 303


def test_a_form_of_another_site_makes_nothing(shop: Shop) -> None:
    event = form_event({"key": KEY, "lang": "ru"}, "coffee")
    event["headers"]["sec-fetch-site"] = "cross-site"
    answer = shop.function(event)
    assert answer["statusCode"] == 303
    assert str(answer["headers"]["location"]).endswith("/pay/coffee")
    assert shop.orders() == []
