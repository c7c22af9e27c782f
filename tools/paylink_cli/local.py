"""`paylink local`: the whole system on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from paylink_local.stopping import StopSignals

EXAMPLE = """\b
Example:
  paylink local --seed storefront/example-links.json --shop storefront/example
  paylink local --port 8080 --seed storefront/example-links.json \\
      --origin http://localhost:3000 --shop-url http://localhost:3000/thanks

The first line on standard output is "Paylink local is serving on ADDRESS".
Ctrl-C ends it.
"""
_PORT = click.IntRange(0, 65535)


class CannotStartError(click.ClickException):
    """The run cannot start as asked: one line, and the exit code of a wrong use."""

    exit_code = 2


@click.command(epilog=EXAMPLE, short_help="Run the whole system on this machine.")
@click.option("--port", type=_PORT, default=8080, show_default=True, help="Port of the API; 0: a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--allow-any-host", is_flag=True, help="Allow a --host that other machines can reach.")
@click.option("--gateway-url", metavar="URL", help="Gateway to call.  [default: the built-in sandbox]")
@click.option("--sandbox-port", type=_PORT, default=0, help="Port of the sandbox.  [default: a free one]")
@click.option(
    "--dynamodb-endpoint",
    metavar="URL",
    help="Engine of the table, such as DynamoDB Local.  [default: embedded]",
)
@click.option(
    "--merchant-id", default="500001", show_default=True, metavar="NUMBER", help="The shop's number."
)
@click.option(
    "--secret-key",
    envvar="PAYLINK_SECRET_KEY",
    show_envvar=True,
    metavar="KEY",
    help="The shop's key; better given by the variable, which no process list shows.  "
    "[default: a random one, never printed]",
)
@click.option(
    "--public-url",
    metavar="URL",
    help="Address at which the gateway and buyers reach the API.  [default: its own]",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="Origin whose pages may call the API; repeatable.",
)
@click.option("--shop-url", metavar="URL", help="Page after payment.  [default: /local/thanks]")
@click.option(
    "--shop",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Serve a folder as the shop's pages, on an origin of its own. In its pages https://pay.example.com "
    "stands for the API's address and OFFER-TOKEN for a signed offer; paylink.js is lent to it; its thanks.html, "
    "if it has one, is the page after payment.",
)
@click.option("--shop-port", type=_PORT, default=0, help="Port of the shop.  [default: a free one]")
@click.option(
    "--webhook",
    "webhook_url",
    metavar="URL",
    help="Send every event there as well, signed as a deployed system does.",
)
@click.option("--check-call", is_flag=True, help="Let the gateway ask before it takes money.")
@click.option(
    "--seed", type=click.Path(path_type=Path), metavar="FILE", help="Links to start with, a JSON list."
)
@click.option("--test-mode/--live", default=True, show_default=True, help="Mode of the orders.")
@click.option("--json-logs", is_flag=True, help="Pass the functions' log lines on as they are.")
def local(secret_key: str | None, **choices: object) -> None:
    """Run the whole system on this machine: API, functions, table, gateway.

    The functions of template.yaml run behind its routes, with an embedded AWS and a stand-in gateway; nothing
    leaves this machine and no money moves, unless --gateway-url says so.
    """
    if secret_key is not None:
        choices["secret_key"] = secret_key
    elif choices["gateway_url"] is not None:
        raise click.UsageError("--gateway-url needs the shop's --secret-key (or PAYLINK_SECRET_KEY)")
    from paylink_local.stopping import StopSignals  # noqa: PLC0415 - see _run

    # Before the long imports: Ctrl-C is taken in good order from the first moment on.
    with StopSignals() as signals:
        _run(signals, choices)


def _run(signals: "StopSignals", choices: dict[str, object]) -> None:
    # Loaded here, so that --help and other subcommands do not wait for it.
    from paylink_local.errors import LocalError  # noqa: PLC0415
    from paylink_local.options import Options  # noqa: PLC0415
    from paylink_local.running import run  # noqa: PLC0415

    try:
        run(Options(**choices), signals)  # type: ignore[arg-type]  # click has checked each by its type
    except LocalError as error:
        raise CannotStartError(str(error)) from error
