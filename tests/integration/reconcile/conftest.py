"""A deployed stack whose table is kept by AWS's own engine, whose gateway is the sandbox and whose clock is its."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import Any

import pytest
from moto import mock_aws

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY, STACK_KEY
from freedompay_sandbox import Sandbox, running
from integration.conftest import forget_clients
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from paylink.adapters import aws
from paylink.domain import clock

from .stack import Stack


@pytest.fixture(scope="module")
def aws_clients(dynamodb_local_endpoint: str) -> Iterator[tuple[Any, Any]]:
    """The functions' own clients: the table at AWS's engine, the secrets in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb_local_endpoint)
        forget_clients()
        with mock_aws():
            yield aws.dynamodb(), aws.secrets_manager()
        forget_clients()


@pytest.fixture
def deployment(aws_clients: tuple[Any, Any], dynamodb_local_table: Callable[[], str]) -> Deployment:
    """An empty table, and both secrets as once the owner has set the merchant's key."""
    dynamodb, secrets = aws_clients
    table = dynamodb_local_table()

    def put(name: str, content: dict[str, str]) -> str:
        made = secrets.create_secret(Name=f"{name} of {table}", SecretString=json.dumps(content))
        return str(made["ARN"])

    merchant = put("merchant", {"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY})
    return Deployment(dynamodb, secrets, merchant, put("stack", {"key": STACK_KEY}), table=table)


@pytest.fixture(scope="module")
def gateway() -> Iterator[tuple[Sandbox, str]]:
    sandbox = Sandbox(merchant_id=MERCHANT_ID, secret_key=MERCHANT_KEY, retry_same_page=False)
    with running(sandbox) as url:
        yield sandbox, url


@pytest.fixture
def sandbox(gateway: tuple[Sandbox, str], monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The sandbox as new, but for its clock, which is every function's from now on."""
    sandbox = gateway[0]
    sandbox.reset()

    class TestClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return sandbox.clock.now().astimezone(tz)

    monkeypatch.setattr(clock, "datetime", TestClock)
    return sandbox


@pytest.fixture
def stack(
    load_function: Callable[..., LoadedFunction],
    deployment: Deployment,
    gateway: tuple[Sandbox, str],
    sandbox: Sandbox,
) -> Stack:
    return Stack(load_function, deployment, sandbox, gateway[1])
