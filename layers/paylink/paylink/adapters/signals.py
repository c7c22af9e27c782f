"""Log lines and metrics through Powertools: ids, outcomes and counts, never a secret or a buyer's data."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Unexpected(Exception):
    """A fault of ours, told by its type and place alone, since the platform logs what a handler raises."""


class PowertoolsSignals:
    """What the engineer on call sees."""

    def __init__(self, level: str | None = None, loaded: Callable[[], None] = lambda: None) -> None:
        """`level` is the lowest to be logged; `loaded` is called after each event: all that is loaded now is."""
        self._loaded = loaded
        self._logger = Logger()
        if level is not None:
            # Its own method would rather take Lambda's level, below which Lambda would drop the metrics too.
            logging.getLogger(self._logger.name).setLevel(level)
        self._metrics = Metrics()

    def count(self, name: str) -> None:
        """Adds one to a metric."""
        self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)

    def measure(self, name: str, seconds: float) -> None:
        """Notes a span of time as a metric."""
        self._metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)

    def note(self, event: str, **ids: object) -> None:
        """Writes a log line."""
        self._logger.info(event, extra=ids)

    def warn(self, event: str, **ids: object) -> None:
        """Writes a log line that someone should look at."""
        self._logger.warning(event, extra=ids)

    def around(self, handler: Handler) -> Handler:
        """The handler with the request's id in every line, its metrics flushed, and unknown errors logged.

        An unknown error goes on as Unexpected, so that the platform counts it too. Only its type and place
        are told: its text may quote what a stranger sent.
        """

        @wraps(handler)
        def wrapped(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 — Lambda's own object
            request_id = event.get("requestContext", {}).get("requestId", "")
            self._logger.append_keys(request_id=request_id)
            try:
                return handler(event, context)
            except Exception as error:  # noqa: BLE001 — whatever it is goes on
                place = _place(error)
                self._logger.error("unexpected", extra={"kind": type(error).__name__, "place": place})  # noqa: TRY400 — no text
                raise Unexpected(f"{type(error).__name__} at {place}") from None
            finally:
                if self._metrics.metric_set:
                    self._metrics.flush_metrics()
                self._loaded()

        return wrapped


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (
        "" if trace is None else f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
    )
