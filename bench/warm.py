"""Warm: what a call costs in our own code, in multiples of one signature of 15 fields measured in the same run.

The real handlers (`functions/*/app.py` through `bootstrap`, with the real adapters) get genuine events, over and over.

*Alone* decides the bounds. Every door to other people's code (`bench.warm_doors`) answers at once with a canned value,
so nothing but our own code runs, and the whole handler is timed with the thread's CPU clock, ten calls at a time,
in turns with a hundred signatures. So both are measured in the same state: their own code and nothing else
in the caches, which is the only way to have a multiple that says something about the code and not about which
library ran before it. What counts against us: the canned answers' own time, the boto3 type serializer where it is
used, defusedxml and the standard library (json, base64, urllib.parse).

*Among* is reported beside it. All libraries are real down to the socket, a clock is read at every door, and each
part is told on its own: our own code, SDK, HTTP, logging, metrics. Between two pieces of our code the
SDK runs some thousand lines of its own, so ours starts from cold caches each time and takes longer than alone; one
signature that is timed after each call shows by how much the same happens to it.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.places import ROOT
from bench.rows import Row

ROUNDS = 300


@dataclass(frozen=True)
class Case:
    """An event and its bound in signatures; None for one that is only told."""

    name: str
    function: str
    event: str
    bound: float | None
    spends: str = ""
    """What most of it goes to."""


CASES: Sequence[Case] = (
    Case(
        "create",
        "create_payment",
        "create_payment/link",
        30,
        "reading the gateway's XML, two order rows and the changes between them, the form of 24 fields, the request",
    ),
    Case(
        "callback, urlencoded",
        "gateway_callback",
        "gateway_callback/result_paid",
        25,
        "a quarter is the check that the message can be read in one way alone, a fifth the form of 27 fields",
    ),
    Case("callback, multipart", "gateway_callback", "gateway_callback/result_paid_multipart", 60),
)


def measured(way: str, case: Case, rounds: int) -> dict[str, Any]:
    """What a process of its own measured."""
    command = [sys.executable, "-m", "bench.warm_measure", way, case.function, case.event, str(rounds)]
    process = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=300)  # noqa: S603 — our own program
    told: dict[str, Any] = json.loads(process.stdout)
    return told


def _short(value: float, case: Case) -> str:
    """By how much a bound is missed, and what the time goes to."""
    if case.bound is None or value <= case.bound:
        return ""
    return f"; {value / case.bound:.1f} times the bound: {case.spends}"


def run(rounds: int = ROUNDS) -> list[Row]:
    """The bounds first, then the parts of each call."""
    found, parts = [], []
    for case in CASES:
        alone = measured("alone", case, rounds)
        unit = alone["signature"]
        found.append(
            Row(
                name=f"{case.name}: our own code",
                value=alone["own"] / unit,
                unit="× signature",
                bound=case.bound,
                note=(
                    f"{alone['own'] * 1e6:.0f} µs; the signature {unit * 1e6:.2f} µs; median of {rounds} rounds"
                    + _short(alone["own"] / unit, case)
                ),
            )
        )
        among = measured("among", case, rounds)
        beside = among["signature"] / unit
        parts += [
            Row(
                name=f"{case.name}: {part}, among the libraries",
                value=spent / unit,
                unit="× signature",
                note=f"{spent * 1e6:.0f} µs; one signature there takes {beside:.1f} times as long as alone",
            )
            for part, spent in among["parts"].items()
        ]
    return found + parts


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS):
        print(f"{row.name}: {row.value:.1f} {row.unit} {row.verdict} ({row.note})")
