"""Read one order, as its last write left it."""

from paylink.app.ports import OrderStore
from paylink.domain.errors import UnknownOrder
from paylink.domain.order import Order
from paylink.domain.stack_key import is_order_id


class ReadOrder:
    """The use case behind `GET /orders/{order_id}`: asks nobody but the table."""

    def __init__(self, orders: OrderStore) -> None:
        self._orders = orders

    def __call__(self, order_id: str) -> Order:
        """The order. Raises UnknownOrder or StoreUnavailable."""
        order = self._orders.get(order_id) if is_order_id(order_id) else None
        if order is None:
            raise UnknownOrder("There is no order of this id.")
        return order
