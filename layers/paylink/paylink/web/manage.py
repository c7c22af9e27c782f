"""The operator's API as HTTP."""

from collections.abc import Sequence

from paylink.domain.link import Link, UnreadableLink
from paylink.domain.link_form import write_link
from paylink.web.json_body import read_json_object
from paylink.web.request import Request
from paylink.web.response import Response, json_response


def read_object(request: Request) -> dict[str, object]:
    """The JSON object of the body. Raises PaylinkError."""
    return read_json_object(request.body())


def read_object_or_none_given(request: Request) -> dict[str, object]:
    """The JSON object of the body; an empty one where there is no body. Raises PaylinkError."""
    body = request.body()
    return read_json_object(body) if body.strip() else {}


def link_response(link: Link, public_url: str) -> Response:
    """A link with its page's address."""
    return json_response(200, _written(link, public_url))


def links_response(links: Sequence[Link | UnreadableLink], cursor: str | None, public_url: str) -> Response:
    """A page of links; `cursor` is null on the last one. What cannot be read is listed as that."""
    return json_response(200, {"links": [_written(link, public_url) for link in links], "cursor": cursor})


def _written(link: Link | UnreadableLink, public_url: str) -> dict[str, object]:
    if isinstance(link, UnreadableLink):
        return {"id": link.link_id, "unreadable": True, "detail": link.reason}
    return {**write_link(link), "url": f"{public_url}/pay/{link.id}"}


def offers_response(offers: Sequence[tuple[str, str]]) -> Response:
    """The signed offers, in the order in which they were asked for."""
    return json_response(200, {"offers": [{"id": offer_id, "token": token} for offer_id, token in offers]})
