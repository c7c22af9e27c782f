"""Which page answers which request, with which status, which key, and which way on."""

import base64
import dataclasses
import re
from collections.abc import Callable
from typing import Any

import pytest

from paylink.domain import errors
from paylink.domain.order import Status
from paylink.domain.payment_request import PaymentRequest
from paylink.domain.showing import Onward, Showing
from paylink.domain.text import LANGUAGES
from paylink.web.pages.link_pages import LinkPages
from paylink.web.pages.states import TELLINGS
from paylink.web.pages.texts import TEXTS
from paylink.web.problems import PROBLEMS
from paylink.web.response import Response

from .views import ALL_FIELDS, BASE, COFFEE, DONATION, GATEWAY, KEY, SHOP, SITE, Reader, request, showing

PAGE = f"{GATEWAY}/pay.html?customer=1"
FORM = {"key": KEY, "lang": "ru"}
Outcome = Onward | errors.PaylinkError

# Answered with the form, or never met by a page: it sells no offers, asks for no order and moves no money back.
ELSEWHERE = {
    errors.InvalidRequest,
    errors.InvalidBody,
    errors.InvalidIdempotencyKey,
    errors.KeyReused,
    errors.KeyExpired,
    errors.AlteredOffer,
    errors.OfferExpired,
    errors.OfferRevoked,
    errors.UnknownOrder,
    errors.OperationInFlight,
    errors.OperationNotAllowed,
    errors.OperationRefused,
    errors.BrokenLink,
}


def made(kind: type[errors.PaylinkError]) -> errors.PaylinkError:
    if issubclass(kind, errors.StillRunning):
        return kind("internal words", retry_after=3)
    if issubclass(kind, errors.GatewayTrouble):
        return kind("internal words", gateway_code=9992, description="internal words of the gateway")
    if issubclass(kind, errors.InvalidRequest):
        return kind.of("body", "internal words")
    return kind("internal words")


class Shop:
    """The use case, told what to answer, and asked afterwards what it was asked."""

    def __init__(self, shown: Showing | errors.PaylinkError, outcome: Outcome | None = None) -> None:
        self.shown = shown
        self.outcome = outcome
        self.asked: list[tuple[PaymentRequest, str]] = []
        self.looks = 0
        self.shown_to: list[str | None] = []

    def show(self, link_id: str, key: str | None = None) -> Showing:
        self.shown_to.append(key)
        self.looks += 1
        if isinstance(self.shown, errors.PaylinkError):
            raise self.shown
        return self.shown

    def pay(self, asked: PaymentRequest, key: str) -> Onward:
        self.asked.append((asked, key))
        assert self.outcome is not None, "nobody should have paid"
        if isinstance(self.outcome, errors.PaylinkError):
            raise self.outcome
        return self.outcome

    def get(self, **details: Any) -> Response:
        return LinkPages(SITE, self).get(request(**details), BASE)

    def post(self, form: Any = None, **details: Any) -> Response:
        made = request("POST", form=FORM if form is None else form, **details)
        return LinkPages(SITE, self).post(made, BASE, self.pay)


def test_every_error_has_its_page() -> None:
    assert set(TELLINGS) | ELSEWHERE == set(PROBLEMS)
    assert not set(TELLINGS) & ELSEWHERE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TELLINGS)
def test_the_page_of_an_error(kind: type[errors.PaylinkError], language: str) -> None:
    shown = showing(opens_at="2027-01-01T00:00:00Z", closes_at="2028-01-01T00:00:00Z", limit=5, left=5)
    response = Shop(shown, made(kind)).post({**FORM, "lang": language})
    read = Reader(response["body"])
    state = getattr(TEXTS[language], TELLINGS[kind].text)
    assert response["statusCode"] == PROBLEMS[kind][0]
    assert read.text("h1") == state.title
    assert "{" not in read.text("main")
    assert "internal" not in response["body"]
    assert "9992" not in response["body"]
    assert response["headers"]["cache-control"] == "no-store"
    assert response["headers"].get("retry-after") == (
        None if made(kind).retry_after is None else str(made(kind).retry_after)
    )
    assert len(response["body"].encode()) < 15_000
    assert SITE.seller.tax_number in read.text("footer")


