"""One request for an operation: what it carries, and what came of it."""

from dataclasses import dataclass, replace

from paylink.app.deadline import Deadline
from paylink.domain.errors import StillRunning
from paylink.domain.operation import Operation, OperationState
from paylink.domain.operation_request import OperationRequest
from paylink.domain.order import Order


@dataclass(frozen=True, slots=True)
class OperationResult:
    """The operation as it is now, its order, and whether the key was known before.

    `operation.state`: done, refused, or unknown (the same key tells later how it ended).
    """

    order: Order
    operation: Operation
    replayed: bool


@dataclass(frozen=True, slots=True)
class Task:
    """One request being worked on; `owner` marks the lease that it holds."""

    request: OperationRequest
    id: str
    fingerprint: str
    owner: str
    by: str | None
    deadline: Deadline


def operation_of(order: Order, operation_id: str) -> Operation | None:
    """The order's operation of this id, in flight or finished."""
    if order.operation is not None and order.operation.id == operation_id:
        return order.operation
    return order.operations.get(operation_id)


def is_ours(order: Order, task: Task) -> bool:
    """Whether our own claim arrived though its answer was lost and it was sent again."""
    return (
        order.operation is not None and order.operation.id == task.id and order.operation.owner == task.owner
    )


def result_of(order: Order, task: Task, *, replayed: bool) -> OperationResult:
    """What the request came to. Raises StillRunning where its operation is no longer in the order."""
    operation = operation_of(order, task.id)
    if operation is None:
        raise StillRunning("The order has changed meanwhile. Send the same request again.", retry_after=2)
    if operation.state is OperationState.RUNNING:
        # Its process is gone: nobody knows how far it came.
        operation = replace(operation, state=OperationState.UNKNOWN)
    return OperationResult(order, operation, replayed)
