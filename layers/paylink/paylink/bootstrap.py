"""The only place that chooses concrete parts: one function per Lambda, importing just what that one needs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from paylink.adapters.aws import dynamodb, secrets_manager
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.signals import PowertoolsSignals
from paylink.settings import (
    CreatePaymentSettings,
    GatewayCallbackSettings,
    LinkPageSettings,
    ManageSettings,
    PaymentStatusSettings,
    ReturnPageSettings,
    SettingsError,
)

if TYPE_CHECKING:
    from paylink.app.buyer_return import BuyerReturn
    from paylink.app.create_payment import CreatePayment
    from paylink.app.gateway_callback import GatewayCallback
    from paylink.app.link_page import LinkPage
    from paylink.app.payment_status import PaymentStatusQuery
    from paylink.app.policy import Policy
    from paylink.web.link_page_routes import LinkPageRoutes
    from paylink.web.manage_routes import ManageRoutes


@dataclass(frozen=True, slots=True)
class CreatePaymentParts:
    """What functions/create_payment works with."""

    settings: CreatePaymentSettings
    create: "CreatePayment"
    signals: PowertoolsSignals


def create_payment() -> CreatePaymentParts:
    """The parts of create_payment. Raises SettingsError."""
    settings = CreatePaymentSettings.read()
    signals = PowertoolsSignals()
    return CreatePaymentParts(settings, _creating(settings, signals), signals)


def _creating(settings: CreatePaymentSettings, signals: PowertoolsSignals) -> "CreatePayment":
    """Creating a payment, for whichever function does it."""
    from paylink.adapters.contacts import Contacts
    from paylink.adapters.links import Links
    from paylink.adapters.secrets import MerchantSecret, StackSecret
    from paylink.app.create_payment import CreatePayment
    from paylink.freedompay.client import FreedomPayClient
    from paylink.freedompay.hosts import REGIONS

    if settings.gateway_region not in REGIONS:
        raise SettingsError(f"GATEWAY_REGION: must be one of {', '.join(REGIONS)}")
    return CreatePayment(
        orders=Orders(dynamodb(), settings.table),
        links=Links(dynamodb(), settings.table),
        places=Places(dynamodb(), settings.table),
        contacts=Contacts(dynamodb(), settings.table, settings.keep_contacts),
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        stack=StackSecret(secrets_manager(), settings.stack_secret),
        gateway=FreedomPayClient(
            settings.gateway_url or REGIONS[settings.gateway_region].api_url,
            create_path=settings.gateway_path,
        ),
        policy=_policy(settings),
        signals=signals,
    )


def _policy(settings: CreatePaymentSettings) -> "Policy":
    """The owner's decisions on new payments."""
    from paylink.app.policy import Policy
    from paylink.domain.receipt import ReceiptRules

    return Policy(
        allowed_origins=settings.allowed_origins,
        shop_url=settings.shop_url,
        language=settings.language,
        lifetime=settings.lifetime,
        test_mode=settings.test_mode,
        accept_payments=settings.accept_payments,
        payment_method=settings.payment_method,
        check_call=settings.check_call,
        receipts=ReceiptRules(settings.gateway_region, settings.receipt_tax_type, settings.receipts),
        offers_not_before=settings.offers_not_before,
    )


@dataclass(frozen=True, slots=True)
class LinkPageParts:
    """What functions/link_page works with."""

    page: "LinkPage"
    routes: "LinkPageRoutes"
    signals: PowertoolsSignals


