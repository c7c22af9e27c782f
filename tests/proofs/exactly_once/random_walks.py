"""Walks that nobody thought of: several faults, many actors, at random; the same again for the same seed."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from threading import Barrier, Thread
from typing import Any

from freedompay_sandbox.payments import NotPayableError
from paylink.domain.order import HOLDING_MONEY, Status

from .actors import Actor, Buyer, Operator, Schedule, Teller
from .faults import Fate, Strike
from .holding import assert_one_page, assert_whole
from .scenes import SITUATIONS
from .walks import end
from .world import World

LINKS = ("coffee", "coffee", "ticket", "room")
AMOUNTS: tuple[dict[str, object], ...] = ({}, {"amount": "500"}, {"amount": "999.99"})
GATEWAY_FAULTS = (
    ("create", "drop_before"),
    ("create", "drop_after"),
    ("create", "garbage"),
    ("refund", "drop_after"),
    ("refund", "drop_before"),
    ("clearing", "drop_after"),
    ("cancel", "html"),
    ("status", "http_500"),
    ("status", "drop_before"),
    ("result", "reply_lost"),
)
MOST_CALLS = 14
SECONDS = (1, 5, 31, 60, 240, 400, 1900)


class RandomWalk:
    """One walk: two buyers at most, everyone who may act on their orders, and faults wherever they strike."""

    def __init__(self, world: World, seed: str) -> None:
        self.world, self.rng = world, Random(seed)  # noqa: S311 — the same walk for the same seed
        settings = {
            "repeated_key": self.rng.choice(("same", "error", "new")),
            "lag_seconds": self.rng.choice((0, 0, 40)),
        }
        world.begin(**settings)
        self.buyers = [Buyer(world, self.rng.choice(LINKS)) for _ in range(self.rng.choice((1, 1, 2)))]
        self.operators: list[Operator] = []
        self.schedule = Schedule(world)

    def go(self) -> None:
        """Walks, heals, and looks whether all is whole."""
        self.acts(self.buyers[0])
        for _ in range(self.rng.randint(4, 9)):
            self.rng.choice(
                (
                    self.someone_acts,
                    self.someone_acts,
                    self.a_card,
                    self.an_operation,
                    self.time,
                    self.a_fault,
                )
            )()
            for buyer in self.buyers:
                assert_one_page(buyer)
        self.world.sandbox.faults.clear()
        for one in [*self.buyers, *self.operators]:
            if self.rng.random() < 0.7:
                one.insist()
        for buyer in self.buyers:
            self.pays(buyer, is_told=self.rng.random() < 0.5)
        self.world.heal()
        assert_whole(self.world, self.buyers, self.operators)

    def someone(self) -> Actor:
        """Anybody who may act now."""
        told = [one for one in self.world.sandbox.callbacks if one.kind == "result"]
        tellers = [Teller(self.world, self.rng.choice(told))] * 2 if told else []
        return self.rng.choice([*self.buyers, *self.operators, *tellers, self.schedule])

    def someone_acts(self) -> None:
        self.acts(self.someone())

    def acts(self, actor: Actor) -> None:
        """One request, maybe struck, and maybe with a twin and some seconds in between."""
        strike = None
        if self.rng.random() < 0.7:
            strike = Strike(self.rng.randrange(MOST_CALLS), self.rng.choice(list(Fate)))
            twin, pause = self.someone(), self.rng.choice((0, 0, 3, 9))
            moment = self.rng.choice(("before", "after", None))
            if moment is not None:
                setattr(strike, moment, lambda: self.meanwhile(twin, pause))
        actor.act(self.world.process(strike))

    def meanwhile(self, twin: Actor, pause: float) -> None:
        self.world.sandbox.clock.advance(pause)
        twin.act(self.world.process())

    def a_card(self) -> None:
        buyer = self.rng.choice(self.buyers)
        if self.rng.random() < 0.7:
            self.pays(buyer, is_told=self.rng.random() < 0.5)
        else:
            for payment in buyer.payable():
                self.world.sandbox.decline(payment.payment_id)

    def pays(self, buyer: Buyer, *, is_told: bool) -> None:
        self.world.is_deaf = not is_told
        for payment in buyer.payable():
            with suppress(NotPayableError):
                self.world.sandbox.pay(payment.payment_id)

    def an_operation(self) -> None:
        """One that the operator's list offers: on money that the table knows of."""
        known = {order.order_id: order for order in self.world.orders() if order.status in HOLDING_MONEY}
        if not known:
            return self.someone_acts()
        order = self.rng.choice(sorted(known.values(), key=lambda order: order.order_id))
        kinds = ("capture", "cancel") if order.status is Status.AUTHORIZED else ("refund",)
        kind = self.rng.choice(kinds)
        operator = Operator(
            self.world, kind, order.order_id, {} if kind == "cancel" else self.rng.choice(AMOUNTS)
        )
        self.operators.append(operator)
        return self.acts(operator)

    def time(self) -> None:
        self.world.sandbox.clock.advance(self.rng.choice(SECONDS))

    def a_fault(self) -> None:
        self.world.sandbox.faults.add(*self.rng.choice(GATEWAY_FAULTS))


def random_walk(world: World, seed: str) -> None:
    """The walk of this seed."""
    RandomWalk(world, seed).go()


def threads_walk(world: World, seed: str) -> None:
    """A situation whose actor and twins begin at the same moment, each in a thread; the actor may be struck.

    The seed chooses all but the order in which the threads' calls meet.
    """
    rng = Random(seed)  # noqa: S311 — as above
    situation = rng.choice(SITUATIONS)
    world.begin(**situation.settings)
    scene = situation.prepare(world)
    strike = Strike(rng.randrange(10), rng.choice(list(Fate))) if rng.random() < 0.6 else None
    actors: list[tuple[Actor, Strike | None]] = [(scene.actor, strike)]
    actors += [(twin, None) for twin in (*scene.twins.values(), scene.actor)]
    at_once([lambda one=one, strike=strike: one.act(world.process(strike)) for one, strike in actors])
    for one in {id(one): one for one, _ in actors}.values():
        one.insist()
    end(scene, is_told=rng.random() < 0.5)


def at_once(calls: list[Callable[[], Any]]) -> None:
    """Makes the calls in threads that begin together; raises what one of them raised."""
    ready, raised = Barrier(len(calls)), list[BaseException]()

    def run(call: Callable[[], Any]) -> None:
        try:
            ready.wait(20)
            call()
        except BaseException as error:  # noqa: BLE001 — raised again below, in the walk's own thread
            raised.append(error)

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for error in raised:
        raise error
