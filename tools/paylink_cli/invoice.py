"""`paylink invoice`: a one-off link with an amount of the owner's."""

import click

from paylink_cli import documents
from paylink_cli.operations import new_key
from paylink_cli.reaching.api import connect, member
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.qr import show_qr
from paylink_cli.showing.terminal import Terminal, terminal_options


@click.group(
    epilog='\b\nExample:\n  paylink invoice create --title "Table 7" --amount 12500 --currency KZT\n'
)
def invoice() -> None:
    """Ask one customer for one sum."""


@invoice.command(
    epilog="""\b
Example:
  paylink invoice create --title "Table 7" --amount 12500 --currency KZT
  paylink invoice create --title Repair --amount 90000 --currency KZT \\
      --email buyer@example.com --expires 7d --qr --stack my-shop
"""
)
@click.option("--title", required=True, metavar="TEXT", help="What it is for.")
@click.option(
    "--amount",
    type=documents.amount,
    required=True,
    metavar="AMOUNT",
    help="In major units: 1500 or 1500.50.",
)
@click.option("--currency", required=True, metavar="CODE", help="KZT, USD…")
@click.option("--description", metavar="TEXT", help="More about it.")
@click.option(
    "--email",
    metavar="ADDRESS",
    help="The customer's e-mail, for the gateway; kept only where KeepContacts is set.",
)
@click.option("--phone", metavar="NUMBER", help="The customer's telephone, likewise.")
@click.option(
    "--expires",
    "expires_at",
    type=documents.moment,
    metavar="TIME",
    help="7d, 12h, or 2026-12-31T18:00:00+05:00.",
)
@click.option("--qr", is_flag=True, help="Print its QR code too.")
@click.option("--key", metavar="KEY", help="Repeat an earlier run by its key: there is one invoice.")
@target_options
@terminal_options
def create(
    *,
    target: Target,
    terminal: Terminal,
    qr: bool,
    key: str | None,
    email: str | None,
    phone: str | None,
    **fields: str | None,
) -> None:
    """Make a one-off link and print its address."""
    body: dict[str, object] = {name: value for name, value in fields.items() if value is not None}
    customer = {name: value for name, value in (("email", email), ("phone", phone)) if value is not None}
    if customer:
        body["customer"] = customer
    key = key or new_key()
    # A while from now is another moment each time, and the key stands for one content.
    again = f"--key {key}" + (f" --expires {fields['expires_at']}" if fields["expires_at"] else "")
    terminal.note(f"Key {key} (should the answer be lost, repeat with {again})", "dim")
    answer = connect(target).request("POST", "/invoices", body, key=key).content
    if terminal.as_json:
        terminal.json(answer)
    elif qr:
        show_qr(terminal, member(answer, "url", str))
    else:
        terminal.raw(member(answer, "url", str))
