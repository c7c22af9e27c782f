"""`paylink listen` on a network that comes and goes, and with rows that are no orders."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError

from integration.stored_orders import stored_order
from paylink.adapters.order_row import marshal, to_row
from paylink.domain.order import Order
from paylink_cli import listen
from unit.cli.fake_api import run
from unit.cli.fake_stream import FakeStream

NO_NETWORK = EndpointConnectionError(endpoint_url="https://streams.example")


def changed(number: int, order: Order) -> dict[str, Any]:
    image = marshal(to_row(order))
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "SequenceNumber": str(number),
            "ApproximateCreationDateTime": datetime(2026, 11, 22, 10, 0, number, tzinfo=UTC),
            "Keys": {"pk": image["pk"], "sk": image["sk"]},
            "NewImage": image,
        },
    }


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> FakeStream:
    fake = FakeStream()
    fake.shards = {"shard-1": [changed(1, stored_order())]}
    monkeypatch.setattr(listen, "reach", lambda _: fake)
    monkeypatch.setattr(listen, "PAUSE", 0.0)
    return fake


def listened(*words: str) -> Any:
    return run("listen", "--from-start", "--api", "http://127.0.0.1:9", *words)


def failing(stream: FakeStream, monkeypatch: pytest.MonkeyPatch, times: int, error: Exception) -> None:
    left = [error] * times
    answer = stream.get_records

    def get_records(**request: Any) -> Any:
        if left:
            raise left.pop()
        return answer(**request)

    monkeypatch.setattr(stream, "get_records", get_records)


def test_a_network_that_comes_back(stream: FakeStream, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(stream, monkeypatch, 3, NO_NETWORK)
    result = listened("--count", "1", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["type"] == "payment.pending"
    assert result.stderr.count("trying again") == 1


def test_a_network_that_does_not(stream: FakeStream, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(stream, monkeypatch, listen.MOST_FAILURES, NO_NETWORK)
    result = listened("--count", "1")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.splitlines()[-1].startswith("Error: ")


def test_what_no_waiting_mends_ends_it(stream: FakeStream, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(stream, monkeypatch, 1, NoCredentialsError())
    result = listened("--count", "1")
    assert (result.exit_code, "aws sso login" in result.stderr) == (3, True)


def test_rows_that_are_no_orders_and_orders_of_another_version(stream: FakeStream) -> None:
    link, newer = changed(2, stored_order()), changed(3, stored_order())
    link["dynamodb"]["Keys"]["sk"] = {"S": "link"}
    newer["dynamodb"]["NewImage"]["status"] = {"S": "of the future"}
    stream.shards["shard-1"] += [link, newer]
    result = listened("--seconds", "0")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.count("cannot read") == 1
