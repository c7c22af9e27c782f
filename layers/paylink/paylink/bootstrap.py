"""The only place that chooses concrete parts: one function per Lambda, importing just what that one needs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from paylink.adapters.aws import dynamodb, secrets_manager
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.signals import PowertoolsSignals
from paylink.settings import (
    CreatePaymentSettings,
    DeliverSettings,
    GatewayCallbackSettings,
    LinkPageSettings,
    ManageSettings,
    PaymentStatusSettings,
    PublishSettings,
    ReconcileSettings,
    ReturnPageSettings,
    SettingsError,
)

if TYPE_CHECKING:
    from datetime import datetime

    from paylink.adapters.secrets import StackSecret
    from paylink.app.asking import Asking
    from paylink.app.buyer_return import BuyerReturn
    from paylink.app.create_payment import CreatePayment
    from paylink.app.deliver import Deliver
    from paylink.app.event_ports import Messenger
    from paylink.app.gateway_callback import GatewayCallback
    from paylink.app.hold_policy import HoldPolicy
    from paylink.app.link_page import LinkPage
    from paylink.app.operations import Operations
    from paylink.app.pace import Pace
    from paylink.app.payment_status import PaymentStatusQuery
    from paylink.app.policy import Policy
    from paylink.app.ports import Gateway
    from paylink.app.publish import Announcer, Publish
    from paylink.app.reconcile import Reconcile
    from paylink.app.sync import Sync
    from paylink.web.link_page_routes import LinkPageRoutes
    from paylink.web.manage_events import EventRoutes
    from paylink.web.manage_orders import OrderRoutes
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
        marks=_Marks(settings.table),
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        shop_url=settings.shop_url,
        signals=signals,
    )
    return ReturnPageParts(settings, send_back, signals)


class _Marks:
    """Noting a buyer's return, by a client of its own that is made when it is first needed and gives up soon."""

    def __init__(self, table: str) -> None:
        self._table = table

    def returned(self, order_id: str, now: "datetime") -> None:
        from paylink.adapters.aws import impatient_dynamodb
        from paylink.adapters.watches import Watches

        Watches(impatient_dynamodb(), self._table).returned(order_id, now)


@dataclass(frozen=True, slots=True)
class PaymentStatusParts:
    """What functions/payment_status works with."""

    status: "PaymentStatusQuery"
    signals: PowertoolsSignals


def payment_status() -> PaymentStatusParts:
    """The parts of payment_status. Raises SettingsError."""
    from functools import cache

    from paylink.adapters.watches import Watches
    from paylink.app.buyer_asks import BuyerAsks
    from paylink.app.payment_status import PaymentStatusQuery

    settings = PaymentStatusSettings.read()
    signals = PowertoolsSignals()
    api_url = _api_url(settings)
    ask = BuyerAsks(
        watches=Watches(dynamodb(), settings.table),
        # On first use: most questions never need the HTTP client, and each would pay for it at its start.
        asking=cache(lambda: _asking(settings, api_url, signals)),
        signals=signals,
    )
    return PaymentStatusParts(PaymentStatusQuery(Orders(dynamodb(), settings.table), ask), signals)


def _api_url(settings: PaymentStatusSettings) -> str:
    """The gateway's address. Raises SettingsError."""
    from paylink.freedompay.hosts import REGIONS

    if settings.gateway_region not in REGIONS:
        raise SettingsError(f"GATEWAY_REGION: must be one of {', '.join(REGIONS)}")
    return settings.gateway_url or REGIONS[settings.gateway_region].api_url


def _asking(
    settings: PaymentStatusSettings, api_url: str, signals: PowertoolsSignals, pace: "Pace | None" = None
) -> "Asking":
    """Asking the gateway about one order; with a pace, at that pace and with the owner's choice on holds."""
    from paylink.adapters.secrets import MerchantSecret
    from paylink.adapters.watches import Watches
    from paylink.app.asking import Asking
    from paylink.app.pace import PacedGateway
    from paylink.app.sync import Sync
    from paylink.freedompay.client import FreedomPayClient

    client = FreedomPayClient(api_url, create_path=settings.gateway_path)
    gateway = client if pace is None else PacedGateway(client, pace)
    orders, places = Orders(dynamodb(), settings.table), Places(dynamodb(), settings.table)
    merchant = MerchantSecret(secrets_manager(), settings.merchant_secret)
    sync = Sync(orders=orders, places=places, gateway=gateway, merchant=merchant, signals=signals)
    holds = _holds(settings, gateway, sync, signals) if isinstance(settings, ReconcileSettings) else None
    watches = Watches(dynamodb(), settings.table)
    return Asking(orders=orders, places=places, watches=watches, sync=sync, signals=signals, holds=holds)


