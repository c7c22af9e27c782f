"""Every kind of page in every language, held against the HTML standard."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest

from integration.declined_first import declined_first, with_stray_money
from paylink.domain.order import Order, Status
from paylink.domain.text import LANGUAGES
from paylink.web.pages.languages import TAGS
from paylink.web.pages.texts import TEXTS, State, Texts

from .conftest import KEY, Answer, Shop, form_event

pytestmark = [pytest.mark.page_checkers, pytest.mark.slow]

FIELDS = [
    {"name": name, "required": name != "comment"} for name in ("name", "phone", "email", "address", "comment")
]
RICH: dict[str, Any] = {
    "id": "rich",
    "title": {"ru": 'Кофе "Особый" & <редкий>', "en": "Coffee"},
    "description": 'Roasted <today> & "shipped" tomorrow, l\'après-midi.',
    "image_url": "https://img.example/coffee.jpg?size=1&crop=2",
    "quantity": {"max": 5},
    "fields": FIELDS,
    "capture": "manual",
    "closes_at": "2100-01-01T00:00:00Z",
}


STATES = {entry.name for entry in dataclasses.fields(Texts) if entry.type is State}
SAYS = {"strange": "form_wrong", "stray": "unavailable"}
"""The texts of kinds that are not named after theirs."""


@dataclass
class Visitor:
    """One buyer per page, who keeps what is answered by the page's kind and language."""

    shop: Shop
    pages: dict[str, str] = field(default_factory=dict)

    def keep(self, kind: str, language: str, status: int, answer: Answer) -> None:
        """A page; where its kind is told by one of the texts, that has to stand there."""
        name = f"{kind}-{language}"
        assert answer["statusCode"] == status, name
        assert answer["headers"]["content-language"] == TAGS[language], name
        text = getattr(TEXTS[language], SAYS.get(kind, kind), None)
        if isinstance(text, State):
            assert f"<h1>{escape(text.title)}</h1>" in answer["body"], name
        elif text is not None:
            assert escape(text) in answer["body"], name
        assert name not in self.pages
        self.pages[name] = answer["body"]

    def seen(self, kind: str, status: int, path: str) -> None:
        """The page of an address, in every language."""
        for language in LANGUAGES:
            self.keep(kind, language, status, self.shop.get(f"{path}?lang={language}"))

    def pressed(
        self,
        kind: str,
        status: int,
        form: Mapping[str, str] | None = None,
        *,
        link: str = "coffee",
        before: Callable[[], object] = lambda: None,
        **more: Any,
    ) -> None:
        """What the button leads to, in every language; `before` happens each time."""
        for language in LANGUAGES:
            before()
            content = {"key": key_of(kind, language), "lang": language, **(form or {})}
            self.keep(kind, language, status, self.shop.post(content, link, **more))

    def pressed_twice(
        self, kind: str, status: int, change: Callable[[Order], Order], *, link: str = "coffee", **more: Any
    ) -> None:
        """As `pressed`, the first press's order changed before the second one."""
        for language in LANGUAGES:
            known = {order.order_id for order in self.shop.orders()}
            content = {"key": key_of(kind, language), "lang": language}
            self.shop.post(content, link)
            (made,) = [order for order in self.shop.orders() if order.order_id not in known]
            self.shop.deployment.put_order(change(made))
            self.keep(kind, language, status, self.shop.post(content, link, **more))


def key_of(kind: str, language: str) -> str:
    return f"{KEY}-{kind}-{language}"


def test_every_page_is_valid(shop: Shop, check_html: Callable[[Mapping[str, str]], list[str]]) -> None:
    visitor = Visitor(shop)
    forms(visitor)
    not_on_sale(visitor)
    at_the_gateway(visitor)
    of_an_order(visitor)
    out_of_order(visitor)
    kinds = {name.rpartition("-")[0] for name in visitor.pages}
    assert STATES - kinds == set(), "states whose page nothing here leads to"
    assert check_html(visitor.pages) == []


