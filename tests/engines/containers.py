"""The container engine under `sam local`, brought up and taken down by tools/lambda-image.sh."""

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from engines.places import CACHE, TOOLS

SCRIPT = TOOLS / "lambda-image.sh"
UP_SECONDS = 420


@pytest.fixture(scope="session")
def container_engine() -> Iterator[dict[str, str]]:
    """Environment variables by which `sam local` finds the engine."""
    up = subprocess.run(
        [SCRIPT, "up"],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=UP_SECONDS,
        check=True,
    )
    exports = [line.removeprefix("export ").partition("=") for line in up.stdout.splitlines()]
    yield {name: value for name, _, value in exports}
    subprocess.run([SCRIPT, "down"], timeout=60, check=True)


@pytest.fixture(scope="session")
def lend_ports(container_engine: dict[str, str]) -> Callable[[Iterable[int]], None]:
    """Names the ports of this machine that containers started from now on reach at 127.0.0.1."""
    state = Path(os.environ.get("LAMBDA_IMAGE_DIR") or CACHE / "lambda-image")

    def lend(ports: Iterable[int]) -> None:
        (state / "ports").write_text("".join(f"{port}\n" for port in ports))

    return lend
