"""The walk: many mutations of genuine callbacks, each judged by the oracle and by what became of the order."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from proofs.callbacks.changes import CHANGES
from proofs.callbacks.genuine import KINDS, Genuine, make, signed_string
from proofs.callbacks.hostile import hostile
from proofs.callbacks.rereadings import REREADINGS
from proofs.callbacks.scene import Effect, Scene
from proofs.callbacks.transport import OF_ENCODING, TRANSPORTS
from proofs.callbacks.wire import ENCODINGS, Wire, bare_xml, said

SHARE_OF_TABLE = 150
"""One message of so many that keep what is signed is sent to the embedded table as well."""
SHARE_OF_HOSTILE = 40
PER_GENUINE = 25


@dataclass
class Found:
    """What the walk saw. `counts` by class, encoding and verdict; `faults` are what must never be."""

    seed: int
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    compared: int = 0
    hostile_wall: list[float] = field(default_factory=list)
    hostile_cpu: list[float] = field(default_factory=list)

    @property
    def mutations(self) -> int:
        return sum(
            count for (name, _, _), count in self.counts.items() if name not in {"none: genuine", "hostile"}
        )


@dataclass(frozen=True)
class Mutation:
    """A message made out of a genuine one."""

    name: str
    encoding: str
    genuine: Genuine
    wire: Wire


def mutations(chance: random.Random, genuine: Genuine) -> Iterator[Mutation]:
    """Endless mutations of one message."""
    pairs = list(genuine.pairs)
    while True:
        encoding = chance.choice(list(ENCODINGS))
        write = ENCODINGS[encoding]
        group = chance.random()
        bare = encoding == "pg_xml" and chance.random() < 0.3
        if group < 0.5:
            name = chance.choice(list(CHANGES))
            wire = write(genuine.script, CHANGES[name](chance, genuine.script, pairs))
        elif group < 0.75:
            name = chance.choice(list(REREADINGS))
            wire = write(genuine.script, REREADINGS[name](chance, genuine.script, pairs))
        else:
            tricks = {**TRANSPORTS, **OF_ENCODING.get(encoding, {})}
            name = chance.choice(list(tricks))
            whole = write(genuine.script, pairs)
            wire = tricks[name](chance, bare_xml(whole) if bare and name in TRANSPORTS else whole)
        if bare and group < 0.75:
            wire = bare_xml(wire)
        if chance.random() < 0.3:
            wire = replace(wire, in_base64=False)
        yield Mutation(name, encoding, genuine, wire)


def walk(quick: Scene, whole: Scene, count: int, seed: int, *, stop_at: int = 10) -> Found:
    """`count` mutations; stops early at so many faults."""
    chance = random.Random(seed)  # noqa: S311 — a walk that can be repeated
    found = Found(seed)
    while found.mutations < count and len(found.faults) < stop_at:
        genuine = make(chance.choice(list(KINDS)), chance)
        meant = _genuine(quick, chance, genuine, found)
        source = mutations(chance, genuine)
        for mutation in (next(source) for _ in range(min(PER_GENUINE, count - found.mutations))):
            _meet(quick, whole, mutation, meant, found)
        if chance.randrange(SHARE_OF_HOSTILE) < PER_GENUINE:
            _hostile(quick, genuine, chance, found)
    return found


def _genuine(quick: Scene, chance: random.Random, genuine: Genuine, found: Found) -> Effect:
    """The genuine message itself, in one encoding: it is accepted, or nothing else would show anything."""
    encoding = chance.choice(list(ENCODINGS))
    wire = ENCODINGS[encoding](genuine.script, list(genuine.pairs))
    effect = quick.effect(genuine.order, wire)
    found.counts[
        "none: genuine", encoding, "accepted" if effect.accepted else f"refused {effect.status}"
    ] += 1
    if not effect.accepted:
        found.faults.append(f"a genuine message was refused: {effect.status} {effect.body} {genuine}")
    return effect


def _meet(quick: Scene, whole: Scene, mutation: Mutation, meant: Effect, found: Found) -> None:
    genuine = mutation.genuine
    claim = dict(genuine.pairs)["pg_sig"]
    told = said(mutation.wire)
    keeps = told == (signed_string(genuine.script, list(genuine.pairs)), claim)
    try:
        effect = quick.effect(genuine.order, mutation.wire)
    except Exception as error:  # noqa: BLE001 — whatever leaves the handler is a fault
        found.faults.append(f"raised {error!r}: {mutation}")
        return
    verdict = _verdict(effect, meant, keeps=keeps)
    found.counts[mutation.name, mutation.encoding, verdict] += 1
    if verdict.startswith("FAULT"):
        found.faults.append(f"{verdict}: {effect.status} {effect.body} {mutation} {effect.after}")
    if keeps and found.compared * SHARE_OF_TABLE < found.mutations:
        found.compared += 1
        same = whole.effect(genuine.order, mutation.wire)
        if (same.status, same.after, same.wrote) != (effect.status, effect.after, effect.wrote):
            found.faults.append(f"the embedded table says another thing: {effect} {same}")


def _verdict(effect: Effect, meant: Effect, *, keeps: bool) -> str:
    word = "keeps" if keeps else "changes"
    if effect.status >= 500:
        return f"FAULT: {word}, answered {effect.status}"
    if effect.accepted and not keeps:
        return "FAULT: changes what is signed, accepted"
    # A genuine signature whose message could be read otherwise is kept for the operator, beside the orders.
    kept = keeps and effect.before == effect.after and effect.status == 400
    if not effect.accepted and not (effect.nothing or kept):
        return f"FAULT: {word}, refused and stored"
    if effect.accepted and not (effect.same_as(meant) or effect.nothing):
        return "FAULT: keeps what is signed, another effect"
    return f"{word}, {'same effect' if effect.accepted else 'refused'}"


def _hostile(quick: Scene, genuine: Genuine, chance: random.Random, found: Found) -> None:
    name, wire = hostile(chance)
    before = len(quick.wall)
    try:
        effect = quick.effect(genuine.order, wire)
    except Exception as error:  # noqa: BLE001 — as above
        found.faults.append(f"raised {error!r}: {name}")
        return
    found.hostile_wall += quick.wall[before:]
    found.hostile_cpu += quick.cpu[before:]
    del quick.wall[before:], quick.cpu[before:]
    if effect.status not in {400, 403} or not effect.nothing:
        found.faults.append(f"hostile {name}: {effect.status}, nothing stored: {effect.nothing}")
    found.counts["hostile", wire.encoding, f"refused {effect.status}"] += 1
