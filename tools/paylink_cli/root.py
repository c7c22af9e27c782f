"""The root of the command line."""

import click

from paylink_cli.local import local

EXAMPLE = """\b
Example:
  paylink local --seed storefront/example-links.json
"""


@click.group(
    epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80}
)
@click.version_option(package_name="paylink", prog_name="paylink", message="%(prog)s %(version)s")
def paylink() -> None:
    """Payment links for Freedom Pay, served from your own AWS account."""


paylink.add_command(local)
