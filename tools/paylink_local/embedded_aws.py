"""An AWS inside the local run: moto's server with Secrets Manager and DynamoDB, on loopback."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from paylink_local.listening import LOOPBACK, address, bind, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Gate:
    """Stands before moto, which lets every web page in, and checks a condition and writes without a lock."""

    def __init__(self, application: "WSGIApplication") -> None:
        """Take moto's application."""
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if "HTTP_ORIGIN" in environ:
            # A page in the person's browser, not an AWS client: the secrets are none of its business.
            start_response("403 Forbidden", [("content-length", "0")])
            return []
        with self._lock:
            return list(self._application(environ, start_response))


@contextmanager
def embedded_aws() -> Iterator[str]:
    """Run an empty AWS for the length of the block and give its address."""
    # Loaded here: moto takes a second, which a wrong flag need not cost.
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415
        DomainDispatcherApplication,
        create_backend_app,
    )

    listener = bind(LOOPBACK, 0, "--port")
    with serving(Gate(DomainDispatcherApplication(create_backend_app)), listener):
        yield address(listener)
