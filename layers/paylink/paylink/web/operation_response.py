"""An operation on an order's money as HTTP: done, not known yet, or refused."""

from typing import Final

from paylink.domain.errors import OperationRefused
from paylink.domain.operation import Operation, OperationState
from paylink.domain.order import Order
from paylink.web.operator_json import operation_json, order_json
from paylink.web.problems import problem_document
from paylink.web.response import Response, json_response, problem_response

_SECONDS: Final = {OperationState.RUNNING: 15, OperationState.UNKNOWN: 60}
"""When to ask again with the same key, which sends nothing twice."""


def operation_response(order: Order, operation: Operation, request_id: str, *, replayed: bool) -> Response:
    """200 done, 202 with Retry-After while nobody knows, 502 with what the gateway said where it refused."""
    content: dict[str, object] = {"operation": operation_json(operation), "order": order_json(order)}
    headers = {"idempotent-replayed": "true"} if replayed else {}
    if operation.state is OperationState.DONE:
        return json_response(200, content, headers)
    if operation.state is OperationState.REFUSED:
        return problem_response(
            502, {**problem_document(_refusal(operation), request_id), **content}, headers
        )
    return json_response(202, content, {**headers, "retry-after": str(_SECONDS[operation.state])})


def _refusal(operation: Operation) -> OperationRefused:
    if operation.gateway_code is None:
        told = f"The {operation.kind} did not happen: the gateway shows nothing of it."
    else:
        told = f"The gateway refused the {operation.kind}; nothing was moved."
    return OperationRefused(
        f"{told} Try it with a fresh Idempotency-Key once the cause is mended.",
        gateway_code=operation.gateway_code,
        description=operation.gateway_description,
    )
