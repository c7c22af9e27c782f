"""AWS's own DynamoDB Local: the engine of every claim about concurrent writes."""

import contextlib
import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from engines.places import TOOLS
from engines.processes import LOOPBACK, free_port, serving
from engines.template import table_request

numbers = itertools.count(1)


@contextlib.contextmanager
def running_dynamodb_local(log: Path, *, heap: str = "512m") -> Iterator[str]:
    """Address of a DynamoDB Local, empty at first, held in memory; its output goes to `log`."""
    fetched = subprocess.run(
        [TOOLS / "dynamodb-local.sh"], stdout=subprocess.PIPE, text=True, timeout=300, check=True
    )
    folder = Path(fetched.stdout.strip())
    port = free_port()
    command = [
        "java",
        f"-Xmx{heap}",
        "-XX:TieredStopAtLevel=1",  # a test's engine lives too briefly for the best machine code to pay
        "-XX:+UseSerialGC",
        f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}",
        "-jar",
        folder / "DynamoDBLocal.jar",
        "-inMemory",
        "-sharedDb",
        "-disableTelemetry",
        "-port",
        str(port),
    ]
    with serving(
        command, port, log, env={**os.environ, "DDB_LOCAL_TELEMETRY": "0"}, cwd=log.parent, seconds=60
    ):
        yield f"http://{LOOPBACK}:{port}"


@pytest.fixture(scope="session")
def dynamodb_local_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a DynamoDB Local of this test process, empty at first, held in memory."""
    with running_dynamodb_local(tmp_path_factory.mktemp("dynamodb-local") / "log") as endpoint:
        yield endpoint


@pytest.fixture
def dynamodb_local_table(dynamodb_local_endpoint: str) -> Iterator[Callable[[], str]]:
    """Makes an empty table with the keys and indexes of template.yaml, under a new name at each call."""
    client = boto3.client(
        "dynamodb", endpoint_url=dynamodb_local_endpoint, config=Config(retries={"total_max_attempts": 2})
    )
    made = []

    def make() -> str:
        name = f"paylink-{os.getpid()}-{next(numbers)}"
        client.create_table(**table_request(name))
        client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
        made.append(name)
        return name

    yield make
    for name in made:
        client.delete_table(TableName=name)
