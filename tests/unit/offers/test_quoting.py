"""An offer as a quote: its own price, its own place, and nothing that a page adds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from paylink.domain.errors import InvalidRequest
from paylink.domain.offer import Offer
from paylink.domain.payment_request import PaymentRequest
from paylink.domain.place import Place
from paylink.domain.quote import Quote, quote_offer
from paylink.domain.receipt import ReceiptRules

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
OFFER = Offer("of_1", "Cap; blue", 150_000, "KZT", NOW, NOW + timedelta(days=1), metadata={"colour": "blue"})
OFF = ReceiptRules("kz")


def quoted(offer: Offer = OFFER, receipts: ReceiptRules = OFF, **asked: object) -> Quote:
    request = PaymentRequest(offer="a token", **asked)  # type: ignore[arg-type]
    return quote_offer(offer, request, receipts, language="kz")


def test_the_price_is_the_signed_one() -> None:
    quote = quoted()
    assert (quote.amount, quote.currency, quote.description) == (150_000, "KZT", "Cap, blue")
    assert (quote.amount_range, quote.places, quote.positions) == (None, (), ())


@pytest.mark.parametrize("limit", [1, 5, 5000])
def test_a_limited_offer_takes_one_place_of_its_own(limit: int) -> None:
    assert quoted(replace(OFFER, limit=limit)).places == (Place("offer:of_1", 1, limit),)


def test_an_offers_place_is_never_a_links() -> None:
    (place,) = quoted(replace(OFFER, id="coffee", limit=5)).places
    assert place.id == "offer:coffee"


@pytest.mark.parametrize(("asked", "spoken"), [(None, "kz"), ("en", "en")])
def test_the_language_is_the_pages_or_the_stacks(asked: str | None, spoken: str) -> None:
    assert quoted(language=asked).language == spoken


def test_the_merchants_metadata_stands_and_the_pages_is_added() -> None:
    assert quoted(metadata={"source": "page"}).metadata == {"colour": "blue", "source": "page"}
    with pytest.raises(InvalidRequest, match=r"metadata\.colour"):
        quoted(metadata={"colour": "red"})


def test_an_offer_asks_the_buyer_for_nothing() -> None:
    with pytest.raises(InvalidRequest, match="fields"):
        quoted(fields={"phone": "77771234567"})


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Cap; blue", "Cap, blue"),
        ("  Cap \u2028 blue ", "Cap blue"),
        ("x" * 127 + " yyy", "x" * 127),
        ("x" * 200, "x" * 128),
    ],
)
def test_the_receipts_line_can_be_signed(title: str, name: str) -> None:
    (line,) = quoted(replace(OFFER, title=title), ReceiptRules("kz", 7, switched_on=True)).positions
    assert (line.name, line.count, line.price, line.receipt.tax_type) == (name, 1, 150_000, 7)
