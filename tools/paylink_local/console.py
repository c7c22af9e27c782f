"""The terminal: what is said to the person on standard output, what the functions log on standard error."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import click

# Fields of a structured log line that say where it comes from; the rest says what happened.
_FAMILIAR = frozenset(
    {
        "level",
        "message",
        "location",
        "timestamp",
        "service",
        "cold_start",
        "function_name",
        "function_memory_size",
        "function_arn",
        "function_request_id",
        "sampling_rate",
        "xray_trace_id",
        "exception",
        "exception_name",
        "stack_trace",
    }
)
_WIDTH = 16


class Console:
    """Writes for a person, or passes the functions' own lines on for a program."""

    def __init__(self, *, json_logs: bool = False) -> None:
        """Choose whether the functions' lines go out as they came."""
        self._json_logs = json_logs

    @staticmethod
    def say(line: str = "") -> None:
        """Write a line to standard output at once; a reader that went away is no fault of ours."""
        with contextlib.suppress(OSError):
            click.echo(line)

    def log(self, function: str, line: str) -> None:
        """Write a line that a function logged."""
        shown = line if self._json_logs else shortened(function, line)
        if shown is not None:
            with contextlib.suppress(OSError):
                click.echo(shown, err=True)

    def access(self, method: str, path: str, status: int, seconds: float) -> None:
        """Write a line for a request; without its query, which may hold a signature."""
        if not self._json_logs:
            self.log("http", f"{method} {path} {status} {seconds * 1000:.0f} ms")


def shortened(function: str, line: str) -> str | None:
    """Return a log line for a terminal, or None for one that only a machine reads (metrics, debugging)."""
    prefix = f"{function:<{_WIDTH}} "
    try:
        entry = json.loads(line)
    except ValueError:
        return prefix + line if line.strip() else None
    if not isinstance(entry, Mapping):
        return prefix + line
    if "_aws" in entry or entry.get("level") == "DEBUG":
        return None
    if "level" not in entry or "message" not in entry:
        return prefix + line
    facts = " ".join(f"{name}={_plain(value)}" for name, value in entry.items() if _is_told(name, value))
    text = f"{prefix}{entry['level']:<8} {_plain(entry['message'])} {facts}".rstrip()
    exception = entry.get("exception")
    return f"{text}\n{exception}" if exception else text


def _is_told(name: str, value: object) -> bool:
    return name not in _FAMILIAR and value not in (None, "", [], {})


def _plain(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
