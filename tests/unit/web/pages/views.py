"""Links, shops and requests for the tests of pages, and a reader of what the pages hold."""

import dataclasses
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from paylink.domain.link_form import parse_link
from paylink.domain.seller import Seller
from paylink.domain.showing import Showing
from paylink.web.pages.site import Site, View
from paylink.web.request import Request

BASE = "https://pay.shop.example"
DOMAIN = "pay.shop.example"
GATEWAY = "https://customer.freedompay.kz"
SHOP = "https://shop.example"
KEY = "3f1d9c2e-6a51-4b8e-9c44-000000000001"
SELLER = Seller(
    name="ИП «Кофейня на Абая»",
    tax_number="123456789012",
    address="Алматы, пр. Абая 10, офис 5",
    phone="+7 727 123-45-67",
    email="hello@shop.example",
    terms="https://shop.example/terms",
    refund_terms="https://shop.example/refund",
)
SITE = Site(SELLER, "kz", "ru", (GATEWAY, SHOP))
COFFEE = {"id": "coffee", "title": "Чашка кофе", "price": "1500", "currency": "KZT"}
DONATION = {
    "id": "donation",
    "title": "Помощь",
    "amount": {"min": "100", "max": "500000", "suggested": "5000"},
    "currency": "KZT",
}
ALL_FIELDS = [
    {"name": "name", "required": True},
    {"name": "phone", "required": True},
    {"name": "email"},
    {"name": "address", "required": True},
    {"name": "comment"},
]
VOID = {"meta", "link", "input", "img", "br", "rect", "path"}


def showing(link: Mapping[str, Any] = COFFEE, **changes: Any) -> Showing:
    facts = {name: changes.pop(name) for name in ("test", "left", "obstacle") if name in changes}
    return Showing(parse_link({**link, **changes}), **{"test": False, **facts})


def view_of(shown: Showing | None, language: str = "ru", **changes: Any) -> View:
    link_id = "nothing" if shown is None else shown.link.id
    return View(dataclasses.replace(SITE, **changes), language, BASE, link_id, shown)


def request(
    method: str = "GET",
    link: str = "coffee",
    *,
    query: str = "",
    form: Mapping[str, str] | str | None = None,
    **headers: str,
) -> Request:
    """A request as a browser sends it; header names with `_` for `-`."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    body = ""
    if form is not None:
        sent.setdefault("content-type", "application/x-www-form-urlencoded")
        body = form if isinstance(form, str) else urlencode(form)
    return Request(
        method=method,
        path=f"/pay/{link}",
        query=query,
        headers=sent,
        path_parameters={"link": link},
        domain=DOMAIN,
        route=f"{method} /pay/{{link}}",
        request_id="request-1",
        raw_body=body,
    )


class Reader(HTMLParser):
    """What a page holds: its elements with attributes, and the text of each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.texts[tag][-1] += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of every element of a kind whose attributes have these values."""
        wanted = {name.rstrip("_").replace("_", "-"): text for name, text in attributes.items()}
        return [
            found
            for kind, found in self.elements
            if kind == tag and all(found.get(name) == text for name, text in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> dict[str, str | None]:
        (found,) = self.all(tag, **attributes)
        return found

    def field(self, name: str) -> str | None:
        """The value of a field of the form."""
        return self.one("input", name=name)["value"]

    def text(self, tag: str) -> str:
        (found,) = self.texts[tag]
        return " ".join(found.split())
