"""One process of a function: the real use cases and adapters, each of whose calls to the outside may be struck."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from integration.create.dying import ProcessDied
from paylink.adapters.contacts import Contacts
from paylink.adapters.links import Links
from paylink.adapters.orders import Orders
from paylink.adapters.places import Places
from paylink.adapters.runs import Runs
from paylink.adapters.secrets import MerchantSecret, StackSecret
from paylink.adapters.waiting_index import WaitingIndex
from paylink.adapters.watches import Watches
from paylink.app.asking import Asking
from paylink.app.attempt import Creation
from paylink.app.create_payment import CreatePayment
from paylink.app.gateway_callback import GatewayCallback, Incoming, Reply
from paylink.app.hold_policy import ALERT, HoldPolicy
from paylink.app.operations import OperationResult, Operations
from paylink.app.pace import Pace, PacedGateway
from paylink.app.policy import Call
from paylink.app.reconcile import Reconcile, Report
from paylink.app.sync import Sync
from paylink.domain.errors import PaylinkError
from paylink.domain.payment_request import parse_payment_request

from .faults import Calls, Client, Strike, gateway_call, secret_call, table_call

if TYPE_CHECKING:
    from .world import World


class Quiet:
    """Signals that nobody listens to."""

    def count(self, name: str) -> None:
        """Nothing."""

    def measure(self, name: str, seconds: float) -> None:
        """Nothing."""

    def note(self, event: str, **ids: object) -> None:
        """Nothing."""

    warn = note


class Process:
    """A process; what it does last ends it."""

    def __init__(self, world: "World", strike: Strike | None) -> None:
        self.world = world
        self.calls = Calls(strike)
        dynamodb = Client(world.dynamodb, self.calls, table_call)
        secrets = Client(world.secrets, self.calls, secret_call)
        self._dynamodb, self._table = dynamodb, world.table
        self._shared: dict[str, Any] = {"signals": Quiet(), "now": world.now}
        self._orders, self._places = Orders(dynamodb, world.table), Places(dynamodb, world.table)
        self._gateway: Any = Client(world.gateway, self.calls, gateway_call)
        self._merchant = MerchantSecret(secrets, world.arns["merchant"])
        self._stack = StackSecret(secrets, world.arns["stack"])

    def create(self, body: Mapping[str, object], key: str) -> Creation | PaylinkError | None:
        """`POST /payments`; None where the process died, so that no answer came."""
        use_case = CreatePayment(
            orders=self._orders,
            links=Links(self._dynamodb, self._table),
            contacts=Contacts(self._dynamodb, self._table, 0),
            places=self._places,
            merchant=self._merchant,
            stack=self._stack,
            gateway=self._gateway,
            policy=self.world.policy,
            **self._shared,
        )
        call = Call(self.world.public_url, "203.0.113.7", 20.0)
        return self._ended(lambda: use_case(parse_payment_request(body), key, call))

    def callback(self, message: Incoming) -> Reply:
        """A message of the gateway; a process that died answers nothing, which is 502 to the gateway."""
        use_case = GatewayCallback(
            orders=self._orders, places=self._places, merchant=self._merchant, **self._shared
        )
        reply = self._ended(lambda: use_case(message))
        return reply if isinstance(reply, Reply) else Reply(502, b"")

    def operate(
        self, kind: str, order_id: str, document: Mapping[str, object], key: str
    ) -> OperationResult | PaylinkError | None:
        """`POST /orders/{order_id}/{kind}`."""
        operations, _ = self._moving(self._gateway)
        return self._ended(lambda: operations.run(kind, order_id, document, key))

    def reconcile(self) -> Report | PaylinkError | None:
        """One run of the schedule."""
        pace = Pace(now=self.world.now, tick=time.monotonic, sleep=lambda _: None)
        operations, sync = self._moving(PacedGateway(self._gateway, pace))
        watches = Watches(self._dynamodb, self._table)
        holds = HoldPolicy(ALERT, orders=self._orders, operations=operations, **self._shared)
        asking = Asking(
            orders=self._orders, places=self._places, watches=watches, sync=sync, holds=holds, **self._shared
        )
        run = Reconcile(
            runs=Runs(self._dynamodb, self._table),
            index=WaitingIndex(self._dynamodb, self._table),
            watches=watches,
            asking=asking,
            pace=pace,
            tick=time.monotonic,
            **self._shared,
        )
        return self._ended(lambda: run(55.0))

    def _moving(self, gateway: Any) -> tuple[Operations, Sync]:
        parts = {"orders": self._orders, "places": self._places, "gateway": gateway, **self._shared}
        sync = Sync(**parts, merchant=self._merchant)
        return Operations(**parts, stack=self._stack, sync=sync), sync

    def _ended(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except ProcessDied:
            return None
        except PaylinkError as error:
            return error
        finally:
            self.calls.end()
