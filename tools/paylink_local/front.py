"""The HTTP front: stands where API Gateway stands, and serves the pages of the local run itself."""

import json
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any

from paylink_local.cors import Cors
from paylink_local.payload import (
    Api,
    HttpRequest,
    HttpResponse,
    MalformedResultError,
    event_of,
    message,
    response_of,
)
from paylink_local.routes import Match, Routes
from paylink_local.workers import InvocationError, Json, ThrottledError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# API Gateway's own limit for a request's body, in bytes.
LARGEST_BODY = 10 * 1024 * 1024

Invoke = Callable[[Mapping[str, Any]], Json]
Page = Callable[[HttpRequest], HttpResponse]
Access = Callable[[str, str, int, float], None]
Log = Callable[[str, str], None]


class Front:
    """A WSGI application that answers as the template's HTTP API would."""

    def __init__(
        self,
        routes: Routes,
        cors: Cors,
        functions: Mapping[str, Invoke],
        api: Api,
        *,
        pages: Mapping[str, Page],
        access: Access,
        log: Log,
        controls: Mapping[str, Page] | None = None,
    ) -> None:
        """Take the functions by logical id, and by path the front's own pages and what a POST there does."""
        self._routes = routes
        self._cors = cors
        self._functions = functions
        self._api = api
        self._pages = pages
        self._controls = controls or {}
        self._access = access
        self._log = log

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        started = time.monotonic()
        request = _request_of(environ)
        response = self._answer(request) if request else message(413, "Request Entity Too Large")
        method, path = (
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        )
        self._access(method, path, response.status, time.monotonic() - started)
        return _send(response, method, start_response)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.path in self._pages and request.method in {"GET", "HEAD"}:
            return self._pages[request.path](request)
        if request.path in self._controls and request.method == "POST":
            return self._controls[request.path](request)
        origin = request.header("origin")
        if request.method == "OPTIONS" and self._cors:
            return HttpResponse(204, tuple(self._cors.preflight(origin)), b"")
        match = self._routes.find(request.method, request.path)
        response = self._integrated(request, match) if match else message(404, "Not Found")
        return HttpResponse(response.status, tuple(self._cors.apply(response.headers, origin)), response.body)

    def _integrated(self, request: HttpRequest, match: Match) -> HttpResponse:
        event = event_of(request, match, self._api, datetime.now(UTC))
        marked = ("apigw-requestid", event["requestContext"]["requestId"])
        try:
            response = response_of(self._result(match, event))
        except (ThrottledError, TimeoutError) as error:
            self._fault(match, error)
            response = message(503, "Service Unavailable")
        except (InvocationError, MalformedResultError) as error:
            self._fault(match, error)
            response = message(500, "Internal Server Error")
        return HttpResponse(response.status, (*response.headers, marked), response.body)

    def _fault(self, match: Match, error: Exception) -> None:
        entry = {"level": "ERROR", "message": str(error), "route": match.route.key}
        self._log("http", json.dumps(entry))

    def _result(self, match: Match, event: Mapping[str, Any]) -> Json:
        # On a thread of its own: the API stops waiting at its limit, the function goes on to its own.
        outcome: queue.SimpleQueue[tuple[Json, InvocationError | None]] = queue.SimpleQueue()

        def invoked() -> None:
            try:
                outcome.put((self._functions[match.route.function](event), None))
            except InvocationError as error:
                outcome.put((None, error))

        threading.Thread(target=invoked, daemon=True).start()
        try:
            result, error = outcome.get(timeout=match.route.timeout)
        except queue.Empty:
            raise TimeoutError(f"no answer within {match.route.timeout:.0f} seconds") from None
        if error is not None:
            raise error
        return result


def _request_of(environ: "WSGIEnvironment") -> HttpRequest | None:
    """Return the request, or None when its body is larger than API Gateway takes."""
    body = _body_of(environ)
    if body is None:
        return None
    return HttpRequest(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        query=environ["QUERY_STRING"].encode("latin-1").decode("utf-8", "replace"),
        headers=environ["paylink.headers"],
        body=body,
        source_ip=environ["REMOTE_ADDR"],
        port=environ["SERVER_PORT"],
        protocol=environ["SERVER_PROTOCOL"],
    )


def _body_of(environ: "WSGIEnvironment") -> bytes | None:
    stream: IO[bytes] = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = stream.read(LARGEST_BODY + 1)
        return body if len(body) <= LARGEST_BODY else None
    length = environ.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdecimal() else 0
    return stream.read(size) if size <= LARGEST_BODY else None


def _send(response: HttpResponse, method: str, start_response: "StartResponse") -> list[bytes]:
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = "Unknown"
    headers = [(name, value) for name, value in response.headers if name != "content-length"]
    bodiless = response.status in {204, 304} or response.status < 200
    if not bodiless:
        headers.append(("content-length", str(len(response.body))))
    start_response(f"{response.status} {phrase}", headers)
    return [] if bodiless or method == "HEAD" else [response.body]