def _holds(
    settings: ReconcileSettings, gateway: "Gateway", sync: "Sync", signals: PowertoolsSignals
) -> "HoldPolicy":
    from paylink.adapters.secrets import StackSecret
    from paylink.app.hold_policy import HoldPolicy
    from paylink.app.operations import Operations

    orders = Orders(dynamodb(), settings.table)
    operations = Operations(
        orders=orders,
        places=Places(dynamodb(), settings.table),
        gateway=gateway,
        stack=StackSecret(secrets_manager(), settings.stack_secret),
        sync=sync,
        signals=signals,
    )
    return HoldPolicy(settings.hold_policy, orders=orders, operations=operations, signals=signals)


@dataclass(frozen=True, slots=True)
class ReconcileParts:
    """What functions/reconcile works with."""

    run: "Reconcile"
    signals: PowertoolsSignals


def reconcile() -> ReconcileParts:
    """The parts of reconcile. Raises SettingsError."""
    import time

    from paylink.adapters.runs import Runs
    from paylink.adapters.waiting_index import WaitingIndex
    from paylink.adapters.watches import Watches
    from paylink.app.pace import Pace
    from paylink.app.reconcile import Reconcile
    from paylink.domain.clock import utc_now

    settings = ReconcileSettings.read()
    signals = PowertoolsSignals()
    pace = Pace(now=utc_now, tick=time.monotonic, sleep=time.sleep)
    run = Reconcile(
        runs=Runs(dynamodb(), settings.table),
        index=WaitingIndex(dynamodb(), settings.table),
        watches=Watches(dynamodb(), settings.table),
        asking=_asking(settings, _api_url(settings), signals, pace),
        pace=pace,
        signals=signals,
        tick=time.monotonic,
    )
    return ReconcileParts(run, signals)


@dataclass(frozen=True, slots=True)
class ManageParts:
    """What functions/manage works with."""

    routes: "ManageRoutes"
    signals: PowertoolsSignals


def manage() -> ManageParts:
    """The parts of manage. Raises SettingsError."""
    from paylink.adapters.contacts import Contacts
    from paylink.adapters.links import Links
    from paylink.adapters.secrets import StackSecret
    from paylink.app.make_invoice import MakeInvoice
    from paylink.app.manage_links import ManageLinks
    from paylink.app.sign_offers import SignOffers
    from paylink.domain.receipt import ReceiptRules
    from paylink.web.manage_invoices import InvoiceRoutes
    from paylink.web.manage_links import LinkRoutes
    from paylink.web.manage_routes import ManageRoutes

    settings = ManageSettings.read()
    signals = PowertoolsSignals()
    links = Links(dynamodb(), settings.table)
    stack = StackSecret(secrets_manager(), settings.stack_secret)
    contacts = Contacts(dynamodb(), settings.table, settings.keep_contacts)
    routes = ManageRoutes(
        links=LinkRoutes(
            ManageLinks(links, ReceiptRules(settings.gateway_region)), SignOffers(stack), settings.public_url
        ),
        invoices=InvoiceRoutes(MakeInvoice(links, contacts, stack), settings.public_url),
        orders=_order_routes(settings, stack, signals),
        events=_event_routes(settings, signals),
    )
    return ManageParts(routes, signals)


def _order_routes(
    settings: ManageSettings, stack: "StackSecret", signals: PowertoolsSignals
) -> "OrderRoutes":
    """What the operator does with orders."""
    from functools import cache

    from paylink.adapters.order_lists import OrderLists
    from paylink.app.list_orders import ListOrders
    from paylink.app.read_order import ReadOrder
    from paylink.web.manage_orders import OrderRoutes

    return OrderRoutes(
        ListOrders(OrderLists(dynamodb(), settings.table)),
        ReadOrder(Orders(dynamodb(), settings.table)),
        cache(lambda: _operations(settings, stack, signals)),
    )


