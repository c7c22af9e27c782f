"""HTTP connections that keep a call's deadline and know whether anything of it was sent.

The timeouts of `requests` hold for one read each, so an answer that comes in drops never ends. Here every read
of a connection first shrinks the socket's timeout to what is left of the call it serves.
"""

from __future__ import annotations

import http.client
import io
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

    from _typeshed import WriteableBuffer


@dataclass(slots=True)
class Attempt:
    """One sending of a request: its deadline by the monotonic clock in seconds, and whether a byte has left."""

    deadline: float
    sent: bool = False


_current: ContextVar[Attempt] = ContextVar("freedompay_attempt")


@contextmanager
def serving(attempt: Attempt) -> Iterator[None]:
    """Let the connections that this thread uses within the block serve `attempt`."""
    token = _current.set(attempt)
    try:
        yield
    finally:
        _current.reset(token)


class _TimedReader(io.RawIOBase):
    def __init__(self, sock: socket.socket, raw: io.RawIOBase, deadline: float) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline of the call has passed")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(_TimedReader(sock, self.fp.detach(), _current.get().deadline))


class _Connection(HTTPConnection):
    response_class = _TimedResponse

    def send(self, data: Any) -> None:  # noqa: ANN401  whatever the base class takes
        if self.sock is None:
            self.connect()
        _current.get().sent = True
        super().send(data)


class _SecureConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


POOLS: Mapping[str, type[HTTPConnectionPool]] = MappingProxyType({"http": _Pool, "https": _SecurePool})
"""Connection pools by scheme, for urllib3's pool manager."""
