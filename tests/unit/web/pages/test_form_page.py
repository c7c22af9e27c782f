"""The page on which a link is bought: what it shows, asks and says, and that nothing in it is unescaped."""

import base64
import gzip
import random
import re
from dataclasses import replace
from typing import Any

import pytest

from paylink.domain.seller import Seller
from paylink.domain.text import LANGUAGES
from paylink.web.pages.form_page import Filled, form_page
from paylink.web.pages.sums import NBSP
from paylink.web.pages.texts import TEXTS
from paylink.web.response import squeezed

from .views import ALL_FIELDS, BASE, COFFEE, DONATION, KEY, SELLER, Reader, showing, view_of


def page_of(
    link: dict[str, Any] = COFFEE, language: str = "ru", filled: Filled | None = None, **more: Any
) -> str:
    shown = showing(link, **more)
    return str(form_page(view_of(shown, language), shown, filled)["body"])


@pytest.mark.parametrize(
    ("language", "tag"), [("ru", "ru"), ("kz", "kk"), ("kg", "ky"), ("uz", "uz"), ("en", "en")]
)
def test_it_says_its_language_and_offers_the_others(language: str, tag: str) -> None:
    read = Reader(page_of(language=language))
    assert read.one("html")["lang"] == tag
    offered = {link["href"]: link for link in read.all("a") if str(link["href"]).startswith("?")}
    assert set(offered) == {f"?lang={one}" for one in LANGUAGES}
    assert [link["href"] for link in offered.values() if "aria-current" in link] == [f"?lang={language}"]


def test_it_shows_what_is_sold_and_by_whom() -> None:
    read = Reader(page_of(description="Фильтр-кофе", image_url="https://shop.example/coffee.jpg"))
    assert read.text("title") == read.text("h1") == "Чашка кофе"
    assert any("Фильтр-кофе" in text for text in read.texts["p"])
    assert f"1{NBSP}500{NBSP}₸" in read.texts["p"]
    assert read.text("button") == "Оплатить 1 500 ₸"
    assert read.one("img")["src"] == "https://shop.example/coffee.jpg"
    footer = read.text("footer")
    for told in (SELLER.name, SELLER.tax_number, SELLER.address, SELLER.phone, SELLER.email):
        assert told in footer
    links = {str(link["href"]) for link in read.all("a")}
    assert {"tel:+77271234567", "mailto:hello@shop.example", SELLER.terms, SELLER.refund_terms} <= links


def test_sellers_numbers_are_called_as_in_their_country() -> None:
    shown = showing()
    for region, name in (("kz", "БИН/ИИН"), ("uz", "ИНН"), ("kg", "ИНН")):
        view = view_of(shown)
        page = form_page(replace(view, site=replace(view.site, region=region)), shown)["body"]
        assert name in Reader(page).texts["dt"]


def test_a_page_of_a_shop_that_told_nothing_has_no_footer() -> None:
    shown = showing(test=True)
    read = Reader(form_page(view_of(shown, seller=Seller()), shown)["body"])
    assert read.all("footer") == []


def test_it_is_complete_without_scripts() -> None:
    page = page_of(fields=ALL_FIELDS)
    assert "<script" not in page
    assert "javascript:" not in page
    assert not re.search(r"\son\w+=", page)
    assert " style=" not in page


def test_its_form_posts_to_itself_with_a_key_and_the_language() -> None:
    read = Reader(page_of(language="kz"))
    form = read.one("form")
    assert (form["method"], form["action"]) == ("post", "/pay/coffee")
    assert read.field("lang") == "kz"
    assert re.fullmatch(r"[\w-]{43}", str(read.field("key")))


def test_every_page_has_a_key_of_its_own() -> None:
    keys = {Reader(page_of()).field("key") for _ in range(50)}
    assert len(keys) == 50


def test_a_link_with_a_price_for_one_asks_nothing() -> None:
    read = Reader(page_of())
    assert [found["name"] for found in read.all("input")] == ["key", "lang"]


def test_a_quantity_is_asked_for_where_more_than_one_may_be_bought() -> None:
    read = Reader(page_of(quantity={"min": 2, "max": 9}))
    assert read.field("quantity") == "2"
    assert "От 2 до 9" in read.texts["p"]
    assert read.text("button") == TEXTS["ru"].go_on
    assert "за единицу" in read.text("small")


