"""Prices: from links and offers alone, and within what the owner allows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from paylink.domain.errors import InvalidRequest, LinkClosed, LinkOff, NotOnSale, NotYetOpen, UnknownLink
from paylink.domain.link import AmountRange, BuyerField, Link, QuantityRange
from paylink.domain.offer import Offer
from paylink.domain.payment_request import parse_payment_request
from paylink.domain.place import Place
from paylink.domain.quote import Quote, quote_links, quote_offer
from paylink.domain.receipt import ReceiptRules
from unit.domain.examples import MINOR, NOW, a_link

COFFEE = a_link(quantity=QuantityRange(1, 10))
TEA = a_link(id="tea", title={"ru": "Чай", "en": "Tea"}, price=90_050, quantity=QuantityRange(2, 4))
DONATION = a_link(id="donation", title="Help", price=None, amount=AmountRange(10_000, 500_000))
OFFER = Offer("cap-7", "Кепка; синяя", MINOR, "KZT", NOW, NOW + timedelta(days=1), metadata={"size": "L"})
SHOP = (COFFEE, TEA, DONATION)
NO_RECEIPTS = ReceiptRules("kz")


def quoted(body: dict[str, Any], links: Iterable[Link] = SHOP, language: str = "ru") -> Quote:
    request = parse_payment_request(body)
    return quote_links({link.id: link for link in links}, request, NO_RECEIPTS, NOW, language=language)


def offered(body: dict[str, Any], offer: Offer = OFFER, language: str = "ru") -> Quote:
    request = parse_payment_request({"offer": "t", **body})
    return quote_offer(offer, request, NO_RECEIPTS, language=language)


def wrong(body: dict[str, Any], links: Iterable[Link] = SHOP) -> dict[str, str]:
    with pytest.raises(InvalidRequest) as refused:
        quoted(body, links)
    entries = {entry.field: entry.detail for entry in refused.value.entries}
    assert len(entries) == len(refused.value.entries)
    return entries


@pytest.mark.parametrize(
    ("body", "amount", "description", "items"),
    [
        ({"link": "coffee"}, MINOR, "Coffee", {"coffee": 1}),
        ({"link": "coffee", "quantity": 1}, MINOR, "Coffee", {"coffee": 1}),
        ({"link": "coffee", "quantity": 10}, 10 * MINOR, "Coffee × 10", {"coffee": 10}),
        ({"link": "tea", "quantity": 2}, 180_100, "Чай × 2", {"tea": 2}),
        ({"link": "donation", "amount": "100"}, 10_000, "Help", {"donation": 1}),
        ({"link": "donation", "amount": "5000"}, 500_000, "Help", {"donation": 1}),
        ({"link": "donation", "amount": "123.45"}, 12_345, "Help", {"donation": 1}),
        (
            {
                "items": [
                    {"link": "tea", "quantity": 3},
                    {"link": "coffee"},
                    {"link": "donation", "amount": 200},
                ]
            },
            3 * 90_050 + MINOR + 20_000,
            "Чай × 3, Coffee, Help",
            {"tea": 3, "coffee": 1, "donation": 1},
        ),
    ],
)
def test_a_price(body: dict[str, Any], amount: int, description: str, items: dict[str, int]) -> None:
    quote = quoted(body)
    assert (quote.amount, quote.currency, quote.description) == (amount, "KZT", description)
    assert quote.items == items


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"link": "coffee", "quantity": 11}, ["quantity"]),
        ({"link": "tea"}, ["quantity"]),
        ({"link": "tea", "quantity": 5}, ["quantity"]),
        ({"link": "coffee", "amount": "1"}, ["amount"]),
        ({"link": "donation"}, ["amount"]),
        ({"link": "donation", "quantity": 2}, ["amount", "quantity"]),
        ({"link": "donation", "amount": "99.99"}, ["amount"]),
        ({"link": "donation", "amount": "5000.01"}, ["amount"]),
        ({"link": "donation", "amount": "0"}, ["amount"]),
        ({"items": [{"link": "coffee"}, {"link": "tea"}]}, ["items[1].quantity"]),
        ({"items": [{"link": "tea"}, {"link": "coffee"}]}, ["items[0].quantity"]),
        (
            {
                "items": [
                    {"link": "tea", "amount": "1"},
                    {"link": "donation"},
                    {"link": "coffee", "quantity": 99},
                ]
            },
            ["items[0].amount", "items[0].quantity", "items[1].amount", "items[2].quantity"],
        ),
    ],
)
def test_what_the_link_does_not_allow_is_named_where_the_page_wrote_it(
    body: dict[str, Any], fields: list[str]
) -> None:
    assert sorted(wrong(body)) == sorted(fields)


def test_a_bound_is_told_in_major_units() -> None:
    assert wrong({"link": "donation", "amount": "1"})["amount"] == "must be from 100.00 to 5000.00 KZT"


def test_a_link_without_quantity_bounds_sells_any_number() -> None:
    assert quoted({"link": "coffee"}, [a_link()]).amount == MINOR
    assert quoted({"link": "coffee", "quantity": 2}, [a_link()]).amount == 2 * MINOR
    assert list(wrong({"link": "coffee", "quantity": 10_001}, [a_link()])) == ["quantity"]


@pytest.mark.parametrize(
    "body", [{"link": "Coffee"}, {"link": "x"}, {"items": [{"link": "tea"}, {"link": "x"}]}]
)
def test_a_link_that_is_not_there_is_unknown(body: dict[str, Any]) -> None:
    with pytest.raises(UnknownLink):
        quoted(body)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"active": False}, LinkOff),
        ({"opens_at": NOW + timedelta(seconds=1)}, NotYetOpen),
        ({"closes_at": NOW}, LinkClosed),
    ],
)
def test_a_cart_with_anything_not_on_sale_is_refused(changes: dict[str, Any], error: type[NotOnSale]) -> None:
    body = {"items": [{"link": "coffee"}, {"link": "tea", "quantity": 2}]}
    assert quoted(body).amount == MINOR + 180_100
    with pytest.raises(error, match="tea"):
        quoted(body, [COFFEE, replace(TEA, **changes)])


def test_the_gateways_largest_amount_is_the_largest() -> None:
    dear = a_link(price=1_111_111_100, quantity=QuantityRange(1, 10))
    assert quoted({"link": "coffee", "quantity": 9}, [dear]).amount == 9_999_999_900
    over = replace(dear, price=1_111_111_101)
    assert list(wrong({"link": "coffee", "quantity": 9}, [over])) == ["quantity"]
    cart = {"items": [{"link": "coffee", "quantity": 9}, {"link": "tea", "quantity": 2}]}
    assert list(wrong(cart, [dear, TEA])) == ["items"]


def test_a_currency_without_decimals_is_counted_in_whole_units() -> None:
    won = a_link(currency="KRW", price=99_999_999, quantity=QuantityRange(1, 2))
    assert quoted({"link": "coffee"}, [won]).amount == 99_999_999
    assert list(wrong({"link": "coffee", "quantity": 2}, [won])) == ["quantity"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"currency": "USD"}, "currency"), ({"capture": "manual"}, "capture"), ({"test": True}, "mode")],
)
def test_a_cart_has_one_currency_mode_and_way_of_capture(changes: dict[str, Any], word: str) -> None:
    body = {"items": [{"link": "coffee"}, {"link": "tea", "quantity": 2}]}
    assert word in wrong(body, [COFFEE, replace(TEA, **changes)])["items"]


def test_what_the_link_says_goes_into_the_quote() -> None:
    link = a_link(
        test=False,
        capture="manual",
        metadata={"campaign": "summer"},
        success_url="https://shop.example/thanks",
        failure_url="https://shop.example/sorry",
    )
    assert quoted({"link": "coffee", "metadata": {"row": "7"}}, [link]) == Quote(
        amount=MINOR,
        currency="KZT",
        description="Coffee",
        test=False,
        capture="manual",
        items={"coffee": 1},
        language="ru",
        metadata={"campaign": "summer", "row": "7"},
        success_url="https://shop.example/thanks",
        failure_url="https://shop.example/sorry",
    )


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("https://a.example/", "https://a.example/", "https://a.example/"),
        ("https://a.example/", "https://b.example/", None),
        ("https://a.example/", None, None),
        (None, None, None),
    ],
)
def test_a_cart_returns_to_the_page_that_all_its_links_name(
    one: str | None, other: str | None, common: str | None
) -> None:
    links = [
        replace(COFFEE, success_url=one, failure_url=other),
        replace(TEA, success_url=other, failure_url=one),
    ]
    quote = quoted({"items": [{"link": "coffee"}, {"link": "tea", "quantity": 2}]}, links)
    assert (quote.success_url, quote.failure_url) == (common, common)


@pytest.mark.parametrize(
    ("own", "given", "fields"),
    [
        ({"a": "1"}, {"a": "1"}, ["metadata.a"]),
        ({"a": "1", "b": "2", "c": "3"}, {"c": "x", "a": "x"}, ["metadata.a", "metadata.c"]),
        ({"a" * n: "x" for n in range(1, 21)}, {"b": "x"}, ["metadata"]),
    ],
)
def test_a_page_does_not_overwrite_or_outgrow_the_merchants_metadata(
    own: dict[str, str], given: dict[str, str], fields: list[str]
) -> None:
    assert sorted(wrong({"link": "coffee", "metadata": given}, [a_link(metadata=own)])) == fields
    offer = replace(OFFER, metadata=own)
    with pytest.raises(InvalidRequest) as refused:
        offered({"metadata": given}, offer)
    assert sorted(entry.field for entry in refused.value.entries) == fields


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"link": "coffee"}, ()),
        ({"link": "tea", "quantity": 3}, (Place("tea", 3, 5),)),
        ({"link": "donation", "amount": 100}, (Place("donation", 1, 7),)),
        (
            # Always in the order of their ids, however the page wrote the cart.
            {
                "items": [
                    {"link": "tea", "quantity": 2},
                    {"link": "coffee"},
                    {"link": "donation", "amount": 100},
                ]
            },
            (Place("donation", 1, 7), Place("tea", 2, 5)),
        ),
    ],
)
def test_a_limited_link_needs_a_place_for_each_unit(body: dict[str, Any], places: tuple[Place, ...]) -> None:
    assert quoted(body, [COFFEE, replace(TEA, limit=5), replace(DONATION, limit=7)]).places == places


@pytest.mark.parametrize(("limit", "places"), [(None, ()), (5, (Place("offer:cap-7", 1, 5),))])
def test_a_limited_offer_needs_one_place(limit: int | None, places: tuple[Place, ...]) -> None:
    assert offered({}, replace(OFFER, limit=limit)).places == places


def test_twenty_names_of_metadata_are_not_too_many() -> None:
    own = {"a" * n: "x" for n in range(1, 20)}
    quote = quoted({"link": "coffee", "metadata": {"b": "y"}}, [a_link(metadata=own)])
    assert quote.metadata == {**own, "b": "y"}


ASKING = a_link(fields=(BuyerField("name", required=True), BuyerField("comment")), metadata={"address": "7"})


@pytest.mark.parametrize(
    ("fields", "metadata", "named"),
    [
        ({}, {}, ["fields.name"]),
        ({"comment": "x"}, {}, ["fields.name"]),
        ({"name": "x", "phone": "7"}, {}, ["fields.phone"]),
        ({"name": "x", "pg_amount": "1"}, {}, ["fields.pg_amount"]),
        ({"name": "x"}, {"name": "y"}, ["metadata.name"]),
        ({"name": "x", "address": "y"}, {}, ["fields.address", "metadata.address"]),
        ({"name": "x", "address": "y"}, {"address": "z"}, ["fields.address", "metadata.address"]),
    ],
)
def test_the_buyer_gives_what_is_asked_for(
    fields: dict[str, str], metadata: dict[str, str], named: list[str]
) -> None:
    assert sorted(wrong({"link": "coffee", "fields": fields, "metadata": metadata}, [ASKING])) == named


@pytest.mark.parametrize("fields", [{"name": "x"}, {"name": "x", "comment": "y"}])
def test_fields_that_fit_are_taken(fields: dict[str, str]) -> None:
    assert quoted({"link": "coffee", "fields": fields}, [ASKING]).amount == MINOR


@pytest.mark.parametrize(
    ("asked", "of_link", "of_stack", "spoken", "description"),
    [
        (None, None, "en", "en", "Tea × 2"),
        (None, "ru", "en", "ru", "Чай × 2"),
        ("en", "ru", "ru", "en", "Tea × 2"),
        ("kz", None, "en", "kz", "Чай × 2"),
    ],
)
def test_the_language_of_the_page_then_the_link_then_the_stack(
    asked: str | None, of_link: str | None, of_stack: str, spoken: str, description: str
) -> None:
    quote = quoted(
        {"link": "tea", "quantity": 2, "language": asked}, [replace(TEA, language=of_link)], of_stack
    )
    assert (quote.language, quote.description) == (spoken, description)


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Coffee; 250 g", "Coffee, 250 g"),
        ("Coffee \u00a0 beans", "Coffee beans"),
        ("x" * 2000, "x" * 1024),
    ],
)
def test_a_description_is_one_line_that_the_signature_can_carry(title: str, description: str) -> None:
    assert quoted({"link": "coffee"}, [a_link(title=title)]).description == description
    assert offered({}, replace(OFFER, title=title)).description == description


def test_an_offer_is_its_own_price() -> None:
    assert offered({"language": "kz", "metadata": {"row": "7"}}) == Quote(
        amount=MINOR,
        currency="KZT",
        description="Кепка, синяя",
        language="kz",
        metadata={"size": "L", "row": "7"},
    )


def test_an_offer_speaks_the_stacks_language_and_asks_for_nothing() -> None:
    assert offered({}, language="uz").language == "uz"
    with pytest.raises(InvalidRequest) as refused:
        offered({"fields": {"name": "x"}})
    assert [entry.field for entry in refused.value.entries] == ["fields"]
