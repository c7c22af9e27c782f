"""The record of what reached the gateway's own addresses."""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .signing import Pair

KEPT = 5000


@dataclass(frozen=True)
class RequestRecord:
    """One request: what it said, whether its signature fits (None: not looked at), and what was answered."""

    at: datetime
    operation: str  # one of faults.KINDS: create, status, clearing, cancel, refund
    method: str
    path: str
    content_type: str
    fields: Sequence[Pair]
    signature_valid: bool | None
    fault: str | None
    http_status: int | None  # None: the connection was closed without an answer
    answer: Sequence[Pair]
    payment_id: str | None


class RequestLog:
    """The last requests, oldest first; safe over threads."""

    def __init__(self) -> None:
        """Start empty."""
        self._records: deque[RequestRecord] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def add(self, record: RequestRecord) -> None:
        """Note a request."""
        with self._lock:
            self._records.append(record)

    def records(self) -> list[RequestRecord]:
        """Return what was noted, oldest first."""
        with self._lock:
            return list(self._records)

    def clear(self) -> None:
        """Forget what was noted."""
        with self._lock:
            self._records.clear()
