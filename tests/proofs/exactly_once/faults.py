"""What may become of one call to the outside, and a client at one of whose calls it does."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from integration.aws_failures import NO_ANSWER
from integration.create.dying import ProcessDied
from paylink.freedompay.errors import FreedomPayError, NoAnswer


class Fate(StrEnum):
    """What becomes of a call to something outside of the process."""

    NOTHING = "nothing"
    """It is carried out and answered; only its twin comes in between."""
    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    TIMEOUT_UNDONE = "timeout, not carried out"
    TIMEOUT_DONE = "timeout, carried out"
    TIMEOUT_LATE = "timeout, carried out later"
    """Carried out only when the process that gave it up has ended."""
    RESENT = "answer lost, sent again by the SDK"


CARRIED_OUT = frozenset({Fate.CRASH_AFTER, Fate.TIMEOUT_DONE, Fate.RESENT})
READS = ("secret", "get_item", "batch_get_item", "query", "gateway.status")


def is_read(call: str) -> bool:
    """Whether the call changes nothing: carried out or not, then, is the same."""
    return call.startswith(READS)


def fates_of(call: str) -> list[Fate]:
    """The fates of a call that differ: dying after a read is dying before the next call."""
    if is_read(call):
        return [Fate.CRASH_BEFORE, Fate.TIMEOUT_UNDONE]
    fates = [fate for fate in Fate if fate is not Fate.NOTHING]
    return [fate for fate in fates if fate is not Fate.RESENT or not call.startswith("gateway.")]


@dataclass
class Strike:
    """The call of a process, counted from 0, that meets its fate; what comes in between, before or after its effect."""

    at: int
    fate: Fate
    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None


@dataclass
class Calls:
    """Every call of one process to the outside. `struck` is the one that met its fate."""

    strike: Strike | None = None
    names: list[str] = field(default_factory=list)
    struck: str | None = None
    _late: list[Callable[[], object]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        """The call's answer, or what its fate makes of it."""
        with self._lock:
            number = len(self.names)
            self.names.append(name)
        strike = self.strike
        if strike is None or number != strike.at:
            return call()
        self.struck = name
        is_gateway = name.startswith("gateway.")
        # The gateway's client sends nothing twice.
        fate = Fate.TIMEOUT_DONE if is_gateway and strike.fate is Fate.RESENT else strike.fate
        if strike.before is not None:
            strike.before()
        if fate is Fate.CRASH_BEFORE:
            raise ProcessDied(name)
        answer = call() if fate is Fate.NOTHING else None
        if fate in CARRIED_OUT:
            unheard(call)
        if strike.after is not None:
            strike.after()
        match fate:
            case Fate.NOTHING:
                return answer
            case Fate.CRASH_AFTER:
                raise ProcessDied(name)
            case Fate.RESENT:
                return call()
            case Fate.TIMEOUT_LATE:
                self._late.append(call)
        raise NoAnswer(name) if is_gateway else NO_ANSWER["read timeout"]

    def end(self) -> None:
        """The process is over: what it gave up and what was only on its way is carried out now."""
        late, self._late = self._late, []
        for call in late:
            unheard(call)


def unheard(call: Callable[[], object]) -> None:
    """The call is carried out, and nobody hears how it ended: not its answer, and not its error."""
    with suppress(ClientError, FreedomPayError):
        call()


class Client:
    """A client of something outside; the named methods, or all for none, are calls that may be struck."""

    def __init__(
        self, outside: Any, calls: Calls, named: Callable[[str, dict[str, Any]], str | None]
    ) -> None:
        self._outside = outside
        self._calls = calls
        self._named = named

    def __getattr__(self, method: str) -> Any:
        part = getattr(self._outside, method)
        if not callable(part):
            return part

        def call(*args: Any, **kwargs: Any) -> Any:
            name = self._named(method, kwargs)
            return (
                part(*args, **kwargs)
                if name is None
                else self._calls.around(name, lambda: part(*args, **kwargs))
            )

        return call


def table_call(method: str, request: dict[str, Any]) -> str | None:
    """A DynamoDB request by what it is about: `update_item order`."""
    if method == "batch_get_item":
        return "batch_get_item"
    if method == "query":
        values = request["ExpressionAttributeValues"]
        return f"query {values[':partition']['S'].replace('1', 'waiting')}"
    if method not in {"get_item", "put_item", "update_item"}:
        return None
    key = request.get("Key") or request["Item"]
    kind = key["sk"]["S"] if key["pk"]["S"] not in {"places", "unknown"} else key["pk"]["S"]
    return f"{method} {kind}"


def secret_call(method: str, request: dict[str, Any]) -> str | None:
    """A read of a secret: `secret merchant`."""
    return (
        f"secret {request['SecretId'].split(':')[-1].split('-')[0]}" if method == "get_secret_value" else None
    )


def gateway_call(method: str, _: dict[str, Any]) -> str | None:
    """A call to the gateway: `gateway.refund`."""
    return f"gateway.{method}"
