"""Streams and queues of a local run: what a function names as failed comes again, in order, and not for ever."""

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws

from engines.template import table_request
from paylink_local import event_sources
from paylink_local.embedded_aws import embedded_aws
from paylink_local.event_sources import Loop, QueueDrain, QueueReader, Source, StreamReader
from paylink_local.provisioning import client_of, dynamodb_client
from paylink_local.workers import InvocationError

PATTERN = {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": ["order"]}}}}
REGION = "eu-central-1"
numbers = itertools.count(1)


class Function:
    """A function that names some records as failed, some times."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.failing: dict[str, int] = {}
        self.broken = 0

    def __call__(self, event: Mapping[str, Any]) -> dict[str, Any]:
        names = [self.name_of(record) for record in event["Records"]]
        self.batches.append(names)
        if self.broken:
            self.broken -= 1
            raise InvocationError("it raised")
        failed = []
        for record, name in zip(event["Records"], names, strict=True):
            if self.failing.get(name, 0) > 0:
                self.failing[name] -= 1
                failed.append(record.get("messageId") or record["dynamodb"]["SequenceNumber"])
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    @staticmethod
    def name_of(record: Mapping[str, Any]) -> str:
        return record["body"] if "body" in record else record["dynamodb"]["Keys"]["pk"]["S"]


@pytest.fixture
def stopping(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Never set; its waits are over at once."""
    event = threading.Event()
    monkeypatch.setattr(event, "wait", lambda _: event.is_set())
    return event


@pytest.fixture
def log() -> list[str]:
    return []


class Scene:
    """A table with a stream, its reader, and the function behind it."""

    def __init__(self, url: str, log: list[str], stopping: threading.Event, *, batch: int = 10) -> None:
        self.dynamodb = dynamodb_client(url)
        self.table = f"orders-{next(numbers)}"
        arn = self.dynamodb.create_table(**table_request(self.table))["TableDescription"]["LatestStreamArn"]
        self.put("earlier")
        self.function = Function()
        self.streams = client_of("dynamodbstreams", url)
        source = Source("Publish", arn, batch, (PATTERN,))
        self.reader = StreamReader(
            self.streams, source, self.function, lambda _, line: log.append(line), stopping
        )

    def put(self, name: str, sort: str = "order", version: int = 1) -> None:
        item = {"pk": {"S": name}, "sk": {"S": sort}, "v": {"N": str(version)}}
        self.dynamodb.put_item(TableName=self.table, Item=item)


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    with embedded_aws() as url:
        yield url


@pytest.fixture
def make(engine: str, log: list[str], stopping: threading.Event) -> Callable[..., Scene]:
    return lambda **options: Scene(engine, log, stopping, **options)


def test_changes_of_orders_from_now_on_are_handed_over_once(make: Callable[..., Scene]) -> None:
    scene = make()
    scene.put("a")
    scene.put("b", "contacts")
    scene.put("a", version=2)
    scene.dynamodb.delete_item(TableName=scene.table, Key={"pk": {"S": "a"}, "sk": {"S": "order"}})
    assert scene.reader.turn() is True
    assert scene.reader.turn() is False
    assert scene.function.batches == [["a", "a"]]


def test_batches_are_no_larger_than_the_template_says(make: Callable[..., Scene]) -> None:
    scene = make(batch=2)
    for name in "abcde":
        scene.put(name)
    scene.reader.turn()
    assert scene.function.batches == [["a", "b"], ["c", "d"], ["e"]]


def test_from_the_first_failed_record_on_everything_comes_again(make: Callable[..., Scene]) -> None:
    scene = make()
    for name in "abc":
        scene.put(name)
    scene.function.failing = {"b": 2}
    scene.reader.turn()
    assert scene.function.batches == [["a", "b", "c"], ["b", "c"], ["b", "c"]]


def test_a_function_that_raises_gets_the_batch_again(make: Callable[..., Scene]) -> None:
    scene = make()
    scene.put("a")
    scene.function.broken = 1
    scene.reader.turn()
    assert scene.function.batches == [["a"], ["a"]]


def test_a_record_that_always_fails_blocks_the_others_only_for_a_while(
    make: Callable[..., Scene], log: list[str]
) -> None:
    scene = make()
    for name in "abc":
        scene.put(name)
    scene.function.failing = {"b": 10**6}
    scene.reader.turn()
    assert scene.function.batches[-1] == ["c"]
    assert any('"b"' in line.replace("\\", "") and "given up" in line for line in log)


def test_a_stream_that_cannot_be_read_goes_on_where_it_stood(
    make: Callable[..., Scene], monkeypatch: pytest.MonkeyPatch, log: list[str]
) -> None:
    scene = make()
    scene.put("a")
    scene.reader.turn()
    scene.put("b")
    with monkeypatch.context() as patch:
        expired = scene.streams.exceptions.ExpiredIteratorException(
            {"Error": {"Code": "Expired"}}, "GetRecords"
        )

        def fail(**_: Any) -> None:
            raise expired

        patch.setattr(scene.streams, "get_records", fail)
        assert scene.reader.turn() is False
    assert log
    scene.reader.turn()
    assert scene.function.batches == [["a"], ["b"]]


@pytest.fixture
def queue() -> Any:
    with mock_aws():
        client = boto3.client("sqs", REGION)
        yield client, client.create_queue(QueueName="q")["QueueUrl"]


def test_a_message_leaves_the_queue_unless_it_is_named(queue: tuple[Any, str], log: list[str]) -> None:
    client, url = queue
    function = Function()
    function.failing = {"bad": 1}
    for body in ("good", "bad"):
        client.send_message(QueueUrl=url, MessageBody=body)
    reader = QueueReader(client, Source("Deliver", url, 3), function, lambda _, line: log.append(line))
    while reader.turn():
        pass
    assert sorted(name for batch in function.batches for name in batch) == ["bad", "good"]
    counts = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "1"
    assert counts["ApproximateNumberOfMessages"] == "0"


def test_a_function_that_raises_keeps_its_messages(queue: tuple[Any, str], log: list[str]) -> None:
    client, url = queue
    function = Function()
    function.broken = 1
    client.send_message(QueueUrl=url, MessageBody="one")
    assert QueueReader(client, Source("Deliver", url, 3), function, lambda _, line: log.append(line)).turn()
    counts = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "1"
    assert "it raised" in log[0]


def test_a_drain_shows_everything_once(queue: tuple[Any, str]) -> None:
    client, url = queue
    shown: list[Mapping[str, Any]] = []
    for number in range(12):
        client.send_message(QueueUrl=url, MessageBody=f'{{"n": {number}}}')
    drain = QueueDrain(client, url, shown.append)
    while drain.turn():
        pass
    assert sorted(one["n"] for one in shown) == list(range(12))


def test_a_loop_ends_when_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_sources, "_POLL_SECONDS", 30.0)
    stopping, turned = threading.Event(), threading.Event()
    loop = Loop(lambda: bool(turned.set()), stopping)
    loop.start()
    assert turned.wait(5)
    stopping.set()
    loop.join()
