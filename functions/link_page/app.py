"""/pay/{link}, its QR codes, and the storefront's files under /assets."""

from pathlib import Path
from typing import Any

from paylink.app.policy import Call
from paylink.bootstrap import link_page
from paylink.web.assets import Assets
from paylink.web.endpoint import endpoint
from paylink.web.pages.link_pages import LinkPages
from paylink.web.public_url import public_url
from paylink.web.qr import qr_response
from paylink.web.request import Request
from paylink.web.response import Response

parts = link_page()
pages = LinkPages(parts.site, parts.page)
assets = Assets(Path(__file__).with_name("assets"))


def _base(request: Request) -> str:
    return public_url(parts.settings.public_url, request.domain)


def show(request: Request, context: Any) -> Response:  # noqa: ANN401, ARG001 — Lambda's own object
    """GET /pay/{link}."""
    return pages.get(request, _base(request))


def pay(request: Request, context: Any) -> Response:  # noqa: ANN401 — as above
    """POST /pay/{link}."""
    base = _base(request)
    call = Call(base, request.buyer_ip, context.get_remaining_time_in_millis() / 1000)
    return pages.post(request, base, lambda asked, key: parts.page.pay(asked, key, call))


def draw(request: Request, context: Any) -> Response:  # noqa: ANN401, ARG001 — as above
    """GET /pay/{link}/qr.svg and qr.png."""
    link = parts.page.link(request.path_parameters.get("link", ""))
    kind = request.script.rpartition(".")[2]
    return qr_response(f"{_base(request)}/pay/{link.id}", kind, f"{link.id}.{kind}")


def serve(request: Request, context: Any) -> Response:  # noqa: ANN401, ARG001 — as above
    """GET /assets/{file}."""
    return assets.answer(request.path_parameters.get("file", ""), request)


ROUTES = {
    "GET /pay/{link}": show,
    "POST /pay/{link}": pay,
    "GET /pay/{link}/qr.svg": draw,
    "GET /pay/{link}/qr.png": draw,
    "GET /assets/{file}": serve,
}
"""API Gateway has matched the route already; a test holds these and the template's against each other."""


@parts.signals.around
def handler(event: dict[str, Any], context: Any) -> Response:  # noqa: ANN401 — Lambda's own object
    """One HTTP request."""
    return endpoint(event, lambda request: ROUTES[request.route](request, context))
