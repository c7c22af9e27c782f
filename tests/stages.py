"""Runs the checks and tests stage by stage, stops after the first stage that fails, and sums it all up.

`make test` runs all stages; names of stages as arguments run those alone.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# Three processes, for much is waited for; each file whole in one of them: its tests run in order, and share what is
# costly to start. Files are begun in the order of engines/order.py.
PYTEST = ("pytest", "--quiet", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "5")
# What needs `sam build`. Its containers come with network devices, and a browser whose machine gets another one drops
# every request at once: so these are not run beside browser tests.
BUILT = ("tests/integration/test_sam_local.py", "tests/integration/test_runtime_emulator.py")


@dataclass(frozen=True)
class Stage:
    name: str
    what: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    stage: Stage
    passed: bool
    seconds: float


STAGES = (
    Stage("format", "the code's layout", ("ruff", "format", "--check", ".")),
    Stage("lint", "the code's style", ("ruff", "check", ".")),
    Stage("types", "types", ("mypy",)),
    *(
        # Every function's file is named app: one run each, or the type checker takes them for one module.
        Stage(f"types-{app.parent.name}", f"types of {app.parent.name}", ("mypy", str(app.relative_to(ROOT))))
        for app in sorted(ROOT.glob("functions/*/app.py"))
    ),
    Stage("imports", "who imports whom", ("lint-imports",)),
    Stage("quick", "unit and property tests", (*PYTEST, "tests/property", "tests/unit")),
    Stage("built", "template tests, built functions", (*PYTEST, *BUILT, "tests/template")),
    Stage(
        "whole",
        "proofs, integration and end-to-end tests",
        (*PYTEST, *(f"--ignore={file}" for file in BUILT), "tests/e2e", "tests/integration", "tests/proofs"),
    ),
)


def run(stage: Stage, results: Path) -> Outcome:
    say(f"\n━━ {stage.name}: {stage.what}\n")
    started = time.monotonic()
    program, *arguments = stage.command
    environment = {**os.environ, "PAYLINK_TEST_RESULTS": str(results)}
    done = subprocess.run(
        [BIN / program, *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
    )
    return Outcome(stage, passed=done.returncode == 0, seconds=time.monotonic() - started)


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def summary(outcomes: list[Outcome], wanted: list[Stage], results: Path) -> str:
    lines = ["", "━━ summary", ""]
    for outcome in outcomes:
        word = "passed" if outcome.passed else "FAILED"
        lines += [f"  {word:8} {outcome.seconds:6.1f} s  {outcome.stage.what}"]
    lines += [f"  {'-':8} {'':6}    {stage.what} (not reached)" for stage in wanted[len(outcomes) :]]

    counts: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for line in results.read_text().splitlines():
        one = json.loads(line)
        counts.update(one["counts"])
        missed.update(one["not_run"])
    for reason, tests in sorted(missed.items()):
        lines.append(f"  {reason}: {tests} tests")
    if counts:
        failed = counts["failed"] + counts["error"]
        lines += ["", f"{counts['passed']} passed, {failed} failed, {counts['skipped']} skipped"]
    return "\n".join([*lines, ""])


def main(names: list[str]) -> int:
    unknown = set(names) - {stage.name for stage in STAGES}
    if unknown:
        say(
            f"no such stage: {', '.join(sorted(unknown))}; there are {', '.join(one.name for one in STAGES)}\n"
        )
        return 2
    wanted = [stage for stage in STAGES if not names or stage.name in names]
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="paylink-tests-") as folder:
        results = Path(folder) / "results"
        results.touch()
        for stage in wanted:
            outcomes.append(run(stage, results))
            if not outcomes[-1].passed:
                break
        say(summary(outcomes, wanted, results))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
