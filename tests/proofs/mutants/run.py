"""Runs tests against every mutant of the domain and of the signature, and writes what survived.

`python tests/proofs/mutants/run.py MUTANTS RESULTS [--seconds N] [--only WORD]`: MUTANTS are the lines of
generate.py. RESULTS gets a line for each mutant, and what stands there already is not run again, so that a run can
be cut into slices. First the tests run once, unchanged, and it is noted which of them reach which line; a mutant
then meets those that reach its line, the quick ones first. Each meets them in a fork of its own, for which all
libraries are loaded but not a line of Paylink.
"""

import argparse
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
LAYER = ROOT / "layers/paylink"
TESTS = (
    *(
        "tests/unit/domain",
        "tests/unit/freedompay/test_signature.py",
        "tests/unit/offers",
        "tests/unit/receipts",
    ),
    *("tests/unit/freedompay/test_refunds.py", "tests/unit/web/test_order_json.py"),
    *(
        f"tests/property/test_{name}.py"
        for name in ("money", "orders", "receipt_shares", "requests", "signature")
    ),
)
OPTIONS = (
    *("-q", "-x", "--noconftest", "-p", "no:cacheprovider", "--no-header", "--tb=no", "--assert=plain"),
    # No plugins, so none of the options for them; that libraries are loaded already would be an error.
    *("-o", "addopts=", "--import-mode=importlib", "-o", "filterwarnings=ignore"),
)
LIBRARIES = (
    "hypothesis",
    "hypothesis.strategies",
    "xml.etree.ElementTree",
    "defusedxml.ElementTree",
    "requests",
)
TOOL = sys.monitoring.PROFILER_ID
Reached = dict[tuple[str, int], set[str]]


class Reach:
    """A pytest plugin that notes which test reaches which line of the layer, and how long each takes."""

    def __init__(self) -> None:
        self.lines: Reached = {}
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self._test = ""
        self._began = 0.0

    def begin(self) -> None:
        sys.monitoring.use_tool_id(TOOL, "reach")
        sys.monitoring.register_callback(TOOL, sys.monitoring.events.LINE, self._line)
        sys.monitoring.set_events(TOOL, sys.monitoring.events.LINE)

    def _line(self, code: CodeType, line: int) -> object:
        if code.co_filename.startswith(str(LAYER)):
            self.lines.setdefault((code.co_filename, line), set()).add(self._test)
        return sys.monitoring.DISABLE

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._test, self._began = nodeid, time.perf_counter()
        sys.monitoring.restart_events()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        self.seconds[report.nodeid] = time.perf_counter() - self._began


class Failures:
    """A pytest plugin that runs the given tests in their order and keeps the name of the first that fails."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.first = ""
        self._places = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._places),
            key=lambda item: self._places[item.nodeid],
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.first = self.first or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.first = self.first or f"import of {report.nodeid}"


class Instead(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads a mutant's source in place of its module."""

    def __init__(self, name: str, path: str, source: str) -> None:
        self._name, self._path, self._source = name, path, source

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(name, self._path, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, self._path, "exec"), module.__dict__)  # noqa: S102 — that is the point


def prepare() -> None:
    """Settles what a fork finds: libraries, paths, and the same examples of every property each time."""
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path[:0] = [str(LAYER), str(ROOT / "tools"), str(ROOT / "tests")]
    for name in LIBRARIES:
        importlib.import_module(name)
    from hypothesis import HealthCheck, settings  # noqa: PLC0415

    quiet = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    settings.register_profile("mutants", derandomize=True, database=None, max_examples=40, **quiet)
    settings.load_profile("mutants")
    os.environ.update(
        AWS_DEFAULT_REGION="eu-central-1", AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing"
    )


def pytest_run(arguments: Sequence[str], plugin: object) -> int:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return int(pytest.main([*OPTIONS, *arguments], plugins=[plugin]))


