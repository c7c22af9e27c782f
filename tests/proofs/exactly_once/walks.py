"""The walks that are enumerated: each call of each situation, by each fate, in each company."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .faults import Fate, Strike, fates_of
from .holding import assert_one_page, assert_whole, charged
from .scenes import SITUATIONS, Scene, Situation
from .world import World

NOBODY, REPEAT = "nobody", "a repeat"
FIRST, WITHIN = "twin first: ", "twin within: "
"""The twin runs to its end before the struck call is carried out, or just after that."""
WITHIN_FATES = frozenset({Fate.TIMEOUT_DONE, Fate.TIMEOUT_LATE, Fate.RESENT})
"""After any other fate a twin within is the same as a repeat, or as a twin first at the next call."""


class NotStruckError(Exception):
    """The request made other calls than it did when the walks were enumerated."""


@dataclass(frozen=True)
class Walk:
    """One call of a situation that meets its fate, and what others do about it or at the same time."""

    situation: Situation
    number: int
    call: str
    fate: Fate
    company: str
    is_told: bool
    """Whether the gateway's word about what the buyer pays at the end arrives."""

    @property
    def label(self) -> str:
        """The walk's name, by which it is run again."""
        return f"{self.situation.name} / {self.number} {self.call} / {self.fate.value} / {self.company}"


def calls_of(world: World, situation: Situation) -> tuple[list[str], list[str]]:
    """The calls to the outside of a situation's request, none of them struck, and the twins that there are."""
    world.begin(**situation.settings)
    scene = situation.prepare(world)
    process = world.process()
    scene.actor.act(process)
    return list(process.calls.names), list(scene.twins)


def enumerated(world: World, situations: Iterable[Situation] = SITUATIONS) -> Iterator[Walk]:
    """Every walk of these situations, in an order that is always the same."""
    for situation in situations:
        calls, twins = calls_of(world, situation)
        for number, call in enumerate(calls):
            for index, (fate, company) in enumerate(_companies(call, twins)):
                yield Walk(situation, number, call, fate, company, is_told=(number + index) % 2 == 0)


def _companies(call: str, twins: list[str]) -> Iterator[tuple[Fate, str]]:
    for fate in fates_of(call):
        yield fate, NOBODY
        yield fate, REPEAT
    for twin in twins:
        for fate in (Fate.NOTHING, *fates_of(call)):
            yield fate, FIRST + twin
            if fate in WITHIN_FATES and fate in fates_of(call):
                yield fate, WITHIN + twin


def go(world: World, walk: Walk) -> None:
    """Walks it. AssertionError, or whatever the code under test raised, where something does not hold."""
    world.begin(**walk.situation.settings)
    scene = walk.situation.prepare(world)
    strike = Strike(walk.number, walk.fate)
    twin = scene.twins.get(walk.company.removeprefix(FIRST).removeprefix(WITHIN))
    if twin is not None:
        moment = "before" if walk.company.startswith(FIRST) else "after"
        setattr(strike, moment, lambda: twin.act(world.process()))
    process = world.process(strike)
    scene.actor.act(process)
    if process.calls.struck != walk.call:
        raise NotStruckError(f"{process.calls.struck} was struck")
    if walk.company != NOBODY:
        scene.actor.insist()
    if twin is not None:
        twin.insist()
    end(scene, is_told=walk.is_told and walk.company != NOBODY)
    if walk.company != NOBODY and scene.actor is scene.buyer:
        paid = [payment for payment in world.payments(scene.buyer.order_id) if charged(payment)]
        assert len(paid) == 1, f"who insists pays once, not {len(paid)} times"


def end(scene: Scene, *, is_told: bool) -> None:
    """The buyer pays, time passes and reconcile runs; then everything has to be whole."""
    world = scene.world
    world.is_deaf = not is_told
    assert_one_page(scene.buyer)
    for payment in scene.buyer.payable():
        world.sandbox.pay(payment.payment_id)
    world.heal()
    assert_whole(world, [scene.buyer], scene.operators)
