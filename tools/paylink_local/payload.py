"""HTTP API payload format 2.0: a request becomes an event, a function's result becomes a response.

Format: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs". What the guide
leaves open (decoded `rawPath`, which content types travel as text) follows recorded events of real APIs.
"""

import base64
import binascii
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from paylink_local.routes import Match

JSON_TYPE = "application/json"
_TEXT_TYPES = frozenset({JSON_TYPE, "application/xml", "application/javascript"})
_TEXT_PLAIN = "text/plain;charset=UTF-8"
# Hop-by-hop headers (RFC 9110, section 7.6.1) end at API Gateway; it measures the body anew.
_NOT_PASSED_ON = frozenset(
    {
        "connection",
        "content-length",
        "cookie",
        "expect",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


class MalformedResultError(Exception):
    """A function's result that API Gateway answers with 500."""


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came over the wire; header names as sent, in order, repeats included."""

    method: str
    # Decoded, without the query.
    path: str
    # Still encoded, without the question mark.
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str
    port: str
    protocol: str = "HTTP/1.1"

    def header(self, name: str) -> str | None:
        """Return the values of a header joined as the event has them, or None."""
        values = [value for given, value in self.headers if given.lower() == name]
        return ",".join(values) if values else None


@dataclass(frozen=True)
class HttpResponse:
    """What goes back to the caller."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Api:
    """Who the API says it is in every event."""

    account_id: str
    api_id: str
    region: str


def message(status: int, text: str) -> HttpResponse:
    """Return API Gateway's own answer, such as `{"message":"Not Found"}`."""
    body = json.dumps({"message": text}, separators=(",", ":")).encode()
    return HttpResponse(status, (("content-type", JSON_TYPE),), body)


def event_of(request: HttpRequest, match: Match, api: Api, now: datetime) -> dict[str, Any]:
    """Return the event of a request that met a route; `now` is UTC-aware."""
    headers = _event_headers(request, now)
    cookies = [
        cookie.strip()
        for name, value in request.headers
        if name.lower() == "cookie"
        for cookie in value.split(";")
        if cookie.strip()
    ]
    domain = (request.header("host") or "").rpartition("]")
    domain_name = domain[0] + domain[1] or domain[2].partition(":")[0]
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": match.route.key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": {
            "accountId": api.account_id,
            "apiId": api.api_id,
            "domainName": domain_name,
            "domainPrefix": domain_name.partition(".")[0],
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": base64.b64encode(uuid.uuid4().bytes[:11]).decode(),
            "routeKey": match.route.key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = cookies
    query = parse_qsl(request.query, keep_blank_values=True)
    if query:
        event["queryStringParameters"] = _joined(query)
    if match.path_parameters:
        event["pathParameters"] = dict(match.path_parameters)
    if request.body:
        is_text = _travels_as_text(headers.get("content-type"))
        event["isBase64Encoded"] = not is_text
        event["body"] = (
            request.body.decode("utf-8", "replace") if is_text else base64.b64encode(request.body).decode()
        )
    return event


def response_of(result: object) -> HttpResponse:
    """Return the response that a function's result stands for; raises MalformedResultError.

    A result without `statusCode` is a body by itself, as format 2.0 infers it.
    """
    if not isinstance(result, Mapping) or "statusCode" not in result:
        text = result if isinstance(result, str) else json.dumps(result, separators=(",", ":"))
        return HttpResponse(200, (("content-type", JSON_TYPE),), text.encode())
    headers = _result_headers(result)
    body = _result_body(result)
    if body and not any(name == "content-type" for name, _ in headers):
        headers.insert(0, ("content-type", _TEXT_PLAIN))
    return HttpResponse(_result_status(result), tuple(headers), body)


def _event_headers(request: HttpRequest, now: datetime) -> dict[str, str]:
    headers = _joined(
        (name.lower(), value) for name, value in request.headers if name.lower() not in _NOT_PASSED_ON
    )
    headers["content-length"] = str(len(request.body))
    headers["x-amzn-trace-id"] = f"Root=1-{int(now.timestamp()):08x}-{uuid.uuid4().hex[:24]}"
    forwarded = headers.get("x-forwarded-for")
    headers["x-forwarded-for"] = f"{forwarded},{request.source_ip}" if forwarded else request.source_ip
    headers["x-forwarded-port"] = request.port
    headers["x-forwarded-proto"] = "http"
    return headers


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in pairs:
        values[name] = f"{values[name]},{value}" if name in values else value
    return values


def _travels_as_text(content_type: str | None) -> bool:
    media_type = (content_type or "").partition(";")[0].strip().lower()
    return media_type.startswith("text/") or media_type in _TEXT_TYPES


def _result_status(result: Mapping[str, Any]) -> int:
    status = result["statusCode"]
    if isinstance(status, bool) or not isinstance(status, int | str):
        raise MalformedResultError("statusCode is not a number")
    try:
        number = int(status)
    except ValueError:
        raise MalformedResultError("statusCode is not a number") from None
    if not 100 <= number <= 599:
        raise MalformedResultError("statusCode is out of range")
    return number


def _result_headers(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    given = result.get("headers") or {}
    cookies = result.get("cookies") or []
    if not isinstance(given, Mapping) or not isinstance(cookies, list):
        raise MalformedResultError("headers is not an object, or cookies is not a list")
    headers: list[tuple[str, str]] = []
    for name, value in given.items():
        if isinstance(value, bool):
            headers.append((name.lower(), str(value).lower()))
        elif isinstance(value, str | int | float):
            headers.append((name.lower(), str(value)))
        else:
            raise MalformedResultError(f"header {name} is not a string")
    if any("\n" in value or "\r" in value for _, value in headers):
        raise MalformedResultError("a header has a line break")
    headers.extend(("set-cookie", str(cookie)) for cookie in cookies)
    return headers


def _result_body(result: Mapping[str, Any]) -> bytes:
    body = result.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedResultError("body is not a string")
    if result.get("isBase64Encoded"):
        try:
            return base64.b64decode(body, validate=True)
        except binascii.Error:
            raise MalformedResultError("body is not base64") from None
    return body.encode()
