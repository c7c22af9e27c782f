"""Tell how an order stands, to whoever holds its unguessable id."""

from collections.abc import Callable

from paylink.app.ports import OrderStore
from paylink.domain.errors import UnknownOrder
from paylink.domain.order import Order
from paylink.domain.stack_key import is_order_id


class PaymentStatusQuery:
    """The use case behind `GET /payments/{order_id}`. `ask` may look a pending order up at the gateway."""

    def __init__(self, orders: OrderStore, ask: Callable[[Order, float], Order] | None = None) -> None:
        self._orders = orders
        self._ask = ask

    def __call__(self, order_id: str, seconds_left: float = 0.0) -> Order:
        """The order. Raises UnknownOrder, or StoreUnavailable."""
        order = self._orders.get(order_id) if is_order_id(order_id) else None
        if order is None:
            raise UnknownOrder("There is no order of this id.")
        return order if self._ask is None else self._ask(order, seconds_left)
