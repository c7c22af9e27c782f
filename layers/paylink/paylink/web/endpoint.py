"""From an event to an answer, errors included."""

from collections.abc import Callable, Mapping
from typing import Any

from paylink.domain.errors import PaylinkError
from paylink.web.problems import problem
from paylink.web.request import Request
from paylink.web.response import Response


def endpoint(event: Mapping[str, Any], answer: Callable[[Request], Response]) -> Response:
    """The answer to an event; every PaylinkError becomes its problem document, anything else goes on."""
    request = Request.from_event(event)
    try:
        return answer(request)
    except PaylinkError as error:
        return problem(error, request.request_id)
