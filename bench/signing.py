"""Signing: `paylink.freedompay.signature` against every Python client of the protocol in the registry.

Same message of 15 fields, same process, in turns. Every one of them has to sign that message as the protocol says, or
it does not count; on the published messages each is told right, wrong or not able.
"""

import json
import os
import subprocess
import sys
from typing import Any

from bench.places import PEERS, ROOT
from bench.rows import Row

ROUNDS = 1000
PACKAGES = ("platron", "paybox", "django-payments-paybox")


def raced(rounds: int = ROUNDS) -> dict[str, Any]:
    """What the race in the peers' own environment printed."""
    path = os.pathsep.join(str(ROOT / part) for part in (".", "layers/paylink"))
    process = subprocess.run(  # noqa: S603 — our own program
        [PEERS, "-m", "bench.signing_race", str(rounds)],
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    told: dict[str, Any] = json.loads(process.stdout)
    return told


def run(rounds: int = ROUNDS) -> list[Row]:
    """Ours in microseconds, and ours as a part of each peer's time: less than 1 is ahead."""
    told = raced(rounds)
    seconds = told["seconds"]
    found = [
        Row(
            name="signature of 15 fields",
            value=seconds["ours"] * 1e6,
            unit="µs",
            note=f"{1 / seconds['ours']:,.0f} a second; {_vectors(told, 'ours')}; median of {rounds} rounds",
        )
    ]
    for name in PACKAGES:
        if name in told["failed"]:
            # A peer that cannot sign the message is behind; what it said is told.
            found.append(Row(name=f"{name} does not sign it", value=0, unit="", note=told["failed"][name]))
            continue
        found.append(
            Row(
                name=f"signature, ours / {name}",
                value=seconds["ours"] / seconds[name],
                unit="",
                bound=1.0,
                note=f"it takes {seconds[name] * 1e6:.1f} µs; {_vectors(told, name)}",
            )
        )
    return found


def _vectors(told: dict[str, Any], name: str) -> str:
    of = told["vectors"][name]
    parts = [f"signs {len(of['right'])} of the {sum(map(len, of.values()))} published flat messages right"]
    if of["wrong"]:
        parts.append(f"wrong: {', '.join(of['wrong'])}")
    if of["not able"]:
        parts.append(f"{len(of['not able'])} it cannot sign, for it always adds seven fields of its own")
    return "; ".join(parts)


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS):
        print(f"{row.name}: {row.value:.3f} {row.unit} {row.verdict} ({row.note})")
