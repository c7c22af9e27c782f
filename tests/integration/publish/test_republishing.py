"""POST /events/republish: what publish gave up on is told again, under the same ids."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.api_event import api_event
from integration.aws_failures import Failing, refused
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from integration.metrics_printed import counted
from integration.outlets import Outlets, queue_url, stream_event
from integration.stored_orders import stored_order
from paylink.bootstrap import manage as bootstrap
from paylink.domain.events import event_id
from paylink.domain.operation import Refund, Source
from paylink.domain.order import Status

PENDING = stored_order(Status.PENDING)
PAID = replace(stored_order(Status.PAID), sequence=3)
LONG_AGO = (datetime.now(UTC) - timedelta(hours=1)).timestamp()


def republished(manage: LoadedFunction) -> dict[str, Any]:
    answer = manage(api_event("POST", "/events/republish"))
    assert answer["statusCode"] == 200, answer
    return json.loads(answer["body"])


@pytest.fixture
def manage(load_function: Callable[..., LoadedFunction], outlets: Outlets) -> LoadedFunction:
    return load_function("manage", WebhookUrl="https://shop.example/hook")


def given_up(load_function: Callable[..., LoadedFunction], outlets: Outlets, *changes: Any) -> None:
    """Lets publish park these changes while the bus is away for long."""
    with pytest.MonkeyPatch.context() as patch:
        Failing(patch, outlets.events, "put_events").failure = refused("InternalException", 500)
        assert load_function("publish")(stream_event(changes, at=LONG_AGO)) == {"batchItemFailures": []}


def test_with_nothing_to_send_it_says_so(manage: LoadedFunction) -> None:
    assert republished(manage) == {"sent": 0, "left": 0}


def test_what_was_given_up_is_told_under_its_own_id(
    manage: LoadedFunction,
    load_function: Callable[..., LoadedFunction],
    outlets: Outlets,
    deployment: Deployment,
) -> None:
    given_up(load_function, outlets, (PENDING, PAID))
    deployment.put_order(replace(PAID, answers={"0123": "ok"}, sequence=8))
    assert republished(manage) == {"sent": 1, "left": 0}
    [heard] = outlets.heard()
    assert heard["detail-type"] == "payment.paid"
    assert heard["detail"]["event_id"] == event_id(PAID.order_id, 3, "payment.paid")
    assert heard["detail"]["sequence"] == 3
    assert [one["channel"] for one in outlets.deliveries()] == ["webhook"]
    assert republished(manage) == {"sent": 0, "left": 0}


def test_refunds_keep_their_ids_and_sums(
    manage: LoadedFunction,
    load_function: Callable[..., LoadedFunction],
    outlets: Outlets,
    deployment: Deployment,
) -> None:
    refunded = replace(
        PAID,
        status=Status.PARTIALLY_REFUNDED,
        refunded_amount=300,
        refunds={name: Refund(str(PAID.payment_id), 150, Source.EXTERNAL) for name in ("r1", "r2")},
        sequence=4,
    )
    given_up(load_function, outlets, (PAID, refunded))
    deployment.put_order(refunded)
    assert republished(manage) == {"sent": 1, "left": 0}
    heard = outlets.heard()
    assert [one["detail"]["refund"]["id"] for one in heard] == ["r1", "r2"]
    assert [one["detail"]["event_id"] for one in heard] == [
        event_id(PAID.order_id, 4, "payment.partially_refunded", name) for name in ("r1", "r2")
    ]


def test_more_than_one_call_of_the_queue_gives(
    manage: LoadedFunction,
    load_function: Callable[..., LoadedFunction],
    outlets: Outlets,
    deployment: Deployment,
) -> None:
    orders = [replace(PAID, order_id=f"pl_{number:026d}") for number in range(23)]
    given_up(
        load_function, outlets, *((replace(PENDING, order_id=order.order_id), order) for order in orders)
    )
    for order in orders:
        deployment.put_order(order)
    assert republished(manage) == {"sent": 23, "left": 0}
    assert len(outlets.heard()) == 23


def test_while_the_bus_is_still_away_everything_stays(
    manage: LoadedFunction,
    load_function: Callable[..., LoadedFunction],
    outlets: Outlets,
    deployment: Deployment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_up(load_function, outlets, (PENDING, PAID))
    deployment.put_order(PAID)
    failing = Failing(monkeypatch, outlets.events, "put_events")
    failing.failure = refused("InternalException", 500)
    assert republished(manage) == {"sent": 0, "left": 1}
    assert outlets.heard() == []


def test_a_row_that_could_not_be_read_is_told_as_it_stands_once_it_can(
    manage: LoadedFunction, outlets: Outlets, deployment: Deployment
) -> None:
    body = {"order_id": PAID.order_id, "sequence": 3, "time": "2026-03-01T09:00:00.000Z", "events": []}
    outlets.sqs.send_message(QueueUrl=queue_url("UnpublishedQueue"), MessageBody=json.dumps(body))
    deployment.put_order(PAID)
    assert republished(manage) == {"sent": 1, "left": 0}
    [heard] = outlets.heard()
    assert heard["detail"]["event_id"] == event_id(PAID.order_id, 3, "payment.paid")


def test_what_nobody_can_read_is_in_nobodys_way(
    manage: LoadedFunction,
    load_function: Callable[..., LoadedFunction],
    outlets: Outlets,
    deployment: Deployment,
) -> None:
    for body in ("not JSON", "[]", "{}", '{"order_id": "pl_1", "sequence": "x", "time": "now"}'):
        outlets.sqs.send_message(QueueUrl=queue_url("UnpublishedQueue"), MessageBody=body)
    given_up(load_function, outlets, (PENDING, PAID))
    deployment.put_order(PAID)
    assert republished(manage) == {"sent": 1, "left": 4}


def test_an_order_that_was_forgotten_is_dropped(manage: LoadedFunction, outlets: Outlets) -> None:
    body = {
        "order_id": "pl_gone",
        "sequence": 1,
        "time": "2026-03-01T09:00:00.000Z",
        "events": [{"type": "payment.paid"}],
    }
    outlets.sqs.send_message(QueueUrl=queue_url("UnpublishedQueue"), MessageBody=json.dumps(body))
    assert republished(manage) == {"sent": 1, "left": 0}
    assert outlets.heard() == []


def test_an_outage_of_the_queue_is_503(
    manage: LoadedFunction, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    Failing(monkeypatch, outlets.sqs, "receive_message").failure = refused("ServiceUnavailable", 503)
    assert manage(api_event("POST", "/events/republish"))["statusCode"] == 503


class Stream:
    """The table's stream, read directly: what stands in it, two records a call."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.records = records
        self.forgotten = False

    def get_shard_iterator(self, **place: str) -> dict[str, str]:
        if self.forgotten:
            raise refused("TrimmedDataAccessException")
        assert (place["StreamArn"], place["ShardId"]) == (STREAM_ARN, "shardId-1")
        assert place["ShardIteratorType"] == "AT_SEQUENCE_NUMBER"
        numbers = [record["dynamodb"]["SequenceNumber"] for record in self.records]
        return {"ShardIterator": str(numbers.index(place["SequenceNumber"]))}

    def get_records(self, ShardIterator: str) -> dict[str, Any]:  # noqa: N803 — the SDK's own name
        start = int(ShardIterator)
        return {"Records": self.records[start : start + 2], "NextShardIterator": str(start + 2)}


