"""The situations that are struck: who acts on an order that stands how, and who does so at the same time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .actors import Actor, Buyer, Operator, Schedule, Teller
from .world import World


@dataclass
class Scene:
    """One order, and who acts on it. `twins` act at the same time, each by itself."""

    world: World
    buyer: Buyer
    actor: Actor
    twins: Mapping[str, Actor] = field(default_factory=dict)
    before: tuple[Operator, ...] = ()

    @property
    def operators(self) -> list[Operator]:
        """Everyone who moved money of the order."""
        found = {id(one): one for one in (*self.before, self.actor, *self.twins.values())}
        return [one for one in found.values() if isinstance(one, Operator)]


@dataclass(frozen=True)
class Situation:
    """How a scene comes about, with the gateway's settings that it plays under."""

    name: str
    prepare: Callable[[World], Scene]
    settings: Mapping[str, object] = field(default_factory=dict)


# ── creating ───────────────────────────────────────────────────────────────────────────────────────────────


def first_request(world: World, link: str = "coffee") -> Scene:
    buyer = Buyer(world, link)
    return Scene(world, buyer, buyer, {"same": buyer})


def limited_link(world: World) -> Scene:
    return first_request(world, "ticket")


def paid_before_answered(world: World) -> Scene:
    scene = first_request(world)
    world.sandbox.faults.add("result", "early")
    return scene


def after_a_lost_answer(world: World) -> Scene:
    scene = first_request(world)
    world.sandbox.faults.add("create", "drop_after")
    scene.buyer.act(world.process())
    assert not scene.buyer.pages
    return and_reconcile(scene)


def after_a_decline(world: World) -> Scene:
    scene = first_request(world)
    scene.buyer.insist()
    world.sandbox.decline(scene.buyer.payable()[0].payment_id)
    return and_reconcile(scene)


def and_reconcile(scene: Scene) -> Scene:
    """So late that reconcile asks about the order at the same time."""
    scene.world.sandbox.clock.advance(240)
    scene.twins = {**scene.twins, "reconcile": Schedule(scene.world)}
    return scene


# ── being told ─────────────────────────────────────────────────────────────────────────────────────────────


def paid(world: World, link: str = "coffee", *, is_told: bool = False) -> Buyer:
    """A buyer who has paid; the gateway's word of it is lost unless told otherwise."""
    buyer = Buyer(world, link)
    buyer.insist()
    world.is_deaf = not is_told
    world.sandbox.pay(buyer.payable()[0].payment_id)
    return buyer


def told(world: World, link: str = "coffee") -> Scene:
    buyer = paid(world, link)
    teller = Teller(world, world.sandbox.callbacks[-1])
    return Scene(world, buyer, teller, {"same": teller, "reconcile": Schedule(world)})


def told_of_a_hold(world: World) -> Scene:
    return told(world, "room")


def told_of_a_limited_link(world: World) -> Scene:
    return told(world, "ticket")


def told_while_found(world: World) -> Scene:
    """The message comes late, when reconcile is about to ask."""
    scene = told(world)
    world.sandbox.clock.advance(240)
    return scene


def told_again_after_a_refund(world: World) -> Scene:
    """The gateway calls again, for the answer to its first call was lost, when some of the money went back already."""
    buyer = paid(world, is_told=True)
    operator = Operator(world, "refund", buyer.order_id, {"amount": "500"})
    operator.insist()
    teller = Teller(world, world.sandbox.callbacks[-1])
    return Scene(world, buyer, teller, {"same": teller}, (operator,))


# ── moving money ───────────────────────────────────────────────────────────────────────────────────────────


def moving(kind: str, link: str, document: Mapping[str, object]) -> Callable[[World], Scene]:
    """An operation on a paid or held order; its twins: the same key, another key, reconcile."""

    def prepare(world: World) -> Scene:
        buyer = paid(world, link, is_told=True)
        first, other = (Operator(world, kind, buyer.order_id, document) for _ in range(2))
        twins: dict[str, Actor] = {"same": first, "another key": other, "reconcile": Schedule(world)}
        return Scene(world, buyer, first, twins)

    return prepare


# ── reconciling ────────────────────────────────────────────────────────────────────────────────────────────


def lost_callback(world: World, link: str = "coffee") -> Scene:
    buyer = paid(world, link)
    teller = Teller(world, world.sandbox.callbacks[-1])
    world.sandbox.clock.advance(240)
    schedule = Schedule(world)
    return Scene(world, buyer, schedule, {"same": schedule, "callback": teller})


def lost_callback_of_a_limited_link(world: World) -> Scene:
    return lost_callback(world, "ticket")


def lost_refund(world: World) -> Scene:
    """The answer to a refund was lost, the refund was made; the operator asks again at the same time."""
    buyer = paid(world, is_told=True)
    operator = Operator(world, "refund", buyer.order_id, {"amount": "500"})
    world.sandbox.faults.add("refund", "drop_after")
    operator.act(world.process())
    world.sandbox.clock.advance(240)
    schedule = Schedule(world)
    return Scene(world, buyer, schedule, {"same": schedule, "operator": operator})


def page_is_over(world: World) -> Scene:
    """Nobody paid, and the page's time and its grace are over; its buyer's page asks again at the same time."""
    buyer = Buyer(world, "coffee")
    buyer.insist()
    world.sandbox.clock.advance(3600 + 960)
    schedule = Schedule(world)
    return Scene(world, buyer, schedule, {"same": schedule, "buyer": buyer})


REPEATS = ("same", "error", "new")
SITUATIONS = (
    *(Situation(f"create, repeated key {mode}", first_request, {"repeated_key": mode}) for mode in REPEATS),
    Situation("create on a limited link", limited_link),
    Situation("create, paid before answered", paid_before_answered),
    *(
        Situation(
            f"create after a lost answer, repeated key {mode}", after_a_lost_answer, {"repeated_key": mode}
        )
        for mode in REPEATS
    ),
    Situation("create after a decline", after_a_decline),
    Situation("settle", told),
    Situation("settle late", told_while_found),
    Situation("settle a hold", told_of_a_hold),
    Situation("settle on a limited link", told_of_a_limited_link),
    Situation("settle again after a refund", told_again_after_a_refund),
    Situation("refund a part", moving("refund", "coffee", {"amount": "500"})),
    Situation(
        "refund a part, slow status", moving("refund", "coffee", {"amount": "500"}), {"lag_seconds": 40}
    ),
    Situation("refund all", moving("refund", "coffee", {})),
    Situation("capture", moving("capture", "room", {})),
    Situation(
        "capture a part, slow status", moving("capture", "room", {"amount": "1000"}), {"lag_seconds": 40}
    ),
    Situation("cancel a hold", moving("cancel", "room", {})),
    Situation("reconcile a lost callback", lost_callback),
    Situation("reconcile on a limited link", lost_callback_of_a_limited_link),
    Situation("reconcile a lost refund", lost_refund),
    Situation("reconcile a page that is over", page_is_over),
)
