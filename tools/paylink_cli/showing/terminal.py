"""Standard output and standard error: tables and colours for a person, plain text or JSON for a program."""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

import click
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from paylink_cli.errors import CommandError, Refused, WrongUse
from paylink_cli.showing.text import printable

PLAIN_WIDTH: Final = 80
"""Columns where neither a terminal nor COLUMNS says how many there are."""
_GAP: Final = 2


@dataclass(frozen=True)
class Column:
    """One column of a table. Where the terminal is narrow, one that may be cut is shortened, one that folds goes
    on below, on a terminal alone."""

    title: str
    right: bool = False
    may_be_cut: bool = False
    folds: bool = False


class Terminal:
    """Where a command prints. Results go to standard output, all else to standard error."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._out = _console(sys.stdout)
        self._err = _console(sys.stderr)

    @property
    def width(self) -> int:
        """Columns of a line of output."""
        return self._out.width

    @property
    def coloured(self) -> bool:
        """Whether standard output takes colours: a person looks, and did not ask for none."""
        return self._out.color_system is not None

    def json(self, content: Mapping[str, Any]) -> None:
        """Print a JSON document, with escapes where the reader's encoding lacks letters."""
        encoding = (sys.stdout.encoding or "").lower().replace("-", "")
        click.echo(json.dumps(content, indent=2, ensure_ascii=encoding != "utf8"))

    def raw(self, text: str) -> None:
        """Print a line of output as it is, however long."""
        click.echo(printable(text))

    def say(self, text: str = "", style: str = "") -> None:
        """Print a line of output for a person."""
        self._out.print(Text(printable(text), style=style), soft_wrap=True)

    def note(self, text: str, style: str = "") -> None:
        """Tell the person something that is no result."""
        self._err.print(Text(printable(text), style=style), soft_wrap=True)

    def show(self, renderable: Any) -> None:  # noqa: ANN401 - whatever rich can draw
        """Print something drawn."""
        self._out.print(renderable)

    def table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[str | Text]], title: str | None = None
    ) -> None:
        """Print rows under their columns' titles, ruled only where a person looks."""
        if title is not None:
            self.say(title, style="bold")
        cells = [[_cell(value) for value in row] for row in rows]
        titles = [cell_len(column.title) for column in columns]
        widths = [
            max(column) for column in zip(titles, *([c.cell_len for c in row] for row in cells), strict=True)
        ]
        _cut(columns, widths, cells, self.width)
        if self.coloured:
            _fold(columns, widths, self.width)
        table = Table(
            box=box.SIMPLE_HEAD if self.coloured else None,
            show_edge=False,
            pad_edge=False,
            # One blank beside the one that stands for a rule, or two.
            padding=(0, 1, 0, 0) if self.coloured else (0, _GAP, 0, 0),
            header_style="bold",
        )
        for column, width in zip(columns, widths, strict=True):
            justify: Literal["left", "right"] = "right" if column.right else "left"
            table.add_column(
                column.title, justify=justify, no_wrap=not column.folds, overflow="fold", width=width
            )
        for row in cells:
            table.add_row(*row)
        # Sums and ids are never cut: where they do not fit, the terminal breaks the line.
        self._drawn(table, max(self.width, sum(widths) + _GAP * len(widths)))

    def facts(self, facts: Iterable[tuple[str, str | Text | None]]) -> None:
        """Print names with their values, one a line; those without a value are left out."""
        told = [(name, value) for name, value in facts if value not in (None, "")]
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in told:
            table.add_row(name, value if isinstance(value, Text) else Text(printable(value)))
        self._drawn(table)

    def _drawn(self, table: Table, width: int | None = None) -> None:
        usual = self._out.width
        self._out.width = width or usual
        try:
            if self.coloured:
                self._out.print(table)
                return
            with self._out.capture() as capture:
                self._out.print(table)
        finally:
            self._out.width = usual
        # Cells are filled up with blanks, which a program that reads lines has no use for.
        click.echo("\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n")))

    @contextmanager
    def progress(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show that something goes on; gives a way to change the text. Nothing where no person looks."""
        if self._err.color_system is None:
            yield lambda _: None
            return
        with self._err.status(Text(printable(text))) as status:
            yield lambda changed: status.update(Text(printable(changed)))

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on only where the person agrees or said --yes before. Raises CommandError, WrongUse."""
        if yes:
            return
        if not sys.stdin.isatty():
            raise WrongUse(f"this moves money and nobody is here to ask: {question} Add --yes to do it")
        if not click.confirm(printable(question), err=True):
            raise CommandError("nothing was done")


def terminal_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--json`; it gets where to print as `terminal`."""

    @click.option("--json", "as_json", is_flag=True, help="Print the API's JSON, for programs.")
    @functools.wraps(command)
    def with_terminal(*, as_json: bool, **others: Any) -> Any:  # noqa: ANN401 - the command's own options
        terminal = Terminal(as_json=as_json)
        try:
            return command(terminal=terminal, **others)
        except Refused as error:
            if as_json and error.problem:
                terminal.json(error.problem)
            raise

    return with_terminal


def _cell(value: str | Text) -> Text:
    return value if isinstance(value, Text) else Text(printable(value))


def _cut(columns: Sequence[Column], widths: list[int], cells: Sequence[Sequence[Text]], width: int) -> None:
    """Shorten the columns that may be cut until the line fits, the last one first."""
    for number in reversed(range(len(columns))):
        excess = sum(widths) + _GAP * (len(widths) - 1) - width
        if excess > 0 and columns[number].may_be_cut:
            widths[number] = max(widths[number] - excess, len(columns[number].title), 1)
            for row in cells:
                row[number].truncate(widths[number], overflow="ellipsis")


def _fold(columns: Sequence[Column], widths: list[int], width: int) -> None:
    """Narrow the columns that fold until the line fits, down to their titles."""
    for number, column in enumerate(columns):
        excess = sum(widths) + _GAP * len(widths) - width
        if excess > 0 and column.folds:
            widths[number] = max(widths[number] - excess, len(column.title), 1)


def _console(stream: Any) -> Console:  # noqa: ANN401 - any text stream
    """A console that writes not one escape code unless a person looks who takes colours."""
    person = stream.isatty()
    colourful = person and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    columns = os.environ.get("COLUMNS", "")
    width = int(columns) if columns.isascii() and columns.isdigit() and int(columns) > 0 else None
    return Console(
        file=stream,
        force_terminal=colourful,
        color_system="auto" if colourful else None,
        width=width or (None if person else PLAIN_WIDTH),
        markup=False,
        emoji=False,
        highlight=False,
    )
