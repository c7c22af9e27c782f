"""Closing a connection in the middle of a request, as a failing network does."""

import socket
import struct
from collections.abc import Mapping
from typing import Any

from flask import Response

# Linger for no time at all: the peer sees a reset and not an orderly end.
_RESET = struct.pack("ii", 1, 0)


def drop_connection(environ: Mapping[str, Any]) -> Response:
    """Reset the request's connection; the response returned reaches nobody.

    Raises ConnectionResetError where there is no connection: the application was called without a server.
    """
    connection = environ.get("werkzeug.socket")
    if not isinstance(connection, socket.socket):
        raise ConnectionResetError("the sandbox dropped this connection")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.shutdown(socket.SHUT_RDWR)
    return Response(b"", 500)
