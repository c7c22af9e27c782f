"""What calls functions besides HTTP: the table's stream and queues, as Lambda reads them."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from paylink_local.patterns import matches
from paylink_local.template import REGION
from paylink_local.workers import InvocationError

Invoke = Callable[[Mapping[str, Any]], Any]
LogLine = Callable[[str, str], None]

_POLL_SECONDS = 0.3
_SHARDS_SECONDS = 10.0
# Lambda tries until a record is hours old; here a person waits.
_MOST_TRIES = 8
_LONGEST_PAUSE = 5.0
_UNREACHED = (ClientError, BotoCoreError)


@dataclass(frozen=True)
class Source:
    """One function's event source by the template."""

    function: str
    # The stream's ARN, or the queue's address.
    where: str
    batch: int
    # Filter patterns, of which one has to fit; none: everything does.
    patterns: tuple[Mapping[str, Any], ...] = ()


class Loop:
    """A thread that does a turn, then waits, until it is stopped."""

    def __init__(self, turn: Callable[[], bool], stopping: threading.Event) -> None:
        """Take the turn, which says whether there is more to do at once."""
        self._turn = turn
        self._stopping = stopping
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait until the turn that runs is over."""
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._turn():
                self._stopping.wait(_POLL_SECONDS)


class StreamReader:
    """Hands what changes in a table to a function, in order, and again what the function names as failed."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - no stubs of this client are installed
        source: Source,
        invoke: Invoke,
        log: LogLine,
        stopping: threading.Event,
    ) -> None:
        """Stand behind whatever the stream holds now: an engine may remember former runs."""
        self._client = client
        self._source = source
        self._invoke = invoke
        self._log = log
        self._stopping = stopping
        self._iterators: dict[str, str | None] = {}
        self._last: dict[str, str] = {}
        self._at_start: set[str] | None = None
        self._looked_at = 0.0
        self._find_shards()
        self._at_start = set(self._iterators)

    def turn(self) -> bool:
        """Read every shard once; whether there was anything."""
        found = False
        try:
            if time.monotonic() - self._looked_at > _SHARDS_SECONDS or not self._iterators:
                self._find_shards()
            for shard, iterator in list(self._iterators.items()):
                if iterator is None:
                    continue
                answer = self._client.get_records(ShardIterator=iterator, Limit=1000)
                self._iterators[shard] = answer.get("NextShardIterator")
                records = [self._record(record) for record in answer["Records"]]
                found = found or bool(records)
                self._hand_over([record for record in records if self._is_wanted(record)])
                if records:
                    self._last[shard] = records[-1]["dynamodb"]["SequenceNumber"]
        except _UNREACHED as error:
            # An iterator that ran out, or an engine that went away for a while.
            self._log(
                "stream", _line("WARNING", "the table's stream cannot be read", reason=type(error).__name__)
            )
            self._iterators.clear()
        return found

    def _find_shards(self) -> None:
        self._looked_at = time.monotonic()
        description = self._client.describe_stream(StreamArn=self._source.where)["StreamDescription"]
        for shard in description["Shards"]:
            name = shard["ShardId"]
            if name not in self._iterators:
                answer = self._client.get_shard_iterator(
                    StreamArn=self._source.where, ShardId=name, **self._place(name)
                )
                self._iterators[name] = answer["ShardIterator"]

    def _place(self, shard: str) -> dict[str, str]:
        if shard in self._last:
            return {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last[shard]}
        was_there = self._at_start is None or shard in self._at_start
        return {"ShardIteratorType": "LATEST" if was_there else "TRIM_HORIZON"}

    def _record(self, record: Mapping[str, Any]) -> dict[str, Any]:
        change = dict(record["dynamodb"])
        created = change.get("ApproximateCreationDateTime")
        if isinstance(created, datetime):
            change["ApproximateCreationDateTime"] = created.timestamp()
        return {
            "eventID": record.get("eventID", ""),
            "eventName": record["eventName"],
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": change,
            "eventSourceARN": self._source.where,
        }

    def _is_wanted(self, record: Mapping[str, Any]) -> bool:
        return not self._source.patterns or any(matches(one, record) for one in self._source.patterns)

    def _hand_over(self, records: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(records), self._source.batch):
            self._insist(list(records[start : start + self._source.batch]))

    def _insist(self, batch: list[dict[str, Any]]) -> None:
        tries = 0
        while batch and not self._stopping.is_set():
            first_failed = self._first_failed(batch)
            if first_failed is None:
                return
            tries = tries + 1 if first_failed == 0 else 1
            batch = batch[first_failed:]
            if tries == _MOST_TRIES:
                keys = batch[0]["dynamodb"].get("Keys", {})
                self._log("stream", _line("ERROR", "a change was given up", keys=json.dumps(keys)))
                batch, tries = batch[1:], 0
            else:
                self._stopping.wait(min(0.1 * 2**tries, _LONGEST_PAUSE))

    def _first_failed(self, batch: Sequence[dict[str, Any]]) -> int | None:
        try:
            result = self._invoke({"Records": batch})
        except InvocationError as error:
            self._log("stream", _line("ERROR", str(error)))
            return 0
        failed = _named(result)
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        return min((numbers.index(one) for one in failed if one in numbers), default=None)


class QueueReader:
    """Hands what is in a queue to a function, and takes away what the function does not name as failed."""

    def __init__(self, client: Any, source: Source, invoke: Invoke, log: LogLine) -> None:  # noqa: ANN401 - as above
        """Take the queue and its function."""
        self._client = client
        self._source = source
        self._invoke = invoke
        self._log = log

    def turn(self) -> bool:
        """Work one batch; whether there was any."""
        try:
            # No waiting in the call: it would keep the embedded AWS from everyone else.
            messages = self._client.receive_message(
                QueueUrl=self._source.where,
                MaxNumberOfMessages=min(self._source.batch, 10),
                AttributeNames=["All"],
            ).get("Messages", [])
            if not messages:
                return False
            failed = _named(self._invoke({"Records": [_message(one) for one in messages]}))
            for one in messages:
                if one["MessageId"] not in failed:
                    self._client.delete_message(
                        QueueUrl=self._source.where, ReceiptHandle=one["ReceiptHandle"]
                    )
        except InvocationError as error:
            self._log("queue", _line("ERROR", str(error)))
        except _UNREACHED as error:
            self._log("queue", _line("WARNING", "a queue cannot be read", reason=type(error).__name__))
            return False
        return True


class QueueDrain:
    """Hands each message of a queue to whoever wants to see it."""

    def __init__(self, client: Any, url: str, show: Callable[[Mapping[str, Any]], None]) -> None:  # noqa: ANN401 - as above
        """Take the queue's address and what is done with a message's document."""
        self._client = client
        self._url = url
        self._show = show

    def turn(self) -> bool:
        """Take what there is; whether there was any."""
        try:
            messages = self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get(
                "Messages", []
            )
            for one in messages:
                self._show(json.loads(one["Body"]))
                self._client.delete_message(QueueUrl=self._url, ReceiptHandle=one["ReceiptHandle"])
        except _UNREACHED:
            return False
        return bool(messages)


def _named(result: Any) -> set[str]:  # noqa: ANN401 - any JSON value
    failures = result.get("batchItemFailures") or [] if isinstance(result, Mapping) else []
    return {str(failure.get("itemIdentifier")) for failure in failures}


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": "",
        "awsRegion": REGION,
    }


def _line(level: str, message: str, **facts: object) -> str:
    return json.dumps({"level": level, "message": message, **facts})
