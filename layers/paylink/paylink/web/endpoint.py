"""From an event to an answer, errors included."""

from collections.abc import Callable, Mapping
from typing import Any

from paylink.domain.errors import PaylinkError
from paylink.web.problems import PROBLEMS, problem
from paylink.web.request import Request
from paylink.web.response import Response, xml_response


def endpoint(event: Mapping[str, Any], answer: Callable[[Request], Response]) -> Response:
    """The answer to an event; every PaylinkError becomes its problem document, anything else goes on."""
    request = Request.from_event(event)
    try:
        return answer(request)
    except PaylinkError as error:
        return problem(error, request.request_id)


def gateway_endpoint(event: Mapping[str, Any], answer: Callable[[Request], Response]) -> Response:
    """The answer to the gateway's event: also a body that cannot be taken is answered as it reads, in XML."""
    try:
        return answer(Request.from_event(event))
    except PaylinkError as error:
        from xml.sax.saxutils import escape  # noqa: PLC0415 — slow to load, and seldom needed

        status, _ = PROBLEMS[type(error)]
        told = (
            f"<pg_status>error</pg_status><pg_error_description>{escape(str(error))}</pg_error_description>"
        )
        return xml_response(
            status, f'<?xml version="1.0" encoding="utf-8"?><response>{told}</response>'.encode()
        )
