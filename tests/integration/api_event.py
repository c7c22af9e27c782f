"""Events as API Gateway sends them to a function: HTTP API, payload format 2.0."""

import base64
import itertools
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

DOMAIN = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
BUYER_IP = "203.0.113.7"
# The types whose bodies come as text; AWS encodes every other in base64.
TEXT_TYPES = {"application/json", "application/xml", "application/javascript"}

numbers = itertools.count(1)


def api_event(
    method: str,
    path: str,
    *,
    query: str = "",
    body: bytes | None = None,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    path_parameters: Mapping[str, str] | None = None,
    in_base64: bool | None = None,
    source_ip: str = BUYER_IP,
) -> dict[str, Any]:
    """The event of a request; `in_base64` None does as AWS does with a body of this type."""
    sent = {"host": DOMAIN, "user-agent": "test", "x-forwarded-for": source_ip, **(headers or {})}
    if content_type is not None:
        sent["content-type"] = content_type
    sent = {name.lower(): text for name, text in sent.items()}
    # A route with a parameter is named after the path that holds it.
    route = path
    for name, text in (path_parameters or {}).items():
        route = route.replace(text, f"{{{name}}}") if text else route
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {route}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": sent,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": DOMAIN.partition(".")[0],
            "domainName": DOMAIN,
            "domainPrefix": DOMAIN.partition(".")[0],
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": sent["user-agent"],
            },
            "requestId": f"request-{next(numbers)}",
            "routeKey": f"{method} {route}",
            "stage": "$default",
            "time": "01/Mar/2026:10:00:00 +0000",
            "timeEpoch": 1772359200000,
        },
        "isBase64Encoded": False,
    }
    if query:
        joined: dict[str, str] = {}
        for name, text in parse_qsl(query, keep_blank_values=True, errors="replace"):
            joined[name] = f"{joined[name]},{text}" if name in joined else text
        event["queryStringParameters"] = joined
    if path_parameters is not None:
        event["pathParameters"] = dict(path_parameters)
    if body is not None:
        media = (content_type or "").partition(";")[0].strip().lower()
        is_text = media.startswith("text/") or media in TEXT_TYPES
        encoded = (not is_text) if in_base64 is None else in_base64
        event["isBase64Encoded"] = encoded
        event["body"] = base64.b64encode(body).decode() if encoded else body.decode("utf-8", "replace")
    return event
