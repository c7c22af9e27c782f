"""What events go through on their way out: the queues, the topic, the bus and both secrets, in moto."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from paylink.adapters import aws
from paylink.adapters.order_row import marshal, to_row
from paylink.domain.order import Order

ACCOUNT, REGION = "123456789012", "eu-central-1"
QUEUES = ("DeliveryQueue", "DeadLetters", "UnpublishedQueue", "StreamFailures")
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:MessageTopic"
WEBHOOK_KEY = "bWFkZS11cC13ZWJob29rLWtleS1vZi10aGlydHktdHdv"
BOT_TOKEN = "123456789:made-up-token-of-a-made-up-bot-0000"


def queue_url(name: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"


PHYSICAL_IDS = {
    **{name: queue_url(name) for name in QUEUES},
    "MessageTopic": TOPIC,
    "WebhookSecret": "webhook-secret",
    "TelegramSecret": "telegram-secret",
}


@dataclass
class Outlets:
    """Everything that publish and deliver reach, and what arrived there."""

    sqs: Any = field(default_factory=aws.sqs)
    sns: Any = field(default_factory=aws.sns)
    events: Any = field(default_factory=aws.events)

    @classmethod
    def make(cls, secrets: Any) -> "Outlets":
        made = cls()
        for name in (*QUEUES, "Heard", "Mail"):
            made.sqs.create_queue(QueueName=name)
        made.sns.create_topic(Name="MessageTopic")
        made.sns.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=queue_arn("Mail"))
        made.events.put_rule(Name="heard", EventPattern=json.dumps({"source": ["paylink"]}))
        made.events.put_targets(Rule="heard", Targets=[{"Id": "queue", "Arn": queue_arn("Heard")}])
        secrets.create_secret(
            Name="webhook-secret", SecretString=json.dumps({"previous": [], "current": WEBHOOK_KEY})
        )
        secrets.create_secret(Name="telegram-secret", SecretString=BOT_TOKEN)
        return made

    def heard(self) -> list[dict[str, Any]]:
        """The events that the bus got since the last look."""
        return [json.loads(body) for body in self.drained("Heard")]

    def mails(self) -> list[dict[str, Any]]:
        """The e-mails that the topic sent since the last look: `Subject` and `Message`."""
        return [json.loads(body) for body in self.drained("Mail")]

    def deliveries(self) -> list[dict[str, Any]]:
        """What was queued for the owner since the last look."""
        return [json.loads(body) for body in self.drained("DeliveryQueue")]

    def drained(self, name: str) -> list[str]:
        """The bodies in a queue, which is empty afterwards."""
        bodies = []
        while messages := self.sqs.receive_message(QueueUrl=queue_url(name), MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for message in messages:
                bodies.append(message["Body"])
                self.sqs.delete_message(QueueUrl=queue_url(name), ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def queue_event(self, most: int = 10, *, first_seen: float | None = None) -> dict[str, Any]:
        """A batch of the delivery queue as Lambda hands it to a function. `first_seen`: in epoch seconds."""
        got = self.sqs.receive_message(
            QueueUrl=queue_url("DeliveryQueue"), MaxNumberOfMessages=most, AttributeNames=["All"]
        )
        return {"Records": [queue_record(message, first_seen) for message in got.get("Messages", ())]}


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def queue_record(message: dict[str, Any], first_seen: float | None = None) -> dict[str, Any]:
    attributes = dict(message["Attributes"])
    if first_seen is not None:
        attributes["ApproximateFirstReceiveTimestamp"] = str(int(first_seen * 1000))
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": attributes,
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn("DeliveryQueue"),
        "awsRegion": REGION,
    }


def stream_event(changes: Sequence[tuple[Order | None, Order]], *, at: float) -> dict[str, Any]:
    """A batch of the table's stream as Lambda hands it to a function; `at` in epoch seconds."""
    return {
        "Records": [
            stream_record(before, after, number, at) for number, (before, after) in enumerate(changes)
        ]
    }


def stream_record(before: Order | None, after: Order, number: int, at: float) -> dict[str, Any]:
    image = marshal(to_row(after))
    record: dict[str, Any] = {
        "eventID": f"{number:032x}",
        "eventName": "INSERT" if before is None else "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": {
            "ApproximateCreationDateTime": at,
            "Keys": {"pk": image["pk"], "sk": image["sk"]},
            "NewImage": image,
            "SequenceNumber": f"{100 + number:021d}",
            "SizeBytes": 1000,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/paylink-table/stream/2026-03-01T00:00:00.000",
    }
    if before is not None:
        record["dynamodb"]["OldImage"] = marshal(to_row(before))
    return record
