"""What a command can end with, each in one line that says what to do next, and the exit codes.

0  done
1  refused, or something is wrong with what was asked for
2  wrong use of the command line
3  the API could not be reached or gave no usable answer, or there are no usable credentials
4  money may have moved: the outcome is not known yet; the same key tells later
130  interrupted
"""

from collections.abc import Mapping
from typing import Any, Final

import click

from paylink_cli.showing.text import printable

INTERRUPTED: Final = 130


class CommandError(click.ClickException):
    """The root of these errors; its message is one line."""

    exit_code = 1

    def format_message(self) -> str:
        """The message as it is printed: nothing in it can steer the terminal."""
        return printable(self.message)


class WrongUse(CommandError):
    """The command was given something that cannot be."""

    exit_code = 2


class Unreachable(CommandError):
    """No usable answer: network, credentials, stack, or a fault of the API. Nothing is known to have changed."""

    exit_code = 3


class AnswerLost(Unreachable):
    """The request may have arrived, but its answer did not."""


class OutcomeUnknown(CommandError):
    """Money may have moved; asking again with the same key tells."""

    exit_code = 4


class Refused(CommandError):
    """The API answered with a problem document (RFC 9457)."""

    def __init__(self, message: str, *, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable name of the problem; empty where the answer gave none."""
        code = self.problem.get("code")
        return code if isinstance(code, str) else ""
