"""What the local run says when it serves."""

import dataclasses
import json
import shlex

import pytest

from paylink.domain.link_form import parse_link
from paylink_local.greeting import Addresses, curl, example_body, greeting

ADDRESSES = Addresses(
    front="http://127.0.0.1:8080",
    public="http://127.0.0.1:8080",
    gateway="http://127.0.0.1:9000",
    aws="http://127.0.0.1:9001",
    dynamodb="http://127.0.0.1:9001",
    shop="http://127.0.0.1:8080/local/thanks",
    sandbox="http://127.0.0.1:9000",
)
COFFEE = {"id": "coffee", "title": "Coffee", "currency": "KZT", "price": "1500"}
GIFT = {
    "id": "gift",
    "title": "Gift",
    "currency": "KZT",
    "amount": {"min": 100, "max": 500, "suggested": 250},
}


def test_the_first_line_is_the_one_that_programs_wait_for() -> None:
    assert next(greeting(ADDRESSES, [], None, [])) == "Paylink local is serving on http://127.0.0.1:8080"


def test_links_addresses_and_notes_are_named() -> None:
    links = [parse_link(COFFEE), parse_link(GIFT)]
    text = "\n".join(greeting(ADDRESSES, links, "v1.a.b", ["No TTL here."]))
    for part in ("coffee", "1500.00 KZT", "the buyer chooses 100.00 to 500.00 KZT", "No TTL here.", "v1.a.b"):
        assert part in text
    assert "http://127.0.0.1:9000 (a stand-in gateway" in text
    assert "  http://127.0.0.1:8080/pay/coffee  Coffee, " in text
    assert "  http://127.0.0.1:8080/pay/gift    Gift, " in text
    assert "Table  " not in text


def test_the_shop_is_named_first() -> None:
    lines = list(greeting(dataclasses.replace(ADDRESSES, site="http://127.0.0.1:8081"), [], None, []))
    assert lines[2].startswith("  Shop            http://127.0.0.1:8081 ")
    assert "  Shop " not in "\n".join(greeting(ADDRESSES, [], None, []))


def test_a_real_gateway_and_another_engine_are_named() -> None:
    other = Addresses(
        front=ADDRESSES.front,
        public="https://pay.example.kz",
        gateway="https://api.example.kz",
        aws=ADDRESSES.aws,
        dynamodb="http://127.0.0.1:8000",
        shop=ADDRESSES.shop,
        sandbox=None,
    )
    text = "\n".join(greeting(other, [parse_link(COFFEE)], None, []))
    assert "  https://pay.example.kz/pay/coffee  Coffee" in text, "as buyers reach it"
    for part in ("https://pay.example.kz", "https://api.example.kz", "http://127.0.0.1:8000"):
        assert part in text
    assert "stand-in" not in text
    assert "idempotency-key" not in "\n".join(greeting(other, [], None, []))


@pytest.mark.parametrize(
    ("links", "body"),
    [
        ([COFFEE, GIFT], {"link": "coffee"}),
        ([GIFT], {"link": "gift", "amount": "250.00"}),
        ([{**GIFT, "amount": {"min": 100, "max": 500}}], {"link": "gift", "amount": "100.00"}),
        ([{**COFFEE, "quantity": {"min": 2, "max": 5}}], {"link": "coffee", "quantity": 2}),
        ([{**COFFEE, "active": False}, GIFT], {"link": "gift", "amount": "250.00"}),
        ([{**COFFEE, "opens_at": "2999-01-01T00:00:00Z"}], None),
        ([], None),
    ],
)
def test_the_example_is_a_link_that_can_be_bought_at_once(links: list, body: object) -> None:
    assert example_body([parse_link(link) for link in links]) == body


def test_the_curl_line_survives_the_shell() -> None:
    words = shlex.split(curl("http://127.0.0.1:8080", {"link": "it's"}))
    assert words[:3] == ["curl", "-sS", "http://127.0.0.1:8080/payments"]
    assert json.loads(words[words.index("-d") + 1]) == {"link": "it's"}
    headers = dict(words[index + 1].split(": ") for index, word in enumerate(words) if word == "-H")
    assert headers["content-type"] == "application/json"
    assert len(headers["idempotency-key"]) == 32
    assert shlex.split(curl("http://x", {})) != shlex.split(curl("http://x", {}))
