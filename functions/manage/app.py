"""The operator's API (IAM): links and offers."""

from typing import Any

from paylink.bootstrap import manage
from paylink.web.endpoint import endpoint
from paylink.web.manage import link_response, links_response, offers_response, read_object
from paylink.web.public_url import public_url
from paylink.web.request import Request
from paylink.web.response import Response

parts = manage()


def _base(request: Request) -> str:
    return public_url(parts.settings.public_url, request.domain)


def _link_id(request: Request) -> str:
    return request.path_parameters.get("link_id", "")


def put_link(request: Request) -> Response:
    """PUT /links/{link_id}."""
    return link_response(parts.links.put(_link_id(request), read_object(request)), _base(request))


def get_link(request: Request) -> Response:
    """GET /links/{link_id}."""
    return link_response(parts.links.get(_link_id(request)), _base(request))


def switch_link_off(request: Request) -> Response:
    """DELETE /links/{link_id}: switches it off."""
    return link_response(parts.links.switch_off(_link_id(request)), _base(request))


def list_links(request: Request) -> Response:
    """GET /links."""
    links, cursor = parts.links.page(request.query_parameters.get("cursor"))
    return links_response(links, cursor, _base(request))


def sign_offers(request: Request) -> Response:
    """POST /offers."""
    return offers_response(parts.offers(read_object(request)))


ROUTES = {
    "PUT /links/{link_id}": put_link,
    "GET /links/{link_id}": get_link,
    "DELETE /links/{link_id}": switch_link_off,
    "GET /links": list_links,
    "POST /offers": sign_offers,
}
"""API Gateway has matched the route already; a test holds these and the template's against each other."""


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401, ARG001 — Lambda's own signature
    """One request of the operator."""
    return endpoint(event, ROUTES[event["routeKey"]])
