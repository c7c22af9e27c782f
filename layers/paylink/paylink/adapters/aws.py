"""One session and its clients, made on first use and kept while the function's process lives.

boto3's clients are botocore's, made by botocore's session. boto3 itself would load its resources and the transfers to
S3 at every cold start, a tenth of it, and none of it is used here.
"""

import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import botocore.session
from botocore.config import Config

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
# the owner's choice for every logger. The SDK never gets lower than INFO, whatever was chosen for us.
logging.getLogger("botocore").setLevel(logging.INFO)


@cache
def _session() -> Any:  # noqa: ANN401 — no stubs of botocore are installed
    return botocore.session.get_session()


@cache
def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client (connect 1 s, read 2 s)."""
    client: DynamoDBClient = _session().create_client("dynamodb", config=_CONFIG)
    return client


@cache
def impatient_dynamodb() -> "DynamoDBClient":
    """A DynamoDB client for what may as well not be written (connect 0.5 s, read 0.5 s, tried once)."""
    config = Config(connect_timeout=0.5, read_timeout=0.5, retries={"total_max_attempts": 1})
    client: DynamoDBClient = _session().create_client("dynamodb", config=config)
    return client


@cache
def secrets_manager() -> "SecretsManagerClient":
    """The Secrets Manager client (connect 1 s, read 2 s)."""
    client: SecretsManagerClient = _session().create_client("secretsmanager", config=_CONFIG)
    return client


@cache
def dynamodb_streams() -> Any:  # noqa: ANN401 — no stubs of this client are installed
    """The client of DynamoDB's streams (connect 1 s, read 2 s)."""
    return _session().create_client("dynamodbstreams", config=_CONFIG)


@cache
def sqs() -> Any:  # noqa: ANN401 — as above
    """The SQS client (connect 1 s, read 2 s)."""
    return _session().create_client("sqs", config=_CONFIG)


@cache
def sns() -> Any:  # noqa: ANN401 — as above
    """The SNS client (connect 1 s, read 2 s)."""
    return _session().create_client("sns", config=_CONFIG)


@cache
def events() -> Any:  # noqa: ANN401 — as above
    """The EventBridge client (connect 1 s, read 2 s)."""
    return _session().create_client("events", config=_CONFIG)
