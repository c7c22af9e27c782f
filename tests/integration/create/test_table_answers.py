"""What the table answers, when it answers anything else than the plain case."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from integration.aws_failures import DYNAMODB_FAILURES, NO_ANSWER, Failing, refused
from integration.create.shop import COFFEE, TICKET, Shop
from paylink.adapters.links import Links
from paylink.adapters.order_row import marshal
from paylink.adapters.store_errors import ConditionFailed, translated
from paylink.domain.errors import StoreUnavailable
from paylink.domain.link import UnreadableLink

BUGS = ["ValidationException", "SerializationException"]


@pytest.mark.parametrize("failure", [*DYNAMODB_FAILURES, *NO_ANSWER])
def test_whatever_may_pass_is_unavailable_and_tells_the_cause(failure: str) -> None:
    raised = {**DYNAMODB_FAILURES, **NO_ANSWER}[failure]
    with pytest.raises(StoreUnavailable) as translation, translated("DynamoDB"):
        raise raised
    assert translation.value.retry_after == 5
    assert translation.value.__cause__ is raised
    named = raised.response["Error"]["Code"] if isinstance(raised, ClientError) else type(raised).__name__
    assert named in str(translation.value)


@pytest.mark.parametrize("code", BUGS)
def test_a_bug_of_ours_stays_what_it_is(code: str) -> None:
    with pytest.raises(ClientError) as kept, translated("DynamoDB"):
        raise refused(code)
    assert kept.value.response["Error"]["Code"] == code


def test_a_request_that_the_sdk_refuses_is_a_bug_of_ours() -> None:
    with pytest.raises(ParamValidationError), translated("DynamoDB"):
        raise ParamValidationError(report="a parameter of the wrong kind")


@pytest.mark.parametrize("item", [None, {"pk": {"S": "x"}}])
def test_a_condition_that_failed_brings_the_row_along(item: dict[str, Any] | None) -> None:
    failure = refused("ConditionalCheckFailedException")
    if item is not None:
        failure.response["Item"] = item  # type: ignore[typeddict-unknown-key]
    with pytest.raises(ConditionFailed) as failed, translated("DynamoDB"):
        raise failure
    assert failed.value.item == item


def test_whatever_else_is_raised_goes_on_untouched() -> None:
    with pytest.raises(ZeroDivisionError), translated("DynamoDB"):
        raise ZeroDivisionError


class Stingy:
    """A client whose table leaves keys of a batch unread, as it may under load."""

    def __init__(self, client: Any, *, leaves: int) -> None:
        self._client = client
        self._leaves = leaves
        self.batches: list[int] = []

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 — the SDK's name
        ((table, request),) = RequestItems.items()
        keys = request["Keys"]
        assert request["ConsistentRead"] is True
        self.batches.append(len(keys))
        read = keys[: len(keys) - self._leaves] or keys[:1] if self._leaves else keys
        answer = self._client.batch_get_item(RequestItems={table: {**request, "Keys": read}})
        left = [key for key in keys if key not in read]
        answer["UnprocessedKeys"] = {table: {**request, "Keys": left}} if left else {}
        return dict(answer)


def test_keys_that_were_left_unread_are_asked_for_again(shop: Shop) -> None:
    for name in ("a", "b", "c"):
        shop.put_link(**{**TICKET, "id": name})
    stingy = Stingy(shop.dynamodb, leaves=2)
    links = Links(stingy, shop.table).get(["a", "coffee", "b", "c", "a", "unknown"])
    assert set(links) == {"a", "b", "c", "coffee"}
    assert stingy.batches == [5, 2, 1]


def test_a_table_that_goes_on_leaving_keys_is_unavailable(shop: Shop) -> None:
    for name in ("a", "b", "c"):
        shop.put_link(**{**TICKET, "id": name})
    stingy = Stingy(shop.dynamodb, leaves=4)
    with pytest.raises(StoreUnavailable):
        Links(stingy, shop.table).get(["a", "coffee", "b", "c", "d", "e", "f"])
    assert len(stingy.batches) == 3


def test_one_link_is_read_consistently_and_an_unknown_one_is_left_out(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Failing(monkeypatch, shop.dynamodb, "get_item")
    assert set(shop.links.get(["coffee"])) == {"coffee"}
    assert shop.links.get(["tea"]) == {}
    assert all(call["ConsistentRead"] for call in read.calls)
    assert [call["Key"]["sk"]["S"] for call in read.calls] == ["coffee", "tea"]


def test_an_unreadable_link_in_a_cart_sells_nothing_either(shop: Shop) -> None:
    item = marshal({"pk": "links", "sk": "mug", "link": "{}"})
    shop.dynamodb.put_item(TableName=shop.table, Item=item)
    with pytest.raises(UnreadableLink, match="mug"):
        shop.ask({"items": [{"link": "coffee"}, {"link": "mug"}]})
    assert shop.order_rows() == []


def test_a_link_whose_row_names_another_one_is_not_sold_under_this_name(shop: Shop) -> None:
    """Copied by hand from another row, with the id forgotten: its price is nobody's to guess."""
    shop.put_link(**{**COFFEE, "price": "1"})
    source = shop.dynamodb.get_item(TableName=shop.table, Key=marshal({"pk": "links", "sk": "coffee"}))
    shop.dynamodb.put_item(TableName=shop.table, Item={**source["Item"], "sk": {"S": "mug"}})
    with pytest.raises(UnreadableLink, match="mug"):
        shop.ask({"link": "mug"})
    assert shop.order_rows() == []
