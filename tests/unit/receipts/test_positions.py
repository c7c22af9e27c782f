"""The receipt's lines: what is sold, at prices that come to the payment's amount, in a message that can be signed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freedompay_sandbox import rules, signing
from freedompay_sandbox.reading import read_form
from paylink.adapters.order_row import from_row, marshal, to_row, unmarshal
from paylink.app.create_fields import create_fields
from paylink.app.policy import Call, Policy
from paylink.domain.errors import InvalidRequest
from paylink.domain.link import AmountRange, Link, QuantityRange
from paylink.domain.order import Order, Status
from paylink.domain.payment_request import Item, PaymentRequest
from paylink.domain.place import Place
from paylink.domain.quote import Quote, quote_links
from paylink.domain.receipt import MOST_POSITIONS, TAX_TYPES, Position, Receipt, ReceiptRules
from paylink.freedompay import signature
from paylink.freedompay.lint import lint
from paylink.freedompay.messages import write_form

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ON = ReceiptRules("kz", 3, switched_on=True)
POLICY = Policy(allowed_origins=frozenset({"https://shop.example"}), shop_url="https://shop.example/")
CALL = Call("https://pay.example")
FULL = Receipt(11, "796", "4870000000017", "0101")


def quoted(links: Mapping[str, Link], items: tuple[Item, ...], receipts: ReceiptRules = ON) -> Quote:
    request = PaymentRequest(items=items, cart=len(items) > 1)
    return quote_links(links, request, receipts, NOW, language="ru")


def an_order(quote: Quote) -> Order:
    return Order(
        order_id="pl_0123456789abcdefghjkmnpqrs",
        fingerprint="00112233445566778899aabbccddeeff",
        status=Status.CREATING,
        created_at=NOW,
        amount=quote.amount,
        currency=quote.currency,
        description=quote.description,
        test=True,
        positions=quote.positions,
        places=quote.places,
        amount_range=quote.amount_range,
        expires_at=NOW + timedelta(hours=1),
    )


def lines(fields: list[signature.Field]) -> list[dict[str, str]]:
    return [
        {part: str(text) for part, text in value}
        for name, value in fields
        if name == "pg_receipt_positions" and not isinstance(value, str)
    ]


titles = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=200,
).filter(lambda text: any(character.isalnum() for character in text[:100]))
one_link = st.tuples(
    titles,
    st.integers(1, 500_000),
    st.integers(1, 9),
    st.sampled_from([None, Receipt(0), Receipt(7), FULL]),
    st.booleans(),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(one_link, min_size=1, max_size=MOST_POSITIONS))
def test_the_lines_come_to_the_amount_and_the_gateway_takes_them(
    sold: list[tuple[str, int, int, Receipt | None, bool]],
) -> None:
    links, items = {}, []
    for number, (title, price, count, receipt, chosen) in enumerate(sold):
        name = f"link-{number}"
        if chosen:
            links[name] = Link(name, title, "KZT", amount=AmountRange(1, 10**7), receipt=receipt)
            items.append(Item(name, amount=f"{price // 100}.{price % 100:02d}"))
        else:
            links[name] = Link(name, title, "KZT", price, quantity=QuantityRange(1, 9), receipt=receipt)
            items.append(Item(name, None if count == 1 else count))
    quote = quoted(links, tuple(items))
    order = an_order(quote)
    fields = create_fields(order, PaymentRequest(), POLICY, CALL, sent=1)
    told = lines(fields)
    assert len(told) == len(sold)
    total = sum(Decimal(line["price"]) * int(line["count"]) for line in told)
    assert total == Decimal(dict(fields)["pg_amount"])  # type: ignore[arg-type]
    assert [line["tax_type"] for line in told] == [str((entry[3] or Receipt(3)).tax_type) for entry in sold]
    assert lint([*fields, ("pg_merchant_id", "500001"), ("pg_salt", "salt")]) == []
    assert from_row(unmarshal(marshal(to_row(order)))) == order


def ten_lines() -> Order:
    """One line more than has one digit, every attribute set on some."""
    links = {
        f"tea-{number}": Link(f"tea-{number}", f"Чай {number}", "KZT", 100 + number, receipt=receipt)
        for number, receipt in enumerate([FULL, None] * 5)
    }
    return an_order(quoted(links, tuple(Item(name) for name in links)))


def test_ten_lines_arrive_in_their_order_and_verify_at_the_gateway() -> None:
    order = ten_lines()
    fields = create_fields(order, PaymentRequest(), POLICY, CALL, sent=1)
    message = signature.signed(
        "init_payment.php", [("pg_merchant_id", "500001"), *fields], "a key of these tests"
    )
    arrived = read_form(parse_qsl(write_form(message), keep_blank_values=True))
    assert signing.verify("init_payment.php", arrived, "a key of these tests")
    rules.check_create(arrived)
    told = [dict(value) for name, listed in arrived if name == "pg_receipt_positions" for _, value in listed]
    assert [line["name"] for line in told] == [f"Чай {number}" for number in range(MOST_POSITIONS)]
    assert told[0] == {
        "count": "1",
        "name": "Чай 0",
        "price": "1.00",
        "tax_type": "11",
        "UnitCode": "796",
        "GTIN": "4870000000017",
        "NTIN": "0101",
    }
    assert set(told[1]) == {"count", "name", "price", "tax_type"}


def test_what_does_not_fit_on_one_receipt_is_no_payment() -> None:
    links = {f"tea-{n}": Link(f"tea-{n}", "Tea", "KZT", 100) for n in range(MOST_POSITIONS + 1)}
    items = tuple(Item(name) for name in links)
    with pytest.raises(InvalidRequest, match="items: at most 10"):
        quoted(links, items)
    assert len(quoted(links, items, replace(ON, switched_on=False)).items) == MOST_POSITIONS + 1


def test_switched_off_a_quote_has_no_lines() -> None:
    links = {"tea": Link("tea", "Tea", "KZT", 100, receipt=FULL)}
    quote = quoted(links, (Item("tea"),), ReceiptRules("kz", 3))
    assert quote.positions == ()
    assert lines(create_fields(an_order(quote), PaymentRequest(), POLICY, CALL, sent=1)) == []


def test_an_amount_that_the_gateway_asks_for_has_no_lines() -> None:
    links = {"box": Link("box", "A gift", "KZT", amount=AmountRange(100, 500_000, None, at_gateway=True))}
    quote = quoted(links, (Item("box"),))
    assert (quote.positions, quote.amount_range) == ((), links["box"].amount)
    assert lines(create_fields(an_order(quote), PaymentRequest(), POLICY, CALL, sent=1)) == []


def test_lines_and_places_and_bounds_are_kept_in_the_row() -> None:
    order = replace(
        ten_lines(),
        places=(Place("tea-1", 2, 40), Place("offer:of_1", 1, 5)),
        amount_range=AmountRange(100, 500_000),
    )
    kept = from_row(unmarshal(marshal(to_row(order))))
    assert kept == order
    assert kept.positions[0] == Position("Чай 0", 1, 100, FULL)


@pytest.mark.parametrize("region", TAX_TYPES)
def test_each_region_has_its_codes(region: str) -> None:
    rules_of = ReceiptRules(region)
    assert {code for code in range(-1, 100) if rules_of.admits(code)} == TAX_TYPES[region]
    assert 0 in TAX_TYPES[region], "no tax at all"
    for code in TAX_TYPES[region]:
        assert ReceiptRules(region, code, switched_on=True).usual_tax_type == code


def test_kazakhstans_codes_are_the_ones_that_the_gateway_takes() -> None:
    assert {str(code) for code in TAX_TYPES["kz"]} == rules.TAX_TYPES


@pytest.mark.parametrize(("region", "code"), [("kz", 5), ("kz", 99), ("uz", 11), ("kg", 10)])
def test_receipts_with_a_usual_code_of_another_region_are_a_mistake(region: str, code: int) -> None:
    with pytest.raises(ValueError, match=rf"tax code {code} .* {region}"):
        ReceiptRules(region, code, switched_on=True)
    assert not ReceiptRules(region, code).switched_on
