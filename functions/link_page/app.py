"""/pay/{link}, its QR codes, and the storefront's files under /assets."""

from typing import Any

from paylink.bootstrap.link_page import link_page
from paylink.web.endpoint import endpoint
from paylink.web.response import Response

parts = link_page(beside=__file__)


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401 — Lambda's own object
    """One HTTP request."""
    seconds_left = context.get_remaining_time_in_millis() / 1000
    return endpoint(event, lambda request: parts.routes(request, seconds_left))
