"""The buyers' routes: a link's page, its QR codes, and the storefront's files."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from paylink.domain.link import Link
from paylink.domain.payment_request import PaymentRequest
from paylink.domain.showing import Onward, Showing
from paylink.web.assets import Assets
from paylink.web.pages.link_pages import LinkPages
from paylink.web.pages.site import Site
from paylink.web.public_url import public_url
from paylink.web.qr import qr_response
from paylink.web.request import Request
from paylink.web.response import Response


class SellsLinks(Protocol):
    """What the routes need of the use case behind `/pay/{link}`."""

    def link(self, link_id: str) -> Link:
        """The link. Raises UnknownLink or StoreUnavailable."""

    def show(self, link_id: str, key: str | None = None) -> Showing:
        """The link as its page shows it to who pressed its button with that key before. Raises as `link` does."""


Pay = Callable[[PaymentRequest, str, str, str | None, float], Onward]
"""Creates a payment: what is asked for, its key, the public address, the buyer's IPv4 address, the seconds left."""


class LinkPageRoutes:
    """Answers the buyers' requests. `public_url` is the stack's setting, empty without a custom domain."""

    def __init__(self, site: Site, links: SellsLinks, pay: Pay, assets: Assets, public_url: str) -> None:
        self._pages = LinkPages(site, links)
        self._links = links
        self._pay = pay
        self._assets = assets
        self._public_url = public_url

    def __call__(self, request: Request, seconds_left: float) -> Response:
        """The answer of the request's route. Raises PaylinkError."""
        return ROUTES[request.route](self, request, seconds_left)

    def show(self, request: Request, _seconds_left: float) -> Response:
        """GET /pay/{link}."""
        return self._pages.get(request, self._base(request))

    def pay(self, request: Request, seconds_left: float) -> Response:
        """POST /pay/{link}."""
        base = self._base(request)
        return self._pages.post(
            request,
            base,
            lambda asked, key: self._pay(asked, key, base, request.buyer_ip, seconds_left),
        )

    def draw(self, request: Request, _seconds_left: float) -> Response:
        """GET /pay/{link}/qr.svg and qr.png."""
        link = self._links.link(request.path_parameters.get("link", ""))
        kind = request.script.rpartition(".")[2]
        return qr_response(f"{self._base(request)}/pay/{link.id}", kind, f"{link.id}.{kind}")

    def serve(self, request: Request, _seconds_left: float) -> Response:
        """GET /assets/{file}."""
        return self._assets.answer(request.path_parameters.get("file", ""), request)

    def _base(self, request: Request) -> str:
        return public_url(self._public_url, request.domain)


ROUTES: Final[Mapping[str, Callable[[LinkPageRoutes, Request, float], Response]]] = {
    "GET /pay/{link}": LinkPageRoutes.show,
    "POST /pay/{link}": LinkPageRoutes.pay,
    "GET /pay/{link}/qr.svg": LinkPageRoutes.draw,
    "GET /pay/{link}/qr.png": LinkPageRoutes.draw,
    "GET /assets/{file}": LinkPageRoutes.serve,
}
"""API Gateway has matched the route already; a test holds these and the template's against each other."""
