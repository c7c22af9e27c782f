"""Writes docs/proofs/mutants.md: how many mutants each module has, what survived, and how each of these is judged.

`python report.py RESULTS MUTANTS [--note TEXT]`. The judgements stand in judged.json beside this file: module, the
line before and after, and why no test has to fail of this very change. A survivor without one is listed as open, and
the exit status is 1.
"""

import argparse
import json
import os
import platform
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs/proofs/mutants.md"
JUDGED = Path(__file__).with_name("judged.json")

WHAT = """\
cosmic-ray makes the mutants: one operator, number, condition or decorator of a module changed at a time. Each meets the
unit and property tests that reach its line, in a process of its own. A mutant that no test notices has survived: either
it is the same program in other words, or a test is missing. Annotations are left out, and of the operators those stay
that a slip could make (`tests/proofs/mutants/generate.py` lists them).
"""


def judgement(one: dict[str, Any], judged: list[dict[str, str]]) -> str:
    """Why a survivor is no fault; "" where nobody has judged this very change."""
    wanted = (one["module"].rpartition("/")[2], one["before"], one["after"])
    for known in judged:
        if (known["module"], known["before"], known["after"]) == wanted:
            return known["why"]
    return ""


def _cut_short(one: dict[str, Any]) -> bool:
    return str(one["killed"]).startswith("took too long")


def document(
    results: list[dict[str, Any]], judged: list[dict[str, str]], left: int, note: str = ""
) -> tuple[str, int]:
    """The document, and how many survivors are open."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    machine = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    survivors = [one for one in results if not one["killed"]]
    told = [(one, judgement(one, judged)) for one in survivors]
    count: Counter[str] = Counter(one["module"] for one in results)
    alive: Counter[str] = Counter(one["module"] for one in survivors)
    open_ones = [one for one, why in told if not why]
    lines = [
        "# Mutation testing of `domain` and `freedompay.signature`",
        "",
        f"{'Part of' if left else 'Written by'} `make mutants` on {when} UTC: {machine}.",
        "",
        WHAT,
        *([note, ""] if note else []),
        f"- mutants: {len(results)}, noticed: {len(results) - len(survivors)}, survived: {len(survivors)}",
        f"- noticed by taking longer than 25 s or by ending the process: {sum(map(_cut_short, results))}",
        f"- judged to be no fault: {len(survivors) - len(open_ones)}, open: {len(open_ones)}",
        f"- not run: {left}",
        "",
        "| Module | Mutants | Survived |",
        "|---|---:|---:|",
        *(
            f"| {name.partition('paylink/paylink/')[2]} | {count[name]} | {alive[name]} |"
            for name in sorted(count)
        ),
        "",
        "## Survivors",
        "",
    ]
    for one, why in told:
        place = f"{one['module'].rpartition('/')[2]}:{one['line']} ({one['operator']})"
        lines += [f"- {place}: {why or '**open**'}", f"  - `{one['before']}`", f"  - `{one['after']}`"]
    return "\n".join([*lines, ""]), len(open_ones)


def main() -> int:
    """Writes the document."""
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("mutants", type=Path)
    parser.add_argument("--note", default="", help="how this run differs from a whole one")
    arguments = parser.parse_args()
    results = [json.loads(line) for line in arguments.results.read_text().splitlines()]
    made = len(arguments.mutants.read_text().splitlines())
    text, still_open = document(results, json.loads(JUDGED.read_text()), made - len(results), arguments.note)
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(text)
    sys.stdout.write(text)
    return 1 if still_open else 0


if __name__ == "__main__":
    sys.exit(main())
