"""Watches all that functions write down: what they print and log, what they raise, and every item of the table."""

import json
import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from integration.recognisable import Searcher

# Programs that stand in for AWS and the gateway in this very process; none of them is deployed.
STAND_INS = ("moto", "responses", "werkzeug", "flask", "freedompay_sandbox", "hypothesis", "asyncio")

# What logging itself puts into each record: clocks have many digits, and in those any short number turns up some day.
OF_LOGGING = {"msg", "args", "created", "msecs", "relativeCreated", "thread", "process"}


class Collector(logging.Handler):
    """The lines of every logger, as Lambda's own handler at the root would print them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in STAND_INS:
            return
        extra = {name: str(value) for name, value in vars(record).items() if name not in OF_LOGGING}
        self.lines.append(f"{record.name} {record.getMessage()} {extra}")
        if record.exc_info:
            self.lines.append("".join(traceback.format_exception(*record.exc_info)))


class Watch:
    """Runs handlers and fails as soon as something recognisable was written down."""

    def __init__(
        self, capsys: pytest.CaptureFixture[str], deployment: Deployment, values: Mapping[str, Iterable[str]]
    ) -> None:
        self._capsys = capsys
        self._deployment = deployment
        self._searcher = Searcher(values)
        self._signatures: dict[str, str] = {}
        self.collector = Collector()
        self.steps: dict[str, int | None] = {}
        self.kept: set[tuple[str, str]] = set()

    def watch_for_signature(self, signature: str, step: str) -> None:
        """Watches for a message's signature, and for either half of it, from now on."""
        self._signatures |= dict.fromkeys((signature[:16], signature[16:]), f"the signature of {step}")

    def run(self, step: str, function: LoadedFunction, event: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer to an event, None where the handler raised; whatever was written is searched."""
        raised, answer = "", None
        try:
            answer = function(event)
        except Exception as error:  # noqa: BLE001 — what Lambda would log of it is searched like everything else
            raised = "".join(traceback.format_exception(error))
        self.steps[step] = None if answer is None else answer["statusCode"]
        self.search(step, raised)
        return answer

    def search(self, step: str, raised: str = "") -> None:
        printed = self._capsys.readouterr()
        items = [
            item for item in self._deployment.items() if (item["pk"]["S"], item["sk"]["S"]) not in self.kept
        ]
        stored = json.dumps(items, ensure_ascii=False, default=repr)
        logged = "\n".join(self.collector.lines)
        self.collector.lines.clear()
        places = {"printed": printed.out + printed.err, "logged": logged, "raised": raised, "stored": stored}
        for place, text in places.items():
            found = self._searcher.found(text)
            found += [name for half, name in self._signatures.items() if half in text.lower()]
            assert not found, f"{step}: {place}: {found[:5]}"


def root_logging(collector: Collector, level: str) -> Callable[[], None]:
    """Logs everything to a collector at the level of a function's settings, as Lambda's runtime does.

    Returns what ends it.
    """
    root = logging.getLogger()
    before = root.level
    root.addHandler(collector)
    root.setLevel(level)

    def end() -> None:
        root.removeHandler(collector)
        root.setLevel(before)

    return end
