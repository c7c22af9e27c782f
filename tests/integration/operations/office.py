"""The operator's side of one shop: its operations on the real adapters, with the sandbox as the gateway."""

import itertools
from typing import Any

from integration.create.dying import Watched
from integration.create.shop import Shop
from paylink.app.deadline import Deadline
from paylink.app.operations import OperationResult, Operations
from paylink.app.sync import Sync
from paylink.domain.errors import PaylinkError
from paylink.domain.operation import OperationState
from paylink.domain.order import Order

HOLD = {"id": "room", "title": "A room", "price": "1500", "currency": "KZT", "capture": "manual"}
GIFT = {
    "id": "gift",
    "title": "A gift",
    "price": "1500",
    "currency": "KZT",
    "limit": 3,
}
MOST_REPEATS = 12
keys = itertools.count(1)


def fresh_key() -> str:
    return f"an-operation-of-its-own-{next(keys)}"


class Office:
    """Sells, then moves money. Every call to the outside goes by the shop's watch."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.sandbox = shop.sandbox

    # ── selling ────────────────────────────────────────────────────────────────────────────────────────────

    def pending(self, link: str = "coffee") -> Order:
        return self.shop.ask({"link": link}, fresh_key()).order

    def sold(self, link: str = "coffee") -> Order:
        """A paid order, or a held one."""
        order = self.pending(link)
        self.sandbox.pay(str(order.payment_id))
        return self.order(order.order_id)

    def held(self) -> Order:
        return self.sold("room")

    def order(self, order_id: str) -> Order:
        order = self.shop.orders.get(order_id)
        assert order is not None
        return order

    # ── operations ─────────────────────────────────────────────────────────────────────────────────────────

    def process(self) -> tuple[Operations, Sync]:
        """The use cases as a new process would have them."""
        outside = {
            "orders": self.shop.orders,
            "places": self.shop.places,
            "gateway": self.shop.gateway,
            "merchant": self.shop.secrets.merchant,
            "stack": self.shop.secrets.stack,
        }
        watched: dict[str, Any] = {
            name: Watched(name, part, self.shop.watch) for name, part in outside.items()
        }
        shared = {"signals": self.shop.signals, "now": self.shop.now}
        stack = watched.pop("stack")
        sync = Sync(**watched, **shared)
        watched.pop("merchant")
        return Operations(**watched, **shared, stack=stack, sync=sync), sync

    def run(self, kind: str, order: Order, key: str | None = None, /, **document: object) -> OperationResult:
        """One request of the operator, answered by a process of its own."""
        operations, _ = self.process()
        return operations.run(
            kind, order.order_id, document, key or fresh_key(), by="arn:aws:iam::1:user/owner"
        )

    def sync(self, order: Order) -> Order:
        _, sync = self.process()
        return sync.run(self.order(order.order_id), Deadline(self.shop.seconds_left))

    def insist(self, kind: str, order: Order, key: str, /, **document: object) -> OperationResult:
        """Repeats the request with its key until it has an end, waiting as it is told to."""
        for _ in range(MOST_REPEATS):
            try:
                result = self.run(kind, order, key, **document)
            except PaylinkError as error:
                if error.retry_after is None:
                    raise
                self.sandbox.clock.advance(error.retry_after)
                continue
            if result.operation.state is not OperationState.UNKNOWN:
                return result
            self.sandbox.clock.advance(360)
        raise AssertionError(f"no end in {MOST_REPEATS} repeats: {self.order(order.order_id)}")

    def sync_until_quiet(self, order: Order) -> Order:
        """Syncs as reconcile would, until nothing of an operation is open."""
        for _ in range(MOST_REPEATS):
            order = self.sync(order)
            if order.operation is None:
                return order
            self.sandbox.clock.advance(360)
        raise AssertionError(f"never quiet: {order}")