AGAIN = [
    errors.GatewaySilent,
    errors.GatewayUnclear,
    errors.GatewayMisconfigured,
    errors.StillRunning,
    errors.StoreUnavailable,
]


@pytest.mark.parametrize("kind", AGAIN)
def test_trying_again_sends_the_same_key_and_the_same_content(kind: type[errors.PaylinkError]) -> None:
    form = {**FORM, "quantity": "2", "name": 'Нил "Ли"', "comment": "line\r\nline"}
    shop = Shop(showing(fields=ALL_FIELDS, quantity={"max": 5}), made(kind))
    read = Reader(shop.post(form)["body"])
    assert read.text("button") == TEXTS["ru"].again
    hidden = {str(found["name"]): str(found["value"]) for found in read.all("input", type="hidden")}
    assert hidden == form
    shop.outcome = Onward(Status.PENDING, PAGE)
    assert shop.post(hidden)["statusCode"] == 303
    first, second = shop.asked
    assert first == second


@pytest.mark.parametrize("kind", [kind for kind in TELLINGS if kind not in AGAIN])
def test_no_other_page_repeats_the_post(kind: type[errors.PaylinkError]) -> None:
    response = Shop(showing(), made(kind)).post()
    assert KEY not in response["body"]
    assert Reader(response["body"]).all("form") == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (errors.SoldOut, "look"),
        (errors.PaymentsPaused, "look"),
        (errors.NotConfigured, "look"),
        (errors.GatewayRefused, "anew"),
    ],
)
def test_what_may_pass_or_be_bought_otherwise_leads_back_to_the_page(
    kind: type[errors.PaylinkError], text: str
) -> None:
    read = Reader(Shop(showing(), made(kind)).post()["body"])
    assert read.one("a", class_="button")["href"] == "/pay/coffee?lang=ru"
    assert getattr(TEXTS["ru"], text) in read.texts["a"]


def test_when_the_table_is_silent_the_page_still_offers_the_same_payment() -> None:
    response = Shop(errors.StoreUnavailable("x"), errors.StoreUnavailable("x")).post()
    assert response["statusCode"] == 503
    assert Reader(response["body"]).field("key") == KEY


def test_the_button_leads_to_the_gateway() -> None:
    shop = Shop(showing(), Onward(Status.PENDING, PAGE))
    response = shop.post()
    assert response["statusCode"] == 303
    assert response["headers"]["location"] == PAGE
    assert response["headers"]["cache-control"] == "no-store"
    ((asked, key),) = shop.asked
    assert (asked.items[0].link, asked.language, key) == ("coffee", "ru", KEY)
    assert shop.looks == 0, "the happy way reads the link for its price alone"


def test_a_paid_order_leads_to_the_shop() -> None:
    address = f"{SHOP}/thanks?order_id=pl_1"
    response = Shop(showing(), Onward(Status.PAID, address)).post()
    assert (response["statusCode"], response["headers"]["location"]) == (303, address)


def test_a_paid_order_leads_to_the_links_own_page() -> None:
    address = "https://other.example/thanks?order_id=pl_1"
    shown = showing(success_url="https://other.example/thanks")
    response = Shop(shown, Onward(Status.PAID, address)).post()
    assert (response["statusCode"], response["headers"]["location"]) == (303, address)


@pytest.mark.parametrize(("status", "text"), [(Status.PENDING, "onward"), (Status.PAID, "paid")])
def test_where_a_redirect_would_be_held_up_a_page_leads_on(status: Status, text: str) -> None:
    address = "https://pages.elsewhere.example/pay?a=1&b=2"
    response = Shop(showing(), Onward(status, address)).post()
    read = Reader(response["body"])
    assert response["statusCode"] == 200
    assert read.text("h1") == getattr(TEXTS["ru"], text).title
    assert read.one("meta", http_equiv="refresh")["content"] == f"0; url={address}"
    assert read.one("a", class_="button")["href"] == address