def test_no_more_is_offered_than_is_left() -> None:
    read = Reader(page_of(quantity={"max": 9}, limit=20, left=3))
    assert "От 1 до 3. Осталось: 3" in read.texts["p"]
    assert "Осталось: 1" in Reader(page_of(quantity={"max": 9}, limit=20, left=1)).texts["p"]


def test_a_chosen_amount_is_suggested_and_its_bounds_told() -> None:
    read = Reader(page_of(DONATION))
    assert read.field("amount") == "5 000"
    assert f"От 100{NBSP}₸ до 500{NBSP}000{NBSP}₸" in read.texts["p"]
    assert "Сумма, ₸" in read.texts["label"]


def test_an_amount_that_the_gateways_page_asks_for_is_not_asked_for_here() -> None:
    amount = {**DONATION["amount"], "chosen_at": "gateway"}
    read = Reader(page_of({**DONATION, "amount": amount}))
    assert read.all("input", name="amount") == []
    assert any("на следующей странице" in text and f"100{NBSP}₸" in text for text in read.texts["p"])


def test_what_the_link_asks_for_is_labelled_and_can_be_filled_in_by_the_browser() -> None:
    read = Reader(page_of(fields=ALL_FIELDS))
    labels = {label["for"] for label in read.all("label")}
    controls = {str(found["name"]): found for found in read.all("input") + read.all("textarea")}
    complete = {
        "name": "name",
        "phone": "tel",
        "email": "email",
        "address": "street-address",
        "comment": None,
    }
    for name, autocomplete in complete.items():
        assert name in labels
        assert controls[name]["id"] == name
        assert controls[name].get("autocomplete") == autocomplete
        assert ("required" in controls[name]) == (name in {"name", "phone", "address"})
    assert controls["phone"]["type"] == "tel"
    assert controls["email"]["type"] == "email"
    assert controls["phone"]["aria-describedby"] == "phone-hint"


def test_a_test_says_so_and_a_live_page_does_not() -> None:
    note = TEXTS["ru"].test
    assert note in page_of(test=True)
    assert note not in page_of(test=False)


def test_a_hold_and_an_end_of_sale_are_told() -> None:
    page = page_of(capture="manual", closes_at="2027-01-01T00:00:00+05:00")
    assert TEXTS["ru"].held in page
    assert "01.01.2027, 00:00 (UTC+5)" in page


def test_faults_stand_at_their_fields_and_lead_the_page() -> None:
    filled = Filled(
        {"quantity": "99", "name": "Алия"}, KEY, {"quantity": "Введите число", "phone": "Заполните"}
    )
    read = Reader(page_of(fields=ALL_FIELDS, quantity={"max": 5}, filled=filled))
    assert read.text("title") == "Ошибка: Чашка кофе"
    alert = read.one("div", role="alert")
    assert "autofocus" in alert
    assert alert["tabindex"] == "-1"
    assert {"#quantity", "#phone"} <= {link["href"] for link in read.all("a")}
    quantity = read.one("input", name="quantity")
    assert quantity["aria-invalid"] == "true"
    assert quantity["aria-describedby"] == "quantity-hint quantity-fault"
    assert quantity["value"] == "99"
    assert read.one("p", id="quantity-fault")
    assert "aria-invalid" not in read.one("input", name="name")
    assert read.field("name") == "Алия"
    assert read.field("key") == KEY


def test_every_described_by_names_something_on_the_page() -> None:
    filled = Filled({}, KEY, dict.fromkeys(("quantity", "name", "phone", "email", "address", "comment"), "!"))
    read = Reader(page_of(fields=ALL_FIELDS, quantity={"max": 5}, filled=filled))
    ids = [str(found["id"]) for _, found in read.elements if "id" in found]
    assert len(ids) == len(set(ids))
    for _, found in read.elements:
        assert set((found.get("aria-describedby") or "").split()) <= set(ids)
        if str(found.get("href", "")).startswith("#"):
            assert str(found["href"])[1:] in ids


def test_previews_have_what_they_need() -> None:
    read = Reader(page_of(description="Фильтр " * 100, image_url="https://shop.example/c.jpg"))
    properties = {meta["property"]: meta["content"] for meta in read.all("meta") if "property" in meta}
    assert properties["og:url"] == read.one("link", rel="canonical")["href"] == f"{BASE}/pay/coffee"
    assert properties["og:title"] == "Чашка кофе"
    assert properties["og:image"] == "https://shop.example/c.jpg"
    assert properties["product:price:amount"] == "1500.00"
    assert properties["product:price:currency"] == "KZT"
    assert properties["og:locale"] == "ru_RU"
    assert properties["og:site_name"] == SELLER.name
    assert read.one("meta", name="twitter:card")["content"] == "summary_large_image"
    assert len(str(properties["og:description"])) <= 160
    assert read.one("meta", name="robots")["content"] == "noindex"