def forms(visitor: Visitor) -> None:
    shop = visitor.shop
    shop.sell(**RICH)
    shop.sell(id="limited", limit=5)
    shop.deployment.put_link(
        {
            "id": "gift",
            "title": "A gift",
            "amount": {"min": "1", "max": "9", "suggested": "5"},
            "currency": "USD",
        }
    )
    for link in ("rich", "limited", "gift"):
        visitor.seen(link, 200, f"/pay/{link}")
    visitor.pressed("empty", 400, {"quantity": "x"}, link="rich")
    visitor.pressed("wrong_amount", 400, {"amount": "1000"}, link="gift")
    visitor.pressed("strange", 400, {"price": "1"})
    visitor.pressed("stale", 400, {"key": "short"})
    shop.post({"key": KEY, "quantity": "2"})
    visitor.pressed("reused", 422, {"key": KEY, "quantity": "3"})
    shop.sell(id="few", limit=3)
    shop.post({"quantity": "2", "key": f"{KEY}-first"}, "few")
    visitor.pressed("few", 409, {"quantity": "2"}, link="few")


def not_on_sale(visitor: Visitor) -> None:
    shop = visitor.shop
    shop.sell(
        id="off", active=False, inactive_text={"en": "Closed", "kz": "Жабық"}, image_url="https://i.example/"
    )
    shop.sell(id="later", opens_at="2100-01-01T00:00:00Z")
    shop.sell(id="over", closes_at="2000-01-01T00:00:00Z")
    shop.sell(id="last", limit=1, quantity={"max": 1})
    shop.post({"key": f"{KEY}-last"}, "last")
    visitor.seen("unknown", 404, "/pay/unknown")
    visitor.seen("off", 410, "/pay/off")
    visitor.seen("not_open", 410, "/pay/later")
    visitor.seen("closed", 410, "/pay/over")
    visitor.seen("sold_out", 409, "/pay/last")


def at_the_gateway(visitor: Visitor) -> None:
    shop, faults = visitor.shop, visitor.shop.sandbox.faults
    visitor.pressed("silent", 502, before=lambda: faults.add("create", "http_500"))
    visitor.pressed("refused", 502, before=lambda: faults.add("create", "error", code="850"))
    visitor.pressed("misconfigured", 502, before=lambda: faults.add("create", "error", code="9998"))
    shop.sandbox.settings.update({"public_url": "http://localhost:9"})
    visitor.pressed("onward", 200)
    shop.sandbox.settings.update({"public_url": None})


def of_an_order(visitor: Visitor) -> None:
    shop = visitor.shop
    moment = datetime(2100, 1, 1, tzinfo=UTC)
    visitor.pressed_twice("cancelled", 409, lambda order: order.moved(Status.CANCELLED, order.created_at))
    visitor.pressed_twice("stray", 409, with_stray_money)
    # Another request of this buyer is at it, and this one has no time to wait.
    visitor.pressed_twice(
        "running",
        409,
        lambda order: replace(order, status=Status.CREATING, lease_until=moment, lease_owner="other"),
        milliseconds=2_000,
    )
    # Where the link led after payment when it was bought; it does not any more.
    visitor.pressed_twice(
        "paid",
        200,
        lambda order: order.moved(
            Status.PAID, order.created_at, success_url="https://elsewhere.example/thanks"
        ),
    )
    with declined_first(shop.function, shop.deployment):
        visitor.pressed("unpaid", 409)


def out_of_order(visitor: Visitor) -> None:
    """The last of them leaves a shop of which no other page can be had."""
    shop = visitor.shop
    for language in LANGUAGES:
        event = form_event({"key": "x" * 70_000}, "coffee")
        visitor.keep(
            "too_large", language, 413, shop.function({**event, "rawQueryString": f"lang={language}"})
        )
    shop.deploy(AcceptPayments="false")
    visitor.seen("paused", 503, "/pay/coffee")
    shop.deployment.set_merchant("{}")
    shop.deploy()
    visitor.pressed("not_configured", 503)
    shop.deployment.dynamodb.delete_table(TableName=shop.deployment.table)
    visitor.seen("unavailable", 503, "/pay/coffee")


def test_the_checker_finds_what_is_wrong(check_html: Callable[[Mapping[str, str]], list[str]]) -> None:
    found = check_html({"wrong": "<!doctype html><html lang=en><title>x</title><p id=a><p id=a><img src=x>"})
    assert len(found) >= 2
