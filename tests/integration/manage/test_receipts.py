"""What is sold stands on the fiscal receipt, position by position."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integration.deployment import Deployment
from paylink.domain.order import Status

from .desk import Answer, Desk, Till

TEA = {"id": "tea", "title": {"ru": "Чай; зелёный", "en": "Tea"}, "price": "1200.50", "currency": "KZT"}
CUP = {
    "id": "cup",
    "title": "Cup",
    "price": "700",
    "currency": "KZT",
    "quantity": {"max": 9},
    "receipt": {"tax_type": 3, "unit_code": "796", "gtin": "4870000000017", "ntin": "0101"},
}
GIFT = {"id": "gift", "title": "A gift", "amount": {"min": "100", "max": "5000"}, "currency": "KZT"}
AT_GATEWAY = {**GIFT, "id": "box", "amount": {"min": "100", "max": "5000", "chosen_at": "gateway"}}
Position = dict[str, str]


@pytest.fixture
def shop(make_till: Callable[..., Till], deployment: Deployment) -> Till:
    for link in (TEA, CUP, GIFT, AT_GATEWAY):
        deployment.put_link(link)
    return make_till(Receipts="true", ReceiptTaxType="7")


def positions(till: Till, answer: Answer) -> list[Position]:
    """The positions as they reached the gateway, whose amounts must come to the payment's own."""
    fields = till.payment(answer).fields
    lines = [dict(line) for name, value in fields if name == "pg_receipt_positions" for _, line in value]
    total = sum(Decimal(line["price"]) * int(line["count"]) for line in lines)
    assert total == Decimal(dict(fields)["pg_amount"]) == Decimal(answer.content["amount"])
    return lines


def test_one_link(shop: Till) -> None:
    answer = shop.ask({"link": "tea"})
    tea = {"count": "1", "name": "Чай, зелёный", "price": "1200.50", "tax_type": "7"}
    assert positions(shop, answer) == [tea]
    english = shop.ask({"link": "tea", "language": "en"})
    assert positions(shop, english) == [{**tea, "name": "Tea"}]


def test_a_quantity_and_the_links_own_attributes(shop: Till) -> None:
    assert positions(shop, shop.ask({"link": "cup", "quantity": 7})) == [
        {
            "count": "7",
            "name": "Cup",
            "price": "700.00",
            "tax_type": "3",
            "UnitCode": "796",
            "GTIN": "4870000000017",
            "NTIN": "0101",
        }
    ]


def test_a_cart(shop: Till) -> None:
    answer = shop.ask(
        {"items": [{"link": "tea"}, {"link": "cup", "quantity": 2}, {"link": "gift", "amount": 333}]}
    )
    lines = positions(shop, answer)
    told = {(line["name"], line["count"], line["price"], line["tax_type"]) for line in lines}
    assert told == {
        ("Чай, зелёный", "1", "1200.50", "7"),
        ("Cup", "2", "700.00", "3"),
        ("A gift", "1", "333.00", "7"),
    }
    assert answer.content["amount"] == "2933.50"


def test_an_offer(shop: Till, desk: Desk) -> None:
    token = desk.token(**an_offer(title="Cap; blue"))
    assert positions(shop, shop.ask({"offer": token})) == [
        {"count": "1", "name": "Cap, blue", "price": "1999.00", "tax_type": "7"}
    ]


def an_offer(**more: object) -> dict[str, Any]:
    ends = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    return {"title": "Cap", "price": "1999", "currency": "KZT", "expires_at": ends, **more}


@pytest.mark.parametrize("title", ["x" * 127 + " yyy", "x" * 200, "щ" * 128, "x" * 120 + ";" * 80])
def test_a_long_title_is_cut_where_a_receipt_ends(shop: Till, deployment: Deployment, title: str) -> None:
    deployment.put_link({**TEA, "id": "long", "title": title})
    (line,) = positions(shop, shop.ask({"link": "long"}))
    assert line["name"] == title.replace(";", ",")[:128].strip()


def test_ten_lines_fit_and_eleven_do_not(shop: Till, deployment: Deployment, make_till: Any) -> None:
    for number in range(11):
        deployment.put_link({**TEA, "id": f"tea-{number}"})
    cart = [{"link": f"tea-{number}"} for number in range(11)]
    assert len(positions(shop, shop.ask({"items": cart[:10]}))) == 10
    assert shop.ask({"items": cart}).wrong_fields == ["items"]
    assert make_till().ask({"items": cart}).status == 201, "without receipts a cart may be longer"


def test_switched_off_nothing_is_sent(make_till: Any, deployment: Deployment, desk: Desk) -> None:
    till = make_till()
    for link in (TEA, CUP):
        deployment.put_link(link)
    bought: list[dict[str, object]] = [
        {"link": "cup", "quantity": 2},
        {"items": [{"link": "tea"}, {"link": "cup"}]},
        {"offer": desk.token(**an_offer())},
    ]
    for body in bought:
        answer = till.ask(body)
        assert not [name for name, _ in till.payment(answer).fields if "receipt" in name]
        assert till.order(answer).positions == ()


def test_where_the_gateway_asks_for_the_amount_no_position_can_be_named(shop: Till) -> None:
    answer = shop.ask({"link": "box"})
    assert not [name for name, _ in shop.payment(answer).fields if "receipt" in name]


def test_a_further_attempt_sends_what_was_sold_at_first(shop: Till, deployment: Deployment) -> None:
    body, key = {"items": [{"link": "cup", "quantity": 2}, {"link": "tea"}]}, "the-key-of-this-buyer"
    first = shop.ask(body, key)
    sent = positions(shop, first)
    deployment.put_link({**CUP, "title": "Mug", "price": "9000", "receipt": {"tax_type": 11}})
    shop.sandbox.decline(first.content["payment_id"])
    assert shop.last_word() == "ok"
    assert shop.order(first).status is Status.FAILED
    again = shop.ask(body, key)
    assert again.content["payment_id"] != first.content["payment_id"]
    assert again.content["order_id"] == first.content["order_id"]
    assert positions(shop, again) == sent
    anew = positions(shop, shop.ask(body))
    assert anew != sent
    assert {line["name"] for line in anew} == {"Mug", "Чай, зелёный"}


def test_a_usual_tax_code_of_another_region_stops_the_function_at_its_start(make_till: Any) -> None:
    with pytest.raises(Exception, match=r"tax code 5 .*kz"):
        make_till(Receipts="true", ReceiptTaxType="5")
    assert make_till(Receipts="true", ReceiptTaxType="5", GatewayRegion="uz")
    assert make_till(Receipts="false", ReceiptTaxType="5"), "where none are sent, it is of no consequence"
