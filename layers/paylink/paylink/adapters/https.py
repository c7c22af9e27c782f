"""One POST to an address of the owner's: https (http to this machine alone), no redirect, no proxy, a deadline."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from paylink.domain.delivery import NotDelivered
from paylink.domain.kinds import web_url

MOST_BYTES: Final = 64 * 1024
CONNECT_SECONDS: Final = 5.0
_MOST_RETRY_AFTER: Final = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: at most 64 KB of it; `retry_after` in seconds where it was named so."""

    status: int
    body: bytes
    retry_after: int | None


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> Answer:
    """Sends once, in so many seconds in all. Raises NotDelivered where no answer came; never follows one.

    The error says what failed and not where: an address may hold a key.
    """
    try:
        parts = urlsplit(web_url(url))
    except ValueError as error:
        raise NotDelivered(f"the address {error}") from None
    deadline = time.monotonic() + seconds
    host, port = str(parts.hostname), parts.port
    connection = (
        http.client.HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=_verifying())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # The timeout of a socket holds for one read: an answer in drops is ended by closing it from beside.
    watchdog = threading.Timer(seconds, _cut, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.connect()
        connection.sock.settimeout(max(0.1, deadline - time.monotonic()))
        connection.request("POST", target, body, {"user-agent": "Paylink", **headers})
        response = connection.getresponse()
        content = response.read(MOST_BYTES)
        return Answer(response.status, content, _seconds(response.getheader("retry-after")))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotDelivered(f"no answer: {type(error).__name__}") from None
    finally:
        watchdog.cancel()
        connection.close()


@cache
def _verifying() -> ssl.SSLContext:
    return ssl.create_default_context()


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _seconds(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdigit()):
        return None
    return min(int(text[:9]), _MOST_RETRY_AFTER)
