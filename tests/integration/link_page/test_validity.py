"""The form and the pages of how things stand, in every language, held against the HTML standard."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from paylink.domain.text import LANGUAGES

from .conftest import KEY, Shop

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


def test_every_page_is_valid(shop: Shop, check_html: Callable[[Mapping[str, str]], list[str]]) -> None:
    pages: dict[str, str] = {}

    def keep(name: str, status: int, answer: dict[str, Any]) -> None:
        assert answer["statusCode"] == status, name
        pages[name] = answer["body"]

    shop.sell(**RICH)
    shop.sell(id="limited", limit=5)
    shop.sell(
        id="off", active=False, inactive_text={"en": "Closed", "kz": "Жабық"}, image_url="https://i.example/"
    )
    shop.sell(id="later", opens_at="2100-01-01T00:00:00Z")
    shop.sell(id="over", closes_at="2000-01-01T00:00:00Z")
    shop.deployment.put_link(
        {
            "id": "gift",
            "title": "A gift",
            "amount": {"min": "1", "max": "9", "suggested": "5"},
            "currency": "USD",
        }
    )
    for number, language in enumerate(LANGUAGES):
        keys = {"key": f"{KEY}-{number}", "lang": language}
        for link, status in (("rich", 200), ("limited", 200), ("gift", 200), ("off", 410), ("later", 410)):
            keep(f"{link}-{language}", status, shop.get(f"/pay/{link}?lang={language}"))
        keep(f"over-{language}", 410, shop.get(f"/pay/over?lang={language}"))
        keep(f"unknown-{language}", 404, shop.get(f"/pay/unknown?lang={language}"))
        keep(f"empty-{language}", 400, shop.post({**keys, "quantity": "x"}, "rich"))
        keep(f"amount-{language}", 400, shop.post({**keys, "amount": "1000"}, "gift"))
        keep(f"strange-{language}", 400, shop.post({**keys, "price": "1"}))
        shop.sandbox.faults.add("create", "http_500")
        keep(f"again-{language}", 502, shop.post(keys))
        shop.sandbox.faults.add("create", "error", code="850")
        keep(f"refused-{language}", 502, shop.post({**keys, "key": f"{KEY}-refused-{number}"}))
        shop.sandbox.settings.update({"public_url": "http://localhost:9"})
        keep(f"onward-{language}", 200, shop.post({**keys, "key": f"{KEY}-onward-{number}"}))
        shop.sandbox.settings.update({"public_url": None})
    assert check_html(pages) == []


def test_the_checker_finds_what_is_wrong(check_html: Callable[[Mapping[str, str]], list[str]]) -> None:
    found = check_html({"wrong": "<!doctype html><html lang=en><title>x</title><p id=a><p id=a><img src=x>"})
    assert len(found) >= 2
