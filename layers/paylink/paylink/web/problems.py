"""The one table from error types to HTTP, and the problem document (RFC 9457) of an error."""

from collections.abc import Mapping
from typing import Final

from paylink.domain import errors
from paylink.web.response import Response, problem_response

PROBLEMS: Final[Mapping[type[errors.PaylinkError], tuple[int, str]]] = {
    errors.InvalidRequest: (400, "The request does not fit"),
    errors.InvalidBody: (400, "The body cannot be read"),
    errors.InvalidIdempotencyKey: (400, "The Idempotency-Key is missing or malformed"),
    errors.AlteredOffer: (400, "The offer was altered"),
    errors.UnknownLink: (404, "There is no such link"),
    errors.UnknownOrder: (404, "There is no such order"),
    errors.StillRunning: (409, "The payment is being worked on"),
    errors.BrokenLink: (409, "The link's row in the table cannot be read"),
    errors.SoldOut: (409, "Sold out"),
    errors.OperationInFlight: (409, "Another operation of the order is being worked on"),
    errors.OperationNotAllowed: (409, "The order does not allow this"),
    errors.LinkOff: (410, "The link is switched off"),
    errors.NotYetOpen: (410, "The link is not open yet"),
    errors.LinkClosed: (410, "The link is closed"),
    errors.OfferExpired: (410, "The offer has expired"),
    errors.OfferRevoked: (410, "The offer was revoked"),
    errors.BodyTooLarge: (413, "The body is too large"),
    errors.KeyReused: (422, "The Idempotency-Key was used for another request"),
    errors.KeyExpired: (422, "The Idempotency-Key is too old"),
    errors.GatewayRefused: (502, "The gateway refused the payment"),
    errors.OperationRefused: (502, "The gateway refused the operation"),
    errors.GatewayMisconfigured: (502, "The gateway does not accept the shop's key"),
    errors.GatewayUnclear: (502, "The gateway's answer settles nothing"),
    errors.GatewaySilent: (504, "The gateway did not answer"),
    errors.PaymentsPaused: (503, "The shop takes no new payments"),
    errors.UnusableLink: (503, "The link cannot be used"),
    errors.NotConfigured: (503, "The shop is not set up yet"),
    errors.StoreUnavailable: (503, "Temporarily unavailable"),
}
"""Every error type with its status and title. A type without a row fails a test."""

_HIDDEN: Final = {
    # The cause is for the log; a stranger needs only to know that it passes.
    errors.StoreUnavailable: "Nothing was lost. Send the same request with the same Idempotency-Key again.",
    errors.UnusableLink: "Nothing is sold by this link until the shop's owner mends it. Nothing was charged.",
    errors.NotConfigured: "The shop cannot take payments yet: its owner has to set the merchant key.",
}


def problem(error: errors.PaylinkError, request_id: str) -> Response:
    """The answer to an error: its problem document, and the headers that go with it."""
    headers: dict[str, str] = {}
    if isinstance(error, errors.GatewayRefused) and error.remembered:
        headers["idempotent-replayed"] = "true"
    if error.retry_after is not None:
        headers["retry-after"] = str(error.retry_after)
    return problem_response(PROBLEMS[type(error)][0], problem_document(error, request_id), headers)


def problem_document(error: errors.PaylinkError, request_id: str) -> dict[str, object]:
    """The problem document of an error, with what a program reads (`code`) and a person changes (`detail`)."""
    status, title = PROBLEMS[type(error)]
    content: dict[str, object] = {
        "type": f"urn:paylink:problem:{error.code}",
        "title": title,
        "status": status,
        "detail": _HIDDEN.get(type(error), str(error)),
        "code": error.code,
        "request_id": request_id,
    }
    if isinstance(error, errors.InvalidRequest):
        content["errors"] = [{"field": entry.field, "detail": entry.detail} for entry in error.entries]
    if isinstance(error, errors.GatewayTrouble) and error.gateway_code is not None:
        content["gateway_code"] = error.gateway_code
        content["gateway_description"] = error.gateway_description
    return content
