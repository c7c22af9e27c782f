"""A claimed operation: the one call to the gateway, and writing down truthfully how it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from paylink.app.deadline import Deadline
from paylink.app.gateway_trouble import trouble
from paylink.app.observing import ROUNDS
from paylink.app.operations.calling import Outcome, call, outcome_of
from paylink.app.ports import Gateway, OrderStore, Signals
from paylink.app.readings import reading_of
from paylink.app.sync import Sync
from paylink.domain.errors import GatewayMisconfigured, GatewaySilent, GatewayTrouble, StoreUnavailable
from paylink.domain.operation import Operation, OperationState
from paylink.domain.operation_steps import after_no, done, left_unknown, withdrawn
from paylink.domain.order import Order
from paylink.freedompay.errors import FreedomPayError, GatewayError

_COUNTED = {
    OperationState.DONE: "OperationDone",
    OperationState.REFUSED: "OperationRefused",
    OperationState.UNKNOWN: "OperationUnknown",
}


@dataclass(frozen=True, slots=True)
class Conducting:
    """What conducting an operation works with."""

    orders: OrderStore
    gateway: Gateway
    sync: Sync
    signals: Signals
    now: Callable[[], datetime]

    def run(self, order: Order, operation: Operation, deadline: Deadline) -> Order:
        """Calls the gateway for the claimed operation and writes the end: done, refused or unknown.

        Raises GatewayTrouble where nothing was sent, with the operation withdrawn; StoreUnavailable where the
        end could not be written, which leaves the operation for later reads to judge.
        """
        try:
            credentials, timeout = self.sync.credentials(), deadline.next_call()
        except GatewaySilent:
            self._write(order, operation, lambda present, _: withdrawn(present, self.now()))
            raise
        try:
            answer = call(self.gateway, credentials, order, operation, timeout=timeout)
        except FreedomPayError as error:
            return self._failed(order, operation, error, deadline)
        return self._write(
            order,
            operation,
            lambda present, mine: done(
                present, mine, self.now(), refund_id=answer.refund_id, captured=answer.captured
            ),
        )

    def _failed(
        self, order: Order, operation: Operation, error: FreedomPayError, deadline: Deadline
    ) -> Order:
        failure, outcome = trouble(error), outcome_of(error)
        self._report(order, operation, failure, type(error).__name__)
        if outcome is Outcome.NOT_SENT:
            self._write(order, operation, lambda present, _: withdrawn(present, self.now()))
            if isinstance(failure, GatewayMisconfigured):
                # The owner may have changed the key within the minutes for which it is kept here.
                self.sync.renewed()
            raise failure from error
        code = error.code if isinstance(error, GatewayError) else None
        description = failure.gateway_description
        if outcome is Outcome.SAID_NO:
            status = None
            payment_id = operation.payment_id or ""
            try:
                status = self.sync.ask(order, payment_id, deadline)
            except (GatewayTrouble, StoreUnavailable):
                self.signals.warn("a refusal could not be checked", order_id=order.order_id)
            if status is not None:
                told = status
                return self._write(
                    order,
                    operation,
                    lambda present, mine: after_no(
                        present,
                        mine,
                        reading_of(told, payment_id, present),
                        self.now(),
                        code=code,
                        description=description,
                    ),
                )
        return self._write(
            order,
            operation,
            lambda present, mine: left_unknown(present, mine, self.now(), code=code, description=description),
        )

    def _write(
        self, order: Order, operation: Operation, change: Callable[[Order, Operation], Order]
    ) -> Order:
        """Writes the change while the operation is in flight; where others found its end, theirs stands."""
        for _ in range(ROUNDS):
            mine = order.operation
            if mine is None or mine.id != operation.id:
                return order
            changed = change(order, mine)
            present = self.orders.save(order, changed)
            if present is None:
                self._tell(order, changed, operation.id)
                return changed
            order = present
        raise StoreUnavailable("the order is being changed by others")

    def _tell(self, before: Order, after: Order, operation_id: str) -> None:
        if set(after.attention) - set(before.attention):
            self.signals.count("Attention")
        ended = after.operations.get(operation_id) or after.operation
        if ended is not None:
            self.signals.count(_COUNTED[ended.state])
            self.signals.note(
                "operation ended",
                order_id=after.order_id,
                operation_id=operation_id,
                kind=ended.kind.value,
                state=ended.state.value,
            )

    def _report(self, order: Order, operation: Operation, failure: GatewayTrouble, kind: str) -> None:
        if isinstance(failure, GatewayMisconfigured):
            self.signals.count("GatewayMisconfigured")
        self.signals.warn(
            "operation call failed",
            order_id=order.order_id,
            operation_id=operation.id,
            kind=kind,
            gateway_code=failure.gateway_code,
        )
