"""Sockets and HTTP servers on threads, for the front and for the embedded AWS."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from paylink_local.errors import LocalError, PortInUseError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOPBACK = "127.0.0.1"
ANY_HOST = "0.0.0.0"  # noqa: S104 - compared with, never a default
# How often a server looks whether it shall stop, in seconds.
_POLL_SECONDS = 0.05


class QuietHandler(WSGIRequestHandler):
    """Keeps the server's own log lines off the terminal: the application writes what is worth a line."""

    # Seconds for which a connection may say nothing while its request is read.
    timeout = 60

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Drop the line."""

    def make_environ(self) -> dict[str, object]:
        """Add the headers as sent: WSGI folds repeats together and cannot tell cookies apart."""
        environ = super().make_environ()
        environ["paylink.headers"] = tuple((name, str(value)) for name, value in self.headers.items())
        return environ


def bind(host: str, port: int, flag: str) -> socket.socket:
    """Return a socket bound to a host and port (0: any free one).

    Raises PortInUseError or LocalError, naming the flag that picks another port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"port {port} on {host} is in use; end the program that has it, or pick another with {flag}"
            ) from error
        raise LocalError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
    return listener


def address(listener: socket.socket) -> str:
    """Return the URL at which a bound socket is reached from this machine."""
    host, port = listener.getsockname()[:2]
    if host in {ANY_HOST, "::"}:
        host = LOOPBACK
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def serving(application: "WSGIApplication", listener: socket.socket) -> Iterator[None]:
    """Serve an application on a bound socket, on threads, until the block ends; closes the socket."""
    with closing(listener):
        host, port = listener.getsockname()[:2]
        server = make_server(
            host,
            port,
            application,
            threaded=True,
            request_handler=QuietHandler,
            fd=listener.fileno(),
        )
        server.log = _drop  # type: ignore[method-assign]
        server.server_activate()
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def _drop(type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
    """Take a log line of the server and write nothing."""
