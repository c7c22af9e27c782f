"""Serving a sandbox: the WSGI application and a threaded server that stops cleanly."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from . import answers
from .api import gateway_routes
from .control import control_routes
from .gateway import SYSTEM_ERROR
from .pages import page_routes
from .sandbox import Sandbox

LARGEST_BODY = 1_000_000  # bytes
BACKLOG = 128  # connections waiting to be served
TICK = 0.25  # seconds between two looks at what the passing of time has made due
STOP_WITHIN = 10.0  # seconds

logger = logging.getLogger("freedompay_sandbox")


def create_app(sandbox: Sandbox) -> Flask:
    """Return the WSGI application of a sandbox: gateway, hosted page and control API."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    # A dropped connection reaches a caller without a server as the exception that a client would see.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.register_blueprint(gateway_routes(sandbox))
    app.register_blueprint(page_routes(sandbox))
    app.register_blueprint(control_routes(sandbox))
    app.register_error_handler(404, lambda _: _system_error(404, "Unknown address"))
    app.register_error_handler(405, lambda _: _system_error(405, "This method is not allowed here"))
    app.register_error_handler(413, lambda _: _system_error(413, "The body is too large"))
    return app


@contextmanager
def running(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a sandbox in background threads, its clock ticking; yield the base URL without a trailing slash.

    Port 0 takes a free one. Raises OSError when the port is taken.
    """
    # Bound here: the server class would print and end the process where a port is taken.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=BACKLOG) as listening:
        server = ThreadedWSGIServer(host, port, sandbox.app, handler=_QuietHandler, fd=listening.fileno())
    stopping = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox-server"),
        threading.Thread(target=_tick, args=(sandbox, stopping), name="sandbox-clock"),
    ]
    for thread in threads:
        thread.daemon = True
        thread.start()
    shown = f"[{host}]" if ":" in host else host
    try:
        yield f"http://{shown}:{server.socket.getsockname()[1]}"
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join(STOP_WITHIN)


class _QuietHandler(WSGIRequestHandler):
    """Logs through the package's logger, and never a query: it may hold a card number or a signature."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002  (its signature)
        logger.debug("%s %s %s", self.command, self.path.partition("?")[0], code)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002, ANN401  (its signature)
        logger.log(logging.ERROR if type == "error" else logging.DEBUG, message, *args)


def _tick(sandbox: Sandbox, stopping: threading.Event) -> None:
    while not stopping.wait(TICK):
        try:
            sandbox.clock.run_due()
        except Exception:  # the clock must go on, whatever one event ran into
            logger.exception("what was due on the clock failed")


def _system_error(http_status: int, description: str) -> Response:
    document, _ = answers.error(SYSTEM_ERROR, description, http_status=http_status).written("")
    return Response(document, http_status, mimetype="application/xml")
