"""Moto's server: the table and the secrets of a deployed stack, on a loopback port of this process."""

import itertools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import boto3
import pytest
from moto.server import ThreadedMotoServer

from engines.processes import LOOPBACK
from engines.template import resources, table_request

MERCHANT_ID = "500001"
# Long enough for a key, and plainly none: the one that signs what lies in events/.
MERCHANT_KEY = "made-up-merchant-key-for-tests"
STACK_KEY = "made-up-stack-key-" + "0123456789abcdef" * 3

numbers = itertools.count(1)


@dataclass(frozen=True)
class DeployedStack:
    """What a deployment makes besides functions and API, under the names that `!Ref` gives."""

    endpoint: str
    table: str
    merchant_secret: str
    stack_secret: str
    others: Mapping[str, str] = field(default_factory=dict)
    """The queues, the topic and the secrets of what is told to others."""

    @property
    def physical_ids(self) -> dict[str, str]:
        return {
            "Table": self.table,
            "MerchantSecret": self.merchant_secret,
            "StackSecret": self.stack_secret,
            **self.others,
        }

    @property
    def endpoint_variables(self) -> dict[str, str]:
        """What points any AWS client at this stack, with credentials that open nothing."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": os.environ["AWS_DEFAULT_REGION"],
            "AWS_REGION": os.environ["AWS_DEFAULT_REGION"],
        }


@pytest.fixture(scope="session")
def embedded_aws() -> Iterator[str]:
    """The server's address."""
    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def deployed_stack(embedded_aws: str) -> Callable[[], DeployedStack]:
    """Makes a stack of its own at each call: an empty table, the merchant's key set, the stack's key made."""

    def deploy() -> DeployedStack:
        number = f"{os.getpid()}-{next(numbers)}"
        table = f"paylink-{number}"
        boto3.client("dynamodb", endpoint_url=embedded_aws).create_table(**table_request(table))
        secrets = boto3.client("secretsmanager", endpoint_url=embedded_aws)
        merchant = secrets.create_secret(
            Name=f"merchant-{number}",
            SecretString=json.dumps({"merchant_id": MERCHANT_ID, "secret_key": MERCHANT_KEY}),
        )
        stack = secrets.create_secret(Name=f"stack-{number}", SecretString=json.dumps({"key": STACK_KEY}))
        others = tell_others(embedded_aws, number)
        return DeployedStack(embedded_aws, table, merchant["ARN"], stack["ARN"], others)

    return deploy


def tell_others(endpoint: str, number: str) -> dict[str, str]:
    """Makes what events go through on their way out; the identifiers that `!Ref` gives."""
    sqs, sns, secrets = (
        boto3.client(service, endpoint_url=endpoint) for service in ("sqs", "sns", "secretsmanager")
    )
    queues = {
        name: sqs.create_queue(QueueName=f"{name}-{number}")["QueueUrl"]
        for name in resources("AWS::SQS::Queue")
    }
    key = json.dumps({"previous": [], "current": "bWFkZS11cC13ZWJob29rLWtleS1vZi10aGlydHktdHdv"})
    return {
        **queues,
        "MessageTopic": sns.create_topic(Name=f"messages-{number}")["TopicArn"],
        "WebhookSecret": secrets.create_secret(Name=f"webhook-{number}", SecretString=key)["ARN"],
        "TelegramSecret": secrets.create_secret(Name=f"telegram-{number}")["ARN"],
    }
