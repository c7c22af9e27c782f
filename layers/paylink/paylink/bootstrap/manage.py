"""What functions/manage works with."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from paylink.adapters.aws import dynamodb, dynamodb_streams, secrets_manager, sqs
from paylink.adapters.contacts import Contacts
from paylink.adapters.failed_batches import FailedBatches
from paylink.adapters.links import Links
from paylink.adapters.order_lists import OrderLists
from paylink.adapters.orders import Orders
from paylink.adapters.queues import Unpublished
from paylink.adapters.secrets import StackSecret
from paylink.adapters.signals import PowertoolsSignals
from paylink.app.list_orders import ListOrders
from paylink.app.make_invoice import MakeInvoice
from paylink.app.manage_links import ManageLinks
from paylink.app.read_order import ReadOrder
from paylink.app.republish import Republish
from paylink.app.sign_offers import SignOffers
from paylink.bootstrap import loaded
from paylink.bootstrap.announcing import announcing
from paylink.bootstrap.gateway import api_url
from paylink.domain.receipt import ReceiptRules
from paylink.settings import ManageSettings, log_level
from paylink.web.manage_events import EventRoutes
from paylink.web.manage_invoices import InvoiceRoutes
from paylink.web.manage_links import LinkRoutes
from paylink.web.manage_orders import OrderRoutes
from paylink.web.manage_routes import ManageRoutes

if TYPE_CHECKING:
    from paylink.app.operations import Operations


@dataclass(frozen=True, slots=True)
class ManageParts:
    """The parts of manage."""

    routes: ManageRoutes
    signals: PowertoolsSignals


def manage() -> ManageParts:
    """The parts, by the environment. Raises SettingsError."""
    settings = ManageSettings.read()
    signals = PowertoolsSignals(log_level(), loaded)
    api_url(settings)  # a wrong setting shows at the start, not with the first refund
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


def _order_routes(settings: ManageSettings, stack: StackSecret, signals: PowertoolsSignals) -> OrderRoutes:
    # On first use: reading orders and keeping links never need the HTTP client.
    @cache
    def operations() -> "Operations":
        from paylink.bootstrap.moving import client, moving, syncing

        gateway = client(settings)
        return moving(settings, gateway, stack, syncing(settings, gateway, signals), signals)

    return OrderRoutes(
        ListOrders(OrderLists(dynamodb(), settings.table)),
        ReadOrder(Orders(dynamodb(), settings.table)),
        operations,
    )


def _event_routes(settings: ManageSettings, signals: PowertoolsSignals) -> EventRoutes:
    unpublished = Unpublished(sqs(), settings.unpublished_queue)
    orders = Orders(dynamodb(), settings.table)
    failed = FailedBatches(sqs(), settings.stream_failures, dynamodb_streams())
    return EventRoutes(Republish(unpublished, failed, orders, announcing(settings), signals))
