"""Scale: payments per second of the warm functions, and what a payment costs the table when that has grown.

    python -m bench.scale                         as `make bench` does
    python -m bench.scale --orders 50000 --seconds 2

*Workers.* Lambda runs each request that comes at the same time in a process of its own, so workers are processes. This
machine has few cores, and the stub that plays AWS and gateway shares them: payments per second of the machine say
little about a stack on Lambda, where each worker has its own share of a core. What carries over is the number
per core: payments per second of CPU that the functions themselves used. It shows whether processes get into each
other's way. With 64 workers on two cores each waits for its turn, so a payment takes longer; that is the queue and
not the code.

*Units.* The same payments in one table of DynamoDB Local, at ten thousand orders and at a million.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from bench.places import ROOT
from bench.rows import Row

WORKERS = (1, 8, 64)
SECONDS = 8.0
SMALL = 10_000
LARGE = 1_000_000


def measured(module: str, *arguments: object) -> Any:  # noqa: ANN401 — whatever was printed
    """What a module that runs in a process of its own printed."""
    command = [sys.executable, "-W", "ignore", "-m", module, *map(str, arguments)]
    process = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=1200)  # noqa: S603 — our own program
    return json.loads(process.stdout)


def run(large: int = LARGE, seconds: float = SECONDS) -> list[Row]:
    """Payments per second and per core by number of workers, and the units' growth."""
    found: list[Row] = []
    cores = os.cpu_count() or 1
    for told in measured("bench.scale_workers", seconds, *WORKERS):
        found += _throughput(told, cores)
    return [*found, *_units(measured("bench.scale_units", SMALL, large)["sizes"])]


def _throughput(told: dict[str, float], cores: int) -> list[Row]:
    workers = f"{told['workers']:g} worker{'s' if told['workers'] > 1 else ''}"
    return [
        Row(
            name=f"{workers}: payments per second",
            value=told["payments"] / told["wall"],
            unit="/s",
            note=(
                f"{cores} cores shared with the stub; a payment took {told['median'] * 1e3:.1f} ms in the median, "
                f"{told['p99'] * 1e3:.1f} ms at the 99th percentile"
            ),
        ),
        Row(
            name=f"{workers}: payments per second of a core",
            value=told["payments"] / told["cpu"],
            unit="/s",
            note=f"{told['cpu'] / told['payments'] * 1e3:.2f} ms of CPU for a payment, SDK and HTTP client included",
        ),
    ]


def _units(sizes: Sequence[dict[str, Any]]) -> list[Row]:
    small, large = sizes
    found = []
    for name, before in small["units"].items():
        after = large["units"][name]
        grown = abs(after - before) / before * 100 if before else after * 100
        found.append(
            Row(
                name=f"a payment by {name}: {small['orders']:,} to {large['orders']:,} orders",
                value=grown,
                unit="% apart",
                bound=5,
                note=f"{before:g} and {after:g}; the orders were written in {large['seconds']:.0f} s",
            )
        )
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=LARGE)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    for row in run(given.orders, given.seconds):
        print(f"{row.name}: {row.value:.2f} {row.unit} {row.verdict} ({row.note})")
