"""The operator's routes, all in one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from paylink.domain.operation import Kind
from paylink.web.manage_events import EventRoutes
from paylink.web.manage_invoices import InvoiceRoutes
from paylink.web.manage_links import LinkRoutes
from paylink.web.manage_orders import OrderRoutes
from paylink.web.request import Request
from paylink.web.response import Response


@dataclass(frozen=True, slots=True)
class ManageRoutes:
    """Answers the operator's requests."""

    links: LinkRoutes
    invoices: InvoiceRoutes
    orders: OrderRoutes
    events: EventRoutes

    def __call__(self, request: Request, seconds_left: float) -> Response:
        """The answer of the request's route, within so many seconds. Raises PaylinkError."""
        return ROUTES[request.route](self, request, seconds_left)


Route = Callable[[ManageRoutes, Request, float], Response]

ROUTES: Final[Mapping[str, Route]] = {
    "PUT /links/{link_id}": lambda routes, request, _: routes.links.put(request),
    "GET /links/{link_id}": lambda routes, request, _: routes.links.get(request),
    "DELETE /links/{link_id}": lambda routes, request, _: routes.links.switch_off(request),
    "GET /links": lambda routes, request, _: routes.links.list(request),
    "POST /offers": lambda routes, request, _: routes.links.sign_offers(request),
    "POST /invoices": lambda routes, request, _: routes.invoices.make(request),
    "GET /orders": lambda routes, request, _: routes.orders.list(request),
    "GET /orders/{order_id}": lambda routes, request, _: routes.orders.get(request),
    "POST /orders/{order_id}/refund": lambda routes, *call: routes.orders.operate(Kind.REFUND, *call),
    "POST /orders/{order_id}/capture": lambda routes, *call: routes.orders.operate(Kind.CAPTURE, *call),
    "POST /orders/{order_id}/cancel": lambda routes, *call: routes.orders.operate(Kind.CANCEL, *call),
    "POST /orders/{order_id}/resolve": lambda routes, *call: routes.orders.operate(Kind.RESOLVE, *call),
    "POST /orders/{order_id}/sync": lambda routes, *call: routes.orders.sync(*call),
    "POST /events/republish": lambda routes, *_: routes.events.republish(),
}
"""API Gateway has matched the route already; a test holds these and the template's against each other."""
