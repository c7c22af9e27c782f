"""Runs walks one after the other, and counts them by what was struck."""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from .faults import Fate
from .mutants import MUTANTS
from .random_walks import random_walk, threads_walk
from .scenes import SITUATIONS
from .walks import Walk, enumerated, go
from .world import World

T = TypeVar("T")
RANDOM, THREADS = "random", "threads"


@dataclass
class Tally:
    """What was walked, and which walks did not hold."""

    by_call: Counter[tuple[str, Fate]] = field(default_factory=Counter)
    by_company: Counter[str] = field(default_factory=Counter)
    by_situation: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def walked(self) -> int:
        """How many walks were made."""
        return self.by_situation.total()

    @property
    def broken(self) -> list[tuple[str, str]]:
        """The walks at whose end something did not hold; those that could not even be walked are not among them."""
        return [failure for failure in self.failures if failure[1].startswith("AssertionError")]

    def add(self, other: "Tally") -> None:
        """Counts another's walks too."""
        self.by_call += other.by_call
        self.by_company += other.by_company
        self.by_situation += other.by_situation
        self.failures += other.failures

    def attempt(self, label: str, walk: Callable[[], None]) -> None:
        """Walks, and notes what went wrong. Every hundredth says where it is: a long run is seen to go on."""
        if self.walked % 100 == 0:
            print(f"{os.getpid()} at {self.walked}: {label}", file=sys.stderr, flush=True)  # noqa: T201
        try:
            walk()
        except Exception as error:  # noqa: BLE001 — whatever goes wrong in a walk is what is looked for
            self.failures.append((label, f"{type(error).__name__}: {error}"))


def run(world: World, walks: Iterable[Walk], *, most_failures: int = 20) -> Tally:
    """Walks them all, or until so many failed."""
    tally = Tally()
    for walk in walks:
        tally.by_call[walk.call, walk.fate] += 1
        tally.by_company[walk.company] += 1
        tally.by_situation[walk.situation.name] += 1
        tally.attempt(walk.label, lambda walk=walk: go(world, walk))  # type: ignore[misc]
        if len(tally.failures) >= most_failures:
            break
    return tally


def run_seeded(world: World, kind: str, seeds: Iterable[str]) -> Tally:
    """Walks those of the seeds, at random or by threads."""
    tally = Tally()
    walk = {RANDOM: random_walk, THREADS: threads_walk}[kind]
    for seed in seeds:
        tally.by_situation[kind] += 1
        tally.attempt(f"{kind} / {seed}", lambda seed=seed: walk(world, seed))  # type: ignore[misc]
    return tally


def run_mutant(world: World, name: str, most: int | None = None) -> Tally:
    """So many walks of a mutant's situation on the code that it breaks, and the one that is known to notice."""
    mutant = MUTANTS[name]
    every = list(enumerated(world, [one for one in SITUATIONS if one.name == mutant.situation]))
    walks = [*spread(every, most), *(walk for walk in every if walk.label == mutant.noticed_by)]
    with mutant.applied():
        return run(world, walks, most_failures=len(walks) + 1)


def run_label(world: World, label: str) -> Tally:
    """The walk of a label, or all whose labels begin with it."""
    kind, _, rest = label.partition(" / ")
    if kind in {RANDOM, THREADS}:
        return run_seeded(world, kind, [rest])
    situations = [one for one in SITUATIONS if one.name.startswith(kind)]
    return run(world, [walk for walk in enumerated(world, situations) if walk.label.startswith(label)])


def spread(walks: Sequence[T], most: int | None) -> Sequence[T]:
    """So many of them, evenly spread; all for None."""
    if most is None or most >= len(walks):
        return walks
    return [walks[index * len(walks) // most] for index in range(most)]


def clock() -> float:
    """Seconds, for how long something took."""
    return time.monotonic()
