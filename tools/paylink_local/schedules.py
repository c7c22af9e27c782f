"""Runs functions on the template's schedules, by the clock of the stand-in gateway, which a test may turn."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from paylink_local.errors import TemplateError
from paylink_local.payload import HttpRequest, HttpResponse
from paylink_local.template import ACCOUNT_ID, REGION, Template
from paylink_local.workers import InvocationError, Json

SCHEDULES_PATH = "/local/reconcile"
"""A POST there runs what is scheduled at once and answers with what each function said."""
Invoke = Callable[[Mapping[str, Any]], Json]
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_LOOK_SECONDS = 0.2


@dataclass
class _Schedule:
    function: str
    every: timedelta
    due: datetime


class Schedules:
    """The scheduled functions of a template. `now` is the clock that they follow."""

    def __init__(
        self, template: Template, now: Callable[[], datetime], log: Callable[[str, str], None]
    ) -> None:
        """Read the schedules; raises TemplateError for one that is no rate."""
        self._now = now
        self._log = log
        self._invoke: Mapping[str, Invoke] = {}
        self._schedules = [
            _Schedule(function, every, now() + every)
            for function, every in (
                (function, _every(str(template.resolve(properties.get("Schedule")))))
                for function, properties in template.sources("Schedule")
            )
        ]
        self._stopping = threading.Event()
        self._at_work = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self, invoke: Mapping[str, Invoke]) -> None:
        """Begin, with the functions by logical id."""
        self._invoke = invoke
        self._thread.start()

    def stop(self) -> None:
        """Begin no further run; one that is under way ends with its worker."""
        self._stopping.set()

    def join(self, seconds: float = 5.0) -> None:
        """Wait until the last run has ended."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def run_now(self) -> dict[str, Json]:
        """Run every scheduled function at once, after a run that is under way; what each said, by its name."""
        return {schedule.function: self._called(schedule) for schedule in self._schedules}

    def page(self, _: HttpRequest) -> HttpResponse:
        """Answer a POST of SCHEDULES_PATH."""
        body = json.dumps(self.run_now()).encode()
        return HttpResponse(200, (("content-type", "application/json"),), body)

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_SECONDS):
            for schedule in self._schedules:
                # After a turn of the clock one run is enough: each looks at all that is due by then.
                if self._now() >= schedule.due and not self._stopping.is_set():
                    self._called(schedule)

    def _called(self, schedule: _Schedule) -> Json:
        with self._at_work:
            now = self._now()
            schedule.due = now + schedule.every
            try:
                return self._invoke[schedule.function](_event(schedule.function, now))
            except InvocationError as error:
                if not self._stopping.is_set():
                    self._log("schedule", json.dumps({"level": "ERROR", "message": str(error)}))
                return {"error": str(error)}


def _every(expression: str) -> timedelta:
    found = _RATE.fullmatch(expression)
    if found is None:
        raise TemplateError(
            f"template.yaml: the local run knows schedules such as rate(1 minute), not {expression}"
        )
    return timedelta(**{f"{found[2]}s": int(found[1])})


def _event(function: str, now: datetime) -> dict[str, Any]:
    rule = f"arn:aws:events:{REGION}:{ACCOUNT_ID}:rule/{function}"
    return {
        "version": "0",
        "id": "00000000-0000-4000-8000-000000000000",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [rule],
        "detail": {},
    }
