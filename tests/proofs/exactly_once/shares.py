"""What one of several processes does of the whole."""

from .engine import engine
from .mutants import MUTANTS
from .running import RANDOM, THREADS, Tally, run, run_mutant, run_seeded, spread
from .walks import enumerated

SHARE_AT_RANDOM = 6
SHARE_OF_THREADS = 12
"""One walk in so many; at least. What is left over when all that can be enumerated was walked is random too."""


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
