"""What was put on the event bus of a local run: kept to look at, told on the terminal."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from paylink_local.payload import HttpRequest, HttpResponse

EVENTS_PATH = "/local/events"
_KEPT = 1_000

LogLine = Callable[[str, str], None]


class HeardEvents:
    """The last thousand events, oldest first."""

    def __init__(self, log: LogLine) -> None:
        """Take what writes a line to the terminal."""
        self._log = log
        self._lock = threading.Lock()
        self._events: deque[Mapping[str, Any]] = deque(maxlen=_KEPT)

    def add(self, event: Mapping[str, Any]) -> None:
        """Keep an event as the bus hands it on, and tell its type, order and state."""
        with self._lock:
            self._events.append(event)
        detail = event.get("detail") or {}
        facts = {name: detail.get(name) for name in ("order_id", "sequence", "status", "amount", "currency")}
        self._log("events", json.dumps({"level": "INFO", "message": event.get("detail-type", ""), **facts}))

    def page(self, request: HttpRequest) -> HttpResponse:  # noqa: ARG002 - the shape of a page
        """Return them as JSON."""
        with self._lock:
            events = list(self._events)
        body = json.dumps({"events": events}, ensure_ascii=False).encode()
        return HttpResponse(200, (("content-type", "application/json"), ("cache-control", "no-store")), body)
