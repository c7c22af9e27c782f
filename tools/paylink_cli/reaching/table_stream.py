"""Follows the table's stream: every shard there is, and those that they split into."""

from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import ClientError

from paylink_cli.errors import Unreachable
from paylink_cli.reaching.stack import aws_errors
from paylink_cli.reaching.system import System

SHARDS_EVERY: Final = 15
"""Rounds after which new shards are looked for, besides at the end of one."""
# The position is a day old, or the shard was taken away: what it held can be had no more.
_GONE: Final = frozenset(
    {"TrimmedDataAccessException", "ExpiredIteratorException", "ResourceNotFoundException"}
)
_LATER: Final = frozenset(
    {"LimitExceededException", "ProvisionedThroughputExceededException", "ThrottlingException"}
)

Record = dict[str, Any]


class TableStream:
    """One reader of the stream. Its methods raise Unreachable."""

    def __init__(self, system: System, *, from_start: bool = False) -> None:
        """Begin with what comes from now on, or with all that the stream still has, which is a day's."""
        table = system.output("TableName")
        with aws_errors():
            stream = system.client("dynamodb").describe_table(TableName=table)["Table"].get("LatestStreamArn")
        if not stream:
            raise Unreachable(
                f"the table {table} has no stream, so nothing can be followed; deploy the stack again"
            )
        self._stream = str(stream)
        self._client = system.client("dynamodbstreams")
        self._positions: dict[str, str] = {}
        self._last: dict[str, str] = {}
        self._seen: set[str] = set()
        self._rounds = 0
        self._look(first="TRIM_HORIZON" if from_start else "LATEST")

    def read(self) -> Iterator[Record]:
        """What came since the last time, in order within an order; nothing where nothing came.

        A record is given before the next shard is asked, so that a failure there costs none.
        """
        self._rounds += 1
        ended = False
        for shard, position in list(self._positions.items()):
            found, following = self._records(shard, position)
            if following is None:
                del self._positions[shard]
                ended = True
            else:
                self._positions[shard] = following
            yield from found
        if ended or self._rounds % SHARDS_EVERY == 0:
            # Shards that came up meanwhile go on where their parents ended: none of it was seen.
            self._look(first="TRIM_HORIZON")

    def _records(self, shard: str, position: str) -> tuple[list[Record], str | None]:
        with aws_errors():
            try:
                answer = self._client.get_records(ShardIterator=position)
            except ClientError as error:
                code = error.response["Error"]["Code"]
                if code in _LATER:
                    return [], position
                if code not in _GONE:
                    raise
                return [], self._again(shard) if code == "ExpiredIteratorException" else None
        records = answer["Records"]
        if records:
            self._last[shard] = records[-1]["dynamodb"]["SequenceNumber"]
        return records, answer.get("NextShardIterator")

    def _again(self, shard: str) -> str:
        """A position after the last record; an iterator lives for fifteen minutes, as a laptop's lid may be shut."""
        after = self._last.get(shard)
        where = (
            {"ShardIteratorType": "LATEST"}
            if after is None
            else {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "SequenceNumber": after,
            }
        )
        return self._iterator(shard, **where)

    def _look(self, *, first: str) -> None:
        for shard in self._shards():
            name = shard["ShardId"]
            if name in self._seen:
                continue
            is_closed = "EndingSequenceNumber" in shard.get("SequenceNumberRange", {})
            if not (first == "LATEST" and is_closed):
                with aws_errors():
                    self._positions[name] = self._iterator(name, ShardIteratorType=first)
            self._seen.add(name)

    def _shards(self) -> Iterator[dict[str, Any]]:
        """All shards, parents before their children as the stream lists them."""
        after: dict[str, str] = {}
        while True:
            with aws_errors():
                stream = self._client.describe_stream(StreamArn=self._stream, **after)["StreamDescription"]
            yield from stream["Shards"]
            if not stream.get("LastEvaluatedShardId"):
                return
            after = {"ExclusiveStartShardId": stream["LastEvaluatedShardId"]}

    def _iterator(self, shard: str, **where: str) -> str:
        answer = self._client.get_shard_iterator(StreamArn=self._stream, ShardId=shard, **where)
        return str(answer["ShardIterator"])
