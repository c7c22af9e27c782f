"""Refund, capture, cancel and resolve: claimed in the order's row before the gateway is called.

the key is known already  -> the operation as it is now; an open one is looked for at the gateway first
another is in flight      -> it is looked for first; OperationInFlight while it stays open
else                      -> read the gateway, plan, claim with one conditional write; who loses that begins
                             anew on the row as it is; then one call, and its end is written (`conducting`)
"""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from paylink.app.deadline import Deadline
from paylink.app.observing import ROUNDS
from paylink.app.operations.conducting import Conducting
from paylink.app.operations.task import OperationResult, Task, is_ours, operation_of, result_of
from paylink.app.places import give_back_all
from paylink.app.ports import Gateway, OrderStore, PlaceStore, Signals, StackKeySource
from paylink.app.readings import reading_of
from paylink.app.sync import Sync
from paylink.domain.clock import utc_now
from paylink.domain.errors import (
    GatewayTrouble,
    KeyReused,
    OperationInFlight,
    OperationNotAllowed,
    StillRunning,
    StoreUnavailable,
    UnknownOrder,
)
from paylink.domain.lease import LEASE
from paylink.domain.ledger import reckoned
from paylink.domain.operation import Kind, Operation
from paylink.domain.operation_plan import Plan, planned
from paylink.domain.operation_request import parse_operation_request
from paylink.domain.operation_steps import cancelled, claimed, resolved
from paylink.domain.order import Order, Status
from paylink.domain.payment_request import parse_idempotency_key
from paylink.domain.refund_proof import remembering
from paylink.domain.stack_key import is_order_id


class Operations:
    """The use case behind `POST /orders/{order_id}/refund|capture|cancel|resolve|sync`."""

    def __init__(
        self,
        *,
        orders: OrderStore,
        places: PlaceStore,
        gateway: Gateway,
        stack: StackKeySource,
        sync: Sync,
        signals: Signals,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._orders = orders
        self._places = places
        self._stack = stack
        self._sync = sync
        self._now = now
        self._conducting = Conducting(orders, gateway, sync, signals, now)

    def run(
        self,
        kind: Kind | str,
        order_id: str,
        document: Mapping[str, object],
        idempotency_key: str | None,
        *,
        by: str | None = None,
        seconds_left: float = 20.0,
    ) -> OperationResult:
        """Does the operation of this key, or tells how it stands. `by`: who asks, kept with a resolution.

        Raises InvalidIdempotencyKey, InvalidRequest, UnknownOrder, KeyReused, StillRunning, OperationInFlight,
        OperationNotAllowed, GatewayTrouble (nothing was sent; the same key may try again), NotConfigured, and
        StoreUnavailable, after which the same key tells how it ended.
        """
        key = parse_idempotency_key(idempotency_key)
        request = parse_operation_request(Kind(kind), document)
        stack = self._stack.key()
        order = self._order(order_id)
        task = Task(
            request=request,
            id=stack.operation_id(order_id, key),
            fingerprint=stack.fingerprint({"order_id": order_id, **request.content()}),
            owner=secrets.token_hex(4),
            by=by,
            deadline=Deadline(seconds_left),
        )
        for _ in range(ROUNDS):
            known = operation_of(order, task.id)
            if known is not None:
                return self._again(order, known, task)
            order = self._past_others(order, task)
            claim = self._claim(order, task)
            present = self._orders.save(order, claim)
            if present is None or is_ours(present, task):
                return self._carried_out(present or claim, task)
            order = present
        raise StoreUnavailable("the order is being changed by others")

    def sync(self, order_id: str, idempotency_key: str | None, *, seconds_left: float = 20.0) -> Order:
        """The order brought to what the gateway says. Repeating it is harmless, so the key is only checked.

        Raises InvalidIdempotencyKey, UnknownOrder, GatewayTrouble, NotConfigured, StoreUnavailable.
        """
        parse_idempotency_key(idempotency_key)
        return self._sync.run(self._order(order_id), Deadline(seconds_left))

    def _order(self, order_id: str) -> Order:
        order = self._orders.get(order_id) if is_order_id(order_id) else None
        if order is None:
            raise UnknownOrder("There is no order with this id.")
        return order

    def _again(self, order: Order, known: Operation, task: Task) -> OperationResult:
        if not secrets.compare_digest(known.fingerprint, task.fingerprint):
            raise KeyReused("This Idempotency-Key was used for another operation. Use a fresh key for each.")
        now = self._now()
        if known.leased(now):
            left = (known.lease_until or now) - now
            raise StillRunning(
                "This operation is being carried out at this moment. Send the same request again.",
                retry_after=max(1, -(-left // timedelta(seconds=1))),
            )
        if known.is_open:
            with suppress(GatewayTrouble):
                order = self._sync.follow(order, known.payment_id or "", task.deadline)
        self._tidy(order)
        return result_of(order, task, replayed=True)

    def _past_others(self, order: Order, task: Task) -> Order:
        """The order once an operation that lost its process, or its answer, was looked for at the gateway."""
        other = order.operation
        if other is None or task.request.kind is Kind.RESOLVE or other.leased(self._now()):
            return order
        try:
            return self._sync.follow(order, other.payment_id or "", task.deadline)
        except GatewayTrouble as trouble:
            raise OperationInFlight(
                "Another operation of this order has no outcome yet, and the gateway does not tell now."
            ) from trouble

    def _claim(self, order: Order, task: Task) -> Order:
        """The order with the operation in flight, or done where it is ours alone; not yet written."""
        now = self._now()
        plan = planned(order, task.request, now)
        payment_id = plan.payment_id
        if payment_id is None:
            step = resolved if task.request.kind is Kind.RESOLVE else cancelled
            return step(order, self._operation(plan, task, now), now)
        status = self._sync.ask(order, payment_id, task.deadline)
        now = self._now()
        reading = reading_of(status, payment_id, order)
        read = reckoned(order, reading, now)
        try:
            plan = planned(read, task.request, now, gone_at_gateway=reading.refunded)
        except OperationNotAllowed:
            self._sync.reckon(order, payment_id, status)
            raise
        operation = replace(self._operation(plan, task, now), lease_until=now + LEASE, owner=task.owner)
        operation = remembering(operation, read, reading)
        return replace(claimed(read, operation, now), sequence=order.sequence + 1)

    def _operation(self, plan: Plan, task: Task, now: datetime) -> Operation:
        return Operation(
            id=task.id,
            fingerprint=task.fingerprint,
            kind=task.request.kind,
            created_at=now,
            currency=plan.currency,
            payment_id=plan.payment_id,
            amount=plan.amount,
            note=task.request.note,
            by=task.by,
        )

    def _carried_out(self, order: Order, task: Task) -> OperationResult:
        if order.operation is not None and order.operation.id == task.id:
            order = self._conducting.run(order, order.operation, task.deadline)
        self._tidy(order)
        return result_of(order, task, replayed=False)

    def _tidy(self, order: Order) -> None:
        """Places of an order that nobody is to buy any more go back; after every answer, for the process may
        have died right here the first time."""
        if order.places and order.status is Status.CANCELLED:
            give_back_all(self._places, order)
