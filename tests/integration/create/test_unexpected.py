"""Faults of ours, or of whoever wrote to the table by hand: nothing is sold, and the owner hears of it."""

import pytest

from integration.aws_failures import Failing, refused
from integration.create.endpoint import Endpoint
from integration.metrics_printed import counted, logged
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
    endpoint: Endpoint, row: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of whoever wrote it: counted for the owner, and neither the page's author nor the buyer is blamed."""
    item = marshal({"pk": "links", "sk": "coffee", **row})
    endpoint.deployment.dynamodb.put_item(TableName=endpoint.deployment.table, Item=item)
    answer = endpoint({"link": "coffee"})
    assert (answer.status, answer.document["code"]) == (503, "link_unusable")
    assert answer.headers["retry-after"] == "300"
    printed = capsys.readouterr().out
    assert counted(printed) == {"LinkUnreadable": 1}
    [line] = [one for one in logged(printed) if one["message"] == "link_unreadable"]
    assert (line["level"], line["link_id"]) == ("WARNING", "coffee")
    assert endpoint.orders() == []
    assert endpoint.sandbox.requests == []
    assert "1500" not in str(answer.document) + printed


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
