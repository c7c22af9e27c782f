"""An AWS inside the local run: moto's server with Secrets Manager and DynamoDB, on loopback."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from paylink_local.listening import LOOPBACK, address, bind, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class _OneAtATime:
    """Lets one request in at a time: moto checks a condition and writes in two steps, without a lock."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with self._lock:
            return list(self._application(environ, start_response))


@contextmanager
def embedded_aws() -> Iterator[str]:
    """Run an empty AWS for the length of the block and give its address."""
    # The secrets are nobody's business in a browser: without this, moto allows every origin to read them.
    os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")
    # Loaded here: moto takes a second, which a wrong flag need not cost.
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415
        DomainDispatcherApplication,
        create_backend_app,
    )

    listener = bind(LOOPBACK, 0, "--port")
    with serving(_OneAtATime(DomainDispatcherApplication(create_backend_app)), listener):
        yield address(listener)