def test_a_cancelled_order_starts_anew() -> None:
    response = Shop(showing(), Onward(Status.CANCELLED)).post()
    read = Reader(response["body"])
    assert response["statusCode"] == 409
    assert read.one("a", class_="button")["href"] == "/pay/coffee?lang=ru"
    assert KEY not in response["body"]


@pytest.mark.parametrize("status", [Status.PENDING, Status.FAILED, Status.CANCELLED])
def test_money_that_does_not_fit_is_no_failed_payment(status: Status) -> None:
    """The buyer has paid: nothing on the page may lead to paying anew."""
    response = Shop(showing(), Onward(status, stray_money=True)).post()
    assert response["statusCode"] == 409
    assert TEXTS["ru"].unavailable.text in response["body"]
    assert TEXTS["ru"].unpaid.title not in response["body"]
    assert f'value="{KEY}"' in response["body"]
    assert TEXTS["ru"].anew not in response["body"]


def test_an_order_that_failed_meanwhile_is_tried_again_under_its_key() -> None:
    response = Shop(showing(), Onward(Status.FAILED)).post()
    assert response["statusCode"] == 409
    assert Reader(response["body"]).field("key") == KEY


def refused(*fields: str) -> errors.InvalidRequest:
    return errors.InvalidRequest([errors.Entry(field, "internal words") for field in fields])


@pytest.mark.parametrize(
    ("entry", "field", "typed"),
    [
        ("quantity", "quantity", "99"),
        ("fields.name", "name", ""),
        ("customer.phone", "phone", "12"),
        ("customer.email", "email", "nobody"),
        ("fields.comment", "comment", "x" * 256),
    ],
)
def test_a_mistake_shows_the_form_again_with_its_values_and_the_same_key(
    entry: str, field: str, typed: str
) -> None:
    form = {**FORM, "quantity": "2", "address": "Абая 10", field: typed}
    shop = Shop(showing(fields=ALL_FIELDS, quantity={"max": 5}), refused(entry))
    response = shop.post(form)
    read = Reader(response["body"])
    assert response["statusCode"] == 400
    assert read.field("key") == KEY
    assert read.all("p", id=f"{field}-fault")
    assert "internal" not in response["body"]
    assert "Абая 10" in response["body"]


def test_every_field_that_is_wrong_is_marked_and_no_other() -> None:
    shop = Shop(showing(fields=ALL_FIELDS))
    response = shop.post({**FORM, "name": "a\x00b", "address": "Абая 10", "comment": "x" * 256})
    read = Reader(response["body"])
    marked = {
        name for name in ("name", "phone", "email", "address", "comment") if read.all("p", id=f"{name}-fault")
    }
    assert response["statusCode"] == 400
    assert marked == {"name", "comment"}
    assert shop.asked == []


def test_what_the_form_itself_shows_wrong_never_reaches_the_use_case() -> None:
    shop = Shop(showing(DONATION))
    response = shop.post({**FORM, "amount": "1.500"}, link="donation")
    assert response["statusCode"] == 400
    assert Reader(response["body"]).one("input", name="amount")["value"] == "1.500"
    assert shop.asked == []


@pytest.mark.parametrize("name", ["price", "currency", "discount", "success_url"])
def test_a_price_or_an_address_from_the_page_is_refused(name: str) -> None:
    shop = Shop(showing())
    response = shop.post({**FORM, name: "1"})
    assert response["statusCode"] == 400
    assert TEXTS["ru"].form_wrong in response["body"]
    assert shop.asked == []


