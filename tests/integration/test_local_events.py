"""`paylink local` tells events: a payment is heard on the bus and reaches the webhook, signed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from integration.deliver.receiver import Got, Receiver, receiving
from integration.test_local import Local, running_local

PATIENCE = 20.0


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Local]:
    with running_local(tmp_path_factory.mktemp("events"), "--webhook", receiver.url) as running:
        yield running


def heard(local: Local, order_id: str) -> list[dict[str, Any]]:
    events = requests.get(f"{local.url}/local/events", timeout=10).json()["events"]
    return [event for event in events if event["detail"]["order_id"] == order_id]


def got(receiver: Receiver, order_id: str) -> list[Got]:
    return [one for one in receiver.got if order_id in one.body.decode()]


def eventually(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.1)


def test_a_payment_is_heard_and_reaches_the_webhook(local: Local, receiver: Receiver) -> None:
    order = local.create({"link": "coffee"}).json()
    local.pay(order["payment_id"])
    eventually(
        lambda: len(heard(local, order["order_id"])) == 2 and len(got(receiver, order["order_id"])) == 2
    )
    pending, paid = sorted(heard(local, order["order_id"]), key=lambda event: event["detail"]["sequence"])
    assert (pending["detail-type"], paid["detail-type"]) == ("payment.pending", "payment.paid")
    assert paid["detail"]["amount"] == "1500.00"
    [key] = [line.split()[-1] for line in local.said if "signed with whsec_" in line]
    for one in got(receiver, order["order_id"]):
        content = f"{one.headers['webhook-id']}.{one.headers['webhook-timestamp']}.{one.body.decode()}"
        digest = hmac.new(
            base64.b64decode(key.removeprefix("whsec_")), content.encode(), hashlib.sha256
        ).digest()
        assert one.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    bodies = {
        json.loads(one.body)["type"]: one.headers["webhook-id"] for one in got(receiver, order["order_id"])
    }
    assert bodies == {event["detail-type"]: event["detail"]["event_id"] for event in (pending, paid)}


def test_a_receiver_that_fails_is_called_again_with_the_same_id(local: Local, receiver: Receiver) -> None:
    receiver.status = 503
    order = local.create({"link": "tshirt"}).json()
    eventually(lambda: len(got(receiver, order["order_id"])) == 1)
    receiver.status = 200
    # Five seconds, by the specification.
    eventually(lambda: len(got(receiver, order["order_id"])) == 2)
    first, second = got(receiver, order["order_id"])
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


@pytest.mark.dynamodb_local
def test_so_it_is_with_the_table_in_dynamodb_local(tmp_path: Path, dynamodb_local_endpoint: str) -> None:
    with running_local(tmp_path, "--dynamodb-endpoint", dynamodb_local_endpoint) as running:
        order = running.create({"link": "coffee"}).json()
        running.pay(order["payment_id"])
        eventually(
            lambda: (
                [event["detail-type"] for event in heard(running, order["order_id"])].count("payment.paid")
                == 1
            )
        )
        assert not [line for line in running.said if "no streams" in line]
