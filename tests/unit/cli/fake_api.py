"""A stand-in for the operator's API on loopback: answers as it was told to, and keeps what it was asked."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from click.testing import CliRunner, Result

from paylink_cli.root import paylink

ORDER_ID = "pl_00000000000000000000000001"
ORDER = {
    "order_id": ORDER_ID,
    "status": "paid",
    "attention": [],
    "test": False,
    "amount": "1500.00",
    "currency": "KZT",
    "description": "Чашка кофе",
    "reference": "A-17",
    "metadata": {"table": "7"},
    "items": [{"link": "coffee", "quantity": 1}],
    "created_at": "2026-11-22T10:00:00.000Z",
    "paid_at": "2026-11-22T10:01:00.000Z",
    "expires_at": "2026-11-22T11:00:00.000Z",
    "captured_amount": "1500.00",
    "refunded_amount": "0.00",
    "payment_id": "900001",
    "payments": [
        {
            "payment_id": "900001",
            "status": "paid",
            "amount": "1500.00",
            "currency": "KZT",
            "captured": "1500.00",
            "refunded": "0.00",
        }
    ],
    "refunds": [],
    "operations": [],
    "operation": None,
    "sequence": 3,
}
OPERATION = {
    "id": "op_1",
    "kind": "refund",
    "status": "done",
    "amount": "1500.00",
    "currency": "KZT",
    "payment_id": "900001",
    "created_at": "2026-11-22T12:00:00.000Z",
    "finished_at": "2026-11-22T12:00:01.000Z",
}
REFUNDED = {**ORDER, "status": "refunded", "refunded_amount": "1500.00"}
DONE = {"operation": OPERATION, "order": REFUNDED}
UNKNOWN = {"operation": {**OPERATION, "status": "unknown", "finished_at": None}, "order": ORDER}


def problem(status: int, code: str, detail: str, **more: object) -> dict[str, Any]:
    return {"type": f"urn:paylink:problem:{code}", "status": status, "detail": detail, "code": code, **more}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    target: str = ""
    raw: bytes = b""


@dataclass(frozen=True)
class Reply:
    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


LOST = Reply(0, b"")
"""The connection ends without an answer."""


class FakeApi:
    """Answers by route; each route's answers in their order, the last one again and again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self._replies: dict[str, list[Reply]] = {}

    def answers(self, route: str, content: object, status: int = 200, **headers: str) -> Self:
        if isinstance(content, Reply):
            reply = content
        else:
            raw = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
            reply = Reply(status, raw, {name.replace("_", "-"): value for name, value in headers.items()})
        self._replies.setdefault(route, []).append(reply)
        return self

    def take(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        replies = self._replies.get(f"{asked.method} {asked.path}")
        if replies is None:
            return Reply(404, b'{"message":"Not Found"}')
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def of(self, method: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == method]

    def run(self, *words: str, env: Mapping[str, str] | None = None) -> Result:
        """Run a command against this API."""
        return run(*words, "--api", self.url, env=env)


def run(*words: str, env: Mapping[str, str] | None = None) -> Result:
    """Run a command; nothing of this machine's own settings reaches it."""
    clean = {"PAYLINK_STACK": None, "PAYLINK_API": None, "COLUMNS": "80", "NO_COLOR": None}
    return CliRunner().invoke(
        paylink, words, env={**clean, **(env or {})}, prog_name="paylink", catch_exceptions=False
    )


@contextmanager
def serving() -> Iterator[FakeApi]:
    """A running stand-in."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = json.loads(raw) if headers.get("content-type") == "application/json" else raw.decode()
            query = dict(parse_qsl(parts.query))
            reply = api.take(Asked(self.command, parts.path, query, headers, body, self.path, raw))
            if reply is LOST:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = FakeApi(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
