"""QR codes and the storefront's files, through the function."""

import base64

import pytest

from engines.places import ROOT

from .conftest import BASE, Shop

ASSETS = ROOT / "functions" / "link_page" / "assets"


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_qr_code_is_of_the_links_public_address(shop: Shop, kind: str) -> None:
    answer = shop.get(f"/pay/coffee/qr.{kind}")
    assert answer["statusCode"] == 200
    assert answer["headers"]["cache-control"] == "public, max-age=86400"
    elsewhere = shop.deploy(PublicUrl="https://pay.shop.example")
    assert elsewhere is shop.function
    assert shop.get(f"/pay/coffee/qr.{kind}")["body"] != answer["body"]
    shop.deploy(PublicUrl=BASE)
    assert shop.get(f"/pay/coffee/qr.{kind}")["body"] == answer["body"]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_qr_code_of_no_link_is_not_found(shop: Shop, kind: str) -> None:
    answer = shop.get(f"/pay/tea/qr.{kind}")
    assert answer["statusCode"] == 404
    assert answer["headers"]["cache-control"] == "no-store"


def test_a_qr_code_stays_when_the_link_is_switched_off(shop: Shop) -> None:
    shop.sell(active=False)
    assert shop.get("/pay/coffee/qr.svg")["statusCode"] == 200


def test_nothing_is_stored_for_a_qr_code(shop: Shop) -> None:
    before = shop.deployment.items()
    shop.get("/pay/coffee/qr.png")
    assert shop.deployment.items() == before


def test_every_released_file_is_served(shop: Shop) -> None:
    released = [file for file in ASSETS.iterdir() if file.name.startswith("paylink-")]
    for file in released:
        answer = shop.get(f"/assets/{file.name}")
        assert answer["statusCode"] == 200
        assert answer["body"] == file.read_text(encoding="utf-8")
        squeezed = shop.get(f"/assets/{file.name}", **{"accept-encoding": "gzip"})
        assert len(base64.b64decode(squeezed["body"])) < len(file.read_bytes())


@pytest.mark.parametrize("name", ["paylink-0.0.0.js", "app.py", "..", "%2e%2e%2fapp.py"])
def test_nothing_else_is(shop: Shop, name: str) -> None:
    assert shop.get(f"/assets/{name}")["statusCode"] == 404
