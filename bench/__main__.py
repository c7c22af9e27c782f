"""`python -m bench [SECTION…]`: measures, prints one table, writes docs/numbers.md and docs/plots.

    python -m bench                 every section
    python -m bench cold size       some; the others keep their last result in the document
    python -m bench --document      measures nothing, writes the document and the plots anew

The exit code is 0 where every bound that was measured is kept.
"""

import importlib
import os
import sys
import time

from bench.report import TITLES, Section, keep, kept, table, write
from bench.rows import exit_code


def measured(name: str) -> Section:
    """Runs a section: the module of its name has `run() -> list[Row]`."""
    began = time.monotonic()
    print(f"measuring {name}…", file=sys.stderr, flush=True)
    section = keep(name, importlib.import_module(f"bench.{name}").run())
    print(f"measured {name} in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return section


def publish() -> None:
    """Writes the document and the plots out of every section's last run."""
    from bench import plots  # noqa: PLC0415 — drawing is slow to load, and nothing measured should wait for it

    plots.draw(kept())
    write(kept())


def main(arguments: list[str]) -> int:
    """The command."""
    unknown = [name for name in arguments if name not in {*TITLES, "--document"}]
    if unknown:
        print(f"no such section: {', '.join(unknown)}\n{__doc__}", file=sys.stderr)
        return 2
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")
    sections = kept() if "--document" in arguments else [measured(name) for name in arguments or TITLES]
    publish()
    print(table(sections))
    missed = [row for section in sections for row in section.rows if row.met is False]
    for row in missed:
        print(f"NOT met: {row.name}")
    return exit_code(row for section in sections for row in section.rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
