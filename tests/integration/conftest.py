"""A deployed stack in this process, and its functions as the template would set them up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws

from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction, forget_powertools, load
from integration.outlets import Outlets
from paylink.adapters import aws

Load = Callable[..., LoadedFunction]


@pytest.fixture(scope="module")
def aws_clients() -> Iterator[tuple[Any, Any]]:
    """The functions' own two clients, made once for a file of tests: each costs 30 ms."""
    forget_clients()
    with mock_aws():
        clients = aws.dynamodb(), aws.secrets_manager()
    yield clients
    forget_clients()


@pytest.fixture
def deployment(aws_clients: tuple[Any, Any]) -> Iterator[Deployment]:
    """An empty table and both secrets, anew for each test."""
    with mock_aws():
        yield Deployment.make(*aws_clients)


@pytest.fixture
def outlets(deployment: Deployment) -> Outlets:
    """What events go through on their way out, for a test that tells any."""
    return Outlets.make(deployment.secrets)


@pytest.fixture
def load_function(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Loads a function freshly: `load_function("gateway_callback", LogLevel="DEBUG")`."""

    def load_one(name: str, **parameters: str) -> LoadedFunction:
        return load(name, deployment, monkeypatch, **parameters)

    yield load_one
    forget_powertools()


def forget_clients() -> None:
    clients = (
        aws.dynamodb,
        aws.impatient_dynamodb,
        aws.secrets_manager,
        aws.sqs,
        aws.sns,
        aws.events,
        aws.dynamodb_streams,
    )
    for made in (*clients, aws._session):
        made.cache_clear()
