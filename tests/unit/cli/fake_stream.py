"""A table's stream behind the calls of the SDK."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError


def record(number: int) -> dict[str, Any]:
    return {"dynamodb": {"SequenceNumber": str(number)}}


def numbers(records: list[Mapping[str, Any]]) -> list[int]:
    return [int(one["dynamodb"]["SequenceNumber"]) for one in records]


class FakeStream:
    """Shards of records behind the calls of the SDK; a closed one ends, a failure is raised once."""

    region = "eu-central-1"

    def __init__(self) -> None:
        self.shards: dict[str, list[dict[str, Any]]] = {}
        self.closed: set[str] = set()
        self.failures: list[str] = []
        self.pages = 1
        self.arn: str | None = "arn:stream"
        self.described = 0

    def output(self, name: str) -> str:
        return {"TableName": "table"}[name]

    def client(self, service: str) -> "FakeStream":
        return self

    def describe_table(self, *, TableName: str) -> dict[str, Any]:  # noqa: N803
        return {"Table": {"LatestStreamArn": self.arn} if self.arn else {}}

    def describe_stream(self, *, StreamArn: str, ExclusiveStartShardId: str = "") -> dict[str, Any]:  # noqa: N803
        self.described += 1
        names = [name for name in self.shards if name > ExclusiveStartShardId]
        page, rest = names[: self.pages], names[self.pages :]
        found = [
            {
                "ShardId": name,
                "SequenceNumberRange": {"EndingSequenceNumber": "9"} if name in self.closed else {},
            }
            for name in page
        ]
        last = {"LastEvaluatedShardId": page[-1]} if rest else {}
        return {"StreamDescription": {"Shards": found, **last}}

    def get_shard_iterator(self, **request: str) -> dict[str, str]:
        records = self.shards[request["ShardId"]]
        start = {"LATEST": len(records), "TRIM_HORIZON": 0}.get(request["ShardIteratorType"])
        if start is None:
            start = numbers(records).index(int(request["SequenceNumber"])) + 1
        return {"ShardIterator": f"{request['ShardId']}@{start}"}

    def get_records(self, *, ShardIterator: str) -> dict[str, Any]:  # noqa: N803
        if self.failures:
            raise ClientError({"Error": {"Code": self.failures.pop(0), "Message": "no"}}, "GetRecords")
        name, _, start = ShardIterator.partition("@")
        records = self.shards[name][int(start) :]
        following = {} if name in self.closed else {"NextShardIterator": f"{name}@{len(self.shards[name])}"}
        return {"Records": records, **following}