def _operations(settings: ManageSettings, stack: "StackSecret", signals: PowertoolsSignals) -> "Operations":
    """What moves an order's money at the gateway."""
    from paylink.adapters.secrets import MerchantSecret
    from paylink.app.operations import Operations
    from paylink.app.sync import Sync
    from paylink.freedompay.client import FreedomPayClient
    from paylink.freedompay.hosts import REGIONS

    orders, places = Orders(dynamodb(), settings.table), Places(dynamodb(), settings.table)
    gateway = FreedomPayClient(
        settings.gateway_url or REGIONS[settings.gateway_region].api_url, create_path=settings.gateway_path
    )
    sync = Sync(
        orders=orders,
        places=places,
        gateway=gateway,
        merchant=MerchantSecret(secrets_manager(), settings.merchant_secret),
        signals=signals,
    )
    return Operations(orders=orders, places=places, gateway=gateway, stack=stack, sync=sync, signals=signals)


def _event_routes(settings: ManageSettings, signals: PowertoolsSignals) -> "EventRoutes":
    """Telling events again."""
    from paylink.adapters.aws import dynamodb_streams, sqs
    from paylink.adapters.failed_batches import FailedBatches
    from paylink.adapters.queues import Unpublished
    from paylink.app.republish import Republish
    from paylink.web.manage_events import EventRoutes

    unpublished = Unpublished(sqs(), settings.unpublished_queue)
    orders = Orders(dynamodb(), settings.table)
    failed = FailedBatches(sqs(), settings.stream_failures, dynamodb_streams())
    return EventRoutes(Republish(unpublished, failed, orders, _announcer(settings), signals))


@dataclass(frozen=True, slots=True)
class PublishParts:
    """What functions/publish works with."""

    publish: "Publish"
    signals: PowertoolsSignals


def publish() -> PublishParts:
    """The parts of publish. Raises SettingsError."""
    from paylink.adapters.aws import sqs
    from paylink.adapters.queues import Unpublished
    from paylink.adapters.stream import changes_of
    from paylink.app.publish import Publish

    settings = PublishSettings.read()
    signals = PowertoolsSignals()
    unpublished = Unpublished(sqs(), settings.unpublished_queue)
    return PublishParts(Publish(changes_of, _announcer(settings), unpublished, signals), signals)


def _announcer(settings: PublishSettings) -> "Announcer":
    """Telling events, for whichever function does it."""
    from paylink.adapters.aws import events, sqs
    from paylink.adapters.event_bus import EventBus
    from paylink.adapters.queues import DeliveryQueue
    from paylink.app.publish import Announcer
    from paylink.domain.delivery import Channel

    wanted = {
        Channel.WEBHOOK: settings.webhook_url,
        Channel.EMAIL: settings.message_email,
        Channel.TELEGRAM: settings.telegram_chat,
    }
    return Announcer(
        EventBus(events(), settings.event_bus),
        DeliveryQueue(sqs(), settings.delivery_queue),
        [channel for channel, where in wanted.items() if where],
    )


@dataclass(frozen=True, slots=True)
class DeliverParts:
    """What functions/deliver works with."""

    deliver: "Deliver"
    signals: PowertoolsSignals


def deliver() -> DeliverParts:
    """The parts of deliver. Raises SettingsError."""
    from paylink.adapters.aws import sns, sqs
    from paylink.adapters.contacts import Contacts
    from paylink.adapters.delivery_notes import DeliveryNotes
    from paylink.adapters.messengers import EmailTopic, TelegramBot
    from paylink.adapters.queues import WaitingRoom
    from paylink.adapters.secrets import TelegramSecret, WebhookSecret
    from paylink.adapters.stream import messages_of
    from paylink.adapters.webhook_sender import WebhookSender
    from paylink.app.deliver import Deliver
    from paylink.app.deliver import DeliverParts as Parts
    from paylink.domain.delivery import Channel

    settings = DeliverSettings.read()
    signals = PowertoolsSignals()
    messengers: dict[Channel, Messenger] = {Channel.EMAIL: EmailTopic(sns(), settings.message_topic)}
    if settings.telegram_chat:
        secret = TelegramSecret(secrets_manager(), settings.telegram_secret)
        messengers[Channel.TELEGRAM] = TelegramBot(secret, settings.telegram_chat)
    parts = Parts(
        queue=WaitingRoom(sqs(), settings.delivery_queue, settings.dead_letters),
        notes=DeliveryNotes(dynamodb(), settings.table),
        receiver=WebhookSender(settings.webhook_url) if settings.webhook_url else None,
        webhook_keys=WebhookSecret(secrets_manager(), settings.webhook_secret),
        messengers=messengers,
        contacts=Contacts(dynamodb(), settings.table, settings.keep_contacts),
        signals=signals,
        language=settings.language,
    )
    return DeliverParts(Deliver(messages_of, parts), signals)
