"""Following a stream: its shards end, split and lose positions, and no record is lost or told twice."""

import pytest

from paylink_cli.errors import Unreachable
from paylink_cli.reaching.table_stream import SHARDS_EVERY, TableStream
from unit.cli.fake_stream import FakeStream, numbers, record


@pytest.fixture
def fake() -> FakeStream:
    fake = FakeStream()
    fake.shards = {"shard-1": [record(1), record(2)], "shard-2": [record(3)]}
    return fake


def test_only_what_comes_from_now_on(fake: FakeStream) -> None:
    stream = TableStream(fake)
    assert list(stream.read()) == []
    fake.shards["shard-1"].append(record(4))
    assert numbers(list(stream.read())) == [4]
    assert list(stream.read()) == []


def test_from_the_start_also_of_shards_that_have_ended(fake: FakeStream) -> None:
    fake.closed = {"shard-1"}
    stream = TableStream(fake, from_start=True)
    assert numbers(list(stream.read())) == [1, 2, 3]
    assert list(stream.read()) == []


def test_shards_that_had_ended_before_are_left_alone(fake: FakeStream) -> None:
    fake.closed = {"shard-1"}
    stream = TableStream(fake)
    assert [list(stream.read()) for _ in range(SHARDS_EVERY + 1)] == [[]] * (SHARDS_EVERY + 1)


def test_a_shard_that_splits_is_followed_from_where_it_ended(fake: FakeStream) -> None:
    stream = TableStream(fake)
    fake.shards["shard-1"].append(record(4))
    fake.closed.add("shard-1")
    fake.shards["shard-3"] = [record(5), record(6)]
    assert numbers(list(stream.read())) == [4]
    assert numbers(list(stream.read())) == [5, 6]
    fake.shards["shard-3"].append(record(7))
    assert numbers(list(stream.read())) == [7]


def test_a_shard_that_comes_up_by_itself_is_found(fake: FakeStream) -> None:
    stream = TableStream(fake)
    fake.shards["shard-9"] = [record(9)]
    found = [number for _ in range(SHARDS_EVERY + 1) for number in numbers(list(stream.read()))]
    assert found == [9]


@pytest.mark.parametrize("pages", [1, 2, 100])
def test_shards_on_many_pages(fake: FakeStream, pages: int) -> None:
    fake.pages = pages
    assert numbers(list(TableStream(fake, from_start=True).read())) == [1, 2, 3]


@pytest.mark.parametrize("seen", [True, False])
def test_an_expired_position_is_taken_up_again_where_it_was(fake: FakeStream, seen: bool) -> None:
    stream = TableStream(fake)
    if seen:
        fake.shards["shard-1"].append(record(4))
        assert numbers(list(stream.read())) == [4]
        fake.shards["shard-1"].append(record(5))
    fake.failures = ["ExpiredIteratorException"]
    assert list(stream.read()) == []
    assert numbers(list(stream.read())) == ([5] if seen else [])


def test_a_busy_stream_is_asked_again_at_the_same_position(fake: FakeStream) -> None:
    stream = TableStream(fake)
    fake.shards["shard-1"].append(record(4))
    fake.failures = ["LimitExceededException"]
    assert list(stream.read()) == []
    assert numbers(list(stream.read())) == [4]


def test_a_shard_that_is_gone_ends_quietly(fake: FakeStream) -> None:
    stream = TableStream(fake)
    fake.failures = ["TrimmedDataAccessException"]
    fake.shards["shard-1"].append(record(4))
    fake.shards["shard-2"].append(record(5))
    assert numbers(list(stream.read())) == [5]
    assert list(stream.read()) == []


def test_a_failure_at_one_shard_costs_no_record_of_another(fake: FakeStream) -> None:
    stream = TableStream(fake)
    for number, shard in ((4, "shard-1"), (5, "shard-2")):
        fake.shards[shard].append(record(number))
    reading = stream.read()
    assert next(reading) == record(4)
    fake.failures = ["InternalServerError"]
    with pytest.raises(Unreachable):
        list(reading)
    assert numbers(list(stream.read())) == [5]


def test_a_refusal_of_aws_is_one_line(fake: FakeStream) -> None:
    stream = TableStream(fake)
    fake.failures = ["AccessDeniedException"]
    with pytest.raises(Unreachable, match="AccessDenied"):
        list(stream.read())


def test_a_table_without_a_stream(fake: FakeStream) -> None:
    fake.arn = None
    with pytest.raises(Unreachable, match="has no stream"):
        TableStream(fake)
