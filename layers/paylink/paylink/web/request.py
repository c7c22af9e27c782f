"""An HTTP request out of an API Gateway event (HTTP API, payload format 2.0)."""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

from paylink.domain.errors import BodyTooLarge, Entry, InvalidBody

LARGEST_BODY: Final = 64 * 1024
"""Bytes. More is refused before anything is parsed."""

_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request, its body still as it came."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    path_parameters: Mapping[str, str]
    domain: str
    route: str
    request_id: str
    source_ip: str | None = field(repr=False, default=None)
    caller: str | None = field(repr=False, default=None)
    """Whom IAM let in, as AWS names them; None on a public route."""
    raw_body: str = field(repr=False, default="")
    is_base64: bool = False
    cookies: tuple[str, ...] = field(repr=False, default=())

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> "Request":
        """The request of an event."""
        context = event.get("requestContext", {})
        http = context.get("http", {})
        return cls(
            method=str(http.get("method", "GET")).upper(),
            path=event.get("rawPath", "/"),
            query=event.get("rawQueryString", ""),
            headers={name.lower(): text for name, text in (event.get("headers") or {}).items()},
            path_parameters=event.get("pathParameters") or {},
            route=str(event.get("routeKey", "")),
            domain=context.get("domainName", ""),
            request_id=context.get("requestId", ""),
            source_ip=http.get("sourceIp"),
            caller=((context.get("authorizer") or {}).get("iam") or {}).get("userArn"),
            raw_body=event.get("body") or "",
            is_base64=bool(event.get("isBase64Encoded")),
            cookies=tuple(event.get("cookies") or ()),
        )

    @property
    def query_parameters(self) -> Mapping[str, str]:
        """The query's parameters; of a repeated one the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def script(self) -> str:
        """The last segment of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def content_type(self) -> str | None:
        """The content type as the client said it."""
        return self.headers.get("content-type")

    @property
    def buyer_ip(self) -> str | None:
        """The client's IPv4 address; None for any other kind, which the gateway does not take."""
        address = self.source_ip
        return address if address and _IPV4.fullmatch(address) else None

    def body(self) -> bytes:
        """The body's bytes. Raises BodyTooLarge before decoding, InvalidBody where it is no base64."""
        # Base64 takes four characters for three bytes; plain text takes at least one byte a character.
        if len(self.raw_body) > (LARGEST_BODY * 4 // 3 + 4 if self.is_base64 else LARGEST_BODY):
            raise too_large()
        if not self.is_base64:
            body = self.raw_body.encode("utf-8", "surrogatepass")
        else:
            try:
                # Strict, and without the copies that the function of `base64` makes on its way here.
                body = binascii.a2b_base64(self.raw_body, strict_mode=True)
            except ValueError:  # among them binascii.Error
                raise InvalidBody([Entry("body", "is no base64")]) from None
            # One text for each content: before Python 3.13 the decoder lets padding pass that is too long, and
            # every version lets bits pass that belong to no byte. Both show in the length and the last group.
            last = (
                binascii.b2a_base64(body[(len(body) - 1) // 3 * 3 :], newline=False).decode() if body else ""
            )
            if len(self.raw_body) != (len(body) + 2) // 3 * 4 or not self.raw_body.endswith(last):
                raise InvalidBody([Entry("body", "is no base64")])
        if len(body) > LARGEST_BODY:
            raise too_large()
        return body

    def body_or_nothing(self) -> bytes:
        """The body's bytes; none where they are too many or unreadable and nobody is to see an error."""
        try:
            return self.body()
        except (BodyTooLarge, InvalidBody):
            return b""


def too_large() -> BodyTooLarge:
    """The error for a body over the limit."""
    return BodyTooLarge(f"The body must have at most {LARGEST_BODY} bytes.")
