"""The stack that the browser meets, and the links that it sells."""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from freedompay_sandbox import Payment, Sandbox
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from paylink.domain.order import Order
from paylink_local.front import Page
from paylink_local.payload import HttpRequest, HttpResponse

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
SELLER = {
    "SellerName": "ИП «Кофейня на Абая»",
    "SellerBin": "123456789012",
    "SellerAddress": "Алматы, пр. Абая 10, офис 5",
    "SellerPhone": "+7 727 123 45 67",
    "SellerEmail": "hello@shop.example",
    "SellerTerms": "https://shop.example/terms",
    "SellerRefundTerms": "https://shop.example/refund",
}
COFFEE = {
    "id": "coffee",
    "title": {"ru": "Чашка кофе", "kz": "Бір кесе кофе", "en": "A cup of coffee"},
    "description": {"ru": "Фильтр-кофе за стойкой. Зёрна недели: Эфиопия, Гуджи.", "en": "Filter coffee."},
    "price": "1500",
    "currency": "KZT",
}
BEANS = {
    "id": "beans",
    "title": "Кофе в зёрнах, 1 кг",
    "description": "Обжарка под фильтр. Отправим в день заказа по Алматы и области.",
    "price": "12900",
    "currency": "KZT",
    "quantity": {"min": 1, "max": 5},
    "fields": [
        {"name": "name", "required": True},
        {"name": "phone", "required": True},
        {"name": "email"},
        {"name": "address", "required": True},
        {"name": "comment"},
    ],
}
DONATION = {
    "id": "donation",
    "title": {"ru": "Помощь приюту для собак", "en": "A gift to the shelter"},
    "amount": {"min": "100", "max": "500000", "suggested": "5000"},
    "currency": "KZT",
}


@dataclass(frozen=True)
class Stack:
    """A served stack: its address, its gateway's, and what stands behind them."""

    url: str
    gateway: str
    deployment: Deployment
    sandbox: Sandbox
    functions: Mapping[str, LoadedFunction]

    def sell(self, **link: Any) -> str:
        """Puts a link and answers its page's address."""
        if "image_url" in link and link["image_url"].startswith("/"):
            link["image_url"] = self.url + link["image_url"]
        self.deployment.put_link(link)
        return f"{self.url}/pay/{link['id']}"

    def orders(self) -> list[Order]:
        """Every order in the table."""
        return self.deployment.orders()

    def payments(self) -> list[Payment]:
        """Everything that the gateway has been asked to take."""
        return self.sandbox.payments()


def pictures_and_thanks() -> dict[str, Page]:
    """What the shop itself serves: a picture, and the page after payment."""
    return {"/picture.png": picture, "/thanks": thanks}


def thanks(request: HttpRequest) -> HttpResponse:
    order_id = parse_qs(urlsplit(f"?{request.query}").query).get("order_id", [""])[0]
    body = f'<!doctype html><html lang="en"><title>Thanks</title><h1>Thanks</h1><p>{order_id}</p></html>'
    return HttpResponse(200, (("content-type", "text/html; charset=utf-8"),), body.encode())


def picture(request: HttpRequest) -> HttpResponse:
    """A PNG with a soft pattern, so that a screenshot shows where it is cut."""
    width, height = 320, 200
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            shade = ((x - 160) ** 2 + (y - 100) ** 2) // 180
            rows += bytes((max(60, 190 - shade), max(50, 140 - shade // 2), max(40, 100 - shade // 3)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(kind, data)
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    )
    return HttpResponse(200, (("content-type", "image/png"),), png)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PAYS = "4716047261941981"


def pay_at_gateway(page: BrowserPage) -> None:
    """What a buyer does on the stand-in gateway's page."""
    expect(page.get_by_label("Card number")).to_be_visible()
    page.locator(f'[data-card="{PAYS}"]').click()
    expect(page.get_by_label("CVV")).to_have_value("123")
    page.get_by_role("button", name="Pay").click()
