"""A message on its way: the four encodings, written and read without the code under test.

`read` is the oracle: what a message on the wire says by the rules of the protocol, or None where it says nothing.
"""

import base64
import itertools
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes
from xml.etree import ElementTree as ET

from integration.api_event import api_event
from proofs.callbacks.genuine import Pairs

FORM, XML = "application/x-www-form-urlencoded", "application/xml"
BOUNDARY = "0a1b2c3d4e5f"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
LARGEST = 65_536


@dataclass(frozen=True)
class Wire:
    """A request as bytes; `in_base64` is how AWS hands the body over."""

    encoding: str
    path: str
    method: str
    query: str
    content_type: str | None
    body: bytes
    in_base64: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)

    def event(self) -> dict[str, Any]:
        if self.method == "GET" and not self.body:
            return json.loads(json.dumps(api_event("GET", self.path, query=self.query)))  # type: ignore[no-any-return]
        event = api_event(self.method, self.path, query=self.query, headers=dict(self.headers))
        if self.content_type is not None:
            event["headers"]["content-type"] = self.content_type
        event["isBase64Encoded"] = self.in_base64
        event["body"] = (
            base64.b64encode(self.body).decode() if self.in_base64 else self.body.decode("utf-8", "replace")
        )
        return event


def form(pairs: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


def multipart(pairs: Sequence[tuple[str, str]]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in pairs
    ]
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode("utf-8", "surrogatepass")


def document(pairs: Sequence[tuple[str, str]]) -> str:
    told = []
    for root, group in itertools.groupby(pairs, key=lambda pair: pair[0].partition("[")[0]):
        inside = []
        for name, value in group:
            inner = name.partition("[")[2].rstrip("]")
            text = _escaped(value)
            inside.append(f"<{inner}>{text}</{inner}>" if inner else f"</{root}><{root}>{text}")
        told.append(f"<{root}>{''.join(inside)}</{root}>".replace(f"<{root}></{root}>", "", 1))
    return f'<?xml version="1.0" encoding="utf-8"?><request>{"".join(told)}</request>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def urlencoded(script: str, pairs: Pairs) -> Wire:
    return Wire("urlencoded", f"/callbacks/{script}", "POST", "", FORM, form(pairs).encode())


def in_parts(script: str, pairs: Pairs) -> Wire:
    return Wire("multipart", f"/callbacks/{script}", "POST", "", MULTIPART, multipart(pairs))


def in_address(script: str, pairs: Pairs) -> Wire:
    return Wire("get", f"/callbacks/{script}", "GET", form(pairs), None, b"")


def in_xml(script: str, pairs: Pairs) -> Wire:
    body = form([("pg_xml", document(pairs))]).encode()
    return Wire("pg_xml", f"/callbacks/{script}", "POST", "", FORM, body)


def bare_xml(wire: Wire) -> Wire:
    """The same document as the body itself."""
    (_, text), *_ = _form(wire.body) or [("", "")]
    return replace(wire, content_type=XML, body=text.encode("utf-8", "surrogatepass"))


ENCODINGS: Mapping[str, Callable[[str, Pairs], Wire]] = {
    "urlencoded": urlencoded,
    "multipart": in_parts,
    "get": in_address,
    "pg_xml": in_xml,
}


def read(wire: Wire) -> tuple[str, Pairs] | None:
    """The script and the flat fields; None for what is no message. Brackets stay in the names."""
    script = wire.path.rpartition("/")[2]
    try:
        pairs = _form(wire.query.encode()) if wire.method.upper() == "GET" else _posted(wire)
        if pairs is not None and [name for name, _ in pairs] == ["pg_xml"]:
            pairs = _xml(pairs[0][1])
    except (UnicodeError, ValueError):
        return None
    return (script, pairs) if pairs else None


def _posted(wire: Wire) -> Pairs | None:
    if wire.method.upper() != "POST" or not wire.body or len(wire.body) > LARGEST:
        return None
    body = wire.body if wire.in_base64 else wire.body.decode("utf-8", "replace").encode()
    kind = (wire.content_type or "").partition(";")[0].strip().lower()
    if kind == FORM:
        return _form(body)
    if kind == "multipart/form-data":
        return _parts(wire.content_type or "", body)
    if kind in {"text/xml", XML}:
        return _xml(body.decode().removeprefix("\ufeff"))
    return None


def _form(text: bytes) -> Pairs | None:
    if re.search(rb"%(?![0-9a-fA-F]{2})", text):
        return None
    pieces = [piece.partition(b"=") for piece in text.split(b"&") if piece]
    return [(_decoded(name), _decoded(value)) for name, _, value in pieces]


def _decoded(raw: bytes) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode()


def _parts(content_type: str, body: bytes) -> Pairs | None:
    """The plain form of the format; any other is no message of the gateway."""
    told = re.search(r'boundary="?([^";]+)', content_type)
    if told is None or not body.startswith(b"--" + told[1].encode()):
        return None
    *parts, last = body.split(b"--" + told[1].encode())[1:]
    if last not in {b"--", b"--\r\n"}:
        return None
    pairs: Pairs = []
    for part in parts:
        head, blank, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'(?i)content-disposition:[ \t]*form-data;[ \t]*name="?([^"\r\n;]+)"?', head)
        if not blank or name is None or not content.endswith(b"\r\n"):
            return None
        pairs.append((name[1].decode(), content[:-2].decode()))
    return pairs


def _xml(text: str) -> Pairs | None:
    if "<!DOCTYPE" in text:
        return None
    try:
        root = ET.fromstring(re.sub(r"^<\?xml.*?\?>", "", text.removeprefix("\ufeff"), count=1))  # noqa: S314
    except ET.ParseError:
        return None
    if root.tag != "request" or any(len(inner) for child in root for inner in child):
        return None
    pairs: Pairs = []
    for child in root:
        pairs += [(f"{child.tag}[{inner.tag}]", inner.text or "") for inner in child]
        if not len(child):
            pairs.append((child.tag, child.text or ""))
    return pairs


def said(wire: Wire) -> tuple[str, str] | None:
    """The oracle: what the message's signature has to cover, and the signature; None where there is no one such."""
    found = read(wire)
    if found is None:
        return None
    script, pairs = found
    covered, claims = [], []
    for at, (name, value) in enumerate(pairs):
        root, *inner = re.split(r"\]?\[", name.removesuffix("]")) if "[" in name else [name]
        if root == "pg_sig" and all(one.isdigit() or not one for one in inner):
            claims.append(value)
        elif "pg_sig" not in (root, *inner):
            path = [(1, root.encode(), 0)]
            path += [
                (0, b"", int(one or 10**6)) if one.isdigit() or not one else (1, one.encode(), 0)
                for one in inner
            ]
            covered.append((path, at, value))
    return (
        (";".join([script, *(value for _, _, value in sorted(covered))]), claims[0])
        if len(claims) == 1
        else None
    )
