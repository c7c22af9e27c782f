"""Tells the command line where the parts of the local run are, as a deployed stack does by its outputs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from paylink_local.payload import JSON_TYPE, HttpRequest, HttpResponse

SYSTEM_PATH = "/local/system"


@dataclass(frozen=True)
class Whereabouts:
    """Addresses, and the outputs and parameters of the template; no key is among them."""

    region: str
    aws: str
    dynamodb: str
    gateway: str
    # The stand-in gateway; None with a real one.
    sandbox: str | None
    outputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


def system_page(whereabouts: Whereabouts) -> Callable[[HttpRequest], HttpResponse]:
    """Return the page. It has no CORS headers: pages of other origins cannot read it."""
    body = json.dumps(asdict(whereabouts), indent=2).encode()
    headers = (("content-type", JSON_TYPE), ("cache-control", "no-store"))

    def page(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, headers, body)

    return page
