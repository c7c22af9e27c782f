"""Whose time it is: a stack of accounts, and a wire that answers within the process.

The wire takes the place of the socket: everything above it, urllib3 and http.client included, is real. What the wire
itself takes goes to nobody's account. There is no TLS on it, so HTTP and SDK are told a little too small.
"""

import io
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import urllib3.util.connection

from bench.warm_doors import GATEWAY_ANSWER, OWN, aws_answer

WIRE = "wire"
SDK = "SDK"


class Accounts:
    """Adds the time that passes to whichever part runs."""

    def __init__(self) -> None:
        self._stack: list[str] = []
        self._sums: dict[str, int] = {}
        self._since = 0

    def of(self, call: Callable[[], object]) -> dict[str, float]:
        """Seconds of one call by part, the wire left out.

        By the steady clock: reading the thread's own CPU clock takes as long as a fifth of a signature. A call that
        the machine interrupts is longer; the median of many calls is one that was not.
        """
        self._sums = {}
        self._enter(OWN)
        try:
            call()
        finally:
            self._leave()
        return {name: spent / 1e9 for name, spent in self._sums.items() if name != WIRE}

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time on the account of `part`."""

        def counted(*args: Any, **named: Any) -> Any:  # noqa: ANN401 — the function's own
            # The SDK's own HTTP is the SDK's.
            if not self._stack or (self._stack[-1] == SDK and part != WIRE):
                return function(*args, **named)
            self._enter(part)
            try:
                return function(*args, **named)
            finally:
                self._leave()

        return counted

    def _enter(self, part: str) -> None:
        now = time.perf_counter_ns()
        if self._stack:
            self._add(now)
        self._stack.append(part)
        self._since = time.perf_counter_ns()

    def _leave(self) -> None:
        self._add(time.perf_counter_ns())
        self._stack.pop()
        self._since = time.perf_counter_ns()

    def _add(self, now: int) -> None:
        part = self._stack[-1]
        self._sums[part] = self._sums.get(part, 0) + now - self._since


class _Answer(io.RawIOBase):
    def __init__(self, document: bytes) -> None:
        self._document = io.BytesIO(document)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 — whatever the base class takes
        return self._document.readinto(buffer)


class _Wire:
    """A connected socket that answers each request with what it asks for."""

    def __init__(self) -> None:
        self._idle, self._other = socket.socketpair()
        self._sent = b""

    def fileno(self) -> int:
        """A real descriptor on which nothing ever comes: urllib3 looks whether a kept connection was dropped."""
        return self._idle.fileno()

    def sendall(self, data: bytes) -> None:
        """Takes a piece of the request."""
        self._sent += data

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        """The answer to what was sent since the last one."""
        sent, self._sent = self._sent, b""
        head, _, body = sent.partition(b"\r\n\r\n")
        operation = ""
        for line in head.decode("latin-1").split("\r\n"):
            name, _, text = line.partition(":")
            if name.lower() == "x-amz-target":
                operation = text.strip().rpartition(".")[2]
        kind, document = "application/xml", GATEWAY_ANSWER
        if operation:
            kind = "application/x-amz-json-1.0"
            document = json.dumps(aws_answer(operation, json.loads(body))).encode()
        text = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(document)}\r\n\r\n"
        return io.BufferedReader(_Answer(text.encode() + document))

    def settimeout(self, _: object) -> None:
        """Nothing to wait for."""

    setsockopt = shutdown = settimeout

    def close(self) -> None:
        """Ends both ends."""
        self._idle.close()
        self._other.close()


def open_wire(accounts: Accounts) -> None:
    """Every connection that urllib3 makes in this process from now on is a wire."""
    _Wire.sendall = accounts.around(WIRE, _Wire.sendall)  # type: ignore[method-assign]
    _Wire.makefile = accounts.around(WIRE, _Wire.makefile)  # type: ignore[method-assign]
    _Answer.readinto = accounts.around(WIRE, _Answer.readinto)  # type: ignore[method-assign]
    urllib3.util.connection.create_connection = lambda *_, **__: _Wire()  # type: ignore[assignment]
