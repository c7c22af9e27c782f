"""The index of what waits: which requests it makes of the table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from paylink.adapters.waiting_index import WaitingIndex

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Table:
    """Keeps what it was asked for, and finds nothing."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def query(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request["ExpressionAttributeValues"])
        return {"Items": []}


@pytest.mark.parametrize("until", [NOW, NOW - timedelta(seconds=3), NOW + timedelta(microseconds=700)])
def test_less_than_a_millisecond_holds_nothing_and_is_not_asked_for(until: datetime) -> None:
    """DynamoDB refuses a BETWEEN whose end comes first, and a run by another clock may ask for one."""
    table = Table()
    assert WaitingIndex(table, "table").made(NOW, until, 10) == []  # type: ignore[arg-type]
    assert table.asked == []


def test_what_was_made_from_the_next_millisecond_on() -> None:
    table = Table()
    WaitingIndex(table, "table").made(NOW, NOW + MILLISECOND, 10)  # type: ignore[arg-type]
    (values,) = table.asked
    assert values[":after"] == values[":until"] == {"S": "2026-03-01T09:00:00.001Z"}
