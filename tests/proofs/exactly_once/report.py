"""The result as a document."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .engine import engine_version
from .faults import Fate
from .mutants import MUTANTS
from .running import RANDOM, THREADS, Tally

HEAD = """# Exactly once: what was walked

A walk is one order, made on DynamoDB Local with the stand-in gateway behind the real client, by the real use cases
on the real adapters. Each request is a process of its own that reads its secrets anew. One of its calls to the
outside meets a fate; somebody repeats the request, or a twin does the same at the same time; then the buyer pays
every page that he was ever given, a clock is turned, and reconcile runs until nothing waits. At the end of every walk

- the gateway charged one payment at most for the order, of all pages handed out one at most could be paid;
- what the table says of captured and refunded sums is what the gateway's own books say, refund by refund;
- every key moved money once or not at all, and what its owner was told for good is what stands;
- no order waits, none is undecided, no operation is without an end, no lease is left, no place is taken unpaid;
- nobody is called, but for a refund that provably never happened (`refund_failed`).
"""
FATES = """## The fates

- **crash before, crash after**: the process is gone, before or after the call had its effect.
- **timeout**: no answer. *Not carried out*, *carried out*, or *carried out later*, when the process has given up.
- **sent again by the SDK**: carried out, its answer lost, and the SDK sends the same once more (DynamoDB alone).
- **nothing**: the call goes well; only its twin comes in between.

For a call that only reads, carried out or not is the same: it has two fates. *Twin first*: the process stands still
before the call until its twin has ended. *Twin within*: it stands still between the call's effect and its fate.
"""


@dataclass(frozen=True)
class Result:
    """One run of the command. `caught`: walks that failed, of how many, by the broken condition."""

    tally: Tally
    enumerable: int
    caught: dict[str, tuple[int, int]]
    seed: int
    processes: int
    seconds: float


def report(result: Result, arguments: Sequence[str]) -> str:
    """The document, in Markdown."""
    tally = result.tally
    chosen = {kind: tally.by_situation[kind] for kind in (RANDOM, THREADS)}
    one_by_one = tally.walked - sum(chosen.values())
    facts = [
        ("Walks", f"{tally.walked}, of which {len(tally.failures)} failed"),
        ("Enumerated", f"{one_by_one} of the {result.enumerable} that there are, evenly spread"),
        ("At random", f"{chosen[RANDOM]}, several faults in each, seed {result.seed}"),
        ("By threads", f"{chosen[THREADS]}, actor and twins begin at the same moment, seed {result.seed}"),
        ("Took", f"{result.seconds:.0f} s in {result.processes} processes, the broken conditions included"),
        ("Engine", f"{engine_version()}; sandbox `tools/freedompay_sandbox`"),
        ("Machine", f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"),
        ("Date", datetime.now(UTC).strftime("%Y-%m-%d")),
    ]
    ran = f"PYTHONPATH=tests .venv/bin/python -m proofs.exactly_once {' '.join(arguments)}"
    command = f"make proof-exactly-once WALKS={tally.walked} SEED={result.seed}"
    reached = (
        f"This run took {tally.walked} walks, and {one_by_one} of them are from the {result.enumerable} that can be "
        "enumerated. `make proof-exactly-once` takes 5200 by itself, enough for every one of these."
    )
    again = (
        'PYTHONPATH=tests .venv/bin/python -m proofs.exactly_once --only "refund a part / 5 gateway.refund"'
    )
    return "\n".join(
        [
            HEAD,
            f"This file is written by the command.\n\n```\n{command}\n```\n",
            f"The run that is written down here was `{ran}`.\n",
            *table(("", ""), facts),
            f"{reached}\n",
            f"One walk, or all whose names begin alike, again:\n\n```\n{again}\n```\n",
            FATES,
            *by_call(tally),
            "## In whose company\n",
            *table(("Company", "Walks"), sorted(tally.by_company.items())),
            "## In which situation\n",
            *table(("Situation", "Walks"), list(tally.by_situation.items())),
            "## A test of the test\n",
            "The same walks on code with one condition broken (patched in the run alone): they have to fail.\n",
            *table(
                ("Broken", "Walks that fail", "Of"),
                [(MUTANTS[name].what, *result.caught[name]) for name in MUTANTS],
            ),
        ]
    )


def by_call(tally: Tally) -> list[str]:
    """Walks by the call that was struck and its fate."""
    calls = sorted({call for call, _ in tally.by_call})
    rows = [(f"`{call}`", *(tally.by_call[call, fate] or "" for fate in Fate)) for call in calls]
    return ["## Walks by call and fate\n", *table(("Call", *(fate.value for fate in Fate)), rows)]


def table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> list[str]:
    """A Markdown table and the empty line after it."""

    def line(cells: Sequence[object]) -> str:
        return f"| {' | '.join(str(cell) for cell in cells)} |"

    return [line(head), line(["---"] * len(head)), *map(line, rows), ""]
