"""How an operation on an order is asked for: its options, the question before it, and its sending."""

import functools
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import click

from paylink_cli.operations import Asked, Operator, new_key, require_done
from paylink_cli.reaching.api import Api, in_path
from paylink_cli.reaching.target import target_options
from paylink_cli.showing.orders import show_outcome
from paylink_cli.showing.terminal import Terminal, terminal_options
from paylink_cli.showing.text import printable
from paylink_cli.showing.values import decimal

Question = Callable[[Mapping[str, Any]], str]
"""What a person is asked about an order, as it is now."""

order_argument = click.argument("order_id", metavar="ID")
yes_option = click.option("--yes", "-y", is_flag=True, help="Do it without being asked.")


def operation_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of everything that is sent to one order."""

    @click.option("--key", metavar="KEY", help="Repeat an earlier run by its key, to learn how it ended.")
    @click.option(
        "--wait",
        type=click.FloatRange(0),
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        help="The longest to wait while the outcome is not known.",
    )
    @target_options
    @terminal_options
    @functools.wraps(command)
    def with_options(**given: Any) -> Any:  # noqa: ANN401 - the command's own options
        return command(**given)

    return with_options


def agree(
    api: Api, terminal: Terminal, order_id: str, question: Question, *, key: str | None, yes: bool
) -> None:
    """Go on only where the person agrees or said --yes. Raises CommandError, WrongUse and what Api raises."""
    if yes:
        return
    order = api.get(f"/orders/{in_path(order_id)}")
    text = question(order)
    if key is not None:
        # Its sums may be those after the earlier run, so they say nothing about what is asked.
        text = f"Repeat what was asked with this key for {named(order)}? It is done once."
    terminal.confirm(text, yes=False)


def send(
    api: Api,
    terminal: Terminal,
    order_id: str,
    kind: str,
    body: Mapping[str, Any],
    *,
    key: str | None,
    wait: float,
) -> None:
    """Send an operation and print how it ended. Raises CommandError."""
    asked = Asked(f"/orders/{in_path(order_id)}/{kind}", body, key or new_key())
    answer = Operator(api, terminal, wait=wait).run(asked)
    require_done(answer)
    if terminal.as_json:
        terminal.json(answer.content)
    else:
        show_outcome(terminal, kind, answer)


def left_of(order: Mapping[str, Any], payment_id: str | None) -> tuple[Decimal, object]:
    """What can be given back of an order, or of one of its payments, and its currency."""
    for payment in order.get("payments") or []:
        if payment_id is not None and payment.get("payment_id") == payment_id:
            left = decimal(payment.get("captured")) - decimal(payment.get("refunded"))
            return left, payment.get("currency")
    left = decimal(order.get("captured_amount")) - decimal(order.get("refunded_amount"))
    return left, order.get("currency")


def given(**fields: str | None) -> dict[str, str]:
    """The fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def named(order: Mapping[str, Any]) -> str:
    """An order by its id and what was sold."""
    description = order.get("description")
    name = f"order {order.get('order_id')}"
    return printable(f"{name} ({description})" if description else name)
