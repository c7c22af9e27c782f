"""GET|POST /return/success and /return/failure: the buyer comes back from the gateway."""

from typing import Any

from paylink.bootstrap.return_page import return_page
from paylink.web.request import Request
from paylink.web.response import Response, see_other

parts = return_page()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401, ARG001 — Lambda's own signature
    """One buyer's return."""
    request = Request.from_event(event)
    return see_other(
        parts.send_back(
            request.script, request.method, request.query, request.content_type, request.body_or_nothing()
        )
    )
