"""A function of the stack, loaded into this process with the environment that the template gives it."""

import importlib.util
import itertools
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from aws_lambda_powertools import Metrics

from engines.places import ROOT
from engines.template import environment
from integration.deployment import Deployment

ORIGIN = "https://shop.example"
SHOP_URL = "https://shop.example/thanks"
LOGGER = "paylink"

numbers = itertools.count(1)


class CurrentOutput:
    """Standard output, whichever pytest has put in its place at the moment."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


class Context:
    """What Lambda tells a handler about the call."""

    function_name = "function"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:function"

    def __init__(self, milliseconds: int = 20_000) -> None:
        self.aws_request_id = f"invocation-{next(numbers)}"
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


@dataclass(frozen=True)
class LoadedFunction:
    """`functions/<name>/app.py`, imported as a fresh module."""

    module: ModuleType

    @property
    def parts(self) -> Any:
        """What the function works with, for a test that turns its clock."""
        return self.module.parts

    def __call__(self, event: Mapping[str, Any], *, milliseconds: int = 20_000) -> dict[str, Any]:
        """The handler's answer to an event, which has travelled as JSON both ways as it does in Lambda."""
        sent = json.loads(json.dumps(event))
        answer: dict[str, Any] = json.loads(
            json.dumps(self.module.handler(sent, Context(milliseconds)), allow_nan=False)
        )
        return answer


def load(
    name: str, deployment: Deployment, monkeypatch: pytest.MonkeyPatch, **parameters: str
) -> LoadedFunction:
    """A function as a cold start loads it; `parameters` are the template's (`KeepContacts="30"`)."""
    logical_id = "".join(word.capitalize() for word in name.split("_"))
    chosen = {"AllowedOrigins": ORIGIN, "ShopUrl": SHOP_URL, **parameters}
    for variable, text in environment(logical_id, deployment.physical_ids, **chosen).items():
        monkeypatch.setenv(variable, text)
    forget_powertools()
    path = ROOT / "functions" / name / "app.py"
    spec = importlib.util.spec_from_file_location(f"{name}_{next(numbers)}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for handler in logging.getLogger(LOGGER).handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(CurrentOutput())
    return LoadedFunction(module)


def forget_powertools() -> None:
    """Undoes what Powertools keeps for the life of a process: its logger's output and level, waiting metrics."""
    logger = logging.getLogger(LOGGER)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    for name in ("init", "powertools_handler", "powertools_buffer_config", "powertools_buffer_cache"):
        logger.__dict__.pop(name, None)
    logger.setLevel(logging.NOTSET)
    Metrics(namespace="Paylink", service="paylink").clear_metrics()
