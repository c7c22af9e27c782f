"""What could not be told or delivered and waits for somebody."""

from collections.abc import Iterator
from typing import Final

from paylink_cli.diagnosis.finding import Finding, not_applicable, ok, warn
from paylink_cli.diagnosis.subject import Subject
from paylink_cli.reaching.stack import aws_errors

_QUEUES: Final = {
    "UnpublishedQueueUrl": ("unpublished", "send them again with `paylink events republish`"),
    "DeadLettersUrl": (
        "undelivered",
        "mend the webhook or the messenger, then redrive the queue of dead letters",
    ),
}


def queues(subject: Subject) -> Iterator[Finding]:
    """Whether something lies in the queues of what was given up."""
    for output, (name, advice) in _QUEUES.items():
        address = subject.system.outputs.get(output)
        if address is None:
            yield not_applicable(name, "there is no such queue here")
            continue
        with aws_errors():
            answer = subject.system.client("sqs").get_queue_attributes(
                QueueUrl=address, AttributeNames=["ApproximateNumberOfMessages"]
            )
        waiting = int(answer["Attributes"]["ApproximateNumberOfMessages"])
        yield warn(name, f"about {waiting} wait", advice) if waiting else ok(name, "none")
