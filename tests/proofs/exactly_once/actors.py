"""Those who act on an order: a buyer's page, the gateway with its message, the operator, the schedule.

Each acts by one request, answered by a process that may be struck, and each can insist: send the same again, as
it would, until that is answered for good.
"""

import itertools
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from engines.embedded_aws import MERCHANT_KEY
from freedompay_sandbox import Payment as GatewayPayment
from freedompay_sandbox.callbacks import CallbackRecord
from freedompay_sandbox.signing import signed
from freedompay_sandbox.writing import form_fields
from paylink.app.attempt import Creation
from paylink.app.gateway_callback import RESULT, Incoming
from paylink.app.operations import OperationResult
from paylink.domain.errors import OperationNotAllowed, PaylinkError
from paylink.domain.operation import OperationState

from .process import Process
from .world import World

FORM = "application/x-www-form-urlencoded"
MOST_REPEATS = 15
LONGEST_INSISTING = timedelta(hours=2)
"""Of the sandbox's clock: another operation's outcome may take a quarter of an hour to be known."""
keys = itertools.count(1)


def fresh_key() -> str:
    """A key that nobody used."""
    return f"a-key-of-its-own-{next(keys):08}"


class Actor(Protocol):
    """Whoever sends a request and may send it again."""

    def act(self, process: Process) -> Any:
        """Sends the request once; what came back, None or an error where nothing did."""

    def insist(self) -> None:
        """Sends it again until it is answered for good. AssertionError where that never comes."""


class Buyer:
    """One intent to pay: one key, and every page's address that any answer to it held."""

    def __init__(self, world: World, link: str) -> None:
        self.world, self.key, self.body = world, fresh_key(), {"link": link}
        self.order_id = world.order_id(self.key)
        self.pages: list[str] = []

    def act(self, process: Process) -> Creation | PaylinkError | None:
        answer = process.create(self.body, self.key)
        if isinstance(answer, Creation) and answer.order.payable(self.world.now()):
            self.pages.append(str(answer.order.redirect_url))
        return answer

    def insist(self) -> None:
        for _ in range(MOST_REPEATS):
            answer = self.act(self.world.process())
            if isinstance(answer, Creation):
                return
            assert isinstance(answer, PaylinkError)
            assert answer.retry_after is not None, f"no repeat helps: {answer!r}"
            self.world.sandbox.clock.advance(answer.retry_after)
        raise AssertionError(f"no page in {MOST_REPEATS} repeats")

    def payable(self) -> list[GatewayPayment]:
        """The payments that this buyer can still pay, each once."""
        found = {}
        for page in self.pages:
            (customer,) = parse_qs(urlsplit(page).query)["customer"]
            payment = self.world.sandbox.payment_of_page(customer)
            if payment.open:
                found[payment.payment_id] = payment
        return list(found.values())


class Teller:
    """The gateway with one message about how a payment ended."""

    def __init__(self, world: World, told: CallbackRecord) -> None:
        self.world = world
        self._fields = [pair for pair in told.fields if pair[0] not in {"pg_salt", "pg_sig"}]
        self._told = 0

    def act(self, process: Process) -> int:
        self._told += 1
        # Only the first of its calls lets the shop refuse.
        pairs = [(n, v) if n != "pg_can_reject" or self._told == 1 else (n, "0") for n, v in self._fields]
        body = urlencode(form_fields(signed(RESULT, pairs, MERCHANT_KEY))).encode()
        return process.callback(Incoming(RESULT, "POST", "", FORM, body)).status

    def insist(self) -> None:
        for _ in range(MOST_REPEATS):
            if self.act(self.world.process()) == 200:
                return
            self.world.sandbox.clock.advance(1800)
        raise AssertionError(f"not taken in {MOST_REPEATS} calls")


class Operator:
    """One operation: one key."""

    def __init__(self, world: World, kind: str, order_id: str, document: Mapping[str, object]) -> None:
        self.world, self.kind, self.order_id, self.document = world, kind, order_id, document
        self.key = fresh_key()
        self.result: OperationResult | None = None

    def act(self, process: Process) -> OperationResult | PaylinkError | None:
        answer = process.operate(self.kind, self.order_id, self.document, self.key)
        if isinstance(answer, OperationResult):
            self.result = answer
        return answer

    def insist(self) -> None:
        clock = self.world.sandbox.clock
        until = clock.now() + LONGEST_INSISTING
        while clock.now() < until:
            answer = self.act(self.world.process())
            if isinstance(answer, OperationNotAllowed):
                return
            if isinstance(answer, OperationResult) and answer.operation.state is not OperationState.UNKNOWN:
                return
            assert answer is not None
            if isinstance(answer, PaylinkError):
                assert answer.retry_after is not None, f"no repeat helps: {answer!r}"
                clock.advance(max(1, answer.retry_after))
            else:
                clock.advance(360)
        raise AssertionError(f"no end in {LONGEST_INSISTING}: {self.world.order(self.order_id)}")


class Schedule:
    """The run of reconcile of each minute."""

    def __init__(self, world: World) -> None:
        self.world = world

    def act(self, process: Process) -> Any:
        return process.reconcile()

    def insist(self) -> None:
        self.world.sandbox.clock.advance(60)
        self.act(self.world.process())
