"""A QR code drawn with characters."""

from typing import Final

import segno
from rich.text import Text

from paylink_cli.errors import CommandError
from paylink_cli.showing.terminal import Terminal

_QUIET_ZONE: Final = 4
# Two rows of modules in one line: (upper, lower) with 1 for what is drawn.
_BLOCKS: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


def show_qr(terminal: Terminal, address: str, *, invert: bool = False) -> None:
    """Print an address as a QR code, and below it in letters. Raises CommandError where it does not fit."""
    code = segno.make(address, error="m", micro=False)
    rows = [bytes(row) for row in code.matrix_iter(border=_QUIET_ZONE)]
    if len(rows[0]) > terminal.width:
        raise CommandError(
            f"the code needs {len(rows[0])} columns and this terminal has {terminal.width}; "
            "make it wider, or write a picture with --out FILE.svg"
        )
    for line in _lines(rows, light_is_drawn=not (terminal.coloured or invert)):
        # Black on white whatever the terminal's own colours are: not every reader takes it inverted.
        style = "black on bright_white" if terminal.coloured else ""
        terminal.show(Text(line, style=style, no_wrap=True, end="\n"))
    terminal.raw(address)


def _lines(rows: list[bytes], *, light_is_drawn: bool) -> list[str]:
    flip = 1 if light_is_drawn else 0
    if len(rows) % 2:
        # One more row of the quiet zone, which is light.
        rows = [*rows, bytes(len(rows[0]))]
    return [
        "".join(_BLOCKS[upper ^ flip, lower ^ flip] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]
