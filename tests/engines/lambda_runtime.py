"""AWS's Lambda runtime emulator: a built function in a process of its own, under the service's runtime client."""

import contextlib
import http.client
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engines.places import RUNTIME_ENVIRONMENT, SAM_ENVIRONMENT
from engines.processes import LOOPBACK, free_port, serving, tail
from engines.template import functions


@dataclass(frozen=True)
class RunningFunction:
    """A function that waits for events."""

    port: int
    log: Path
    seconds: int
    """The function's own time-out: what it does may depend on how much of it is left."""

    def invoke(self, event: dict[str, Any]) -> dict[str, Any]:
        """The handler's answer; AssertionError with the log where it raised."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=self.seconds + 5)
        with contextlib.closing(connection):
            connection.request("POST", "/2015-03-31/functions/function/invocations", json.dumps(event))
            answer: dict[str, Any] = json.load(connection.getresponse())
        assert "errorType" not in answer, f"{answer}\n{tail(self.log)}"
        return answer


Start = Callable[..., RunningFunction]


def emulator(folder: Path) -> Path:
    """The emulator's program, which lies in the SAM command line's package without the right to run."""
    packed = next(
        SAM_ENVIRONMENT.glob("lib/python3.*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64")
    )
    program = folder / packed.name
    if not program.exists():
        shutil.copyfile(packed, program)
        program.chmod(0o755)
    return program


@pytest.fixture
def lambda_runtime(tmp_path: Path) -> Iterator[Start]:
    """Starts a built function, `start(build_folder, "CreatePayment", variables)`, and ends it after the test."""
    with contextlib.ExitStack() as running:

        def start(build: Path, function: str, variables: dict[str, str]) -> RunningFunction:
            port, api_port = free_port(), free_port()
            code, log = build / function, tmp_path / f"{function}-{port}.log"
            seconds = functions()[function]["Timeout"]
            command = [
                emulator(tmp_path),
                "--runtime-interface-emulator-address",
                f"{LOOPBACK}:{port}",
                "--runtime-api-address",
                f"{LOOPBACK}:{api_port}",
                RUNTIME_ENVIRONMENT / "bin" / "python",
                "-m",
                "awslambdaric",
                "app.handler",
            ]
            env = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": f"{code}:{build / 'PaylinkLayer' / 'python'}",
                "PYTHONDONTWRITEBYTECODE": "1",
                "LAMBDA_TASK_ROOT": str(code),
                "AWS_LAMBDA_FUNCTION_NAME": function,
                "AWS_LAMBDA_FUNCTION_VERSION": "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
                "AWS_LAMBDA_FUNCTION_TIMEOUT": str(seconds),
                "AWS_LAMBDA_LOG_FORMAT": "JSON",
                **variables,
            }
            running.enter_context(serving(command, port, log, env=env, cwd=code))
            return RunningFunction(port, log, seconds)

        yield start
