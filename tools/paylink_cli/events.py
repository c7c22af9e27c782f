"""`paylink events`: what the stack told others."""

import click

from paylink_cli.errors import CommandError
from paylink_cli.reaching.api import connect, member
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.terminal import Terminal, terminal_options


@click.group(epilog="\b\nExample:\n  paylink events republish --stack my-shop\n")
def events() -> None:
    """See to the events that others are told."""


@events.command(
    epilog="""\b
Example:
  paylink events republish --stack my-shop
"""
)
@target_options
@terminal_options
def republish(*, target: Target, terminal: Terminal) -> None:
    """Send the events again that could not be sent before."""
    api = connect(target)
    sent = left = 0
    with terminal.progress("sending again") as tell:
        while True:
            counts = api.request("POST", "/events/republish", {}).content
            passed, left = member(counts, "sent", int), member(counts, "left", int)
            sent += passed
            tell(f"sent {sent}, {left} left")
            if not passed or not left:
                break
    if terminal.as_json:
        terminal.json({"sent": sent, "left": left})
    else:
        terminal.say(f"Sent again: {sent}; left: {left}")
    if left:
        raise CommandError(
            f"{left} events could not be sent; look at the log of publish, then run this again"
        )
