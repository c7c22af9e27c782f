"""Faults of ours, or of whoever wrote to the table by hand: the function fails, and nothing is sold."""

import pytest

from integration.aws_failures import Failing, refused
from integration.create.endpoint import Endpoint
from paylink.adapters.order_row import marshal
from paylink.adapters.signals import Unexpected

UNREADABLE = [
    {},
    {"link": "not json"},
    {"link": "[]"},
    {"link": '"coffee"'},
    {"link": '{"id": "coffee"}'},
    {"link": '{"id": "coffee", "title": "x", "price": 15.5, "currency": "KZT"}'},
    {"link": '{"id": "coffee", "title": "x", "price": "0", "currency": "KZT"}'},
    {"link": '{"id": "coffee", "title": "x", "price": "1500", "currency": "XXX"}'},
    {"link": 5},
    {"link": {"id": "coffee"}},
    {"price": 1500},
]


@pytest.mark.parametrize("row", UNREADABLE, ids=str)
def test_a_link_written_by_hand_that_is_none_sells_nothing(
    endpoint: Endpoint, row: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of whoever wrote it: the function fails and is counted, the page's author is not blamed."""
    item = marshal({"pk": "links", "sk": "coffee", **row})
    endpoint.deployment.dynamodb.put_item(TableName=endpoint.deployment.table, Item=item)
    with pytest.raises(Unexpected, match=r"UnreadableLink at links\.py:\d+"):
        endpoint({"link": "coffee"})
    assert endpoint.orders() == []
    assert endpoint.sandbox.requests == []
    assert "1500" not in caplog.text


def test_a_table_that_answers_with_a_bug_of_ours_fails_the_call(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(monkeypatch, endpoint.deployment.dynamodb, "put_item")
    failing.failure = refused("ValidationException")
    with pytest.raises(Unexpected, match="ClientError at "):
        endpoint({"link": "coffee"})
    assert endpoint.sandbox.requests == []


def test_a_link_that_became_unreadable_does_not_touch_what_was_sold_before(endpoint: Endpoint) -> None:
    first = endpoint({"link": "coffee"})
    item = marshal({"pk": "links", "sk": "coffee", "link": "{}"})
    endpoint.deployment.dynamodb.put_item(TableName=endpoint.deployment.table, Item=item)
    again = endpoint({"link": "coffee"})
    assert (again.status, again.document) == (200, first.document)
