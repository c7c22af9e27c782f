"""Messages as they leave: XML documents, form fields with brackets, and addresses with a query."""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.sax.saxutils import escape

from .signing import Pair, Value

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_XML_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_xml_name(name: str) -> bool:
    """Tell whether a field of this name can be an XML element."""
    return _XML_NAME.fullmatch(name) is not None


def is_xml_text(value: Value) -> bool:
    """Tell whether all text of a value can stand in an XML document."""
    if isinstance(value, str):
        return _XML_FORBIDDEN.search(value) is None
    return all(is_xml_text(inner) for _, inner in value)


def write_xml(pairs: Sequence[Pair], root: str) -> bytes:
    """Return the fields as XML in UTF-8. Raises ValueError for a name or character XML can't hold."""
    return f"{DECLARATION}<{root}>{_elements(pairs)}</{root}>".encode()


def form_fields(pairs: Sequence[Pair], parent: str = "") -> list[tuple[str, str]]:
    """Return flat form fields, nested values under bracketed names."""
    fields: list[tuple[str, str]] = []
    for name, value in pairs:
        key = f"{parent}[{name}]" if parent else name
        if isinstance(value, str):
            fields.append((key, value))
        else:
            fields.extend(form_fields(value, key))
    return fields


def split_query(url: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the address without query and fragment, and the query's fields in order."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="", fragment="")), parse_qsl(parts.query, keep_blank_values=True)


def with_query(address: str, pairs: Sequence[Pair]) -> str:
    """Return an address with the fields as its query."""
    return f"{address}?{urlencode(form_fields(pairs))}"


def _elements(pairs: Sequence[Pair]) -> str:
    return "".join(_element(name, value) for name, value in pairs)


def _element(name: str, value: Value) -> str:
    if not is_xml_name(name):
        raise ValueError(f"{name!r} can't be an XML element")
    if not isinstance(value, str):
        return f"<{name}>{_elements(value)}</{name}>"
    if not is_xml_text(value):
        raise ValueError(f"{name} holds a character that XML can't")
    # A bare carriage return would come out of any parser as a line feed, and the signature would not fit.
    text = escape(value, {"\r": "&#13;"})
    return f"<{name}>{text}</{name}>"
