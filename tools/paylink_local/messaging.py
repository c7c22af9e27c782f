"""Makes what the template's stack would have for messages: queues, topics, and an ear on the event bus."""

import json
from typing import TYPE_CHECKING, Any

from paylink.domain.webhook import PREFIX
from paylink_local.provisioning import client_of
from paylink_local.template import ACCOUNT_ID, REGION, STACK_NAME, Template

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

HEARD = "heard-on-the-bus"
_SOURCE = "paylink"


def sqs_client(url: str) -> Any:  # noqa: ANN401 - no stubs of this client are installed
    """Return a client of the embedded queues."""
    return client_of("sqs", url)


def make_queues(template: Template, sqs: Any) -> None:  # noqa: ANN401 - as above
    """Make the template's queues; what a queue does with what nobody takes is left to the cloud."""
    for logical_id, unresolved in template.resources("AWS::SQS::Queue"):
        attributes = {}
        if "VisibilityTimeout" in unresolved:
            attributes["VisibilityTimeout"] = str(template.resolve(unresolved["VisibilityTimeout"]))
        name = f"{STACK_NAME}-{logical_id}"
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        template.made(logical_id, url, {"Arn": queue_arn(name), "QueueName": name})


def make_topics(template: Template, url: str) -> None:
    """Make the template's topics. Nobody is subscribed: no mail leaves this machine."""
    sns = client_of("sns", url)
    for logical_id, _ in template.resources("AWS::SNS::Topic"):
        name = f"{STACK_NAME}-{logical_id}"
        arn = sns.create_topic(Name=name)["TopicArn"]
        template.made(logical_id, arn, {"TopicName": name})


def listen_to_the_bus(url: str, sqs: Any) -> str:  # noqa: ANN401 - as above
    """Let a queue hear what is put on the default bus, and return the queue's address."""
    heard: str = sqs.create_queue(QueueName=HEARD)["QueueUrl"]
    bus = client_of("events", url)
    bus.put_rule(Name=HEARD, EventPattern=json.dumps({"source": [_SOURCE]}))
    bus.put_targets(Rule=HEARD, Targets=[{"Id": HEARD, "Arn": queue_arn(HEARD)}])
    return heard


def webhook_key(secrets: "SecretsManagerClient", secret: str) -> str:
    """Return the key that signs this run's webhook, as a receiver takes it; it guards nothing but this machine."""
    value = json.loads(secrets.get_secret_value(SecretId=secret)["SecretString"])
    return f"{PREFIX}{value['current']}"


def queue_arn(name: str) -> str:
    """Return a queue's ARN."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{name}"
