"""The owner's web server, and messages on their way to it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from integration.deliver.receiver import Receiver, receiving
from integration.lambda_function import LoadedFunction
from integration.outlets import Outlets, queue_url
from integration.stored_orders import stored_order
from paylink.domain.delivery import Channel, Delivery, write_delivery
from paylink.domain.events import Event, events_of
from paylink.domain.order import Order, Status

AT = datetime(2026, 3, 1, 9, 0, 30, tzinfo=UTC)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def deliver(
    load_function: Callable[..., LoadedFunction], receiver: Receiver, outlets: Outlets
) -> LoadedFunction:
    return load_function("deliver", WebhookUrl=receiver.url, Language="en", LogLevel="INFO")


@pytest.fixture
def send(outlets: Outlets) -> Callable[..., Event]:
    """Queues the event of a change for some channels and answers it."""

    def queue(*channels: Channel, after: Order | None = None, before: Order | None = None) -> Event:
        order = after or stored_order(Status.PAID)
        event = events_of(before or stored_order(Status.PENDING), order, AT)[-1]
        for channel in channels:
            body = json.dumps(write_delivery(Delivery(channel, event)), ensure_ascii=False)
            outlets.sqs.send_message(QueueUrl=queue_url("DeliveryQueue"), MessageBody=body)
        return event

    return queue


def failures(answer: dict[str, Any]) -> list[str]:
    return [entry["itemIdentifier"] for entry in answer["batchItemFailures"]]
