"""The proof of `make proof-callbacks`, short: the same walk over fewer mutations, and without a defence it fails."""

import secrets
from collections.abc import Iterator

import pytest

from proofs.callbacks.breaks import BREAKS
from proofs.callbacks.proof import QUICK, failed_after
from proofs.callbacks.refusals import refusals
from proofs.callbacks.report import BOUND, percentile
from proofs.callbacks.scene import Scene, scenes
from proofs.callbacks.walk import walk

MUTATIONS = 3000


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Scene, Scene]]:
    with scenes() as pair:
        yield pair


def test_no_mutation_does_anything_else(both: tuple[Scene, Scene]) -> None:
    quick, whole = both
    found = walk(quick, whole, MUTATIONS, secrets.randbelow(10**6))
    assert found.faults == [], f"seed {found.seed}"
    assert found.mutations == MUTATIONS
    verdicts = {verdict for _, _, verdict in found.counts}
    assert {"changes, refused", "keeps, same effect", "keeps, refused"} <= verdicts
    assert found.compared >= 10
    assert percentile(quick.cpu, 0.99) <= BOUND
    assert percentile(found.hostile_cpu, 0.95) <= BOUND, "of so few the 99th is the slowest of all"


def test_refused_before_parsing(both: tuple[Scene, Scene]) -> None:
    for one in refusals(both[0]):
        assert (one.parsed, one.cpu <= QUICK) == (False, True), one
        assert one.status == (413 if one.length > 65_536 else 400), one


@pytest.mark.parametrize("name", BREAKS)
def test_without_a_defence_the_walk_fails(name: str, both: tuple[Scene, Scene]) -> None:
    assert failed_after(*both, name, 1) is not None
