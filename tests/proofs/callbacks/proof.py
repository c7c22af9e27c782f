"""The whole proof: the walk, the refusals, and the walks without one defence."""

import pytest

from proofs.callbacks.breaks import BREAKS
from proofs.callbacks.refusals import refusals
from proofs.callbacks.report import BOUND, document, percentile
from proofs.callbacks.scene import Scene, scenes
from proofs.callbacks.walk import walk

MOST_WITHOUT_DEFENCE = 3000
QUICK = 0.05
"""Seconds of processor time for a refusal before parsing; decoding nothing, it takes far less."""


def failed_after(quick: Scene, whole: Scene, name: str, seed: int) -> int | None:
    """After how many mutations the walk fails without a defence; None where it does not."""
    with pytest.MonkeyPatch.context() as patch:
        BREAKS[name](patch)
        found = walk(quick, whole, MOST_WITHOUT_DEFENCE, seed, stop_at=1)
    return found.mutations if found.faults else None


def prove(count: int, seed: int, command: str) -> tuple[str, list[str]]:
    """The document and the faults."""
    with scenes() as (quick, whole):
        found = walk(quick, whole, count, seed)
        wall, cpu = list(quick.wall), list(quick.cpu)
        refused = list(refusals(quick))
        broken = {name: failed_after(quick, whole, name, seed) for name in BREAKS}
    faults = list(found.faults)
    for name, times in (("mutations", cpu), ("hostile bodies", found.hostile_cpu)):
        if percentile(times, 0.99) > BOUND:
            faults.append(f"p99 of {name} is {percentile(times, 0.99) * 1000:.2f} ms")
    faults += [f"{one}" for one in refused if one.parsed or one.cpu > QUICK or one.status not in {400, 413}]
    faults += [f"the walk did not notice: {name}" for name, after in broken.items() if after is None]
    told = [(name, after or 0) for name, after in broken.items()]
    return document(found, wall=wall, cpu=cpu, refused=refused, broken=told, command=command), faults
