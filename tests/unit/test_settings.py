"""Settings: each function reads exactly its variables, and names the one that is missing or malformed."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from paylink.bootstrap.create_payment import create_payment
from paylink.bootstrap.manage import manage
from paylink.bootstrap.payment_status import payment_status
from paylink.bootstrap.reconcile import reconcile
from paylink.settings import (
    EVERY_FUNCTION,
    CreatePaymentSettings,
    DeliverSettings,
    GatewayCallbackSettings,
    LinkPageSettings,
    ManageSettings,
    PaymentStatusSettings,
    PublishSettings,
    ReconcileSettings,
    ReturnPageSettings,
    Settings,
    SettingsError,
)

ENVIRONMENT = {
    "TABLE_NAME": "paylink-table",
    "MERCHANT_SECRET": "arn:aws:secretsmanager:eu-central-1:1:secret:merchant",
    "STACK_SECRET": "arn:aws:secretsmanager:eu-central-1:1:secret:stack",
    "GATEWAY_REGION": "kz",
    "GATEWAY_URL": "",
    "GATEWAY_PATH": "/init_payment.php",
    "PAYMENT_METHOD": "",
    "ALLOWED_ORIGINS": "https://shop.example, https://www.shop.example,",
    "SHOP_URL": "https://shop.example/thanks",
    "PUBLIC_URL": "",
    "LANGUAGE": "ru",
    "LIFETIME_SECONDS": "3600",
    "TEST_MODE": "true",
    "ACCEPT_PAYMENTS": "false",
    "CHECK_CALL": "true",
    "KEEP_CONTACTS": "0",
    "RECEIPTS": "false",
    "RECEIPT_TAX_TYPE": "3",
    "OFFERS_NOT_BEFORE": "",
}

SELLER = {
    "SELLER_NAME": "Coffee Ltd",
    "SELLER_BIN": "123456789012",
    "SELLER_ADDRESS": "Almaty, Abay 10",
    "SELLER_PHONE": "+7 727 123-45-67",
    "SELLER_EMAIL": "hello@shop.example",
    "SELLER_TERMS": "https://shop.example/terms",
    "SELLER_REFUND_TERMS": "https://shop.example/refunds",
}

TELLING = {
    "EVENT_BUS": "default",
    "DELIVERY_QUEUE": "https://sqs.eu-central-1.amazonaws.com/1/delivery",
    "UNPUBLISHED_QUEUE": "https://sqs.eu-central-1.amazonaws.com/1/unpublished",
    "WEBHOOK_URL": "",
    "MESSAGE_EMAIL": "",
    "TELEGRAM_CHAT": "",
}
AGAIN = {"STREAM_FAILURES": "https://sqs.eu-central-1.amazonaws.com/1/failures"}

DELIVERING = {
    "DEAD_LETTERS": "https://sqs.eu-central-1.amazonaws.com/1/dead",
    "WEBHOOK_SECRET": "arn:aws:secretsmanager:eu-central-1:1:secret:webhook",
    "MESSAGE_TOPIC": "arn:aws:sns:eu-central-1:1:messages",
    "TELEGRAM_SECRET": "arn:aws:secretsmanager:eu-central-1:1:secret:telegram",
}

HOLDS = {"HOLD_POLICY": "alert"}

EVERYTHING = {**ENVIRONMENT, **SELLER, **HOLDS, **TELLING, **AGAIN, **DELIVERING}

GATEWAY = ("GATEWAY_REGION", "GATEWAY_URL", "GATEWAY_PATH")

VARIABLES = {
    CreatePaymentSettings: set(ENVIRONMENT),
    LinkPageSettings: {*ENVIRONMENT, *SELLER},
    GatewayCallbackSettings: {"TABLE_NAME", "MERCHANT_SECRET"},
    ReturnPageSettings: {"TABLE_NAME", "MERCHANT_SECRET", "SHOP_URL"},
    PaymentStatusSettings: {"TABLE_NAME", "MERCHANT_SECRET", *GATEWAY},
    ReconcileSettings: {"TABLE_NAME", "MERCHANT_SECRET", "STACK_SECRET", *GATEWAY, *HOLDS},
    ManageSettings: {
        *("TABLE_NAME", "MERCHANT_SECRET", "STACK_SECRET", "GATEWAY_REGION", "GATEWAY_URL", "GATEWAY_PATH"),
        *("PUBLIC_URL", "KEEP_CONTACTS", *TELLING, *AGAIN),
    },
    PublishSettings: {"TABLE_NAME", *TELLING},
    DeliverSettings: {
        *("TABLE_NAME", "DELIVERY_QUEUE", "WEBHOOK_URL", "TELEGRAM_CHAT", "KEEP_CONTACTS", "LANGUAGE"),
        *DELIVERING,
    },
}

NEEDED = [(kind, name) for kind, names in VARIABLES.items() for name in sorted(names)]


class Watched(dict[str, str]):
    """An environment that remembers what was read of it."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)


