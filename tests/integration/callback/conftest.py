"""The callback function at a moment that the tests choose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from freedompay_sandbox.signing import Pair
from integration.gateway_message import RESULT, USUAL, Delivery, Reply, signed
from integration.lambda_function import LoadedFunction
from integration.stored_orders import NOW


@dataclass
class Callback:
    """`functions/gateway_callback`, whose clock stands at `now`."""

    function: LoadedFunction
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.function.parts.answer._now = lambda: self.now

    def later(self, **period: float) -> None:
        """Turns the clock on."""
        self.now += timedelta(**period)

    def forget_secret(self) -> None:
        """Ends the five minutes for which the merchant's secret is kept."""
        self.function.parts.answer._merchant._provider.clear_cache()

    def send(self, script: str, pairs: Sequence[Pair], delivery: Delivery = USUAL, **more: Any) -> Reply:
        """Delivers a message as it is."""
        return Reply.of(self.function({**delivery.event(script, pairs), **more}))

    def result(self, fields: Mapping[str, str], delivery: Delivery = USUAL, **how: Any) -> Reply:
        """Signs a result and delivers it."""
        return self.send(RESULT, signed(RESULT, fields, **how), delivery)


@pytest.fixture
def callback(load_function: Callable[..., LoadedFunction]) -> Callback:
    return Callback(load_function("gateway_callback"))
