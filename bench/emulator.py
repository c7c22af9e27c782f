"""One fresh start after another under AWS's Lambda runtime emulator, with AWS's own runtime client."""

import http.client
import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.places import WORK
from engines.lambda_runtime import emulator
from engines.places import RUNTIME_ENVIRONMENT
from engines.processes import LOOPBACK, free_port, serving, tail

SECONDS = 20
_INVOKE = "/2015-03-31/functions/function/invocations"
_INIT = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)\)")
"""The emulator's own word. Its REPORT line's "Init Duration" counts no part of it, and its "Duration" both."""
TRACE = "Root=1-69a40de0-000000000000000000000001;Parent=0000000000000001;Sampled=1"
"""The template traces actively, so an event of the service comes with this header."""


@dataclass(frozen=True, slots=True)
class Target:
    """A function as it is deployed: its folder, what else lies on its path, its environment."""

    name: str
    code: Path
    variables: Mapping[str, str]
    layer: Path | None = None

    def environment(self) -> dict[str, str]:
        """The process's environment as the service makes it."""
        path = [str(self.code), *([str(self.layer)] if self.layer else [])]
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": ":".join(path),
            "PYTHONDONTWRITEBYTECODE": "1",  # the folders are read-only in Lambda
            "LAMBDA_TASK_ROOT": str(self.code),
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(SECONDS),
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            **self.variables,
        }


@dataclass(frozen=True, slots=True)
class Start:
    """One fresh start: from the first event to its answer, and what of it was Init, both in milliseconds.

    `peak` is the most memory that the runtime's process had resident, in MB.
    """

    total: float
    init: float
    peak: float
    answer: dict[str, Any]
    log: str


def start(target: Target, event: dict[str, Any]) -> Start:
    """Starts the function anew, sends it one event, ends it. Raises AssertionError where it did not answer."""
    port, api_port = free_port(), free_port()
    WORK.mkdir(parents=True, exist_ok=True)
    log = WORK / f"start-{os.getpid()}.log"
    command = [
        emulator(WORK),
        "--runtime-interface-emulator-address",
        f"{LOOPBACK}:{port}",
        "--runtime-api-address",
        f"{LOOPBACK}:{api_port}",
        RUNTIME_ENVIRONMENT / "bin" / "python",
        "-m",
        "awslambdaric",
        "app.handler",
    ]
    body = json.dumps(event)
    with serving(command, port, log, env=target.environment(), cwd=target.code) as emulated:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS + 5)
        # The emulator starts the runtime when the first event comes.
        began = time.perf_counter()
        connection.request("POST", _INVOKE, body, {"X-Amzn-Trace-Id": TRACE})
        answer = json.load(connection.getresponse())
        total = (time.perf_counter() - began) * 1000
        connection.close()
        peak = _peak(emulated.pid)
        said = tail(log, 10**6)
    if "errorType" in answer:
        raise AssertionError(f"{target.name}: {answer}\n{said}")
    init = _INIT.search(said)
    assert init is not None, said
    return Start(total, float(init[1]), peak, answer, said)


def _peak(emulator_pid: int) -> float:
    """The peak of the process that the emulator started, as Linux counts it."""
    children = Path(f"/proc/{emulator_pid}/task").glob("*/children")
    [pid] = {pid for listed in children for pid in listed.read_text().split()}
    status = Path(f"/proc/{pid}/status").read_text()
    kilobytes = re.search(r"VmHWM:\s+([0-9]+) kB", status)
    assert kilobytes is not None
    return int(kilobytes[1]) * 1024 / 1_000_000
