"""The operator's API (IAM): orders and their money, links, invoices and offers."""

from typing import Any

from paylink.bootstrap.manage import manage
from paylink.web.endpoint import endpoint
from paylink.web.response import Response

parts = manage()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401 — Lambda's own object
    """One request of the operator."""
    seconds_left = context.get_remaining_time_in_millis() / 1000
    return endpoint(event, lambda request: parts.routes(request, seconds_left))
