"""Walks, breaks the code on purpose, and writes down what came of it.

PYTHONPATH=tests .venv/bin/python -m proofs.exactly_once --walks 5200 --write docs/proofs/exactly-once.md
PYTHONPATH=tests .venv/bin/python -m proofs.exactly_once --only "refund a part / 5 gateway.refund"
PYTHONPATH=tests .venv/bin/python -m proofs.exactly_once --only "random / 1/85"
"""

import argparse
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from .engine import engine
from .mutants import MUTANTS
from .report import Result, report
from .running import Tally, clock, run_label
from .shares import break_part, walk_part


def say(text: str) -> None:
    """A line for who waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.exactly_once")
    parser.add_argument("--walks", type=int, default=5200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--mutant-walks", type=int, default=60, help="for each broken condition, at most")
    parser.add_argument("--write", type=Path, help="the document to write")
    parser.add_argument("--only", help="the label of a walk, or how labels begin: these alone")
    asked = parser.parse_args()
    if asked.only:
        with engine() as world:
            tally = run_label(world, asked.only)
        say(f"{tally.walked} walks, {len(tally.failures)} failed")
        for label, error in tally.failures:
            say(f"{label}\n    {error}")
        return 1 if tally.failures or not tally.walked else 0

    started = clock()
    tally, enumerable, caught = Tally(), 0, {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(asked.processes, mp_context=context) as pool:
        parts = range(asked.processes)
        walking = [pool.submit(walk_part, n, asked.processes, asked.walks, asked.seed) for n in parts]
        for one in walking:
            walked, enumerable = one.result()
            tally.add(walked)
        say(f"{tally.walked} walks, {len(tally.failures)} failed, {clock() - started:.0f} s")
        for label, error in tally.failures:
            say(f"{label}\n    {error}\n    again: python -m proofs.exactly_once --only {label!r}")
        breaking = [pool.submit(break_part, n, asked.processes, asked.mutant_walks) for n in parts]
        for breaks in breaking:
            caught.update(breaks.result())
    for name in MUTANTS:
        say(f"broken on purpose, {MUTANTS[name].what}: {caught[name][0]} of {caught[name][1]} walks fail")
    unnoticed = [name for name, (failed, _) in caught.items() if not failed]
    result = Result(tally, enumerable, caught, asked.seed, asked.processes, clock() - started)
    if asked.write:
        asked.write.parent.mkdir(parents=True, exist_ok=True)
        asked.write.write_text(report(result, sys.argv[1:]))
    return 1 if tally.failures or unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
