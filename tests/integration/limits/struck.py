"""Places whose calls a test strikes: the process dies at one of them, or one of them waits for its turn."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_SECONDS = 20.0
METHODS = ("hold", "sell", "give_back", "left")


class ProcessDied(BaseException):
    """The function's process ended here: no `except Exception` of the code under test may see it."""


class Dying:
    """Places at one call of which, counted from 0, the process dies: before the call has its effect or after."""

    def __init__(self, places: Any, at: int, *, after: bool) -> None:
        self._places = places
        self._at = at
        self._after = after
        self.calls: list[str] = []

    @property
    def struck(self) -> str | None:
        """The call at which the process died, if it came to that."""
        return self.calls[self._at] if len(self.calls) > self._at else None

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method not in METHODS:
            raise AttributeError(method)

        def call(*args: Any, **kwargs: Any) -> Any:
            number = len(self.calls)
            self.calls.append(f"{method} {args[0].id}")
            if number == self._at and not self._after:
                raise ProcessDied(self.calls[number])
            answer = getattr(self._places, method)(*args, **kwargs)
            if number == self._at:
                raise ProcessDied(self.calls[number])
            return answer

        return call


@dataclass
class Gate:
    """A call that has arrived waits here until the test lets it go on."""

    arrived: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        """Called where the work is done."""
        self.arrived.set()
        assert self.opened.wait(MOST_SECONDS), "the test never opened the gate"

    def reached(self) -> None:
        """Called by the test: returns when the call has arrived."""
        assert self.arrived.wait(MOST_SECONDS), "the call never came"

    def open(self) -> None:
        """Lets the call go on."""
        self.opened.set()


class Gated:
    """Something whose first call of one method waits at a gate, before its effect or after."""

    def __init__(self, outside: Any, method: str, gate: Gate, *, after: bool = False) -> None:
        self._outside = outside
        self._method = method
        self._gate = gate
        self._after = after
        self._waited = threading.Lock()

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._outside, method)
        if method != self._method:
            return call

        def gated(*args: Any, **kwargs: Any) -> Any:
            first = self._waited.acquire(blocking=False)
            if first and not self._after:
                self._gate.wait()
            answer = call(*args, **kwargs)
            if first and self._after:
                self._gate.wait()
            return answer

        return gated
