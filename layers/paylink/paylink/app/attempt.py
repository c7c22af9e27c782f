"""One attempt at a payment: the call to the gateway, and writing down truthfully how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from paylink.app.attaching import attached, refused, released, with_lost
from paylink.app.create_fields import create_fields
from paylink.app.deadline import Deadline
from paylink.app.gateway_trouble import trouble
from paylink.app.invoiced import with_customer
from paylink.app.places import give_back_all, hold_all
from paylink.app.policy import Call, Policy
from paylink.app.ports import ContactStore, Gateway, OrderStore, PlaceStore, Signals
from paylink.domain.errors import (
    GatewayMisconfigured,
    GatewayRefused,
    GatewaySilent,
    GatewayTrouble,
    SoldOut,
    StillRunning,
)
from paylink.domain.lease import LEASE
from paylink.domain.order import SETTLED, Order, Refusal
from paylink.domain.payment_request import PaymentRequest
from paylink.freedompay.answers import CreatedPayment
from paylink.freedompay.client import Credentials
from paylink.freedompay.errors import FreedomPayError

SILENCE = timedelta(seconds=5)
"""How long the gateway may go on with a call that it did not answer, before the next attempt asks about it."""

ROUNDS = 5
"""How often a write is tried against an order that others change at the same time."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What attempts work with."""

    orders: OrderStore
    contacts: ContactStore
    places: PlaceStore
    gateway: Gateway
    policy: Policy
    signals: Signals
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Task:
    """One request being worked on; `owner` marks the leases that it holds."""

    request: PaymentRequest
    call: Call
    credentials: Credentials
    deadline: Deadline
    owner: str


@dataclass(frozen=True, slots=True)
class Creation:
    """What came of a request: the order, whether this very request made its payment, the gateway's QR code."""

    order: Order
    made: bool
    qr: str | None = None


class Attempt:
    """What one request does at the gateway and to its order's row."""

    def __init__(self, parts: Parts, task: Task) -> None:
        self.parts = parts
        self.task = task

    def create(self, order: Order, *, sent: int) -> CreatedPayment:
        """Makes a payment at the gateway. Raises GatewayTrouble, or SoldOut before anything is sent."""
        parts, task = self.parts, self.task
        self._secure_places(order)
        request = with_customer(task.request, parts.contacts)
        parts.contacts.keep(order.order_id, request.customer, request.fields, parts.now())
        fields = create_fields(order, request, parts.policy, task.call, sent=sent)
        try:
            make = parts.gateway.create if order.amount_range is None else parts.gateway.any_amount
            return make(task.credentials, fields, timeout=task.deadline.next_call())
        except FreedomPayError as error:
            failure = trouble(error)
            self._report(order, failure, type(error).__name__)
            raise failure from error

    def attach(self, order: Order, created: CreatedPayment) -> Creation:
        """Writes the gateway's answer into the order; only then may the page's address leave the function.

        Where another attempt has taken over meanwhile, the payment is noted as lost and StillRunning raised.
        """
        mine, earlier = order.attempt, frozenset(order.payments)
        for _ in range(ROUNDS):
            now = self.parts.now()
            is_mine = order.attempt == mine
            changed = (
                attached(order, created, now, earlier=earlier)
                if is_mine
                else with_lost(order, created.payment_id).changed(now)
            )
            present = self.parts.orders.save(order, changed)
            if present is None and is_mine:
                self.parts.signals.note(
                    "payment attached", order_id=order.order_id, payment_id=created.payment_id
                )
                return Creation(changed, made=True, qr=created.qr)
            if present is None:
                raise still_running(changed, now)
            if present.attempt == mine and present.redirect_url == created.redirect_url:
                # Our own write arrived though its answer was lost.
                return Creation(present, made=True, qr=created.qr)
            order = present
        raise StillRunning(
            "The order is being changed by others. Send the same request again.", retry_after=2
        )

    def give_up(self, order: Order, failure: GatewayTrouble | SoldOut) -> Creation:
        """Writes down how the attempt failed and raises that; a callback that came meanwhile counts for more."""
        mine = order.attempt
        if isinstance(failure, GatewayRefused) and (not order.payments or order.over(self.parts.now())):
            # No callback will come that could give them back. Before the write, so that dying here leaves an
            # order whose key still continues. An earlier page that can still be paid keeps them.
            give_back_all(self.parts.places, order)
        for _ in range(ROUNDS):
            now = self.parts.now()
            if isinstance(failure, GatewayRefused):
                changed = refused(order, Refusal(failure.gateway_code, failure.gateway_description), now)
            elif isinstance(failure, SoldOut):
                # Nothing was sent; the same key asks again, for places may come back.
                changed = refused(order, None, now)
            else:
                cooldown = SILENCE if isinstance(failure, GatewaySilent) else timedelta(0)
                changed = released(order, now, cooldown=cooldown)
            present = self.parts.orders.save(order, changed)
            if present is None:
                raise failure
            if present.status in SETTLED:
                return Creation(present, made=False)
            if present.attempt != mine or present.lease_until is None:
                raise failure
            order = present
        raise failure

    def _secure_places(self, order: Order) -> None:
        """Where the gateway asks before it takes money, places are taken then; else they are held from now on."""
        places = self.parts.places
        if not self.parts.policy.check_call:
            hold_all(places, order)
        elif any(places.left(place, order.order_id) < place.units for place in order.places):
            raise SoldOut("Sold out: not enough is left.")

    def _report(self, order: Order, failure: GatewayTrouble, kind: str) -> None:
        if isinstance(failure, GatewayMisconfigured):
            self.parts.signals.count("GatewayMisconfigured")
        elif isinstance(failure, GatewayRefused):
            self.parts.signals.count("GatewayRefused")
        else:
            self.parts.signals.count("GatewayUnclear")
        self.parts.signals.warn(
            "create call failed", order_id=order.order_id, kind=kind, gateway_code=failure.gateway_code
        )


def still_running(order: Order, now: datetime) -> StillRunning:
    """The answer to a request whose key is being worked on."""
    running = order.lease_until is not None and order.lease_until > now
    left = order.lease_until - now if running and order.lease_until else timedelta(seconds=1)
    return StillRunning(
        "This payment is being created at this moment. Send the same request with the same Idempotency-Key again.",
        retry_after=max(1, min(int(LEASE.total_seconds()), -(-left // timedelta(seconds=1)))),
    )
