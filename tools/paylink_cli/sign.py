"""`paylink sign`: signs a protocol message."""

import click

from paylink.freedompay.messages import write_form, write_xml
from paylink.freedompay.signature import SIGNATURE, script_name, signed
from paylink_cli.errors import WrongUse
from paylink_cli.message_input import Message, message_options
from paylink_cli.showing.terminal import Terminal, terminal_options

FORM, XML, SIGNATURE_ALONE = "form", "xml", "signature"


@click.command(
    epilog="""\b
Example:
  paylink sign --script get_status3.php pg_merchant_id=500001 pg_payment_id=7
  paylink sign --script paylink_result --file result.xml --as xml \\
      --key-file key.txt

pg_salt is added where it lacks, a pg_sig that was there is replaced.
"""
)
@message_options
@click.option(
    "--as",
    "form",
    type=click.Choice([FORM, XML, SIGNATURE_ALONE]),
    default=FORM,
    show_default=True,
    help="How to print it.",
)
@terminal_options
def sign(*, message: Message, terminal: Terminal, form: str) -> None:
    """Print a message with its signature.

    With several keys, as of a stack amid a rotation, the one that signs is used.
    """
    try:
        fields = signed(script_name(message.script), message.fields, message.keys()[0])
    except (ValueError, TypeError) as error:
        raise WrongUse(f"the message cannot be signed: {error}") from error
    signature = str(fields[-1][1])
    if terminal.as_json:
        terminal.json({"script": script_name(message.script), "fields": fields, SIGNATURE: signature})
    elif form == SIGNATURE_ALONE:
        terminal.raw(signature)
    elif form == XML:
        terminal.raw(write_xml(fields, "request").decode())
    else:
        terminal.raw(write_form(fields))
