"""Choices of a local run."""

import dataclasses
from pathlib import Path

import pytest

from paylink_local.errors import LocalError
from paylink_local.options import EXAMPLE_SELLER, Options, is_loopback

LOCAL = "http://127.0.0.1:8080"
SANDBOX = "http://127.0.0.1:9000"


def test_the_defaults_need_nothing_else() -> None:
    options = Options()
    options.require_sound()
    assert options.parameters(LOCAL, SANDBOX) == {
        "GatewayUrl": SANDBOX,
        "AllowedOrigins": "http://127.0.0.1:8080,http://localhost:8080",
        "ShopUrl": "http://127.0.0.1:8080/local/thanks",
        "PublicUrl": LOCAL,
        "TestMode": "true",
        "CheckCall": "false",
        **EXAMPLE_SELLER,
    }


def test_a_real_gateway_has_no_made_up_seller() -> None:
    options = Options(gateway_url="https://api.example.kz")
    assert not [name for name in options.parameters(LOCAL, "https://api.example.kz") if "Seller" in name]


def test_choices_become_parameters() -> None:
    options = Options(
        gateway_url="https://api.example.kz/",
        public_url="https://pay.example.kz/",
        origins=("http://localhost:3000",),
        shop_url="http://localhost:3000/thanks",
        check_call=True,
        test_mode=False,
    )
    options.require_sound()
    assert options.parameters(LOCAL, "https://api.example.kz/") == {
        "GatewayUrl": "https://api.example.kz",
        "AllowedOrigins": (
            "https://pay.example.kz,http://127.0.0.1:8080,http://localhost:8080,http://localhost:3000"
        ),
        "ShopUrl": "http://localhost:3000/thanks",
        "PublicUrl": "https://pay.example.kz",
        "TestMode": "false",
        "CheckCall": "true",
    }


def test_a_shop_is_an_allowed_origin_and_has_the_page_after_payment(tmp_path: Path) -> None:
    shop = "http://127.0.0.1:8081"
    found = Options(shop=tmp_path).parameters(LOCAL, SANDBOX, shop)
    assert found["AllowedOrigins"] == (
        "http://127.0.0.1:8080,http://localhost:8080,http://127.0.0.1:8081,http://localhost:8081"
    )
    assert found["ShopUrl"] == f"{shop}/"
    (tmp_path / "thanks.html").touch()
    assert Options(shop=tmp_path).parameters(LOCAL, SANDBOX, shop)["ShopUrl"] == f"{shop}/thanks.html"
    chosen = Options(shop=tmp_path, shop_url="http://localhost:3000/x").parameters(LOCAL, SANDBOX, shop)
    assert chosen["ShopUrl"] == "http://localhost:3000/x"


def test_each_run_has_a_key_of_its_own_that_no_text_shows() -> None:
    first, second = Options(), Options()
    assert first.secret_key != second.secret_key
    assert len(first.secret_key) >= 32
    assert first.secret_key not in repr(first)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"host": "192.0.2.1"}, "--allow-any-host"),
        ({"host": "example.kz"}, "--allow-any-host"),
        ({"merchant_id": "shop"}, "--merchant-id"),
        ({"secret_key": "short"}, "--secret-key"),
        ({"secret_key": "changeme-changeme"}, "--secret-key"),
        ({"gateway_url": "api.freedompay.kz"}, "--gateway-url"),
        ({"dynamodb_endpoint": "ftp://127.0.0.1"}, "--dynamodb-endpoint"),
        ({"public_url": "http://"}, "--public-url"),
        ({"shop_url": "/thanks"}, "--shop-url"),
        ({"shop_url": "http://x:port"}, "--shop-url"),
        ({"origins": ("http://localhost:3000/",)}, "--origin"),
        ({"origins": ("localhost:3000",)}, "--origin"),
        ({"shop": Path("no-such-folder")}, "--shop"),
        ({"shop": Path(__file__)}, "--shop"),
    ],
)
def test_a_choice_that_cannot_work_names_its_flag(change: dict, named: str) -> None:
    with pytest.raises(LocalError, match=named) as caught:
        dataclasses.replace(Options(), **change).require_sound()
    assert "\n" not in str(caught.value)


def test_any_host_can_be_allowed() -> None:
    Options(host="192.0.2.1", allow_any_host=True).require_sound()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("192.0.2.1", False),
        ("x", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_webhook_becomes_a_parameter() -> None:
    options = Options(webhook_url="http://127.0.0.1:9000/hook")
    options.require_sound()
    assert options.parameters(LOCAL, "https://api.example.kz")["WebhookUrl"] == "http://127.0.0.1:9000/hook"


@pytest.mark.parametrize(
    "url", ["http://shop.example/hook", "shop.example", "ftp://shop.example", "https://a@b.example"]
)
def test_a_webhook_that_deliver_would_refuse_is_refused_at_once(url: str) -> None:
    with pytest.raises(LocalError, match="--webhook"):
        Options(webhook_url=url).require_sound()
