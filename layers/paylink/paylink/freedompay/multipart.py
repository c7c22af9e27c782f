"""multipart/form-data: the strict part of RFC 7578 that text fields need.

The standard library's e-mail parser guesses at what it does not understand, changes line ends and never
says so; a signature needs every byte. So this reader takes one form of the format and refuses the rest.
Choices made here alone:
- No text before the first boundary and none after the last: both are allowed in mail, no HTTP client sends
  them.
- A name that needs an escape is refused: browsers write `%22`, older clients `\\"`, and the two cannot be
  told apart.
- A part's own `Content-Length` (PHP's Guzzle writes one) must be true; other headers of a part do not matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import UnreadableMessage
from .forms import MAX_FIELDS, nested

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .signature import Field

MAX_PART_HEADERS = 8

_PLAIN_HEAD = re.compile(
    rb'\r\nContent-Disposition: form-data; name="([A-Za-z0-9_\[\]-]+)"(?:\r\nContent-Length: (0|[1-9][0-9]{0,5}))?'
)
"""The head of a part as nearly every client writes it. What it does not fit is read header by header."""
_HEADER = re.compile(r"[!-9;-~]+")
_PARAMETER = re.compile(r';[ \t]*([A-Za-z0-9_*-]+)=(?:"([^"\\\x00-\x1f\x7f]*)"|([^\s";]+))[ \t]*')
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_ESCAPE = re.compile(r"%(?:22|0[Aa]|0[Dd])")
_ENCODINGS = frozenset({"", "7bit", "8bit", "binary"})


def read_multipart(content_type: str, body: bytes) -> list[Field]:
    """Return the fields of a multipart/form-data body, every value byte for byte as it was sent.

    Raises UnreadableMessage for a missing boundary, a body that is cut off or does not begin with the
    boundary, a part that is a file or has no plain name, text that is not UTF-8, or too many parts.
    """
    delimiter = b"\r\n--" + _boundary(content_type)
    whole = b"\r\n" + body
    if whole.count(delimiter) > MAX_FIELDS + 1:
        raise UnreadableMessage(f"more than {MAX_FIELDS} fields")
    before, *parts = whole.split(delimiter)
    if before or not parts:
        raise UnreadableMessage("the multipart body does not begin with its boundary")
    if parts.pop() not in {b"--", b"--\r\n"}:
        raise UnreadableMessage("the multipart body does not end with its boundary")
    return nested([_read_part(part) for part in parts])


def _boundary(content_type: str) -> bytes:
    boundary = _parameters(content_type.partition(";")[2]).get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise UnreadableMessage("the multipart content type has no usable boundary")
    return boundary.encode("ascii")


def _read_part(part: bytes) -> tuple[str, str]:
    head, blank, content = part.partition(b"\r\n\r\n")
    if not blank or not head.startswith(b"\r\n"):
        raise UnreadableMessage("a part of the multipart body has no headers")
    plain = _PLAIN_HEAD.fullmatch(head)
    if plain is not None and (plain[2] is None or int(plain[2]) == len(content)):
        return plain[1].decode("ascii"), _text(content)
    headers = _headers(head)
    if headers.get("content-length", str(len(content))) != str(len(content)):
        raise UnreadableMessage("a part of the multipart body is not as long as it says")
    if headers.get("content-transfer-encoding", "").lower() not in _ENCODINGS:
        raise UnreadableMessage("a part of the multipart body is encoded")
    return _name(headers.get("content-disposition", "")), _text(content)


def _headers(head: bytes) -> Mapping[str, str]:
    lines = _text(head).split("\r\n")[1:]
    if len(lines) > MAX_PART_HEADERS:
        raise UnreadableMessage(f"a part of the multipart body has more than {MAX_PART_HEADERS} headers")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not _HEADER.fullmatch(name) or name.lower() in headers:
            raise UnreadableMessage("a header in the multipart body cannot be read or is given twice")
        headers[name.lower()] = value.strip(" \t")
    return headers


def _name(disposition: str) -> str:
    kind, _, rest = disposition.partition(";")
    if kind.strip(" \t").lower() != "form-data":
        raise UnreadableMessage("a part of the multipart body is not form data")
    parameters = _parameters(rest)
    name = parameters.pop("name", "")
    if parameters:
        raise UnreadableMessage("a part of the multipart body is a file")
    if not name or _ESCAPE.search(name):
        raise UnreadableMessage("a part of the multipart body has no plain name")
    return name


def _parameters(text: str) -> dict[str, str]:
    """Read `a=b; c="d"`, what follows the first ";" of a header."""
    text = ";" + text
    parameters: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _PARAMETER.match(text, position)
        if match is None or match[1].lower() in parameters:
            raise UnreadableMessage("a parameter in the multipart body cannot be read or is given twice")
        parameters[match[1].lower()] = match[3] if match[2] is None else match[2]
        position = match.end()
    return parameters


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise UnreadableMessage("text that is not UTF-8") from None
