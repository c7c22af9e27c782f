"""`python -m freedompay_sandbox`: the stand-in gateway as a program of its own."""

import signal
import threading

import click

from . import __doc__ as overview
from .sandbox import Sandbox
from .server import running


def _as_help(text: str) -> str:
    """Keep the overview's lines as they are: click would fold them into paragraphs."""
    return "\n\n".join("\b\n" + block for block in text.strip().split("\n\n"))


@click.command(help=_as_help(overview), context_settings={"max_content_width": 130})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=9090, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--merchant-id", default="500001", show_default=True, help="The shop's number.")
@click.option("--secret-key", default="sandbox-secret-key", show_default=True, help="The shop's key.")
@click.option(
    "--repeated-key", type=click.Choice(["same", "error", "new"]), default="same", show_default=True
)
@click.option("--check-call/--no-check-call", default=False, show_default=True, help="Call pg_check_url.")
@click.option(
    "--two-step/--one-step", default=False, show_default=True, help="An absent pg_auto_clearing means."
)
@click.option(
    "--callback-encoding",
    type=click.Choice(["urlencoded", "multipart"]),
    default="urlencoded",
    show_default=True,
)
@click.option(
    "--lag-seconds", default=0.0, show_default=True, help="How long the status shows the sums from before."
)
@click.option(
    "--reversal-delay", default=0.0, show_default=True, help="Seconds until a rejected payment is reversed."
)
@click.option(
    "--auto-clearing-days", default=5.0, show_default=True, help="After which a hold clears itself."
)
@click.option(
    "--refunded-word",
    type=click.Choice(["success", "refunded"]),
    default="success",
    show_default=True,
    help="A payment's status once all of it was refunded.",
)
@click.option(
    "--public-url", default=None, help="Base of the payment page's address; default: the request's host."
)
def main(host: str, port: int, **settings: object) -> None:
    """Serve until interrupted."""
    try:
        sandbox = Sandbox(**settings)  # type: ignore[arg-type]  # Settings holds every value against its kind
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with running(sandbox, host, port) as base_url:
            click.echo(f"Freedom Pay sandbox: {base_url} (shop {sandbox.settings.merchant_id})")
            stop.wait()
    except OSError as problem:
        raise click.ClickException(
            f"can't listen on {host}:{port}: {problem.strerror or problem}"
        ) from problem


if __name__ == "__main__":
    main()
