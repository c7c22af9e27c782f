"""Links in the table."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import marshal
from paylink.adapters.store_errors import ConditionFailed, translated
from paylink.domain.errors import InvalidRequest, StoreUnavailable
from paylink.domain.link import Link, UnreadableLink
from paylink.domain.link_form import parse_link, write_link

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARTITION: Final = "links"
MOST_LISTED: Final = 100
ROUNDS: Final = 5
"""How often a change is tried against a link that others change at the same time."""


class Links:
    """The links of one table. Every method raises StoreUnavailable where the table does not answer."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def put(self, link: Link) -> None:
        """Writes a link whole."""
        with translated("DynamoDB"):
            self._client.put_item(TableName=self._table, Item=_item(link))

    def make(self, link: Link) -> Link | None:
        """Writes a new link if its id is free; answers None, or the link that was there first."""
        try:
            with translated("DynamoDB"):
                self._client.put_item(
                    TableName=self._table,
                    Item=_item(link),
                    ConditionExpression="attribute_not_exists(pk)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionFailed as failed:
            if failed.item is None:
                raise StoreUnavailable("the table does not tell which link stands there") from None
            return _link(failed.item)
        return None

    def change(self, link_id: str, change: Callable[[Link], Link]) -> Link | None:
        """Writes a change of a link as it is now; None where there is no such link. Raises UnreadableLink."""
        for _ in range(ROUNDS):
            with translated("DynamoDB"):
                answer = self._client.get_item(TableName=self._table, Key=_key(link_id), ConsistentRead=True)
            if "Item" not in answer:
                return None
            changed = change(_link(answer["Item"]))
            try:
                with translated("DynamoDB"):
                    self._client.put_item(
                        TableName=self._table,
                        Item=_item(changed),
                        ConditionExpression="#link = :known",
                        ExpressionAttributeNames={"#link": "link"},
                        ExpressionAttributeValues={":known": answer["Item"]["link"]},
                    )
            except ConditionFailed:
                continue
            return changed
        raise StoreUnavailable("the link is being changed by others")

    def get(self, ids: Iterable[str]) -> Mapping[str, Link]:
        """The links of these ids as the last write left them (strongly consistent); unknown ids are left out.

        One request: a price decides on money, so it is never read from a copy that may be old. Raises
        UnreadableLink.
        """
        wanted = list(dict.fromkeys(ids))
        if len(wanted) == 1:
            with translated("DynamoDB"):
                answer = self._client.get_item(
                    TableName=self._table, Key=_key(wanted[0]), ConsistentRead=True
                )
            items: list[Any] = [answer["Item"]] if "Item" in answer else []
        else:
            items = self._get_many(wanted)
        links = [_link(item) for item in items]
        return {link.id: link for link in links}

    def page(self, cursor: str | None) -> tuple[list[Link | UnreadableLink], str | None]:
        """Up to MOST_LISTED links after the cursor (a link's id) in the order of their ids, and the next cursor.

        A row that holds no link stands among them as what is wrong with it, and hides no other.
        """
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :links",
            "ExpressionAttributeValues": {":links": {"S": PARTITION}},
            "Limit": MOST_LISTED,
        }
        if cursor is not None:
            request["ExclusiveStartKey"] = _key(cursor)
        with translated("DynamoDB"):
            answer = self._client.query(**request)
        last = answer.get("LastEvaluatedKey")
        return [_link_or_fault(item) for item in answer["Items"]], last["sk"]["S"] if last else None

    def _get_many(self, ids: list[str]) -> list[Any]:
        # At most MOST_ITEMS ids, so one request; the table may leave some for a second one under load.
        request: Any = {self._table: {"Keys": [_key(link_id) for link_id in ids], "ConsistentRead": True}}
        items: list[Any] = []
        for _ in range(3):
            with translated("DynamoDB"):
                answer = self._client.batch_get_item(RequestItems=request)
            items.extend(answer["Responses"].get(self._table, []))
            request = answer.get("UnprocessedKeys")
            if not request:
                return items
        raise StoreUnavailable("DynamoDB left keys of a cart unread three times")


def _link(item: Mapping[str, Any]) -> Link:
    link_id = item["sk"]["S"]
    try:
        link = _parsed(item["link"]["S"])
    except InvalidRequest as error:
        raise UnreadableLink(link_id, str(error)) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UnreadableLink(link_id, "its `link` is no JSON text") from None
    if link.id != link_id:
        # Copied by hand from another link's row: its price must not pass for the other's.
        raise UnreadableLink(link_id, f"it names another link, {link.id}")
    return link


@lru_cache(maxsize=256)
def _parsed(text: str) -> Link:
    # Every call reads the row anew; the same text is the same link.
    return parse_link(json.loads(text))


def _link_or_fault(item: Mapping[str, Any]) -> Link | UnreadableLink:
    try:
        return _link(item)
    except UnreadableLink as fault:
        return fault


def _item(link: Link) -> dict[str, Any]:
    row = {"pk": PARTITION, "sk": link.id, "link": json.dumps(write_link(link), ensure_ascii=False)}
    return marshal(row)


def _key(link_id: str) -> dict[str, Any]:
    return {"pk": {"S": PARTITION}, "sk": {"S": link_id}}
