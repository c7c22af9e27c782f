"""Runs a command with something on its input."""

from click.testing import CliRunner, Result

from paylink_cli.root import paylink

CLEAN = {"PAYLINK_STACK": None, "PAYLINK_API": None, "COLUMNS": "80", "NO_COLOR": None}


def run_with(given: str | bytes, *words: str) -> Result:
    """Run a command that reads `given` from its input, which is no terminal."""
    return CliRunner().invoke(
        paylink, words, input=given, env=CLEAN, prog_name="paylink", catch_exceptions=False
    )
