"""Runs in the peers' own environment: checks every signer, then times them in turns, and prints the result as JSON.

A round times each signer for CALLS signatures of the same message by the thread's CPU time, in an order that changes
from round to round; what counts is the median of the rounds.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.signing_message import MESSAGE, SCRIPT
from bench.signing_peers import PEERS, NotAble, Signer, check, ours

CALLS = 100
VECTORS = Path(__file__).resolve().parents[1] / "tests" / "unit" / "freedompay" / "vectors.json"


def judged(make: Callable[[str], Signer]) -> dict[str, list[str]]:
    """Which published flat messages a signer signs as their publisher did, otherwise, or not at all."""
    told: dict[str, list[str]] = {"right": [], "wrong": [], "not able": []}
    for vector in json.loads(VECTORS.read_text()):
        flat = dict(vector["params"])
        if any(not isinstance(value, str) for value in flat.values()):
            continue
        try:
            said = make(vector["secret"])(vector["script"], flat)
        except NotAble:
            told["not able"].append(vector["name"])
            continue
        told["right" if said == vector["expected_sig"] else "wrong"].append(vector["name"])
    return told


def race(signers: dict[str, Signer], rounds: int) -> dict[str, float]:
    """Seconds of CPU for one signature, by signer."""
    message = dict(MESSAGE)
    spans: dict[str, list[float]] = {name: [] for name in signers}
    names = list(signers)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            signer = signers[name]
            started = time.thread_time()
            for _ in range(CALLS):
                signer(SCRIPT, message)
            spans[name].append((time.thread_time() - started) / CALLS)
    return {name: statistics.median(found) for name, found in spans.items()}


def main(rounds: int) -> None:
    """Prints {"seconds": {name: s}, "vectors": {name: {...}}, "failed": {name: why}}."""
    makers = {"ours": ours, **PEERS}
    signers, failed = {}, {}
    for name, make in makers.items():
        try:
            signer = make()
            check(name, signer)
            signers[name] = signer
        except (ImportError, AssertionError, NotAble) as error:
            failed[name] = f"{type(error).__name__}: {error}"
    result = {
        "seconds": race(signers, rounds),
        "vectors": {name: judged(makers[name]) for name in signers},
        "failed": failed,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(int(sys.argv[1]))
