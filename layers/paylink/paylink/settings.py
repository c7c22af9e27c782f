"""The only place that reads the environment: one class per function, each variable named once.

A missing or malformed variable stops the function at its start, by name.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from paylink.domain.clock import from_text
from paylink.domain.kinds import origin_of, web_url, whole
from paylink.domain.text import LANGUAGES

T = TypeVar("T")


class SettingsError(Exception):
    """A variable of the environment is missing or malformed; the text names it."""


def _text(value: str) -> str:
    if not value:
        raise ValueError("must not be empty")
    return value


def _optional(value: str) -> str:
    return value


def _boolean(value: str) -> bool:
    if value not in {"true", "false"}:
        raise ValueError("must be true or false")
    return value == "true"


def _whole(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise ValueError("must be a whole number")
    return int(value)


def _lifetime(value: str) -> int:
    from paylink.domain.payment_request import LIFETIME  # noqa: PLC0415 — most functions never need it

    return whole(*LIFETIME)(_whole(value))


def _origins(value: str) -> frozenset[str]:
    origins = frozenset(part.strip() for part in value.split(",") if part.strip())
    for origin in origins:
        if origin_of(web_url(origin)) != origin:
            raise ValueError(f"{origin} must be an origin such as https://shop.example, without a path")
    return origins


def _moment(value: str) -> datetime | None:
    return from_text(value) if value else None


def _optional_url(value: str) -> str:
    return web_url(value) if value else ""


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return value


def _hold_policy(value: str) -> str:
    from paylink.domain.watch import HOLD_POLICIES  # noqa: PLC0415 — most functions never need it

    if value not in HOLD_POLICIES:
        raise ValueError(f"must be one of {', '.join(HOLD_POLICIES)}")
    return value


def _path(value: str) -> str:
    if not value.startswith("/") or value.endswith("/"):
        raise ValueError("must begin with a slash and not end with one")
    return value


def log_level(environment: Mapping[str, str] = os.environ) -> str:
    """The owner's level. Powertools would rather take Lambda's own, which stays at INFO or below for the metrics."""
    return environment.get("POWERTOOLS_LOG_LEVEL", "INFO")


class _Variable:
    """A variable's name, and what its text means."""

    __slots__ = ("name", "parse")

    def __init__(self, name: str, parse: Callable[[str], object]) -> None:
        self.name = name
        self.parse = parse


def _variable(name: str, parse: Callable[[str], T]) -> Any:  # noqa: ANN401 — a field stands for its value
    return _Variable(name, parse)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(_variable,))
class Settings:
    """What every function reads.

    A frozen dataclass of its variables to whoever uses it, but nothing is generated: every function would pay for
    the classes of all the others at its start.
    """

    function: ClassVar[str]
    table: str = _variable("TABLE_NAME", _text)

    def __init__(self, **values: object) -> None:
        if values.keys() != self._fields().keys():
            raise TypeError(f"{type(self).__name__} takes exactly {', '.join(self._fields())}")
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__ == self.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.items()))

    def __repr__(self) -> str:
        """The class and its values; secrets are named here, never held."""
        values = (f"{name}={getattr(self, name)!r}" for name in self._fields())
        return f"{type(self).__name__}({', '.join(values)})"

    @classmethod
    def _fields(cls) -> dict[str, _Variable]:
        kinds = reversed(cls.__mro__)
        return {name: own for kind in kinds for name, own in vars(kind).items() if isinstance(own, _Variable)}

    @classmethod
    def variables(cls) -> tuple[str, ...]:
        """The names of the variables that this function reads."""
        return tuple(variable.name for variable in cls._fields().values())

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """The settings of this process. Raises SettingsError naming the first variable that does not fit."""
        values: dict[str, object] = {}
        for name, variable in cls._fields().items():
            if variable.name not in environment:
                raise SettingsError(f"{variable.name} is not set")
            try:
                values[name] = variable.parse(environment[variable.name])
            except ValueError as error:
                raise SettingsError(f"{variable.name}: {error}") from None
        return cls(**values)


class CreatePaymentSettings(Settings):
    """create_payment. `lifetime` in seconds, `keep_contacts` in days."""

    function: ClassVar[str] = "create_payment"
    merchant_secret: str = _variable("MERCHANT_SECRET", _text)
    stack_secret: str = _variable("STACK_SECRET", _text)
    gateway_region: str = _variable("GATEWAY_REGION", _text)
    gateway_url: str = _variable("GATEWAY_URL", _optional)
    gateway_path: str = _variable("GATEWAY_PATH", _path)
    payment_method: str = _variable("PAYMENT_METHOD", _optional)
    allowed_origins: frozenset[str] = _variable("ALLOWED_ORIGINS", _origins)
    shop_url: str = _variable("SHOP_URL", web_url)
    public_url: str = _variable("PUBLIC_URL", _optional)
    language: str = _variable("LANGUAGE", _language)
    lifetime: int = _variable("LIFETIME_SECONDS", _lifetime)
    test_mode: bool = _variable("TEST_MODE", _boolean)
    accept_payments: bool = _variable("ACCEPT_PAYMENTS", _boolean)
    check_call: bool = _variable("CHECK_CALL", _boolean)
    keep_contacts: int = _variable("KEEP_CONTACTS", _whole)
    receipts: bool = _variable("RECEIPTS", _boolean)
    receipt_tax_type: int = _variable("RECEIPT_TAX_TYPE", _whole)
    offers_not_before: datetime | None = _variable("OFFERS_NOT_BEFORE", _moment)


