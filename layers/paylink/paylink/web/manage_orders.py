"""The operator's routes about orders and their money."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from paylink.domain.form import Form
from paylink.domain.operation import Kind, Operation
from paylink.domain.order import Order
from paylink.domain.order_query import OrderQuery, parse_order_query
from paylink.web.manage import read_object_or_none_given
from paylink.web.operation_response import operation_response
from paylink.web.operator_json import order_json, orders_json
from paylink.web.request import Request
from paylink.web.response import Response, json_response


class Operated(Protocol):
    """What the routes need of an operation's outcome."""

    @property
    def order(self) -> Order:
        """The order as it is now."""

    @property
    def operation(self) -> Operation:
        """The operation as it is now."""

    @property
    def replayed(self) -> bool:
        """Whether an earlier request of the same key had begun it."""


class OperatesOrders(Protocol):
    """What the routes need of the use case behind the operations."""

    def run(
        self,
        kind: Kind,
        order_id: str,
        document: Mapping[str, object],
        idempotency_key: str | None,
        *,
        by: str | None,
        seconds_left: float,
    ) -> Operated:
        """Does an operation once for each key. Raises PaylinkError."""

    def sync(self, order_id: str, idempotency_key: str | None, *, seconds_left: float) -> Order:
        """The order brought to what the gateway says. Raises PaylinkError."""


ListOrders = Callable[[OrderQuery], tuple[Sequence[Order], str | None]]
"""Some orders, and the cursor of the next ones. Raises PaylinkError."""
ReadOrder = Callable[[str], Order]
"""The order of an id. Raises PaylinkError."""


class OrderRoutes:
    """Answers requests about orders.

    `operations` is called when it is first needed, for it brings the HTTP client, which is slow to load.
    """

    def __init__(
        self, orders: ListOrders, order: ReadOrder, operations: Callable[[], OperatesOrders]
    ) -> None:
        self._orders = orders
        self._order = order
        self._operations = operations

    def list(self, request: Request) -> Response:
        """GET /orders."""
        return json_response(200, orders_json(*self._orders(parse_order_query(request.query_parameters))))

    def get(self, request: Request) -> Response:
        """GET /orders/{order_id}."""
        return json_response(200, order_json(self._order(_order_id(request))))

    def operate(self, kind: Kind, request: Request, seconds_left: float) -> Response:
        """POST /orders/{order_id}/refund, capture, cancel and resolve."""
        done = self._operations().run(
            kind,
            _order_id(request),
            read_object_or_none_given(request),
            _key(request),
            by=request.caller,
            seconds_left=seconds_left,
        )
        return operation_response(done.order, done.operation, request.request_id, replayed=done.replayed)

    def sync(self, request: Request, seconds_left: float) -> Response:
        """POST /orders/{order_id}/sync."""
        Form(read_object_or_none_given(request)).finish()
        order = self._operations().sync(_order_id(request), _key(request), seconds_left=seconds_left)
        return json_response(200, {"order": order_json(order)})


def _key(request: Request) -> str | None:
    return request.headers.get("idempotency-key")


def _order_id(request: Request) -> str:
    return request.path_parameters.get("order_id", "")
