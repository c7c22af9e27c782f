"""Batches of the stream that `publish` could not work at all: Lambda keeps where they stand, not what they hold."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from paylink.adapters.order_row import SORT
from paylink.adapters.store_errors import translated
from paylink.adapters.stream import changes_of
from paylink.domain.changes import Change, FailedBatch
from paylink.domain.errors import StoreUnavailable

MOST_READS: Final = 20
"""Calls for one batch. A stream may answer with nothing and an iterator that leads on."""

_SQS: Final = "SQS"


class FailedBatches:
    """The queue of those batches, and the stream that they stand in for a day."""

    def __init__(self, sqs: Any, url: str, streams: Any) -> None:  # noqa: ANN401 — the SDK's clients
        self._sqs = sqs
        self._url = url
        self._streams = streams

    def take(self) -> Sequence[FailedBatch]:
        """Some of them, hidden from others for the queue's time. Raises StoreUnavailable."""
        with translated(_SQS):
            answer = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        return [
            FailedBatch(message["ReceiptHandle"], self._changes(message["Body"]))
            for message in answer.get("Messages", ())
        ]

    def drop(self, batch: FailedBatch) -> None:
        """Done with this one. Raises StoreUnavailable."""
        with translated(_SQS):
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=batch.receipt)

    def left(self) -> int:
        """About how many there still are, those that are hidden included. Raises StoreUnavailable."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        with translated(_SQS):
            answer = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return sum(int(answer["Attributes"].get(name, 0)) for name in names)

    def _changes(self, body: str) -> tuple[Change, ...] | None:
        """The orders' changes of a batch; None where the stream has forgotten them."""
        try:
            batch = json.loads(body)["DDBStreamBatchInfo"]
            records = [record for record in self._records(batch) if _is_order(record)]
        except (StoreUnavailable, KeyError, ValueError, TypeError):
            return None
        return tuple(changes_of({"Records": records}))

    def _records(self, batch: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        last = int(batch["endSequenceNumber"])
        with translated("DynamoDB Streams"):
            iterator = self._streams.get_shard_iterator(
                StreamArn=batch["streamArn"],
                ShardId=batch["shardId"],
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                SequenceNumber=batch["startSequenceNumber"],
            )["ShardIterator"]
            for _ in range(MOST_READS):
                answer = self._streams.get_records(ShardIterator=iterator)
                for record in answer["Records"]:
                    number = int(record["dynamodb"]["SequenceNumber"])
                    if number <= last:
                        yield record
                    if number >= last:
                        return
                iterator = answer.get("NextShardIterator")
                if iterator is None:
                    return
        # Not read to its end: none of it counts as read.
        raise StoreUnavailable("the stream did not come to the batch's end")


def _is_order(record: Mapping[str, Any]) -> bool:
    sort: object = record["dynamodb"]["Keys"]["sk"]["S"]
    return sort == SORT
