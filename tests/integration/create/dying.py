"""A process that dies, or loses an answer, at one chosen call to something outside of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from paylink.domain.errors import StoreUnavailable
from paylink.freedompay.errors import NoAnswer, NotReached


class ProcessDied(BaseException):
    """The function's process ended here: no `except Exception` of the code under test may see it."""


class Fate(StrEnum):
    """What becomes of a call to something outside of the process."""

    DIES_BEFORE = "dies_before"
    DIES_AFTER = "dies_after"
    ANSWER_LOST = "answer_lost"
    """The call had its effect, its answer never came."""
    NOT_REACHED = "not_reached"
    """The call had no effect and ends in an error."""


@dataclass
class Watch:
    """Numbers every call to the outside, and lets one of them meet its fate."""

    calls: list[str] = field(default_factory=list)
    struck: str | None = None
    _at: int | None = None
    _fate: Fate | None = None

    def arm(self, at: int, fate: Fate) -> None:
        """The call of this number from now on, the first being 0, meets its fate."""
        self.disarm()
        self._at, self._fate, self.struck = at, fate, None

    def disarm(self) -> None:
        """Calls are counted anew, and nothing happens to them."""
        self.calls = []
        self._at = self._fate = None

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        number = len(self.calls)
        self.calls.append(name)
        if number != self._at:
            return call()
        self.struck = f"{self._fate} at call {number}, {name}"
        if self._fate is Fate.DIES_BEFORE:
            raise ProcessDied(self.struck)
        if self._fate is Fate.NOT_REACHED:
            raise NotReached(self.struck) if name.startswith("gateway.") else StoreUnavailable(self.struck)
        call()
        if self._fate is Fate.DIES_AFTER:
            raise ProcessDied(self.struck)
        raise NoAnswer(self.struck) if name.startswith("gateway.") else StoreUnavailable(self.struck)


class Watched:
    """Something outside of the process, every method of it watched."""

    def __init__(self, name: str, outside: object, watch: Watch) -> None:
        self._name = name
        self._outside = outside
        self._watch = watch

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call = getattr(self._outside, method)
        name = f"{self._name}.{method}"
        return lambda *args, **kwargs: self._watch.around(name, lambda: call(*args, **kwargs))
