"""Many buyers at once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from freedompay_sandbox import State
from paylink.app.attempt import Creation
from paylink.domain.errors import SoldOut, StillRunning
from paylink.domain.order import Order

from .stall import Stall

T = TypeVar("T")
SECONDS = 60.0
SOLD_OUT = "Всё распродано."


def at_once(work: Sequence[Callable[[], T]]) -> list[T]:
    """Does everything at the same moment, each in a thread of its own; what one raises is raised."""
    barrier = threading.Barrier(len(work), timeout=SECONDS)

    def start(one: Callable[[], T]) -> T:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return [future.result(SECONDS) for future in [pool.submit(start, one) for one in work]]


def asks(stall: Stall, key: str, body: dict[str, object]) -> Creation | None:
    """A buyer's request; None where nothing is left or the same request is being worked on."""
    try:
        return stall.ask(key, body)
    except (SoldOut, StillRunning):
        return None


def buys(stall: Stall, key: str, body: dict[str, object]) -> Order | None:
    """A buyer who pays as soon as there is a page; the order, or None where there never was a page."""
    creation = asks(stall, key, body)
    if creation is None:
        return None
    stall.sandbox.pay(str(creation.order.payment_id))
    return stall.order(key)


def rushes(stall: Stall, body: dict[str, object], buyers: range) -> list[Order | None]:
    """All of these buyers at once, each with a key of its own."""
    return at_once([lambda key=f"buyer-{number}": buys(stall, key, body) for number in buyers])


def charged(stall: Stall) -> int:
    """How many payments the gateway holds money of."""
    return sum(payment.state is State.PAID for payment in stall.sandbox.payments())
