"""Answers as API Gateway takes them."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any, Final

Response = dict[str, Any]
NO_STORE: Final = {"cache-control": "no-store"}
_json: Final = json.JSONEncoder(ensure_ascii=False).encode


def json_response(
    status: int, content: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON document; never kept by a cache, since it tells the state of an order."""
    return _response(status, "application/json", _json(content), headers)


def problem_response(
    status: int, content: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> Response:
    """A problem document (RFC 9457)."""
    return _response(status, "application/problem+json", _json(content), headers)


def xml_response(status: int, document: bytes) -> Response:
    """An XML document for the gateway."""
    return _response(status, "application/xml", document.decode(), None)


def see_other(location: str) -> Response:
    """Sends a browser on with GET (303)."""
    return {
        "statusCode": 303,
        "headers": {"location": location, **NO_STORE, "referrer-policy": "no-referrer"},
    }


def picture_response(content_type: str, picture: bytes, file_name: str) -> Response:
    """A picture that anybody may keep for a day; `file_name` is how a browser saves it."""
    return {
        "statusCode": 200,
        "headers": {
            "content-type": content_type,
            "content-disposition": f'inline; filename="{file_name}"',
            "cache-control": "public, max-age=86400",
            "content-security-policy": "default-src 'none'",
            "x-content-type-options": "nosniff",
        },
        "body": base64.b64encode(picture).decode(),
        "isBase64Encoded": True,
    }


def squeezed(response: Response, accept_encoding: str) -> Response:
    """An answer with a text, compressed where the browser takes that: API Gateway compresses nothing by itself."""
    if "gzip" not in accept_encoding or not response.get("body"):
        return response
    body = gzip.compress(response["body"].encode(), compresslevel=6, mtime=0)
    headers = {**response["headers"], "content-encoding": "gzip", "vary": "accept-encoding"}
    return {**response, "headers": headers, "body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _response(status: int, content_type: str, body: str, headers: Mapping[str, str] | None) -> Response:
    return {
        "statusCode": status,
        "headers": {
            "content-type": content_type,
            "x-content-type-options": "nosniff",
            **NO_STORE,
            **(headers or {}),
        },
        "body": body,
    }
