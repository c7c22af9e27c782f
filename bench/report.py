"""What was measured, kept by section, as a table in the terminal and as docs/numbers.md."""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.places import NUMBERS, PLOTS, RESULTS
from bench.rows import Row

TITLES: Mapping[str, str] = {
    "cold": "Cold start",
    "size": "Size and memory",
    "warm": "Warm: our own code",
    "signing": "Signing",
    "table": "Table",
    "scale": "Scale",
}
"""The sections in the order of the document."""

INTRO = """# Numbers

Written by `make bench`; nothing here is typed by hand. `make bench SECTIONS="cold size"` measures some sections anew
and keeps the others. It ends with an error where a bound is not kept.

Times differ from machine to machine, so the bounds are on **ratios of two things measured in one run, in turns**: ours
divided by a reference. Below 1 ours is the faster. The milliseconds beside them tell only about the machine that
measured. The references lie in `bench/references`, one of each kind for every route:

- **bare** makes the same calls to AWS and the gateway as ours and does nothing else: no validation, no errors, no logs.
- **usual** is the same route as it is usually written: Powertools resolver with validation, pydantic, Idempotency,
  Tracer, `requests`. It works: the bench checks its answers.

All talk to one stub on the loopback interface that answers at once, so a ratio tells about code alone. A real network
adds the same to each side and brings the ratios nearer to 1.

Our own code when warm is told in multiples of one signature of 15 fields, in two ways:

- **alone**: every call to other people's code answers at once with a canned value, so nothing but our own code runs.
  This decides the bounds.
- **among the libraries**: all libraries are real down to the socket, and each part is told on its own. Our code then
  starts from caches that they emptied and takes longer; it is only told.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """The last run of a section."""

    name: str
    measured_at: str
    machine: str
    rows: tuple[Row, ...]


def machine() -> str:
    """What measured, without its name."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def keep(name: str, rows: Iterable[Row], folder: Path = RESULTS) -> Section:
    """Keeps a section's rows in place of those of its last run."""
    section = Section(name, datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), machine(), tuple(rows))
    folder.mkdir(parents=True, exist_ok=True)
    document = {
        "measured_at": section.measured_at,
        "machine": section.machine,
        "rows": [row.document() for row in section.rows],
    }
    (folder / f"{name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    return section


def kept(folder: Path = RESULTS) -> list[Section]:
    """The last run of every section that was ever run, in the document's order."""
    found = []
    for name in TITLES:
        file = folder / f"{name}.json"
        if file.exists():
            document = json.loads(file.read_text())
            rows = tuple(Row.read(row) for row in document["rows"])
            found.append(Section(name, document["measured_at"], document["machine"], rows))
    return found


def cells(row: Row) -> tuple[str, str, str, str]:
    """A row's name, value, bound and verdict as text."""
    bound = "" if row.bound is None else f"{row.sense} {number(row.bound)}{_after(row.unit)}"
    return row.name, f"{number(row.value)}{_after(row.unit)}", bound, row.verdict


def number(value: float) -> str:
    """A number with three digits that count, at least two decimals where it is small."""
    if value == int(value) and abs(value) >= 10:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _after(unit: str) -> str:
    return f" {unit}" if unit else ""


def table(sections: Sequence[Section]) -> str:
    """The terminal's one table."""
    lines = [
        (TITLES[section.name] if first else "", *cells(row))
        for section in sections
        for first, row in ((place == 0, row) for place, row in enumerate(section.rows))
    ]
    widths = [max((len(line[column]) for line in lines), default=0) for column in range(5)]
    return "\n".join(
        f"{part:<{widths[0]}}  {name:<{widths[1]}}  {value:>{widths[2]}}  {bound:<{widths[3]}}  {verdict}".rstrip()
        for part, name, value, bound, verdict in lines
    )


def markdown(sections: Sequence[Section]) -> str:
    """The document."""
    parts = [INTRO]
    for section in sections:
        parts.append(f"\n## {TITLES[section.name]}\n")
        parts.append(f"`make bench SECTIONS={section.name}`, {section.measured_at}, {section.machine}.\n")
        parts += [
            f"![{TITLES[section.name]}](plots/{plot.name})\n"
            for plot in sorted(PLOTS.glob(f"{section.name}*.svg"))
        ]
        parts.append("| | measured | bound | | |\n|---|---:|---|---|---|")
        parts += [
            f"| {' | '.join(_escaped(cell) for cell in (*cells(row), row.note))} |" for row in section.rows
        ]
    return "\n".join(parts) + "\n"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def write(sections: Sequence[Section]) -> None:
    """Writes docs/numbers.md."""
    NUMBERS.write_text(markdown(sections))
