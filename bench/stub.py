"""DynamoDB, Secrets Manager and the gateway's create call on one loopback port, each answered at once.

The same for everything that is measured: what it answers does not depend on who asks, and takes a fraction of a
millisecond. It runs in a process of its own. `GET /seen` tells which operations were asked for since the last time.
"""

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from bench.fixtures import MERCHANT_ID, MERCHANT_KEY, STACK_KEY, items
from paylink.freedompay.messages import write_xml
from paylink.freedompay.signature import script_name, signed

HOST = "127.0.0.1"
Answer = tuple[str, bytes]


class Stub:
    """What is answered, and what was asked."""

    def __init__(self) -> None:
        self._items = items()
        self.seen: list[str] = []

    def answer(self, path: str, target: str, body: bytes) -> Answer:
        """The content type and body of the answer."""
        if path == "/seen":
            told, self.seen = self.seen, []
            return "application/json", json.dumps(told).encode()
        operation = target.rpartition(".")[2]
        if operation:
            self.seen.append(operation)
            return "application/x-amz-json-1.0", json.dumps(self._aws(operation, json.loads(body))).encode()
        self.seen.append(path)
        return "application/xml", created(path, body)

    def _aws(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        if operation == "GetSecretValue":
            name = request["SecretId"]
            merchant = {"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY}
            text = json.dumps(merchant if "merchant" in name else {"key": STACK_KEY})
            return {"ARN": name, "Name": name, "VersionId": "0" * 32, "SecretString": text}
        if operation == "GetItem":
            key = tuple(part["S"] for part in request["Key"].values())
            item = self._items.get(key)
            return {} if item is None else {"Item": item}
        return {}


def created(path: str, body: bytes) -> bytes:
    """The gateway's signed answer to a create call."""
    asked = dict(parse_qsl(body.decode()))
    page = f"https://customer.freedompay.kz/pay.html?customer={asked.get('pg_salt', '')}"
    fields = [
        ("pg_status", "ok"),
        ("pg_payment_id", "1432343252"),
        ("pg_redirect_url", page),
        ("pg_redirect_url_type", "need data"),
        ("pg_salt", asked.get("pg_salt", "")),
    ]
    return write_xml(signed(script_name(path), fields, MERCHANT_KEY), "response")


class Connection(asyncio.Protocol):
    """One kept connection: requests with a content length in, one piece out for each."""

    def __init__(self, answer: Callable[[str, str, bytes], Answer]) -> None:
        self._answer = answer
        self._buffer = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remembers where to write."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answers every whole request."""
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            request, *lines = head.decode("latin-1").split("\r\n")
            headers = {
                name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)
            }
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                if headers.get("expect"):
                    self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                return
            self._buffer = rest[length:]
            path = request.split(" ")[1].partition("?")[0]
            kind, body = self._answer(path, headers.get("x-amz-target", ""), rest[:length])
            self._transport.write(
                f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n".encode()
                + body
            )


async def serve() -> None:
    """Serves until the process is ended; the port is the first line of the output."""
    stub = Stub()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(stub.answer), HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def seen(url: str) -> list[str]:
    """The operations since the last time, in their order."""
    with urllib.request.urlopen(f"{url}/seen", timeout=5) as answer:  # noqa: S310 — our own loopback address
        told: list[str] = json.load(answer)
    return told


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The stub's address, for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, "-m", "bench.stub"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://{HOST}:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    asyncio.run(serve())
