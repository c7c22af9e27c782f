"""Walks, breaks the code on purpose, and writes down what came of it.

    PYTHONPATH=tests .venv/bin/python -m proofs.exactly_once --walks 3000 --write docs/proofs/exactly-once.md
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
from .running import RANDOM, THREADS, Tally, clock, run, run_label, run_mutant, run_seeded, spread
from .walks import enumerated

SHARE_AT_RANDOM = 6
SHARE_OF_THREADS = 12
"""One walk in so many; at least. What is left over when all that can be enumerated was walked is random too."""


def say(text: str) -> None:
    """A line for who waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def walk_part(part: int, parts: int, walks: int, seed: int) -> tuple[Tally, int]:
    """One process's share of the walks, and how many there are to enumerate."""
    with engine() as world:
        every = list(enumerated(world))
        by_threads = walks // SHARE_OF_THREADS
        at_random = max(walks // SHARE_AT_RANDOM, walks - by_threads - len(every))
        chosen = spread(every, walks - by_threads - at_random)
        tally = run(world, chosen[part::parts])
        tally.add(run_seeded(world, RANDOM, [f"{seed}/{n}" for n in range(part, at_random, parts)]))
        tally.add(run_seeded(world, THREADS, [f"{seed}/{n}" for n in range(part, by_threads, parts)]))
    return tally, len(every)


def break_part(part: int, parts: int, most: int) -> dict[str, tuple[int, int]]:
    """One process's share of the mutants: how many walks noticed each, of how many."""
    caught = {}
    with engine() as world:
        for name in list(MUTANTS)[part::parts]:
            tally = run_mutant(world, name, most)
            caught[name] = (len(tally.broken), tally.walked)
    return caught


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m proofs.exactly_once")
    parser.add_argument("--walks", type=int, default=3000)
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
