"""The `paylink` command: finds its subcommands and turns their errors into one line."""

import sys


def main() -> None:
    """Run the command line; exits with 2 on a wrong use and says how when its packages are missing."""
    try:
        from paylink_cli.root import paylink  # noqa: PLC0415 - click is an optional package
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.stderr.write("paylink: the command line needs more packages: pip install 'paylink[local]'\n")
        sys.exit(2)
    paylink(prog_name="paylink")


if __name__ == "__main__":
    main()