def test_a_mistake_on_a_link_that_cannot_be_bought_says_that_first() -> None:
    off = showing(active=False, obstacle=errors.LinkOff("off"))
    assert Shop(off).post({**FORM, "price": "1"})["statusCode"] == 410
    assert Shop(errors.UnknownLink("no")).post({**FORM, "price": "1"})["statusCode"] == 404
    assert Shop(errors.StoreUnavailable("no")).post({**FORM, "price": "1"})["statusCode"] == 503


@pytest.mark.parametrize("key", [None, "", "short", "x" * 300, "sixteen letters with spaces"])
def test_without_a_usable_key_the_form_comes_again_with_a_fresh_one(key: str | None) -> None:
    form = {"lang": "ru"} if key is None else {"lang": "ru", "key": key}
    shop = Shop(showing())
    response = shop.post(form)
    read = Reader(response["body"])
    assert response["statusCode"] == 400
    assert TEXTS["ru"].stale in response["body"]
    assert re.fullmatch(r"[\w-]{43}", str(read.field("key")))
    assert shop.asked == []


def test_a_key_of_other_content_is_replaced_and_the_buyer_warned() -> None:
    response = Shop(showing(quantity={"max": 5}), errors.KeyReused("x")).post({**FORM, "quantity": "3"})
    read = Reader(response["body"])
    assert response["statusCode"] == 422
    assert TEXTS["ru"].reused in response["body"]
    assert read.field("key") != KEY
    assert read.field("quantity") == "3"


def test_fewer_can_be_bought_where_not_enough_is_left() -> None:
    shown = showing(quantity={"max": 5}, limit=10, left=2)
    response = Shop(shown, errors.SoldOut("x")).post({**FORM, "quantity": "3"})
    read = Reader(response["body"])
    assert response["statusCode"] == 409
    assert "Столько уже нет. Осталось: 2" in read.texts["p"]
    assert read.field("key") != KEY, "that key is an order of three"


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x"])
def test_what_is_no_form_shows_the_form(content_type: str) -> None:
    response = Shop(showing()).post("{}", content_type=content_type)
    assert response["statusCode"] == 400
    assert Reader(response["body"]).one("form")


def test_too_much_is_refused_unread() -> None:
    assert Shop(showing()).post({**FORM, "comment": "x" * 70_000})["statusCode"] == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "https://shop.example"},
        {"origin": "https://["},
        {"origin": "nonsense"},
        {"origin": ""},
    ],
)
def test_a_form_of_another_site_only_leads_to_the_page(headers: dict[str, str]) -> None:
    shop = Shop(showing())
    response = shop.post(**headers)
    assert (response["statusCode"], response["headers"]["location"]) == (303, f"{BASE}/pay/coffee")
    assert shop.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec_fetch_site": "same-origin", "origin": "http://localhost:8080"},
        {"sec_fetch_site": "none"},
        {"origin": BASE},
        {"origin": "null"},
    ],
)
def test_the_pages_own_form_is_taken(headers: dict[str, str]) -> None:
    assert Shop(showing(), Onward(Status.PENDING, PAGE)).post(**headers)["headers"]["location"] == PAGE


OBSTACLES: list[tuple[errors.PaylinkError, int]] = [
    (errors.LinkOff("x"), 410),
    (errors.NotYetOpen("x"), 410),
    (errors.LinkClosed("x"), 410),
    (errors.SoldOut("x"), 409),
    (errors.PaymentsPaused("x"), 503),
    (errors.NotConfigured("x"), 503),
]


@pytest.mark.parametrize(("obstacle", "status"), OBSTACLES)
def test_a_link_that_cannot_be_bought_shows_why_and_no_form(
    obstacle: errors.PaylinkError, status: int
) -> None:
    shown = showing(opens_at="2027-01-01T00:00:00Z", closes_at="2028-01-01T00:00:00Z", obstacle=obstacle)
    response = Shop(shown).get()
    read = Reader(response["body"])
    assert response["statusCode"] == status
    assert read.all("form") == []
    assert "Чашка кофе" in read.text("main")
    assert read.one("meta", property="og:title")["content"] == "Чашка кофе"


