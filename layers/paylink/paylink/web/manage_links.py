"""The operator's routes about links and offers."""

from collections.abc import Callable, Sequence
from typing import Protocol

from paylink.domain.link import Link, UnreadableLink
from paylink.web.manage import link_response, links_response, offers_response, read_object
from paylink.web.public_url import public_url
from paylink.web.request import Request
from paylink.web.response import Response


class ManagesLinks(Protocol):
    """What the routes need of the use case behind `/links`."""

    def put(self, link_id: str, document: dict[str, object]) -> Link:
        """Stores a link. Raises PaylinkError."""

    def get(self, link_id: str) -> Link:
        """The link. Raises PaylinkError."""

    def switch_off(self, link_id: str) -> Link:
        """Takes the link off sale. Raises PaylinkError."""

    def page(self, cursor: str | None) -> tuple[Sequence[Link | UnreadableLink], str | None]:
        """Some links and where the next ones begin. Raises PaylinkError."""


SignOffers = Callable[[dict[str, object]], Sequence[tuple[str, str]]]
"""Signs the offers of a document: their ids with their tokens. Raises PaylinkError."""


class LinkRoutes:
    """Answers requests about links and offers. `public_url` is the stack's setting, empty without a custom domain."""

    def __init__(self, links: ManagesLinks, offers: SignOffers, public_url: str) -> None:
        self._links = links
        self._offers = offers
        self._public_url = public_url

    def put(self, request: Request) -> Response:
        """PUT /links/{link_id}."""
        return self._link(request, self._links.put(_link_id(request), read_object(request)))

    def get(self, request: Request) -> Response:
        """GET /links/{link_id}."""
        return self._link(request, self._links.get(_link_id(request)))

    def switch_off(self, request: Request) -> Response:
        """DELETE /links/{link_id}: switches it off."""
        return self._link(request, self._links.switch_off(_link_id(request)))

    def list(self, request: Request) -> Response:
        """GET /links."""
        links, cursor = self._links.page(request.query_parameters.get("cursor"))
        return links_response(links, cursor, public_url(self._public_url, request.domain))

    def sign_offers(self, request: Request) -> Response:
        """POST /offers."""
        return offers_response(self._offers(read_object(request)))

    def _link(self, request: Request, link: Link) -> Response:
        return link_response(link, public_url(self._public_url, request.domain))


def _link_id(request: Request) -> str:
    return request.path_parameters.get("link_id", "")