def test_every_function_has_its_settings() -> None:
    assert set(EVERY_FUNCTION) == set(VARIABLES)
    assert {kind.function for kind in EVERY_FUNCTION} == {
        "create_payment",
        "link_page",
        "gateway_callback",
        "return_page",
        "payment_status",
        "reconcile",
        "manage",
        "publish",
        "deliver",
    }


@pytest.mark.parametrize("kind", VARIABLES)
def test_a_function_reads_its_variables_and_no_other(kind: type[Settings]) -> None:
    environment = Watched({**EVERYTHING, "SECRET_KEY": "x", "PATH": "/bin"})
    kind.read(environment)
    assert environment.read == set(kind.variables()) == VARIABLES[kind]


@pytest.mark.parametrize(("kind", "name"), NEEDED)
def test_a_missing_variable_is_named(kind: type[Settings], name: str) -> None:
    environment = {key: text for key, text in EVERYTHING.items() if key != name}
    with pytest.raises(SettingsError, match=f"^{name} is not set$"):
        kind.read(environment)


def test_what_is_read() -> None:
    assert CreatePaymentSettings.read(ENVIRONMENT) == CreatePaymentSettings(
        table="paylink-table",
        merchant_secret=ENVIRONMENT["MERCHANT_SECRET"],
        stack_secret=ENVIRONMENT["STACK_SECRET"],
        gateway_region="kz",
        gateway_url="",
        gateway_path="/init_payment.php",
        payment_method="",
        allowed_origins=frozenset({"https://shop.example", "https://www.shop.example"}),
        shop_url="https://shop.example/thanks",
        public_url="",
        language="ru",
        lifetime=3600,
        test_mode=True,
        accept_payments=False,
        check_call=True,
        keep_contacts=0,
        receipts=False,
        receipt_tax_type=3,
        offers_not_before=None,
    )


def test_the_sellers_details_are_read_and_may_be_empty() -> None:
    settings = LinkPageSettings.read(EVERYTHING)
    assert {name: getattr(settings, name.lower()) for name in SELLER} == SELLER
    nothing = LinkPageSettings.read({**ENVIRONMENT, **dict.fromkeys(SELLER, "")})
    assert {getattr(nothing, name.lower()) for name in SELLER} == {""}


