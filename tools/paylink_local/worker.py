"""One execution environment of one function, as a process of its own: `python -P worker.py`.

Standard library only: it stands where AWS's runtime stands and must bring nothing of the local run into the
function. It reads one JSON line per event from its standard input and writes one JSON line per outcome to
what was its standard output; whatever the function prints goes to standard error. It ends with its input.
"""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import IO, Any

Handler = Callable[[Any, "Context"], object]
# The one place at which the functions read the time of day.
_CLOCK = "paylink.domain.clock"


class Context:
    """The context object that Lambda hands to a Python handler."""

    client_context = None
    identity = None

    def __init__(self, request_id: str, deadline: float, arn: str) -> None:
        """Take the invocation's id, its deadline in epoch seconds and the function's ARN."""
        self.aws_request_id = request_id
        self.invoked_function_arn = arn
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left before the invocation is ended."""
        return max(0, int((self._deadline - time.time()) * 1000))

    @staticmethod
    def log(text: str) -> None:
        """Write a line to the function's log."""
        sys.stdout.write(str(text))


class TurnedClock(datetime):
    """The time of day on a clock that a test has turned."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one will do
        """Return the present moment on that clock."""
        return datetime.now(tz) + cls.ahead


def turn_clock(seconds: float) -> None:
    """Set the function's clock that far ahead of this machine's; one that was never turned is left alone."""
    clock = sys.modules.get(_CLOCK)
    if clock is None or (not seconds and TurnedClock.ahead == timedelta()):
        return
    TurnedClock.ahead = timedelta(seconds=seconds)
    clock.datetime = TurnedClock  # type: ignore[attr-defined]


def load_handler(name: str) -> Handler:
    """Return the function that `_HANDLER` names, such as `app.handler`."""
    module, _, attribute = name.rpartition(".")
    handler: Handler = getattr(importlib.import_module(module.replace("/", ".")), attribute)
    return handler


def main() -> None:
    """Load the handler, say so, then answer events until the input ends."""
    events, outcomes = _take_channels()
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except BaseException as error:  # noqa: BLE001 - whatever an import raises is the function's own failure to start
        _report(error)
        _write(outcomes, {"failed": type(error).__name__})
        return
    _write(outcomes, {"ready": True})
    for line in events:
        _write(outcomes, _outcome(handler, json.loads(line)))


def _outcome(handler: Handler, message: dict[str, Any]) -> dict[str, Any]:
    context = Context(message["request_id"], message["deadline"], message["arn"])
    turn_clock(message.get("ahead", 0.0))
    try:
        result = handler(message["event"], context)
        json.dumps(result)
    except Exception as error:  # noqa: BLE001 - Lambda turns every exception of a handler into a failed invocation
        _report(error)
        return {"error": type(error).__name__}
    finally:
        sys.stdout.flush()
    return {"result": result}


def _take_channels() -> tuple[IO[str], IO[str]]:
    # The function may print and may read: neither may touch the two channels.
    events = os.fdopen(os.dup(0), "r", encoding="utf-8")
    outcomes = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return events, outcomes


def _report(error: BaseException) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"[ERROR] {type(error).__name__}: {error}\n{''.join(traceback.format_exception(error))}")
    sys.stderr.flush()


def _write(channel: IO[str], message: dict[str, Any]) -> None:
    channel.write(json.dumps(message) + "\n")
    channel.flush()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Lambda freezes an environment and drops it; taking all that is loaded apart piece by piece takes 0.2 s each.
    os._exit(0)
