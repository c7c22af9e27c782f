"""A loopback address at which the gateway finds each stall's callbacks."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from paylink.app.gateway_callback import Incoming, Reply

from .struck import ProcessDied

Answer = Callable[[Incoming], Reply]
DIED = Reply(500, b'{"message":"Internal Server Error"}')
"""What API Gateway answers when the function's process dies."""


class Front:
    """Serves `/<stall>/callbacks/<script>`."""

    def __init__(self) -> None:
        self._stalls: dict[str, Answer] = {}
        self.url = ""

    def add(self, stall: str, answer: Answer) -> str:
        """The stall's public address from now on."""
        self._stalls[stall] = answer
        return f"{self.url}/{stall}"

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _, stall, _, script = environ["PATH_INFO"].split("/")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        message = Incoming(
            script, environ["REQUEST_METHOD"], environ["QUERY_STRING"], environ.get("CONTENT_TYPE"), body
        )
        try:
            reply = self._stalls[stall](message)
        except ProcessDied:
            reply = DIED
        start_response(f"{reply.status} -", [("Content-Type", "application/xml")])
        return [reply.document]


class QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """A test's own assertions tell what was called."""


@contextmanager
def serving() -> Iterator[Front]:
    """A front on a free port, in threads of this process."""
    front = Front()
    server = ThreadedWSGIServer("127.0.0.1", 0, front, handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    front.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield front
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