@pytest.mark.parametrize(
    ("name", "text", "attribute", "value"),
    [
        ("GATEWAY_URL", "http://127.0.0.1:9000", "gateway_url", "http://127.0.0.1:9000"),
        ("GATEWAY_PATH", "/g2g/payment_page", "gateway_path", "/g2g/payment_page"),
        ("PAYMENT_METHOD", "bankcard", "payment_method", "bankcard"),
        ("ALLOWED_ORIGINS", "http://localhost:8000", "allowed_origins", frozenset({"http://localhost:8000"})),
        ("PUBLIC_URL", "https://pay.shop.example", "public_url", "https://pay.shop.example"),
        ("LANGUAGE", "kz", "language", "kz"),
        ("LIFETIME_SECONDS", "604800", "lifetime", 604_800),
        ("TEST_MODE", "false", "test_mode", False),
        ("ACCEPT_PAYMENTS", "true", "accept_payments", True),
        ("CHECK_CALL", "false", "check_call", False),
        ("KEEP_CONTACTS", "30", "keep_contacts", 30),
        ("RECEIPTS", "true", "receipts", True),
        ("RECEIPT_TAX_TYPE", "11", "receipt_tax_type", 11),
        (
            "OFFERS_NOT_BEFORE",
            "2026-03-01T12:00:00Z",
            "offers_not_before",
            datetime(2026, 3, 1, 12, tzinfo=UTC),
        ),
    ],
)
def test_each_variable_reaches_its_setting(name: str, text: str, attribute: str, value: object) -> None:
    settings = CreatePaymentSettings.read({**ENVIRONMENT, name: text})
    assert getattr(settings, attribute) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TABLE_NAME", ""),
        ("MERCHANT_SECRET", ""),
        ("STACK_SECRET", ""),
        ("GATEWAY_REGION", ""),
        ("GATEWAY_PATH", ""),
        ("GATEWAY_PATH", "init_payment.php"),
        ("GATEWAY_PATH", "/g2g/payment_page/"),
        ("ALLOWED_ORIGINS", "*"),
        ("ALLOWED_ORIGINS", "shop.example"),
        ("ALLOWED_ORIGINS", "http://shop.example"),
        ("ALLOWED_ORIGINS", "https://shop.example/"),
        ("ALLOWED_ORIGINS", "https://shop.example/thanks"),
        ("ALLOWED_ORIGINS", "https://shop.example,https://Other.example"),
        ("ALLOWED_ORIGINS", "https://shop.example:443"),
        ("ALLOWED_ORIGINS", "https://shop.example https://other.example"),
        ("ALLOWED_ORIGINS", "null"),
        ("SHOP_URL", ""),
        ("SHOP_URL", "thanks.html"),
        ("SHOP_URL", "http://shop.example/"),
        ("LANGUAGE", ""),
        ("LANGUAGE", "kk"),
        ("LANGUAGE", "RU"),
        ("LIFETIME_SECONDS", ""),
        ("LIFETIME_SECONDS", "-300"),
        ("LIFETIME_SECONDS", "3600.0"),
        ("LIFETIME_SECONDS", "1h"),
        ("LIFETIME_SECONDS", "299"),
        ("LIFETIME_SECONDS", "604801"),
        ("LIFETIME_SECONDS", "\uff13\uff16\uff10\uff10"),
        ("TEST_MODE", ""),
        ("TEST_MODE", "True"),
        ("TEST_MODE", "1"),
        ("TEST_MODE", "yes"),
        ("ACCEPT_PAYMENTS", "on"),
        ("CHECK_CALL", "0"),
        ("KEEP_CONTACTS", "-1"),
        ("KEEP_CONTACTS", ""),
        ("RECEIPTS", ""),
        ("RECEIPTS", "yes"),
        ("RECEIPT_TAX_TYPE", ""),
        ("RECEIPT_TAX_TYPE", "-1"),
        ("RECEIPT_TAX_TYPE", "12 %"),
        ("HOLD_POLICY", ""),
        ("HOLD_POLICY", "Alert"),
        ("HOLD_POLICY", "refund"),
        ("OFFERS_NOT_BEFORE", "yesterday"),
        ("OFFERS_NOT_BEFORE", "2026-03-01"),
        ("OFFERS_NOT_BEFORE", "2026-03-01T12:00:00"),
        ("SELLER_TERMS", "shop.example/terms"),
        ("SELLER_REFUND_TERMS", "http://shop.example/refunds"),
    ],
)
def test_a_malformed_variable_is_named(name: str, text: str) -> None:
    for kind in (kind for kind, names in VARIABLES.items() if name in names):
        with pytest.raises(SettingsError, match=f"^{name}: "):
            kind.read({**EVERYTHING, name: text})


@pytest.mark.parametrize("parts", [create_payment, manage, payment_status, reconcile])
def test_an_unknown_region_stops_a_function_at_its_start(
    parts: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {**EVERYTHING, "GATEWAY_REGION": "ru"}.items():
        monkeypatch.setenv(name, text)
    with pytest.raises(SettingsError, match=r"^GATEWAY_REGION: must be one of kz,"):
        parts()


def test_settings_do_not_change() -> None:
    settings = PaymentStatusSettings.read(ENVIRONMENT)
    with pytest.raises((FrozenInstanceError, AttributeError)):
        settings.table = "other"
