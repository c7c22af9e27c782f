"""The example shop: it shows its links' prices, states one policy in two places, and has no inline script."""

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from paylink.freedompay.hosts import REGIONS
from release_storefront import ROOT

SHOP = ROOT / "storefront" / "example"
LINKS = {link["id"]: link for link in json.loads((ROOT / "storefront" / "example-links.json").read_text())}
PAGES = sorted(SHOP.glob("*.html"))


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and the text inside of scripts and styles."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.raw = ""
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            self.raw += data


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def tags(request: pytest.FixtureRequest) -> Tags:
    return Tags(request.param)


def test_what_a_card_shows_is_what_its_link_asks() -> None:
    cards = [attributes for _, attributes in Tags(SHOP / "index.html").found if "data-link" in attributes]
    assert len(cards) == 2
    for card in cards:
        link = LINKS[card["data-link"]]
        assert Decimal(card["data-price"]) == Decimal(link["price"])
        assert int(card["data-most"]) == link.get("quantity", {"max": 1})["max"]


def test_every_button_names_a_link_that_there_is_or_an_offer(tags: Tags) -> None:
    buttons = [attributes for tag, attributes in tags.found if tag == "paylink-button"]
    for button in buttons:
        assert button.get("link") in {None, *LINKS}
        assert not {"price", "currency"} & button.keys()


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(tags: Tags) -> None:
    assert tags.raw == ""
    for tag, attributes in tags.found:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        if tag in {"script", "link", "img"}:
            assert "//" not in (attributes.get("src") or attributes["href"])


def test_the_page_s_policy_is_the_header_s_or_stricter(tags: Tags) -> None:
    (stated,) = [
        attributes["content"]
        for _, attributes in tags.found
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    header = re.search(r"Content-Security-Policy: (.*)", (SHOP / "_headers").read_text())[1].split("; ")
    # A page cannot say for itself who may frame it.
    assert set(stated.split("; ")) <= set(header) - {"frame-ancestors 'self'"}
    assert "unsafe" not in stated
    assert REGIONS["kz"].page_origins[0] in "".join(header)


def test_every_file_that_is_named_is_there(tags: Tags) -> None:
    for tag, attributes in tags.found:
        for name in (attributes.get("src"), attributes.get("href")):
            if name and not re.match(r"https:|#|\./$", name) and name != "paylink.js":
                assert (SHOP / name).is_file(), (tag, name)
