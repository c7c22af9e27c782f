"""The owner's level of logging, and Python's own ways once a function has worked."""

import gc
import json
import logging
import subprocess
import sys

import pytest

from paylink.adapters.signals import PowertoolsSignals
from paylink.settings import log_level

LEVELS = {"DEBUG": logging.DEBUG, "INFO": logging.INFO, "WARN": logging.WARNING, "ERROR": logging.ERROR}


@pytest.mark.parametrize("level", LEVELS)
def test_lambdas_own_level_does_not_win_over_the_owners(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", f"level-{level}")
    # As the template sets both: Lambda's goes down with the owner's, never up.
    monkeypatch.setenv("AWS_LAMBDA_LOG_LEVEL", "DEBUG" if level == "DEBUG" else "INFO")
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", level)
    signals = PowertoolsSignals(log_level({"POWERTOOLS_LOG_LEVEL": level}))
    assert signals._logger.log_level == LEVELS[level]


def test_after_the_first_event_garbage_is_looked_for_as_python_does() -> None:
    seen = (
        "import gc, json; own = gc.get_threshold()\n"
        "from paylink.bootstrap import loaded\n"
        "from paylink.adapters.signals import PowertoolsSignals\n"
        "loading = gc.get_threshold()\n"
        "handler = PowertoolsSignals('ERROR', loaded).around(lambda event, context: {})\n"
        "handler({}, None); frozen = gc.get_freeze_count(); handler({}, None)\n"
        "print(json.dumps([own, loading, gc.get_threshold(), frozen > 0]))"
    )
    environment = {"PYTHONPATH": ":".join(sys.path), "POWERTOOLS_METRICS_NAMESPACE": "x"}
    done = subprocess.run(
        [sys.executable, "-c", seen],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environment,
        timeout=60,
    )
    own, loading, after, frozen = json.loads(done.stdout)
    assert loading[0] > own[0]
    assert (after, frozen) == (own, True)
    assert gc.isenabled()
