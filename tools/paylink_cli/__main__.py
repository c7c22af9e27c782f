"""The `paylink` command: finds its subcommands and turns their errors into one line."""

import io
import sys


def main() -> None:
    """Run the command line; exits with 2 on a wrong use and says how when its packages are missing."""
    try:
        from paylink_cli.root import paylink  # noqa: PLC0415 - click and rich are optional packages
    except ModuleNotFoundError as error:
        if error.name not in {"click", "rich"}:
            raise
        sys.stderr.write(
            "paylink: the command line needs more packages; in its checkout run: pip install '.[local]'\n"
        )
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the terminal's encoding lacks is no reason to fail after money has moved.
            stream.reconfigure(errors="replace")
    paylink(prog_name="paylink")


if __name__ == "__main__":
    main()