def test_without_a_picture_or_a_price_previews_still_say_something() -> None:
    read = Reader(page_of(DONATION))
    properties = {meta["property"]: meta["content"] for meta in read.all("meta") if "property" in meta}
    assert "og:image" not in properties
    assert "product:price:amount" not in properties
    assert "100" in str(properties["og:description"])
    assert read.one("meta", name="twitter:card")["content"] == "summary"


def test_a_text_in_another_language_than_the_page_says_so() -> None:
    read = Reader(
        page_of({**COFFEE, "title": {"ru": "Кофе", "kz": "Кофе"}, "description": {"en": "Filter"}}, "uz")
    )
    assert read.one("h1")["lang"] == "ru"
    assert "lang" not in Reader(page_of(language="uz")).one("h1"), "a plain text is of no known language"
    assert read.one("p", class_="about")["lang"] == "en"


HOSTILE = """"><script>alert(1)</script><img src=x onerror='alert(2)'>{0}&lt;"""


def test_no_text_of_anybody_becomes_markup() -> None:
    seller = Seller(
        HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, "https://s.example/?a&b", "https://s.example/"
    )
    shown = showing(
        COFFEE, title=HOSTILE, description=HOSTILE, fields=ALL_FIELDS, quantity={"max": 5}, test=True
    )
    typed = dict.fromkeys(("quantity", "name", "phone", "email", "address", "comment"), HOSTILE)
    for language in LANGUAGES:
        filled = Filled(typed, HOSTILE, dict.fromkeys(typed, "wrong"), HOSTILE)
        page = form_page(view_of(shown, language, seller=seller), shown, filled)["body"]
        read = Reader(page)
        assert read.all("script") == read.all("img") == []
        assert all(not str(name).startswith("on") for _, found in read.elements for name in found)
        assert read.texts["h1"] == [HOSTILE]
        assert read.field("name") == HOSTILE
        assert read.field("key") == HOSTILE
        assert read.texts["textarea"] == [f"\n{HOSTILE}"] * 2


LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі      "
LIMIT = 15_000


def words(length: int) -> str:
    """A text that does not compress better than one that means something."""
    return "".join(random.Random(length).choices(LETTERS, k=length))  # noqa: S311 — the same text each time


RICH = {
    "id": "summer-sale-of-beans",
    "title": words(100),
    "description": words(800),
    "price": "12345678.90",
    "currency": "KZT",
    "quantity": {"min": 2, "max": 10000},
    "image_url": "https://shop.example/" + "p" * 80,
    "fields": ALL_FIELDS,
    "capture": "manual",
    "closes_at": "2027-01-01T00:00:00Z",
}
MISTAKES = dict.fromkeys(("quantity", "name", "phone", "email", "address", "comment"), "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_with_all_that_a_link_can_ask_for_is_under_15_kilobytes(language: str) -> None:
    page = page_of(RICH, language, test=True)
    assert len(page.encode()) < LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
def test_so_it_is_with_every_field_filled_in_and_wrong(language: str) -> None:
    faults = dict.fromkeys(MISTAKES, TEXTS[language].text_wrong)
    filled = Filled(dict.fromkeys(MISTAKES, words(60)), KEY, faults)
    page = page_of({**RICH, "description": words(400)}, language, filled, test=True)
    assert len(page.encode()) < LIMIT


def test_the_longest_texts_there_can_be_travel_in_less() -> None:
    title, text, address = words(200), words(2000), "https://shop.example/" + words(24).encode().hex()
    seller = Seller(
        words(150), "1" * 14, words(200), "+" + "1" * 24, "e" * 64 + "@shop.example", address, address
    )
    shown = showing(RICH, title=title, description=text, image_url=address * 4, test=True)
    filled = Filled(dict.fromkeys(MISTAKES, words(255)), KEY, dict.fromkeys(MISTAKES, words(60)))
    response = form_page(view_of(shown, "kz", seller=seller), shown, filled)
    assert len(response["body"].encode()) > LIMIT
    travels = base64.b64decode(squeezed(response, "gzip, br")["body"])
    assert len(travels) < LIMIT
    assert gzip.decompress(travels).decode() == response["body"]