def test_the_opening_time_and_the_end_are_told() -> None:
    shown = showing(opens_at="2027-01-01T00:00:00Z", closes_at="2028-01-01T00:00:00Z")
    opens = Shop(dataclasses.replace(shown, obstacle=errors.NotYetOpen("x"))).get()
    assert "Начало: 01.01.2027, 05:00 (UTC+5)" in opens["body"]
    closed = Shop(dataclasses.replace(shown, obstacle=errors.LinkClosed("x"))).get()
    assert "01.01.2028, 05:00 (UTC+5)" in closed["body"]


def test_the_owners_words_stand_in_place_of_ours() -> None:
    words = {"ru": "Закрыты до <мая>", "en": "Closed until May"}
    shown = showing(active=False, inactive_text=words, obstacle=errors.LinkOff("x"))
    assert "Закрыты до &lt;мая&gt;" in Shop(shown).get()["body"]
    assert "Closed until May" in Shop(shown).get(query="lang=en")["body"]
    assert '<span lang="ru">' in Shop(shown).get(query="lang=uz")["body"]


@pytest.mark.parametrize(
    ("problem", "status"), [(errors.UnknownLink("x"), 404), (errors.StoreUnavailable("x"), 503)]
)
def test_without_a_link_there_is_still_a_page(problem: errors.PaylinkError, status: int) -> None:
    response = Shop(problem).get(link="<b>")
    read = Reader(response["body"])
    assert response["statusCode"] == status
    assert SITE.seller.name in read.text("footer")
    assert read.all("b") == []


@pytest.mark.parametrize(
    ("details", "tag"),
    [
        ({"query": "lang=uz", "accept_language": "en"}, "uz"),
        ({"accept_language": "ky-KG,ru;q=0.5"}, "ky"),
        ({}, "ru"),
        ({"query": "lang=zz"}, "ru"),
    ],
)
def test_the_language_of_the_page(details: dict[str, str], tag: str) -> None:
    response = Shop(showing()).get(**details)
    assert Reader(response["body"]).one("html")["lang"] == tag
    assert response["headers"]["content-language"] == tag


def test_a_links_own_language_comes_before_the_browsers() -> None:
    body = Shop(showing(language="kz")).get(accept_language="en")["body"]
    assert Reader(body).one("html")["lang"] == "kk"


def test_pages_travel_compressed_where_the_browser_takes_that() -> None:
    plain, squeezed = Shop(showing()).get(), Shop(showing()).get(accept_encoding="gzip, br")
    assert "content-encoding" not in plain["headers"]
    assert squeezed["headers"]["content-encoding"] == "gzip"
    assert squeezed["isBase64Encoded"] is True
    assert len(base64.b64decode(squeezed["body"])) < len(plain["body"].encode()) / 2


Get = Callable[[], Response]
ANSWERS: dict[str, Get] = {
    "form": lambda: Shop(showing()).get(),
    "unknown": lambda: Shop(errors.UnknownLink("x")).get(),
    "mistake": lambda: Shop(showing()).post({**FORM, "price": "1"}),
    "silent": lambda: Shop(showing(), errors.GatewaySilent("x")).post(),
    "onward": lambda: Shop(showing(), Onward(Status.PENDING, "https://elsewhere.example/")).post(),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_page_has_every_header(name: str) -> None:
    headers = ANSWERS[name]()["headers"]
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == f"'self' {GATEWAY} {SHOP}"
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", policy["style-src"])
    assert "script-src" not in policy
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_the_policy_lets_in_the_links_picture_and_lets_out_to_its_page_after_payment() -> None:
    shown = showing(
        {**COFFEE, "image_url": "https://img.example/a/b.jpg", "success_url": "https://after.example/thanks"}
    )
    policy = Shop(shown).get()["headers"]["content-security-policy"]
    assert "img-src data: https://img.example;" in policy
    assert f"form-action 'self' {GATEWAY} {SHOP} https://after.example;" in policy
