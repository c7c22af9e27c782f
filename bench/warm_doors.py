"""The functions' doors to other people's code, and how `bench.warm` counts what lies behind each of them apart.

| door | what is behind it |
|---|---|
| `BaseClient._make_api_call` | the SDK: botocore, its urllib3, signing, parsing |
| `requests.Session.post`, the answer's `read` and `close` | HTTP to the gateway |
| `Logger.info`, `warning`, `append_keys` | logging |
| `Metrics.add_metric`, `flush_metrics` | metrics |
"""

import contextlib
import importlib.util
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Self

from bench.fixtures import MERCHANT_ID, MERCHANT_KEY, STACK_KEY, items
from bench.places import ROOT
from bench.stub import created
from bench.targets import variables

GATEWAY: Final = "http://127.0.0.1:9"
SECRET: Final = json.dumps({"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY, "key": STACK_KEY})


class Context:
    """What Lambda tells a handler about the call."""

    function_name = "function"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:function"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """The function's whole time."""
        return 20_000


@contextlib.contextmanager
def nowhere() -> Iterator[None]:
    """Takes log lines and metrics, which functions loaded within the block write to the standard output."""
    with Path(os.devnull).open("w", encoding="utf-8") as sink, contextlib.redirect_stdout(sink):
        yield


def load(function: str, url: str = GATEWAY) -> ModuleType:
    """`functions/<function>/app.py` as a cold start loads it, AWS and the gateway at `url`."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(variables(function, url))
    os.environ.update({"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull})
    return module_of(function, ROOT / "functions" / function / "app.py")


def module_of(name: str, file: Path) -> ModuleType:
    """A handler's file as a fresh module."""
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def aws_answer(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """What AWS says, as the SDK gives it."""
    if operation == "GetItem":
        key = tuple(part["S"] for part in request["Key"].values())
        item = ITEMS.get(key)
        return {} if item is None else {"Item": item}
    return {"SecretString": SECRET} if operation == "GetSecretValue" else {}


ITEMS: Final = items()
GATEWAY_ANSWER: Final = created("/init_payment.php", b"pg_salt=0a1b2c3d4e5f6071")


class CannedAnswer:
    """The gateway's answer as `requests` gives it to the client."""

    status_code = 200

    def __init__(self) -> None:
        self.raw = self
        self._body = io.BytesIO(GATEWAY_ANSWER)

    def read(self, size: int, *, decode_content: bool) -> bytes:  # noqa: ARG002 — urllib3's own signature
        """The next piece."""
        return self._body.read(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def shut() -> None:
    """Answers at each door at once, so that nothing but our own code runs."""
    import requests  # noqa: PLC0415 — the callback must not find it loaded
    from aws_lambda_powertools import Logger, Metrics  # noqa: PLC0415 — loaded by the function before
    from botocore.client import BaseClient  # noqa: PLC0415 — as above

    BaseClient._make_api_call = lambda _, operation, request: aws_answer(operation, request)  # noqa: SLF001 — the door
    requests.Session.post = lambda *_, **__: CannedAnswer()
    for owner, names in (
        (Logger, ("info", "warning", "append_keys")),
        (Metrics, ("add_metric", "flush_metrics")),
    ):
        for name in names:
            setattr(owner, name, _nothing)


def _nothing(*_: object, **__: object) -> None:
    pass


def watch(around: Callable[[str, Callable[..., Any]], Callable[..., Any]]) -> None:
    """Puts `around(part, function)` in the place of each door's function; the part's name as in PARTS."""
    import requests  # noqa: PLC0415 — as above
    import urllib3  # noqa: PLC0415 — as above
    from aws_lambda_powertools import Logger, Metrics  # noqa: PLC0415 — as above
    from botocore.client import BaseClient  # noqa: PLC0415 — as above

    from paylink.freedompay import connections  # noqa: PLC0415 — as above

    doors: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
        ("SDK", BaseClient, ("_make_api_call",)),
        ("HTTP", requests.Session, ("post", "close")),
        ("HTTP", requests.Response, ("close",)),
        ("HTTP", urllib3.HTTPResponse, ("read",)),
        ("logging", Logger, ("info", "warning", "append_keys")),
        ("metrics", Metrics, ("add_metric", "flush_metrics")),
        # What urllib3 calls of ours counts as ours again.
        (OWN, connections._TimedReader, ("readinto",)),  # noqa: SLF001 — as above
        (OWN, connections._TimedResponse, ("__init__",)),  # noqa: SLF001 — as above
        (OWN, connections._Connection, ("send",)),  # noqa: SLF001 — as above
    )
    for part, owner, names in doors:
        for name in names:
            setattr(owner, name, around(part, getattr(owner, name)))


OWN: Final = "our own code"
PARTS: Final = (OWN, "SDK", "HTTP", "logging", "metrics")
