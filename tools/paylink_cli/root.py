"""The root of the command line: registers the commands, and ends each with one line and an exit code."""

import errno
import os
import sys
from collections.abc import Sequence
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from paylink_cli.doctor import doctor
from paylink_cli.errors import INTERRUPTED
from paylink_cli.events import events
from paylink_cli.explain import explain
from paylink_cli.invoice import invoice
from paylink_cli.links import links
from paylink_cli.listen import listen
from paylink_cli.local import local
from paylink_cli.offer import offer
from paylink_cli.orders import orders
from paylink_cli.report import report
from paylink_cli.secret import secret
from paylink_cli.sign import sign
from paylink_cli.trigger import trigger
from paylink_cli.verify import verify

EXAMPLE = """\b
Which Paylink: --stack NAME (or PAYLINK_STACK), --local, or --api URL.

\b
Example:
  paylink local --seed storefront/example-links.json
  paylink orders list --local
  paylink orders refund pl_00000000000000000000000000 500 --stack my-shop

\b
Exit codes:
  0    done
  1    refused, or something is wrong with what was asked for
  2    wrong use of the command line
  3    not reachable, no usable answer, or no usable credentials
  4    money may have moved, the outcome is not known yet: repeat with --key
  130  interrupted
"""


class Root(click.Group):
    """Runs the commands; whatever goes wrong on purpose is one line on standard error."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's own signature
        **extra: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Run one command and end the process with its exit code."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            result = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except NoArgsIsHelpError as error:
            error.show()
            sys.exit(error.exit_code)
        except click.ClickException as error:
            click.echo(f"Error: {_line(error)}", err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("Interrupted.", err=True)
            sys.exit(INTERRUPTED)
        except OSError as error:
            if error.errno != errno.EPIPE:
                raise
            # Whoever read the output has gone, as `head` does; nothing may be written at the end either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        # --help and --version end in a number; a command ends in nothing.
        sys.exit(result if isinstance(result, int) else 0)


def _line(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split()).rstrip(".")
    # Our own errors say what to do; click's say what is wrong.
    if type(error).__module__.startswith("click") and isinstance(error, click.UsageError) and error.ctx:
        return f"{message}; see {error.ctx.command_path} --help"
    return message


@click.group(
    cls=Root,
    epilog=EXAMPLE,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(package_name="paylink", prog_name="paylink", message="%(prog)s %(version)s")
def paylink() -> None:
    """Payment links for Freedom Pay, served from your own AWS account."""


for command in (
    *(orders, links, invoice, offer, events, report),
    *(secret, sign, verify, explain, listen, trigger, doctor, local),
):
    paylink.add_command(command)
