"""The operator's API (IAM): links and offers."""

from typing import Any

from paylink.bootstrap import manage
from paylink.web.endpoint import endpoint
from paylink.web.response import Response

parts = manage()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401, ARG001 — Lambda's own signature
    """One request of the operator."""
    return endpoint(event, parts.routes)
