"""Orders in the table: every change is one conditional write of one item.

The `build_*` functions are pure: the exact request is a value that tests compare without AWS.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from paylink.adapters.order_row import (
    Row,
    differences,
    from_row,
    key_of,
    marshal,
    to_row,
    unmarshal,
)
from paylink.adapters.store_errors import ConditionFailed, translated
from paylink.domain.clock import to_text
from paylink.domain.order import KEEP_EMPTY, Order, PaymentState, Status

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from paylink.domain.notices import ResultNotice
    from paylink.domain.plain_settlement import PlainSettlement


_PLAIN: Final = (
    "#status = :pending AND payment_id = :payment_id AND amount = :amount AND currency = :currency "
    "AND #test = :test AND attribute_not_exists(amount_range) AND attribute_not_exists(places) "
    "AND attribute_not_exists(lease_until) "
    "AND (attribute_not_exists(approved) OR approved = :payment_id) "
    "AND size(payments) = :one AND payments.#payment.#state = :open "
    "AND attribute_not_exists(answers.#digest)"
)
"""The condition of the plain case, but for the capture mode."""

_PLAIN_VALUES: Final[Row] = marshal(
    {
        ":pending": Status.PENDING.value,
        ":one": 1,
        ":open": PaymentState.OPEN.value,
        ":paid": Status.PAID.value,
        ":answer": "ok",
    }
)
"""What is the same in every settlement of the plain case."""


class Orders:
    """The orders of one table. Every method raises StoreUnavailable where the table does not answer."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def claim(self, order: Order) -> Order | None:
        """Writes a new order if its id is free; answers None, or the order that was there first."""
        try:
            self._write("put_item", build_claim(order))
        except ConditionFailed as failed:
            return _order(failed.item)
        return None

    def get(self, order_id: str) -> Order | None:
        """The order as the last write left it (strongly consistent), or None."""
        with translated("DynamoDB"):
            answer = self._client.get_item(TableName=self._table, Key=key_of(order_id), ConsistentRead=True)
        return _order(answer.get("Item"))

    def save(self, known: Order, changed: Order) -> Order | None:
        """Writes what differs if the row is still the known one; answers None, or the row as it is now.

        Raises LookupError where the row is gone.
        """
        try:
            self._write("update_item", build_save(known, changed))
        except ConditionFailed as failed:
            present = _order(failed.item)
            if present is None:
                raise LookupError(known.order_id) from None
            return present
        return None

    def settle_plain(self, plain: "PlainSettlement") -> Order | bool:
        """Settles the plain case in one write: True where it did, False where no such order is, else the row."""
        try:
            self._write("update_item", build_plain_settlement(plain))
        except ConditionFailed as failed:
            return _order(failed.item) or False
        return True

    def keep_unknown(self, notice: "ResultNotice", now: "datetime") -> None:
        """Keeps a result for an order that is not ours, 90 days, for the operator."""
        row = {
            "pk": "unknown",
            "sk": f"{notice.order_id}#{notice.payment_id}",
            "result": notice.result,
            "amount": str(notice.amount),
            "currency": notice.currency,
            "test": notice.test,
            "received_at": to_text(now),
            "ttl": int((now + KEEP_EMPTY).timestamp()),
        }
        with translated("DynamoDB"):
            self._client.put_item(TableName=self._table, Item=marshal(row))

    def _write(self, operation: str, request: Mapping[str, Any]) -> None:
        with translated("DynamoDB"):
            getattr(self._client, operation)(
                TableName=self._table, ReturnValuesOnConditionCheckFailure="ALL_OLD", **request
            )


def build_claim(order: Order) -> Row:
    """The put that makes a new order and nothing else."""
    return {
        "Item": marshal(to_row(order)),
        "ConditionExpression": "attribute_not_exists(pk)",
    }


def build_save(known: Order, changed: Order) -> Row:
    """The update from one version of an order to the next, on condition that the first still stands."""
    changes, gone = differences(known, changed)
    names: dict[str, str] = {"#sequence": "sequence", "#status": "status"}
    values: dict[str, object] = {":known": known.sequence, ":was": known.status.value}
    sets, removes = [], []
    for index, name in enumerate(sorted([*changes, *gone])):
        names[f"#{index}"] = name
        if name in changes:
            values[f":{index}"] = changes[name]
            sets.append(f"#{index} = :{index}")
        else:
            removes.append(f"#{index}")
    expression = f"SET {', '.join(sets)}" + (f" REMOVE {', '.join(removes)}" if removes else "")
    return {
        "Key": key_of(known.order_id),
        "UpdateExpression": expression,
        "ConditionExpression": "#sequence = :known AND #status = :was",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": marshal(values),
    }


def build_plain_settlement(plain: "PlainSettlement") -> Row:
    """The one write of the plain case: PlainSettlement.fits as a condition, and what follows from it."""
    condition = _PLAIN
    amount = {"N": str(plain.amount)}
    values: Row = {
        **_PLAIN_VALUES,
        ":payment_id": {"S": plain.payment_id},
        ":amount": amount,
        ":currency": {"S": plain.currency},
        ":test": {"BOOL": plain.test},
        ":paid_at": {"S": to_text(plain.paid_at)},
        # What `write_payment` makes of one that is paid whole.
        ":payment": {"M": {"state": _PLAIN_VALUES[":paid"], "amount": amount, "captured": amount}},
    }
    if plain.capture is not None:
        condition += " AND capture = :capture"
        values[":capture"] = {"S": plain.capture}
    return {
        "Key": key_of(plain.order_id),
        "UpdateExpression": (
            "SET #status = :paid, paid_at = :paid_at, captured_amount = :amount, payments.#payment = :payment, "
            "answers.#digest = :answer, #sequence = #sequence + :one "
            "REMOVE waiting, lease_owner, approved, approved_until"
        ),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {
            "#status": "status",
            "#test": "test",
            "#state": "state",
            "#sequence": "sequence",
            "#payment": plain.payment_id,
            "#digest": plain.digest,
        },
        "ExpressionAttributeValues": values,
    }


def _order(item: Mapping[str, Any] | None) -> Order | None:
    return None if not item else from_row(unmarshal(item))
