"""Sizes of what is deployed, and the peak memory of each function after one genuine event."""

import json
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

from bench.emulator import Target, start
from bench.layout import build_ours
from bench.places import WORK
from bench.rows import Row
from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY, STACK_KEY, DeployedStack, tell_others
from engines.processes import LOOPBACK
from engines.template import functions, table_request
from integration.emulated_stack import EmulatedStack, emulated_stack
from integration.event_files import CASES, file_of
from integration.event_files import logical_id as function_of

# Its server says each call on the terminal.
logging.getLogger("werkzeug").setLevel(logging.ERROR)

MB = 1_000_000
LAYER_MB = 3.0
FUNCTION_KB = 50.0


def run() -> list[Row]:
    """The rows."""
    build = build_ours()
    return [*_sizes(build), *_memory(build)]


def zipped(folder: Path) -> int:
    """How many bytes a folder has as an archive, packed as `sam deploy` packs it."""
    archive = WORK / "zipped.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                packed.write(file, file.relative_to(folder))
    return archive.stat().st_size


def _sizes(build: Path) -> Iterator[Row]:
    plain = WORK / "as-sam-built" / "PaylinkLayer"
    yield Row(
        name="layer, zipped, as `make build` makes it",
        value=zipped(build / "PaylinkLayer") / MB,
        unit="MB",
        bound=LAYER_MB,
        note="compiled, and without the parts of its libraries that no function loads",
    )
    yield Row(
        name="layer, zipped, as `sam build` alone makes it",
        value=zipped(plain) / MB,
        unit="MB",
        bound=LAYER_MB,
    )
    for name in functions():
        size = zipped(build / name) / 1000
        yield Row(name=f"{name}, zipped", value=size, unit="kB", bound=FUNCTION_KB)


def _memory(build: Path) -> Iterator[Row]:
    """Peak resident memory of the runtime's process, as the system counts it, once it has answered its first event."""
    with _stack() as stack:
        for name in functions():
            case_name = next(one for one, case in CASES.items() if function_of(one) == name and case.asks_aws)
            stack.prepare()
            target = Target(name, build / name, stack.variables(name), build / "PaylinkLayer" / "python")
            one = start(target, json.loads(file_of(case_name).read_text()))
            assert CASES[case_name].fits(one.answer), (case_name, one.answer)
            yield Row(
                name=f"{name}, peak memory", value=one.peak, unit="MB", note=f"after events/{case_name}.json"
            )


@contextmanager
def _stack() -> Iterator[EmulatedStack]:
    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    try:
        table = boto3.client("dynamodb", endpoint_url=url)
        table.create_table(**table_request("paylink-bench"))
        secrets = boto3.client("secretsmanager", endpoint_url=url)
        merchant = json.dumps({"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY})
        arns = [
            secrets.create_secret(Name=name, SecretString=text)["ARN"]
            for name, text in (("merchant", merchant), ("stack", json.dumps({"key": STACK_KEY})))
        ]
        with emulated_stack(DeployedStack(url, "paylink-bench", *arns, tell_others(url, "bench"))) as stack:
            yield stack
    finally:
        server.stop()
