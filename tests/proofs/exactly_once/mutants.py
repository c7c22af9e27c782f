"""The code with one of its conditions broken, patched for the length of a block: the walks have to notice each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from paylink.adapters import orders
from paylink.app import attempt
from paylink.app.attaching import attached
from paylink.app.operations import conducting
from paylink.app.operations.calling import Outcome, outcome_of
from paylink.domain.operation import OperationState
from paylink.domain.order import Order
from paylink.freedompay.errors import NoAnswer

Row = dict[str, Any]
build_claim, build_save = orders.build_claim, orders.build_save
build_plain_settlement = orders.build_plain_settlement


def always(request: Row) -> Row:
    """The write with a condition that every row fulfils; its names stay used."""
    return {**request, "ConditionExpression": f"({request['ConditionExpression']}) OR attribute_exists(pk)"}


def claim_of_any(order: Order) -> Row:
    return {"Item": build_claim(order)["Item"]}


def claim_that_nobody_finds(order: Order) -> Row:
    request = build_claim(order)
    return {**request, "Item": {name: value for name, value in request["Item"].items() if name != "waiting"}}


def save_of_any(known: Order, changed: Order) -> Row:
    return always(build_save(known, changed))


def operation_of_any(known: Order, changed: Order) -> Row:
    request = build_save(known, changed)
    mine = changed.operation
    is_claim = mine is not None and mine.state is OperationState.RUNNING
    return always(request) if is_claim else request


def takeover_of_any(known: Order, changed: Order) -> Row:
    request = build_save(known, changed)
    return always(request) if changed.attempt > known.attempt else request


def settlement_of_any(plain: Any) -> Row:
    return always(build_plain_settlement(plain))


def attach_of_any(self: attempt.Attempt, order: Order, created: Any) -> attempt.Creation:
    while True:
        changed = attached(order, created, self.parts.now())
        present = self.parts.orders.save(order, changed)
        if present is None:
            return attempt.Creation(changed, made=True)
        order = present


def never(*_: object) -> bool:
    return False


def sent_again(error: Any) -> Outcome:
    return Outcome.NOT_SENT if isinstance(error, NoAnswer) else outcome_of(error)


@dataclass(frozen=True)
class Mutant:
    """One broken condition, and a walk that notices it; others of the same situation do as well."""

    what: str
    patches: Callable[[], list[Any]]
    noticed_by: str

    @property
    def situation(self) -> str:
        """The name of the situation whose walks are to notice it."""
        return self.noticed_by.partition(" / ")[0]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The code is broken in the block."""
        with ExitStack() as stack:
            for one in self.patches():
                stack.enter_context(one)
            yield


MUTANTS: Mapping[str, Mutant] = {
    "claim": Mutant(
        "the claim's condition is dropped",
        lambda: [patch.object(orders, "build_claim", claim_of_any)],
        "create, repeated key new / 3 put_item order / nothing / twin first: same",
    ),
    "mark": Mutant(
        "the claim does not mark the order as waiting",
        lambda: [patch.object(orders, "build_claim", claim_that_nobody_finds)],
        "create, repeated key same / 0 secret merchant / crash before / a repeat",
    ),
    "state": Mutant(
        "the expected state of every change is dropped",
        lambda: [patch.object(orders, "build_save", save_of_any)],
        "refund a part / 4 update_item order / nothing / twin first: same",
    ),
    "plain": Mutant(
        "the plain settlement's expected state is dropped",
        lambda: [patch.object(orders, "build_plain_settlement", settlement_of_any)],
        "settle again after a refund / 1 update_item order / crash after / a repeat",
    ),
    "takeover": Mutant(
        "taking over an attempt ignores whose lease it is",
        lambda: [
            patch.object(orders, "build_save", takeover_of_any),
            patch.object(Order, "leased", never),
        ],
        "create after a lost answer, repeated key new / 4 update_item order / nothing / twin first: same",
    ),
    "attach": Mutant(
        "an answer is attached whoever has taken over",
        lambda: [
            patch.object(attempt.Attempt, "attach", attach_of_any),
            patch.object(Order, "leased", never),
        ],
        "create, repeated key new / 5 update_item order / nothing / twin first: same",
    ),
    "operation": Mutant(
        "the operation's claim is dropped",
        lambda: [patch.object(orders, "build_save", operation_of_any)],
        "refund a part / 4 update_item order / nothing / twin first: same",
    ),
    "again": Mutant(
        "an operation without an answer is sent again",
        lambda: [patch.object(conducting, "outcome_of", sent_again)],
        "refund a part / 5 gateway.refund / timeout, carried out / a repeat",
    ),
}
