"""`paylink orders`: reads orders, and registers what moves their money."""

from datetime import datetime
from typing import Any, Final

import click

from paylink.domain.order import Status
from paylink_cli.order_money import cancel, capture, refund, resolve, sync
from paylink_cli.reaching.api import connect, in_path, member
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.orders import show_order, show_orders
from paylink_cli.showing.terminal import Terminal, terminal_options

PAGE: Final = 100
"""Orders that the API gives at once."""


@click.group(epilog="\b\nExample:\n  paylink orders list --day 2026-11-22 --stack my-shop\n")
def orders() -> None:
    """List and show orders; give money back, take or release holds."""


@orders.command(
    "list",
    epilog="""\b
Example:
  paylink orders list --stack my-shop
  paylink orders list --day 2026-11-22 --status paid --local
  paylink orders list --attention --json
""",
)
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Those created on a day (UTC): 2026-11-22.",
)
@click.option(
    "--status",
    type=click.Choice([status.value for status in Status]),
    metavar="STATUS",
    help="Those in a state: paid, pending…",
)
@click.option("--attention", is_flag=True, help="Those that need an operator.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=100,
    show_default=True,
    help="How many at most; see --all.",
)
@click.option("--all", "everything", is_flag=True, help="All there are, however many.")
@click.option("--cursor", metavar="CURSOR", help="Go on where an earlier list ended.")
@target_options
@terminal_options
def list_orders(
    *,
    target: Target,
    terminal: Terminal,
    day: datetime | None,
    status: str | None,
    attention: bool,
    limit: int,
    everything: bool,
    cursor: str | None,
) -> None:
    """List orders."""
    query = {
        "day": day.date().isoformat() if day else None,
        "status": status,
        "attention": "true" if attention else None,
    }
    filtered = any(query.values())
    api = connect(target)
    found: list[dict[str, Any]] = []
    with terminal.progress("reading orders") as tell:
        while True:
            most = PAGE if everything else min(PAGE, limit - len(found))
            page = api.get("/orders", **query, cursor=cursor, limit=most)
            found += member(page, "orders", list)
            # A page may be empty and still have a next one: a filter looks at so many orders at a time.
            cursor = page.get("cursor")
            if not cursor or (len(found) >= limit and not everything):
                break
            if found and not filtered and not everything and len(page["orders"]) < most:
                # A page that is not full has looked at a hundred days: the latest orders are here.
                break
            tell(f"reading orders: {len(found)}")
    if terminal.as_json:
        terminal.json({"orders": found, "cursor": cursor})
        return
    show_orders(terminal, found)
    if cursor:
        terminal.note(f"There may be more: add --cursor {cursor} or --all")


@orders.command(
    epilog="""\b
Example:
  paylink orders show pl_00000000000000000000000000 --stack my-shop
"""
)
@click.argument("order_id", metavar="ID")
@target_options
@terminal_options
def show(*, target: Target, terminal: Terminal, order_id: str) -> None:
    """Show one order: its payments, refunds and operations."""
    order = connect(target).get(f"/orders/{in_path(order_id)}")
    if terminal.as_json:
        terminal.json(order)
    else:
        show_order(terminal, order)


for command in (refund, capture, cancel, sync, resolve):
    orders.add_command(command)
