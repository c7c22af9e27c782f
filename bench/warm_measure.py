"""Runs in a process of its own: `alone` or `among` for one event, and prints seconds of CPU as JSON.

A process for each, since doors are replaced for good. See `bench.warm` for what both ways mean.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.signing_message import KEY, MESSAGE, SCRIPT
from bench.warm_accounts import Accounts, open_wire
from bench.warm_doors import Context, load, nowhere, shut, watch
from integration.event_files import file_of
from paylink.freedompay.signature import sign

WARM_UP = 100
CALLS = 10
"""Calls of the handler in one round of `alone`, and ten times as many signatures."""


def invocation(function: str, event: str) -> Callable[[], dict[str, Any]]:
    """A call of the function's handler with this event of events/."""
    handler = load(function).handler
    document, context = json.loads(file_of(event).read_text()), Context()
    return lambda: handler(document, context)


def signature() -> None:
    """One signature of 15 fields, the unit."""
    sign(SCRIPT, MESSAGE, KEY)


def span(call: Callable[[], object], times: int) -> float:
    """Seconds of this thread's CPU for one call."""
    started = time.thread_time()
    for _ in range(times):
        call()
    return (time.thread_time() - started) / times


def alone(call: Callable[[], dict[str, Any]], rounds: int) -> dict[str, Any]:
    """Our own code with every door answering at once."""
    shut()
    spans, units = [], []
    for _ in range(WARM_UP):
        call()
    for _ in range(rounds):
        spans.append(span(call, CALLS))
        units.append(span(signature, CALLS * 10))
    return {"own": statistics.median(spans), "signature": statistics.median(units)}


def among(call: Callable[[], dict[str, Any]], rounds: int) -> dict[str, Any]:
    """Each part's time with the real libraries; the signature is one, timed in the same breath."""
    accounts = Accounts()
    open_wire(accounts)
    watch(accounts.around)
    found: list[dict[str, float]] = []
    units = []
    for number in range(WARM_UP + rounds):
        sums = accounts.of(call)
        unit = accounts.of(signature)
        if number >= WARM_UP:
            found.append(sums)
            units.append(sum(unit.values()))
    names = sorted({name for sums in found for name in sums})
    parts = {name: statistics.median(sums.get(name, 0.0) for sums in found) for name in names}
    return {"parts": parts, "signature": statistics.median(units)}


def main(way: str, function: str, event: str, rounds: int) -> None:
    """Prints the measurement; AssertionError where the event is not answered as it should be."""
    # Log lines and metrics are written as they are, to nowhere.
    with nowhere():
        call = invocation(function, event)
        result = {"alone": alone, "among": among}[way](call, rounds)
        answer = call()
    assert answer["statusCode"] in {200, 201}, answer
    if function == "gateway_callback":
        assert "<pg_status>ok</pg_status>" in answer["body"], answer
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