def link_page(beside: str) -> LinkPageParts:
    """The parts of link_page; the storefront's files lie in `assets` beside that file. Raises SettingsError."""
    from pathlib import Path

    from paylink.adapters.links import Links
    from paylink.app.link_page import LinkPage
    from paylink.app.policy import Call
    from paylink.domain.kinds import origin_of
    from paylink.domain.seller import Seller
    from paylink.freedompay.hosts import REGIONS
    from paylink.web.assets import Assets
    from paylink.web.link_page_routes import LinkPageRoutes
    from paylink.web.pages.site import Site

    settings = LinkPageSettings.read()
    signals = PowertoolsSignals()
    seller = Seller(
        name=settings.seller_name,
        tax_number=settings.seller_bin,
        address=settings.seller_address,
        phone=settings.seller_phone,
        email=settings.seller_email,
        terms=settings.seller_terms,
        refund_terms=settings.seller_refund_terms,
    )
    page = LinkPage(
        links=Links(dynamodb(), settings.table),
        places=Places(dynamodb(), settings.table),
        create=_creating(settings, signals),
        policy=_policy(settings),
        seller=seller,
    )
    gateway = (origin_of(settings.gateway_url),) if settings.gateway_url else ()
    site = Site(
        seller=seller,
        region=settings.gateway_region,
        language=settings.language,
        onward_origins=(
            *REGIONS[settings.gateway_region].page_origins,
            *gateway,
            origin_of(settings.shop_url),
        ),
    )
    routes = LinkPageRoutes(
        site,
        page,
        lambda asked, key, *call: page.pay(asked, key, Call(*call)),
        Assets(Path(beside).with_name("assets")),
        settings.public_url,
    )
    return LinkPageParts(page, routes, signals)


@dataclass(frozen=True, slots=True)
class GatewayCallbackParts:
    """What functions/gateway_callback works with."""

    answer: "GatewayCallback"
    signals: PowertoolsSignals


def gateway_callback() -> GatewayCallbackParts:
    """The parts of gateway_callback. Raises SettingsError."""
    from paylink.adapters.secrets import MerchantSecret
    from paylink.app.gateway_callback import GatewayCallback

    settings = GatewayCallbackSettings.read()
    signals = PowertoolsSignals()
    answer = GatewayCallback(
        orders=Orders(dynamodb(), settings.table),
        places=Places(dynamodb(), settings.table),
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        signals=signals,
    )
    return GatewayCallbackParts(answer, signals)


@dataclass(frozen=True, slots=True)
class ReturnPageParts:
    """What functions/return_page works with."""

    settings: ReturnPageSettings
    send_back: "BuyerReturn"
    signals: PowertoolsSignals


def return_page() -> ReturnPageParts:
    """The parts of return_page. Raises SettingsError."""
    from paylink.adapters.secrets import MerchantSecret
    from paylink.app.buyer_return import BuyerReturn

    settings = ReturnPageSettings.read()
    signals = PowertoolsSignals()
    send_back = BuyerReturn(
        orders=Orders(dynamodb(), settings.table),
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        shop_url=settings.shop_url,
        signals=signals,
    )
    return ReturnPageParts(settings, send_back, signals)


@dataclass(frozen=True, slots=True)
class PaymentStatusParts:
    """What functions/payment_status works with."""

    status: "PaymentStatusQuery"
    signals: PowertoolsSignals


def payment_status() -> PaymentStatusParts:
    """The parts of payment_status. Raises SettingsError."""
    from paylink.app.payment_status import PaymentStatusQuery

    settings = PaymentStatusSettings.read()
    return PaymentStatusParts(PaymentStatusQuery(Orders(dynamodb(), settings.table)), PowertoolsSignals())


@dataclass(frozen=True, slots=True)
class ManageParts:
    """What functions/manage works with."""

    routes: "ManageRoutes"
    signals: PowertoolsSignals


def manage() -> ManageParts:
    """The parts of manage. Raises SettingsError."""
    from paylink.adapters.links import Links
    from paylink.adapters.secrets import StackSecret
    from paylink.app.manage_links import ManageLinks
    from paylink.app.sign_offers import SignOffers
    from paylink.domain.receipt import ReceiptRules
    from paylink.web.manage_routes import ManageRoutes

    settings = ManageSettings.read()
    routes = ManageRoutes(
        ManageLinks(Links(dynamodb(), settings.table), ReceiptRules(settings.gateway_region)),
        SignOffers(StackSecret(secrets_manager(), settings.stack_secret)),
        settings.public_url,
    )
    return ManageParts(routes, PowertoolsSignals())
