"""`paylink explain`: tells which of the known mistakes makes a signature differ."""

import click

from paylink.freedompay.explanation import explain as explanation_of
from paylink_cli.errors import CommandError
from paylink_cli.message_input import Message, message_options
from paylink_cli.showing.terminal import Terminal, terminal_options


@click.command(
    epilog="""\b
Example:
  paylink explain --script https://shop.example/pay/result?id=7 \\
      --file callback.txt --key-file key.txt
  paylink explain --script init_payment.php --file - --stack my-shop < body

No key, no signature and no value of a field is ever told.
"""
)
@message_options
@terminal_options
def explain(*, message: Message, terminal: Terminal) -> None:
    """Tell why a message's signature does not fit."""
    with terminal.progress("undoing the usual mistakes"):
        explanation = explanation_of(message.script, message.fields, message.keys())
    if terminal.as_json:
        terminal.json(
            {
                "fits": explanation.fits,
                "findings": [
                    {"cause": finding.cause.value, "detail": finding.detail, "field": finding.field or None}
                    for finding in explanation.findings
                ],
            }
        )
    else:
        for finding in explanation.findings:
            terminal.say(finding.detail)
    if not explanation.fits:
        raise CommandError("the signature does not fit; mend what is said above at whoever signs it")
