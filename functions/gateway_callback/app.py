"""POST|GET /callbacks/paylink_check and /callbacks/paylink_result: the gateway's word."""

from typing import Any

from paylink.app.gateway_callback import Incoming
from paylink.bootstrap.gateway_callback import gateway_callback
from paylink.web.endpoint import gateway_endpoint
from paylink.web.request import Request
from paylink.web.response import Response, xml_response

parts = gateway_callback()


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401, ARG001 — Lambda's own signature
    """One message of the gateway."""

    def answer(request: Request) -> Response:
        reply = parts.answer(
            Incoming(request.script, request.method, request.query, request.content_type, request.body())
        )
        return xml_response(reply.status, reply.document)

    return gateway_endpoint(event, answer)
