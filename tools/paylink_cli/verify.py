"""`paylink verify`: tells whether a protocol message is signed with the key."""

import click

from paylink.freedompay.signature import script_name
from paylink.freedompay.signature import verify as fits
from paylink_cli.errors import CommandError
from paylink_cli.message_input import Message, message_options
from paylink_cli.showing.terminal import Terminal, terminal_options


@click.command(
    epilog="""\b
Example:
  paylink verify --script paylink_result --file callback.txt --stack my-shop
  paylink verify --script paylink_result --file - --key-file key.txt < body

The exit code is 0 where the signature fits, else 1.
"""
)
@message_options
@terminal_options
def verify(*, message: Message, terminal: Terminal) -> None:
    """Tell whether a message's signature fits."""
    valid = fits(script_name(message.script), message.fields, message.keys())
    if terminal.as_json:
        terminal.json({"fits": valid})
    elif valid:
        terminal.say("The signature fits.", "green")
    if not valid:
        raise CommandError("the signature does not fit; `paylink explain` with the same words tells why")
