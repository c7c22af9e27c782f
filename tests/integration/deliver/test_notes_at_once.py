"""Who may send a short message, where several come for the same event at once: on AWS's own DynamoDB Local."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from engines.template import table_request
from paylink.adapters.delivery_notes import LEASE, DeliveryNotes
from paylink.domain.delivery import Channel, Delivery, NotDelivered
from paylink.domain.events import Event

pytestmark = pytest.mark.dynamodb_local

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
DELIVERY = Delivery(Channel.EMAIL, Event("evt_1", "payment.paid", "pl_1", 3, NOW, {}))
CROWD = 10


@pytest.fixture
def notes(dynamodb_local_endpoint: str) -> Any:
    client = boto3.client("dynamodb", endpoint_url=dynamodb_local_endpoint)
    client.create_table(**table_request("delivery-notes"))
    yield DeliveryNotes(client, "delivery-notes")
    client.delete_table(TableName="delivery-notes")


def at_once(act: Callable[[int], object]) -> list[object]:
    def outcome(number: int) -> object:
        try:
            return act(number)
        except NotDelivered:
            return "wait"

    with ThreadPoolExecutor(CROWD) as threads:
        return list(threads.map(outcome, range(CROWD)))


def test_of_ten_at_once_one_begins(notes: DeliveryNotes) -> None:
    outcomes = at_once(lambda number: notes.begin(DELIVERY, f"message-{number}", NOW))
    assert sorted(map(str, outcomes)) == ["True", *["wait"] * (CROWD - 1)]


def test_once_it_is_sent_nobody_begins_again(notes: DeliveryNotes) -> None:
    notes.begin(DELIVERY, "first", NOW)
    notes.done(DELIVERY, NOW)
    assert (
        at_once(lambda number: notes.begin(DELIVERY, f"message-{number}", NOW + LEASE * 2)) == [False] * CROWD
    )
    assert notes.begin(DELIVERY, "first", NOW) is False


def test_where_the_first_one_died_one_takes_over_after_its_time(notes: DeliveryNotes) -> None:
    notes.begin(DELIVERY, "died", NOW)
    after = NOW + LEASE + timedelta(seconds=1)
    outcomes = at_once(lambda number: notes.begin(DELIVERY, f"message-{number}", after))
    assert sorted(map(str, outcomes)) == ["True", *["wait"] * (CROWD - 1)]


def test_other_channels_and_events_are_others(notes: DeliveryNotes) -> None:
    telegram = Delivery(Channel.TELEGRAM, DELIVERY.event)
    assert notes.begin(DELIVERY, "one", NOW) is True
    assert notes.begin(telegram, "two", NOW) is True
