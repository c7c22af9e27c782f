"""Requests of the gateway, in each of the encodings it uses, as fields. Freedom Pay protocol, "Transport".

The fields are what the signature covers: names and values decoded once, nothing trimmed, converted or
dropped. The query of the address belongs to a GET alone; with a POST the gateway repeats it inside the
body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import UnreadableMessage
from .forms import read_form, write_form
from .multipart import read_multipart
from .pg_xml import read_xml, write_xml

if TYPE_CHECKING:
    from .signature import Field

__all__ = ["MAX_BYTES", "XML_FIELD", "read_request", "read_xml", "write_form", "write_xml"]

MAX_BYTES = 65_536
"""Longest body or query that is read."""
XML_FIELD = "pg_xml"
"""The one form field that holds a whole document."""
REQUEST_ROOT = "request"


def read_request(method: str, query: str, content_type: str | None, body: bytes) -> list[Field]:
    """Return the fields of a request: of the query for GET, of the body for POST.

    `query` is the raw text after "?", `body` the bytes as they were sent (undo a gateway's base64 before).
    Bodies are urlencoded, multipart/form-data or XML; the field `pg_xml` alone in a form or a query holds
    XML as well. Raises UnreadableMessage for everything else: other methods and types, an empty message,
    more than MAX_BYTES.
    """
    if len(body) > MAX_BYTES or len(query) > MAX_BYTES:
        raise UnreadableMessage(f"more than {MAX_BYTES} bytes")
    fields = _read(method.upper(), query, content_type or "", body)
    if not fields:
        raise UnreadableMessage("an empty message")
    if XML_FIELD not in [name for name, _ in fields]:
        return fields
    document = fields[0][1]
    if len(fields) > 1 or not isinstance(document, str):
        raise UnreadableMessage(f"fields beside {XML_FIELD}, which must be alone")
    return read_xml(document, REQUEST_ROOT)


def _read(method: str, query: str, content_type: str, body: bytes) -> list[Field]:
    if method == "GET":
        return read_form(_encoded(query))
    if method != "POST":
        raise UnreadableMessage("neither GET nor POST")
    if not body:
        raise UnreadableMessage("an empty body")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return read_form(body)
    if kind == "multipart/form-data":
        return read_multipart(content_type, body)
    if kind in {"text/xml", "application/xml"}:
        return read_xml(body, REQUEST_ROOT)
    raise UnreadableMessage("a content type that the protocol does not know")


def _encoded(query: str) -> bytes:
    try:
        return query.encode()
    except UnicodeEncodeError:
        raise UnreadableMessage("an address that is not UTF-8") from None
