"""The function under test in this process, with its clock stopped, and one message's effect on one order."""

import gc
import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from moto import mock_aws

from integration.conftest import forget_clients
from integration.deployment import Deployment
from integration.lambda_function import Context, LoadedFunction, forget_powertools, load
from integration.stored_orders import NOW
from paylink.adapters import aws
from paylink.domain.order import Order
from proofs.callbacks.table import EmbeddedTable, NoPlaces, Orders
from proofs.callbacks.wire import Wire


@dataclass(frozen=True)
class Effect:
    """What a message did: the status answered, the order before and after, and whether anything was written."""

    status: int
    body: str
    before: Order
    after: Order
    wrote: bool

    @property
    def accepted(self) -> bool:
        return self.status == 200

    def same_as(self, other: "Effect") -> bool:
        """Whether the order stands the same, apart from what is remembered to answer a repeat."""
        return _comparable(self.after) == _comparable(other.after)

    @property
    def nothing(self) -> bool:
        return self.before == self.after and not self.wrote


def _comparable(order: Order) -> Order:
    return replace(order, answers={}, sequence=0)


@dataclass
class Scene:
    """`functions/gateway_callback` with the orders of this process, or with the embedded table."""

    function: LoadedFunction
    orders: Any
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def effect(self, order: Order, wire: Wire) -> Effect:
        """Delivers a message to an order. The times are the handler's alone."""
        self.orders.put(order)
        before = self.orders.stands()
        status, body = self.answer(wire)
        return Effect(status, body, before, self.orders.stands(), bool(self.orders.writes))

    def answer(self, wire: Wire) -> tuple[int, str]:
        event, context = wire.event(), Context()
        event = json.loads(json.dumps(event))
        cpu, wall = time.thread_time(), time.perf_counter()
        answer = self.function.module.handler(event, context)
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.thread_time() - cpu)
        return answer["statusCode"], answer["body"]


@contextmanager
def scenes() -> Iterator[tuple[Scene, Scene]]:
    """The function twice: with the orders of this process, and with the embedded table."""
    forget_clients()
    with mock_aws(), pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()):
        deployment = Deployment.make(aws.dynamodb(), aws.secrets_manager())
        quick = Scene(load("gateway_callback", deployment, patch), Orders())
        whole = Scene(load("gateway_callback", deployment, patch), EmbeddedTable(deployment))
        for scene in (quick, whole):
            scene.function.parts.answer._now = lambda: NOW
        quick.function.parts.answer._orders = quick.orders
        quick.function.parts.answer._places = NoPlaces()
        # What else is loaded here, a whole emulator of AWS, is no part of the function for its collector to look at.
        gc.collect()
        gc.freeze()
        yield quick, whole
        gc.unfreeze()
        forget_powertools()
    forget_clients()
