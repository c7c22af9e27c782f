"""One session and its clients, made on first use and kept while the function's process lives."""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import boto3.session
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

_CONFIG: Final = Config(
    connect_timeout=1,
    read_timeout=2,
    # One repeat: every write here carries its condition, so repeating one that arrived changes nothing.
    retries={"mode": "standard", "total_max_attempts": 3},
)

# At DEBUG the SDK logs every answer whole, the secret's value among them, and Lambda's runtime sets the level of
# the owner's choice for every logger. The SDK never gets lower than WARNING, whatever was chosen for us; at INFO it
# would tell at every cold start where it found its credentials.
logging.getLogger("botocore").setLevel(logging.WARNING)


class _Descriptions(Loader):
    """The SDK's descriptions of services; it need not look through 400 folders to learn that one is there."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 — the base class names it
        """The services that have a client here."""
        return ["dynamodb", "dynamodbstreams", "events", "secretsmanager", "sns", "sqs"]


@cache
def _session() -> boto3.session.Session:
    session = botocore.session.get_session()
    session.register_component("data_loader", _Descriptions())
    return boto3.session.Session(botocore_session=session)


@cache
def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client (connect 1 s, read 2 s)."""
    client: DynamoDBClient = _session().client("dynamodb", config=_CONFIG)
    return client


@cache
def impatient_dynamodb() -> "DynamoDBClient":
    """A DynamoDB client for what may as well not be written (connect 0.5 s, read 0.5 s, tried once)."""
    config = Config(connect_timeout=0.5, read_timeout=0.5, retries={"total_max_attempts": 1})
    client: DynamoDBClient = _session().client("dynamodb", config=config)
    return client


@cache
def secrets_manager() -> "SecretsManagerClient":
    """The Secrets Manager client (connect 1 s, read 2 s)."""
    client: SecretsManagerClient = _session().client("secretsmanager", config=_CONFIG)
    return client


@cache
def dynamodb_streams() -> Any:  # noqa: ANN401 — no stubs of this client are installed
    """The client of DynamoDB's streams (connect 1 s, read 2 s)."""
    return _session().client("dynamodbstreams", config=_CONFIG)


@cache
def sqs() -> Any:  # noqa: ANN401 — as above
    """The SQS client (connect 1 s, read 2 s)."""
    return _session().client("sqs", config=_CONFIG)


@cache
def sns() -> Any:  # noqa: ANN401 — as above
    """The SNS client (connect 1 s, read 2 s)."""
    return _session().client("sns", config=_CONFIG)


@cache
def events() -> Any:  # noqa: ANN401 — as above
    """The EventBridge client (connect 1 s, read 2 s)."""
    return _session().client("events", config=_CONFIG)
