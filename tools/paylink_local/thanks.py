"""The page after payment that the local run gives a shop that has none of its own."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from paylink_local.payload import HttpRequest, HttpResponse

THANKS_PATH = "/local/thanks"
_ORDER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HEADERS: Mapping[str, str] = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def thanks_page(request: HttpRequest) -> HttpResponse:
    """Return the page; the order in the query is looked up by the page itself, through the public API."""
    given = parse_qs(request.query).get("order_id", [""])[0]
    order_id = given if _ORDER_ID.fullmatch(given) else ""
    text = Path(__file__).with_name("thanks.html").read_text(encoding="utf-8")
    body = text.replace("{{order_id}}", escape(order_id)).encode()
    return HttpResponse(200, tuple(_HEADERS.items()), body)