def in_fork(work: Any, limit: float) -> Any:
    """What `work()` answers in a fork; None where it takes longer than `limit` seconds or dies."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.alarm(int(limit) + 1)
        answer = work()
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(answer, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        raw = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(raw) if raw else None  # noqa: S301 — our own child wrote it


def reached() -> tuple[Reached, dict[str, float]]:
    """One run of all tests, unchanged. Raises SystemExit where one fails: then no mutant tells anything."""

    def work() -> tuple[Reached, dict[str, float], list[str]]:
        reach = Reach()
        reach.begin()
        pytest_run([one for one in TESTS if one], reach)
        return reach.lines, reach.seconds, reach.failed

    answer = in_fork(work, 600)
    if answer is None or answer[2]:
        raise SystemExit(f"the tests do not pass without a mutant: {answer and answer[2]}")
    return answer[0], answer[1]


def chosen(mutant: dict[str, Any], lines: Reached, seconds: dict[str, float], most: float = 6.0) -> list[str]:
    """The tests that reach the mutant's line, quick ones first; for a line that runs on import, the module's tests."""
    path = str(ROOT / mutant["module"])
    here = {test for test in lines.get((path, mutant["line"]), set()) if test}
    if not here:
        # What stands on several lines is reached by its first one; what runs on import, before any test.
        last = max(
            (at for file, at in lines if file == path and at <= mutant["line"] and lines[file, at] != {""}),
            default=0,
        )
        near = (
            {test for test in lines.get((path, last), set()) if test} if mutant["line"] - last < 12 else set()
        )
        # A default is read by code that the interpreter makes: any test beside those that reach the module may be it.
        files = {
            test.partition("::")[0]
            for (file, _), tests in lines.items()
            if file == path
            for test in tests
            if test
        }
        if not files:
            # A module that holds nothing but data: its lines all run on import.
            name = f"domain.{Path(mutant['module']).stem} import"
            tested = {test.partition("::")[0] for test in seconds}
            files = {file for file in tested if name in (ROOT / file).read_text()}
        whole = {test for test in seconds if test.partition("::")[0] in files}
        here = near | whole
    picked, spent = [], 0.0
    for test in sorted(here, key=lambda one: (seconds.get(one, 0.0), one)):
        spent += seconds.get(test, 0.0)
        if spent > most:
            break
        picked.append(test)
    return picked


def meet(mutant: dict[str, Any], tests: Sequence[str]) -> str:
    """The test that fails on the mutant; "" where none does."""
    name = mutant["module"].removeprefix("layers/paylink/").removesuffix(".py").replace("/", ".")

    def work() -> str:
        sys.meta_path.insert(0, Instead(name, str(ROOT / mutant["module"]), mutant["source"]))
        failures = Failures(tests)
        code = pytest_run(sorted({test.partition("::")[0] for test in tests}), failures)
        # Where none of them could be collected nothing was noticed.
        unnoticed = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
        return failures.first or ("" if code in unnoticed else f"pytest ended with {code}")

    if not tests:
        return ""
    answer = in_fork(work, 25)
    return "took too long, or died" if answer is None else str(answer)


def identity(mutant: dict[str, Any]) -> str:
    """What names a mutant over runs."""
    text = f"{mutant['module']}\n{mutant['operator']}\n{mutant['source']}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("mutants", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--only", default="")
    parser.add_argument("--again", action="store_true", help="run again what survived")
    parser.add_argument("--processes", type=int, default=0, help="how many at once; as many as processors")
    arguments = parser.parse_args()
    until = time.monotonic() + arguments.seconds
    prepare()
    lines, seconds = reached()
    known: dict[str, dict[str, Any]] = {}
    if arguments.results.exists():
        known = {one["id"]: one for one in map(json.loads, arguments.results.read_text().splitlines())}
    if arguments.again:
        known = {key: one for key, one in known.items() if one["killed"]}
        arguments.results.write_text("".join(json.dumps(one) + "\n" for one in known.values()))
    mutants = [json.loads(line) for line in arguments.mutants.read_text().splitlines()]
    wanted = [one for one in mutants if identity(one) not in known and arguments.only in one["module"]]
    shares = arguments.processes or os.cpu_count() or 1
    children = [
        started(lambda share=share: meet_all(wanted[share::shares], arguments.results, until, lines, seconds))
        for share in range(shares)
    ]
    failed = [child for child in children if os.waitpid(child, 0)[1] != 0]
    met = len(arguments.results.read_text().splitlines())
    sys.stdout.write(f"{met} mutants met, {len(mutants) - met} left\n")
    if failed:
        raise SystemExit(f"{len(failed)} of {shares} processes failed")


def started(work: Callable[[], None]) -> int:
    """The id of a fork that does the work."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:  # noqa: BLE001 — this process is nobody's but ours, and ends here
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def meet_all(
    mutants: Sequence[dict[str, Any]], to: Path, until: float, lines: Reached, seconds: dict[str, float]
) -> None:
    """Meets one mutant after the other; a line of results is written whole, so several may write at once."""
    with to.open("a") as results:
        for mutant in mutants:
            if time.monotonic() > until:
                return
            tests = chosen(mutant, lines, seconds)
            killed = meet(mutant, tests)
            told = {name: mutant[name] for name in ("module", "operator", "line", "before", "after")}
            results.write(
                json.dumps({"id": identity(mutant), **told, "tests": len(tests), "killed": killed}) + "\n"
            )
            results.flush()


if __name__ == "__main__":
    main()