STREAM_ARN = "arn:aws:dynamodb:eu-central-1:123456789012:table/paylink-table/stream/2026-03-01T00:00:00.000"


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    refunded = replace(PAID, status=Status.REFUNDED, refunded_amount=PAID.amount, sequence=4)
    records = stream_event(
        [(PENDING, PAID), (PAID, refunded), (refunded, replace(refunded, sequence=5))], at=1.0
    )["Records"]
    for record in records:
        # The SDK gives a time where Lambda gives seconds.
        record["dynamodb"]["ApproximateCreationDateTime"] = datetime(2026, 3, 1, tzinfo=UTC)
    contacts = json.loads(json.dumps(records[0]["dynamodb"]["Keys"]))
    contacts["sk"]["S"] = "contacts"
    foreign = {"eventName": "INSERT", "dynamodb": {**records[0]["dynamodb"], "Keys": contacts}}
    foreign["dynamodb"]["SequenceNumber"] = "000000000000000000099"
    made = Stream([foreign, *records])
    # Where the function's parts are put together, which has taken the name from the adapter.
    monkeypatch.setattr(bootstrap, "dynamodb_streams", lambda: made)
    return made


def put_aside(outlets: Outlets, stream: Stream, first: int, last: int) -> None:
    """What Lambda writes where the function could not work a batch at all."""
    numbers = [record["dynamodb"]["SequenceNumber"] for record in stream.records]
    batch = {
        "shardId": "shardId-1",
        "startSequenceNumber": numbers[first],
        "endSequenceNumber": numbers[last],
        "approximateArrivalOfFirstRecord": "2026-03-01T00:00:00Z",
        "approximateArrivalOfLastRecord": "2026-03-01T00:00:01Z",
        "batchSize": last - first + 1,
        "streamArn": STREAM_ARN,
    }
    body = {
        "requestContext": {"condition": "RetryAttemptsExhausted"},
        "version": "1.0",
        "DDBStreamBatchInfo": batch,
    }
    outlets.sqs.send_message(QueueUrl=queue_url("StreamFailures"), MessageBody=json.dumps(body))


def test_a_batch_that_lambda_put_aside_is_read_from_the_stream(
    stream: Stream, manage: LoadedFunction, outlets: Outlets, deployment: Deployment
) -> None:
    put_aside(outlets, stream, 0, 2)
    deployment.put_order(PAID)
    assert republished(manage) == {"sent": 2, "left": 0}
    assert [one["detail"]["event_id"] for one in outlets.heard()] == [
        event_id(PAID.order_id, 3, "payment.paid"),
        event_id(PAID.order_id, 4, "payment.refunded"),
    ]


def test_a_batch_that_the_stream_has_forgotten_stays_and_is_counted(
    stream: Stream, manage: LoadedFunction, outlets: Outlets, capsys: pytest.CaptureFixture[str]
) -> None:
    put_aside(outlets, stream, 1, 1)
    stream.forgotten = True
    assert republished(manage) == {"sent": 0, "left": 1}
    assert counted(capsys.readouterr().out)["BatchLost"] == 1
