"""Tell how an order stands, to whoever holds its unguessable id."""

from paylink.app.ports import OrderStore
from paylink.domain.errors import UnknownOrder
from paylink.domain.order import Order
from paylink.domain.stack_key import is_order_id


class PaymentStatusQuery:
    """The use case behind `GET /payments/{order_id}`."""

    def __init__(self, orders: OrderStore) -> None:
        self._orders = orders

    def __call__(self, order_id: str) -> Order:
        """The order. Raises UnknownOrder, or StoreUnavailable."""
        order = self._orders.get(order_id) if is_order_id(order_id) else None
        if order is None:
            raise UnknownOrder("There is no order of this id.")
        return order
