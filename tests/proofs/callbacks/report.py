"""The walk's result as a document for people."""

import os
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from proofs.callbacks.refusals import Refusal
from proofs.callbacks.walk import Found

BOUND = 0.005
"""Seconds: the 99th percentile of the handler on bodies of at most 64 KB."""

WHAT = """\
Genuine callbacks of eight kinds (paid, paid before the order knows the payment, paid already, amount chosen by the
buyer, held, captured, failed or expired, check) are mutated and handed to the function `gateway_callback`. An
oracle of its own (`tests/proofs/callbacks/wire.py`) reads each message and says whether what is signed stayed the
same. If it changed, the message must not be accepted and nothing may be stored. If it stayed, it is refused, or
does to the order exactly what the genuine message does: state, amount, currency, payment id, sums, attention. No
answer may be 5xx.
"""
TIMES = """\
From the event (already JSON's objects) to the answer: parsing, signature, log lines and metrics included, orders
kept in this process in place of the table. Milliseconds. The bound is held against the processor time of the
thread, which other programs on the machine blur less; beside it stands the time on the clock. Hostile bodies are up
to 64 KB, made to be slow and unsigned: they never reach an order.
"""
OPEN = """\
The protocol signs values in the order of their names; names and borders between values are not signed. Whoever
holds a genuine message that was not delivered yet could give its values other names. `app/one_reading.py` therefore
looks at places, which no renaming changes: the last value with the form of an order's id is the order; a payment id
that the order does not know stands right behind it, with at most a date between; no flag stands without its name;
the result is the first number that a salt follows; the amount is the order's, or stands a second time as the
payment system's. What could be read otherwise gets 400, and the gateway's status decides within minutes.

What stays weaker:

- The result of an order that is *not ours* is kept for the operator under the payment id that the message names.
- A message with `pg_captured` and without `pg_can_reject` reads as one with `pg_can_reject` alone where both come
  to the same; a hold on a one-step order without `pg_can_reject` (no document tells of one) could pass for paid.
- Money that does not fit its order, paid in another currency than the order's: another of its numbers could pass
  for the amount if it equals the order's. It takes a fault of the gateway and its message.
- A live payment's customer id of one digit, `0` or `1`, could pass for its mode; that message gets 400.
- The price: a field of one digit that the gateway adds one day between amount and currency, or behind the result,
  makes messages ambiguous. They then get 400 (`CallbackMalformed` counts them) and `reconcile` settles the orders.
"""


def percentile(times: Sequence[float], share: float) -> float:
    """The value that so large a share of the times does not pass."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _head(*names: str) -> list[str]:
    return [_row(*names), _row(*("---" for _ in names))]


def _times(name: str, times: Sequence[float]) -> str:
    told = (percentile(times, 0.5), percentile(times, 0.99), max(times))
    return _row(name, len(times), *(f"{value * 1000:.2f}" for value in told), f"{BOUND * 1000:.0f}")


def _counts(found: Found) -> list[str]:
    encodings = sorted({encoding for _, encoding, _ in found.counts})
    kinds = sorted({(name, verdict) for name, _, verdict in found.counts})
    return [
        *_head("Mutation", "Verdict", *encodings),
        *(_row(*kind, *(found.counts[kind[0], one, kind[1]] for one in encodings)) for kind in kinds),
    ]


def _verdicts(found: Found) -> Iterable[str]:
    sums: Counter[str] = Counter()
    for (name, _, verdict), count in found.counts.items():
        if name not in {"none: genuine", "hostile"}:
            sums[verdict] += count
    return (f"- {verdict}: {count}" for verdict, count in sorted(sums.items()))


def document(
    found: Found,
    *,
    wall: Sequence[float],
    cpu: Sequence[float],
    refused: Sequence[Refusal],
    broken: Sequence[tuple[str, int]],
    command: str,
) -> str:
    """The whole document; `broken` tells after how many mutations the walk failed without a defence."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    lines = [
        "# Callbacks: what forged and altered messages can do",
        "",
        f"Written by `{command}` on {when} UTC: {machine}.",
        "",
        WHAT,
        f"- mutations: {found.mutations}, faults: {len(found.faults)}, seed {found.seed}",
        *_verdicts(found),
        f"- sent to the embedded table as well, with the same answer and the same row: {found.compared}",
        "",
        "## Time of the handler",
        "",
        TIMES,
        *_head("What", "Messages", "p50", "p99", "max", "bound for p99"),
        _times("mutations, processor", cpu),
        _times("mutations, clock", wall),
        _times("hostile bodies up to 64 KB, processor", found.hostile_cpu),
        _times("hostile bodies up to 64 KB, clock", found.hostile_wall),
        "",
        "## Refused before parsing",
        "",
        *_head("Body", "Bytes", "Answer", "A parser was called", "Processor, ms"),
        *(_row(one.name, one.length, one.status, one.parsed, f"{one.cpu * 1000:.2f}") for one in refused),
        "",
        "## Test of the test",
        "",
        "Without one defence the same walk fails:",
        "",
        *_head("Taken away", "Failed by mutation"),
        *(_row(*one) for one in broken),
        "",
        "## Counts",
        "",
        *_counts(found),
        "",
        "## What the signature leaves open, and how it is closed",
        "",
        OPEN,
    ]
    return "\n".join(lines)
