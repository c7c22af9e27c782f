"""`POST /invoices` as HTTP."""

from collections.abc import Callable
from typing import Protocol

from paylink.domain.link import Link
from paylink.domain.link_form import write_link
from paylink.domain.payment_request import parse_idempotency_key
from paylink.web.manage import read_object
from paylink.web.public_url import public_url
from paylink.web.request import Request
from paylink.web.response import Response, json_response


class Made(Protocol):
    """What the routes need of an invoice that was made."""

    @property
    def link(self) -> Link:
        """Its link."""

    @property
    def made(self) -> bool:
        """Whether this request made it."""


MakeInvoice = Callable[[dict[str, object], str | None], Made]
"""Makes the invoice of a document, once for each key where one is given. Raises PaylinkError."""


class InvoiceRoutes:
    """Answers the operator's request for an invoice. `public_url` is the stack's setting."""

    def __init__(self, make: MakeInvoice, public_url: str) -> None:
        self._make = make
        self._public_url = public_url

    def make(self, request: Request) -> Response:
        """POST /invoices: 201 with the link and its page's address; 200 where the same key had made it."""
        header = request.headers.get("idempotency-key")
        key = None if header is None else parse_idempotency_key(header)
        invoice = self._make(read_object(request), key)
        base = public_url(self._public_url, request.domain)
        link = invoice.link
        content = {**write_link(link), "url": f"{base}/pay/{link.id}"}
        headers = {"location": f"{base}/links/{link.id}"}
        if invoice.made:
            return json_response(201, content, headers)
        return json_response(200, content, {**headers, "idempotent-replayed": "true"})