class LinkPageSettings(CreatePaymentSettings):
    """link_page: what creating a payment needs, and the seller's details, each of which may be empty."""

    function: ClassVar[str] = "link_page"
    seller_name: str = _variable("SELLER_NAME", _optional)
    seller_bin: str = _variable("SELLER_BIN", _optional)
    seller_address: str = _variable("SELLER_ADDRESS", _optional)
    seller_phone: str = _variable("SELLER_PHONE", _optional)
    seller_email: str = _variable("SELLER_EMAIL", _optional)
    seller_terms: str = _variable("SELLER_TERMS", _optional_url)
    seller_refund_terms: str = _variable("SELLER_REFUND_TERMS", _optional_url)


class GatewayCallbackSettings(Settings):
    """gateway_callback."""

    function: ClassVar[str] = "gateway_callback"
    merchant_secret: str = _variable("MERCHANT_SECRET", _text)


class ReturnPageSettings(Settings):
    """return_page."""

    function: ClassVar[str] = "return_page"
    merchant_secret: str = _variable("MERCHANT_SECRET", _text)
    shop_url: str = _variable("SHOP_URL", web_url)


class PaymentStatusSettings(Settings):
    """payment_status: what asking the gateway for a buyer who came back needs."""

    function: ClassVar[str] = "payment_status"
    merchant_secret: str = _variable("MERCHANT_SECRET", _text)
    gateway_region: str = _variable("GATEWAY_REGION", _text)
    gateway_url: str = _variable("GATEWAY_URL", _optional)
    gateway_path: str = _variable("GATEWAY_PATH", _path)


class ReconcileSettings(PaymentStatusSettings):
    """reconcile."""

    function: ClassVar[str] = "reconcile"
    stack_secret: str = _variable("STACK_SECRET", _text)
    hold_policy: str = _variable("HOLD_POLICY", _hold_policy)


class PublishSettings(Settings):
    """publish. An empty address, e-mail or chat stands for a channel that the owner does not use."""

    function: ClassVar[str] = "publish"
    event_bus: str = _variable("EVENT_BUS", _text)
    delivery_queue: str = _variable("DELIVERY_QUEUE", _text)
    unpublished_queue: str = _variable("UNPUBLISHED_QUEUE", _text)
    webhook_url: str = _variable("WEBHOOK_URL", _optional_url)
    message_email: str = _variable("MESSAGE_EMAIL", _optional)
    telegram_chat: str = _variable("TELEGRAM_CHAT", _optional)


class DeliverSettings(Settings):
    """deliver. `keep_contacts` in days."""

    function: ClassVar[str] = "deliver"
    delivery_queue: str = _variable("DELIVERY_QUEUE", _text)
    dead_letters: str = _variable("DEAD_LETTERS", _text)
    webhook_url: str = _variable("WEBHOOK_URL", _optional_url)
    webhook_secret: str = _variable("WEBHOOK_SECRET", _text)
    message_topic: str = _variable("MESSAGE_TOPIC", _text)
    telegram_chat: str = _variable("TELEGRAM_CHAT", _optional)
    telegram_secret: str = _variable("TELEGRAM_SECRET", _text)
    keep_contacts: int = _variable("KEEP_CONTACTS", _whole)
    language: str = _variable("LANGUAGE", _language)


class ManageSettings(PublishSettings):
    """manage. `keep_contacts` in days."""

    function: ClassVar[str] = "manage"
    stream_failures: str = _variable("STREAM_FAILURES", _text)
    merchant_secret: str = _variable("MERCHANT_SECRET", _text)
    stack_secret: str = _variable("STACK_SECRET", _text)
    gateway_region: str = _variable("GATEWAY_REGION", _text)
    gateway_url: str = _variable("GATEWAY_URL", _optional)
    gateway_path: str = _variable("GATEWAY_PATH", _path)
    public_url: str = _variable("PUBLIC_URL", _optional)
    keep_contacts: int = _variable("KEEP_CONTACTS", _whole)


EVERY_FUNCTION: tuple[type[Settings], ...] = (
    CreatePaymentSettings,
    LinkPageSettings,
    GatewayCallbackSettings,
    ReturnPageSettings,
    PaymentStatusSettings,
    ReconcileSettings,
    ManageSettings,
    PublishSettings,
    DeliverSettings,
)
