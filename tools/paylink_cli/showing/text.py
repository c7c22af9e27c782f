"""Texts from elsewhere, made safe for a terminal."""

from typing import Final

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def printable(text: object) -> str:
    """A value in one line, without characters that could steer a terminal or turn its text around."""
    return "".join(
        character if character.isprintable() else _REPLACEMENT for character in " ".join(str(text).split())
    )
