"""Stalls on moto (one thing after the other) or on DynamoDB Local (everything at once)."""

import itertools
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import moto
import pytest
from botocore.config import Config

from engines.template import table_request
from freedompay_sandbox import Sandbox, running
from paylink.adapters.secrets import MerchantSecret, StackSecret

from .front import Front, serving
from .stall import MERCHANT_ID, MERCHANT_KEY, STACK_KEY, Secrets, Stall

numbers = itertools.count(1)
MakeStall = Callable[..., Stall]


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """AWS inside this process, for one module: moto's state must not reach the tests of others."""
    with moto.mock_aws():
        yield


@pytest.fixture(scope="module")
def dynamodb(aws: None) -> Any:
    return boto3.client("dynamodb")


@pytest.fixture(scope="module")
def secrets(aws: None) -> Secrets:
    client = boto3.client("secretsmanager")

    def put(name: str, content: dict[str, str]) -> str:
        return client.create_secret(Name=name, SecretString=json.dumps(content))["ARN"]

    merchant = put("merchant", {"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY})
    return Secrets(MerchantSecret(client, merchant), StackSecret(client, put("stack", {"key": STACK_KEY})))


@pytest.fixture(scope="session")
def front() -> Iterator[Front]:
    with serving() as front:
        yield front


@pytest.fixture(scope="session")
def gateway() -> Iterator[tuple[Sandbox, str]]:
    """One sandbox served for all tests: starting one for each would take longer than the tests themselves."""
    sandbox = Sandbox(merchant_id=MERCHANT_ID, secret_key=MERCHANT_KEY)
    with running(sandbox) as url:
        yield sandbox, url


@pytest.fixture
def sandbox(gateway: tuple[Sandbox, str]) -> Sandbox:
    """The sandbox as new, but for its clock."""
    fresh = gateway[0]
    fresh.reset()
    fresh.settings.update({"repeated_key": "same", "check_call": False, "retry_same_page": True})
    return fresh


@pytest.fixture
def make_stall(
    dynamodb: Any, secrets: Secrets, sandbox: Sandbox, gateway: tuple[Sandbox, str], front: Front
) -> Iterator[MakeStall]:
    """Makes a stall of its own at each call: `make_stall(check_call=True)`."""
    made: list[str] = []

    def make(**more: Any) -> Stall:
        if "table" not in more:
            made.append(f"limits-{os.getpid()}-{next(numbers)}")
            dynamodb.create_table(**table_request(made[-1]))
            more = {"dynamodb": dynamodb, "table": made[-1], **more}
        return Stall(secrets=secrets, sandbox=sandbox, gateway_url=gateway[1], front=front, **more)

    yield make
    for table in made:
        dynamodb.delete_table(TableName=table)


@pytest.fixture
def make_busy_stall(
    dynamodb_local_endpoint: str,
    dynamodb_local_table: Callable[[], str],
    make_stall: MakeStall,
) -> MakeStall:
    """Makes a stall whose table is kept by AWS's own engine."""
    client = boto3.client(
        "dynamodb",
        endpoint_url=dynamodb_local_endpoint,
        config=Config(max_pool_connections=64, connect_timeout=5, read_timeout=20),
    )
    return lambda **more: make_stall(dynamodb=client, table=dynamodb_local_table(), **more)
