"""GET /payments/{order_id}: how an order stands."""

from typing import Any

from paylink.bootstrap.payment_status import payment_status
from paylink.web.endpoint import endpoint
from paylink.web.payment_status import status
from paylink.web.request import Request
from paylink.web.response import Response

parts = payment_status()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401 — Lambda's own object
    """One question."""

    def answer(request: Request) -> Response:
        seconds_left = context.get_remaining_time_in_millis() / 1000
        return status(parts.status(request.path_parameters.get("order_id", ""), seconds_left))

    return endpoint(event, answer)
