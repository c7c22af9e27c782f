"""A world outside of pytest: DynamoDB Local, moto and the sandbox, with credentials that open nothing."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import AWS_SETTINGS
from engines.dynamodb_local import running_dynamodb_local
from engines.places import TOOLS

from .world import World, opened


@contextmanager
def engine() -> Iterator[World]:
    """A world on a DynamoDB Local of its own."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.update(AWS_SETTINGS)
    with tempfile.TemporaryDirectory(prefix="paylink-proof-") as folder:
        log = Path(folder) / "dynamodb-local.log"
        with running_dynamodb_local(log) as endpoint, opened(endpoint) as world:
            yield world


def engine_version() -> str:
    """The DynamoDB Local that is used, by the package that carries it."""
    script = (TOOLS / "dynamodb-local.sh").read_text()
    package, version = (
        re.search(rf"^{name}=(\S+)", script, re.MULTILINE)[1] for name in ("package", "version")
    )  # type: ignore[index]
    return f"DynamoDB Local from {package} {version}"
