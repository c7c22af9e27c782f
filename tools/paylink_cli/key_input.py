"""Where a secret key comes from: a hidden prompt, a file, or input. Never an argument, which process lists show."""

import sys
from pathlib import Path
from typing import Final

import click

from paylink.domain.credentials import SHORTEST_KEY, usable
from paylink_cli.errors import WrongUse

LONGEST_KEY: Final = 1024
"""Characters; a file of more holds something else."""
_INPUT: Final = Path("-")


def read_key(file: Path | None, *, what: str = "secret key", confirm: bool = False) -> str:
    """The key from a file (`-`: input), or asked for without showing it. Raises WrongUse; no text names the key."""
    key = _asked(what, confirm=confirm) if file is None else _from_file(file)
    if not usable(key):
        raise WrongUse(
            f"that is no usable {what}: it must be the one of the merchant's cabinet, at least {SHORTEST_KEY} "
            "characters in one line, no placeholder and without blanks around it"
        )
    return key


def _asked(what: str, *, confirm: bool) -> str:
    if not sys.stdin.isatty():
        raise WrongUse(f"nobody is here to ask for the {what}: name a file that holds it, or `-` for input")
    return str(click.prompt(what.capitalize(), hide_input=True, confirmation_prompt=confirm, err=True))


def _from_file(file: Path) -> str:
    name = "input" if file == _INPUT else str(file)
    try:
        with click.open_file(str(file), "rb") as stream:
            raw: bytes = stream.read(LONGEST_KEY + 1)
    except OSError as error:
        raise WrongUse(
            f"{name} cannot be read: {error.strerror}; name a file that holds the key alone"
        ) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Without the decoder's error, which would carry the bytes along.
        raise WrongUse(f"{name} is not UTF-8 text; it must hold the key alone") from None
    # An editor ends the line; whatever else stands around the key is a slip that `usable` refuses.
    key = text.removesuffix("\n").removesuffix("\r")
    if len(raw) > LONGEST_KEY or "\n" in key or "\r" in key:
        raise WrongUse(f"{name} must hold the key alone, in one line")
    return key
