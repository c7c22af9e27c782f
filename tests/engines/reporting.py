"""What was not run, said at the end of the run; with CI=true it fails the run."""

import json
import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from engines.detection import ENGINES, why_missing

LABEL = "NOT RUN"
# The runner of all stages names a file here, in which each pytest run leaves a line for the closing summary.
RESULTS = "PAYLINK_TEST_RESULTS"


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}


def require_engines(item: pytest.Item) -> None:
    """Skips a test whose engine is missing; with CI=true it fails."""
    for marker, (name, _) in ENGINES.items():
        if item.get_closest_marker(marker) is None:
            continue
        reason = why_missing(marker)
        if reason is None:
            continue
        text = f"{LABEL} ({name}): {reason}"
        if in_ci():
            pytest.fail(f"{text}; with CI=true that is a failure", pytrace=False)
        pytest.skip(text)


def not_run(reporter: pytest.TerminalReporter) -> dict[str, list[str]]:
    """Reasons, each with the tests that were skipped for it."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[reason.removeprefix("Skipped: ")].append(report.nodeid)
    return dict(sorted(reasons.items()))


def summarize(reporter: pytest.TerminalReporter) -> None:
    missed = not_run(reporter)
    if missed:
        reporter.section(LABEL, yellow=True)
    for reason, tests in missed.items():
        files = Counter(test.split("::")[0] for test in tests)
        reporter.line(f"{reason.removeprefix(LABEL + ' ')}: {len(tests)} tests")
        for file, count in sorted(files.items()):
            reporter.line(f"    {file}: {count}")
    if missed and in_ci():
        reporter.line("with CI=true a skipped test is a failure", red=True)
    leave_results(reporter, missed)


def leave_results(reporter: pytest.TerminalReporter, missed: dict[str, list[str]]) -> None:
    file = os.environ.get(RESULTS)
    # A worker of pytest-xdist sums up its share too; the controller's sum has them all.
    if file is None or "PYTEST_XDIST_WORKER" in os.environ:
        return
    counts = {kind: len(reporter.stats.get(kind, [])) for kind in ("passed", "failed", "error", "skipped")}
    line = {"counts": counts, "not_run": {reason: len(tests) for reason, tests in missed.items()}}
    with Path(file).open("a") as results:
        results.write(json.dumps(line) + "\n")
