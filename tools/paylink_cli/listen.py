"""`paylink listen`: follows what happens, one line an event."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import click

from paylink.domain.clock import to_text
from paylink.domain.events import ATTENTION, HOLD_EXPIRING, TYPES, Event, events_of
from paylink_cli.errors import Unreachable, WrongUse
from paylink_cli.reaching.system import System, reach
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.terminal import Terminal, terminal_options
from paylink_cli.showing.text import printable
from paylink_cli.showing.values import amount_of, state

PAUSE: Final = 1.0
"""Seconds between two looks at the stream, which takes five a second from all its readers."""
MOST_FAILURES: Final = 60
"""Looks in a row that may fail because of the network before it is given up."""
_URGENT: Final = frozenset({ATTENTION, HOLD_EXPIRING})


@click.command(
    epilog="""\b
Example:
  paylink listen --stack my-shop
  paylink listen --type payment.paid --json --local | jq .detail.amount

Ctrl-C ends it. It reads the table's stream, where two can read at a time: the
function that publishes, and one of these.
"""
)
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only events of a type; repeatable.")
@click.option("--order", metavar="ORDER", help="Only events of one order.")
@click.option("--from-start", is_flag=True, help="Begin with what the stream still has: a day's events.")
@click.option("--count", type=click.IntRange(1), metavar="N", help="End after so many events.")
@click.option("--seconds", type=click.FloatRange(0), metavar="N", help="End after so long.")
@target_options
@terminal_options
def listen(
    *,
    target: Target,
    terminal: Terminal,
    types: tuple[str, ...],
    order: str | None,
    from_start: bool,
    count: int | None,
    seconds: float | None,
) -> None:
    """Follow events live, one line each; times are UTC."""
    if unknown := set(types) - set(TYPES):
        raise WrongUse(f"there is no type {min(unknown)!r}; there are {', '.join(TYPES)}")
    ends = None if seconds is None else time.monotonic() + seconds
    told = 0
    try:
        for event in _events(reach(target), terminal, ends, from_start=from_start):
            if (types and event.type not in types) or (order and event.order_id != order):
                continue
            _tell(terminal, event)
            told += 1
            if told == count:
                return
    except KeyboardInterrupt:
        # The way in which it is meant to end.
        terminal.note(f"\nStopped after {told} event{'' if told == 1 else 's'}.")


def _events(system: System, terminal: Terminal, ends: float | None, *, from_start: bool) -> Iterator[Event]:
    # Loads the AWS SDK, and all of it before anybody is told that it listens.
    import paylink.adapters.stream  # noqa: F401, PLC0415 - for _read
    from paylink_cli.reaching.table_stream import TableStream  # noqa: PLC0415

    stream = TableStream(system, from_start=from_start)
    terminal.note("Listening; Ctrl-C ends it.", "dim")
    failures = 0
    while True:
        try:
            yield from _read(terminal, stream.read())
            failures = 0
        except Unreachable as error:
            failures += 1
            if failures >= MOST_FAILURES or not _passes(error):
                raise
            if failures == 1:
                terminal.note("No answer; trying again.", "yellow")
        if ends is not None and time.monotonic() >= ends:
            return
        time.sleep(PAUSE if ends is None else max(0.0, min(PAUSE, ends - time.monotonic())))


def _passes(error: Unreachable) -> bool:
    """Whether the network alone is at fault, which may come back."""
    from botocore.exceptions import ConnectionError as NotConnected  # noqa: PLC0415 - as above
    from botocore.exceptions import HTTPClientError  # noqa: PLC0415 - as above

    return isinstance(error.__cause__, NotConnected | HTTPClientError)


def _read(terminal: Terminal, records: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
    """The events of the records, in their order."""
    from paylink.adapters.order_row import SORT  # noqa: PLC0415 - loaded by now
    from paylink.adapters.stream import changes_of  # noqa: PLC0415 - as above

    for record in records:
        if record["dynamodb"]["Keys"]["sk"].get("S") != SORT:
            continue
        for change in changes_of({"Records": [_as_lambda_has_it(record)]}):
            if change.after is None:
                terminal.note(
                    f"Order {change.order_id} changed in a way that this version cannot read.", "yellow"
                )
            else:
                yield from events_of(change.before, change.after, change.at)


def _as_lambda_has_it(record: Mapping[str, Any]) -> dict[str, Any]:
    """The SDK makes a datetime of what Lambda leaves as seconds."""
    at = record["dynamodb"]["ApproximateCreationDateTime"]
    return {**record, "dynamodb": {**record["dynamodb"], "ApproximateCreationDateTime": at.timestamp()}}


def _tell(terminal: Terminal, event: Event) -> None:
    if terminal.as_json:
        document = {
            "id": event.id,
            "type": event.type,
            "order_id": event.order_id,
            "sequence": event.sequence,
            "time": to_text(event.time),
            "detail": event.detail,
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    line = f"{event.time:%H:%M:%S} {event.type} {event.order_id} {amount_of(event.detail)}"
    more = _more(event.detail)
    style = "bold red" if event.type in _URGENT else str(state(_status(event)).style)
    terminal.say(f"{line}, {more}" if more else line, style)


def _status(event: Event) -> str:
    return event.type.removeprefix("payment.")


def _more(detail: Mapping[str, Any]) -> str:
    refund, reasons = detail.get("refund"), detail.get("reasons")
    parts = []
    if isinstance(refund, Mapping):
        parts.append(f"refund {amount_of(refund, currency=detail.get('currency'))} ({refund.get('source')})")
    if isinstance(reasons, Sequence):
        parts.append(", ".join(str(reason).replace("_", " ") for reason in reasons))
    return printable("; ".join(parts))
