"""`paylink orders refund|capture|cancel|sync|resolve`: what changes an order."""

from collections.abc import Mapping
from typing import Any

import click

from paylink_cli import documents
from paylink_cli.order_sending import (
    agree,
    given,
    left_of,
    named,
    operation_options,
    order_argument,
    send,
    yes_option,
)
from paylink_cli.reaching.api import connect
from paylink_cli.reaching.target import Target
from paylink_cli.showing.terminal import Terminal
from paylink_cli.showing.values import amount_of, money


@click.command(
    epilog="""\b
Example:
  paylink orders refund pl_00000000000000000000000000 --stack my-shop
  paylink orders refund pl_00000000000000000000000000 500 --yes --local
"""
)
@order_argument
@click.argument("amount", type=documents.amount, required=False, metavar="[AMOUNT]")
@click.option(
    "--payment", "payment_id", metavar="PAYMENT", help="Which payment; needed where several hold money."
)
@yes_option
@operation_options
def refund(
    *,
    target: Target,
    terminal: Terminal,
    order_id: str,
    amount: str | None,
    payment_id: str | None,
    key: str | None,
    wait: float,
    yes: bool,
) -> None:
    """Give money back: AMOUNT in major units, or all that is left."""
    api = connect(target)

    def question(order: Mapping[str, Any]) -> str:
        left, currency = left_of(order, payment_id)
        return f"Refund {money(amount or left, currency)} of {named(order)}?"

    agree(api, terminal, order_id, question, key=key, yes=yes)
    body = given(amount=amount, payment_id=payment_id)
    send(api, terminal, order_id, "refund", body, key=key, wait=wait)


@click.command(
    epilog="""\b
Example:
  paylink orders capture pl_00000000000000000000000000 --stack my-shop
  paylink orders capture pl_00000000000000000000000000 15000 --yes --local
"""
)
@order_argument
@click.argument("amount", type=documents.amount, required=False, metavar="[AMOUNT]")
@yes_option
@operation_options
def capture(
    *,
    target: Target,
    terminal: Terminal,
    order_id: str,
    amount: str | None,
    key: str | None,
    wait: float,
    yes: bool,
) -> None:
    """Take money that is held: AMOUNT in major units, or all of it."""
    api = connect(target)

    def question(order: Mapping[str, Any]) -> str:
        return f"Take {money(amount or order.get('amount'), order.get('currency'))} of {named(order)}?"

    agree(api, terminal, order_id, question, key=key, yes=yes)
    send(api, terminal, order_id, "capture", given(amount=amount), key=key, wait=wait)


@click.command(
    epilog="""\b
Example:
  paylink orders cancel pl_00000000000000000000000000 --stack my-shop
"""
)
@order_argument
@yes_option
@operation_options
def cancel(
    *, target: Target, terminal: Terminal, order_id: str, key: str | None, wait: float, yes: bool
) -> None:
    """Release money that is held, or close an order that still waits."""
    api = connect(target)

    def question(order: Mapping[str, Any]) -> str:
        held = order.get("status") == "authorized"
        return (
            f"Release the {amount_of(order)} held for {named(order)}?" if held else f"Cancel {named(order)}?"
        )

    agree(api, terminal, order_id, question, key=key, yes=yes)
    send(api, terminal, order_id, "cancel", {}, key=key, wait=wait)


@click.command(
    epilog="""\b
Example:
  paylink orders sync pl_00000000000000000000000000 --stack my-shop
"""
)
@order_argument
@operation_options
def sync(*, target: Target, terminal: Terminal, order_id: str, key: str | None, wait: float) -> None:
    """Ask the gateway how an order stands, and bring it up to date."""
    send(connect(target), terminal, order_id, "sync", {}, key=key, wait=wait)


@click.command(
    epilog="""\b
Example:
  paylink orders resolve pl_00000000000000000000000000 --stack my-shop \\
      --note "second charge given back in the cabinet"
"""
)
@order_argument
@click.option("--note", required=True, metavar="TEXT", help="What was found and done; kept with the order.")
@operation_options
def resolve(
    *, target: Target, terminal: Terminal, order_id: str, note: str, key: str | None, wait: float
) -> None:
    """Mark what needed attention as settled."""
    send(connect(target), terminal, order_id, "resolve", {"note": note}, key=key, wait=wait)
