"""The exact requests to the table, as values: what each write sets, removes, and on what it insists."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from paylink.adapters.order_row import marshal, to_row, unmarshal
from paylink.adapters.orders import build_claim, build_plain_settlement, build_save
from paylink.domain.notices import ResultNotice
from paylink.domain.order import Order, Payment, PaymentState, Status
from paylink.domain.plain_settlement import plain_settlement

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ORDER_ID = "pl_0123456789abcdefghjkmnpqrs"
CREATING = Order(
    ORDER_ID,
    "00ff",
    Status.CREATING,
    NOW,
    150_000,
    "KZT",
    "Coffee",
    test=True,
    lease_until=NOW + timedelta(seconds=30),
    lease_owner="0a0b0c0d",
)
PAID = ResultNotice(ORDER_ID, "1001", 1, Decimal("1500.00"), "KZT", captured=True, test=True)

CONDITIONS = [
    "#status = :pending",
    "payment_id = :payment_id",
    "amount = :amount",
    "currency = :currency",
    "#test = :test",
    "attribute_not_exists(amount_range)",
    "attribute_not_exists(places)",
    "attribute_not_exists(lease_until)",
    "(attribute_not_exists(approved) OR approved = :payment_id)",
    "size(payments) = :one",
    "payments.#payment.#state = :open",
    "attribute_not_exists(answers.#digest)",
]
"""What makes the case plain: PlainSettlement.fits, as the table is told."""


def written(request: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """What an update sets, by name and as plain values, and what it removes."""
    names, values = request["ExpressionAttributeNames"], unmarshal(request["ExpressionAttributeValues"])
    sets, _, removes = request["UpdateExpression"].removeprefix("SET ").partition(" REMOVE ")
    pairs = [part.split(" = ") for part in sets.split(", ")]
    return {names[name]: values[value] for name, value in pairs}, {
        names[name] for name in removes.split(", ") if name
    }


def test_a_claim_is_one_put_that_never_writes_over_a_row() -> None:
    assert build_claim(CREATING) == {
        "Item": marshal(to_row(CREATING)),
        "ConditionExpression": "attribute_not_exists(pk)",
    }


def test_a_save_writes_what_differs_if_the_row_is_still_the_known_one() -> None:
    changed = CREATING.moved(
        Status.PENDING, NOW, payment_id="1001", redirect_url="https://x", lease_until=None, lease_owner=None
    )
    request = build_save(CREATING, changed)
    assert set(request) == {
        *("Key", "UpdateExpression", "ConditionExpression"),
        *("ExpressionAttributeNames", "ExpressionAttributeValues"),
    }
    assert request["Key"] == {"pk": {"S": ORDER_ID}, "sk": {"S": "order"}}
    assert request["ConditionExpression"] == "#sequence = :known AND #status = :was"
    assert request["ExpressionAttributeNames"]["#sequence"] == "sequence"
    assert request["ExpressionAttributeNames"]["#status"] == "status"
    assert request["ExpressionAttributeValues"][":known"] == {"N": "1"}
    assert request["ExpressionAttributeValues"][":was"] == {"S": "creating"}
    sets, removes = written(request)
    assert sets == {"status": "pending", "payment_id": "1001", "redirect_url": "https://x", "sequence": 2}
    assert removes == {"lease_until", "lease_owner"}


def test_a_save_without_anything_to_remove_says_no_remove() -> None:
    request = build_save(CREATING, CREATING.changed(NOW, sent=2))
    assert "REMOVE" not in request["UpdateExpression"]
    assert written(request) == ({"sent": 2, "sequence": 2}, set())


@pytest.mark.parametrize("name", ["pk", "sk", "created_at", "day"])
def test_keys_and_the_place_in_both_indexes_never_move(name: str) -> None:
    changed = replace(CREATING, status=Status.PAID, waiting=False, sequence=2)
    sets, removes = written(build_save(CREATING, changed))
    assert name not in sets
    assert name not in removes
    assert "waiting" in removes


def test_every_name_and_value_of_a_save_is_used() -> None:
    """DynamoDB refuses a request that defines a name or a value which no expression mentions."""
    request = build_save(CREATING, CREATING.moved(Status.PENDING, NOW, lease_until=None))
    said = f"{request['UpdateExpression']} {request['ConditionExpression']}"
    for defined in (*request["ExpressionAttributeNames"], *request["ExpressionAttributeValues"]):
        assert re.search(rf"{re.escape(defined)}\b", said), defined


def test_the_plain_settlement_checks_everything_and_writes_everything_at_once() -> None:
    plain = plain_settlement(PAID, NOW)
    assert plain is not None
    request = build_plain_settlement(plain)
    assert request.pop("ConditionExpression").split(" AND ") == CONDITIONS
    assert request == {
        "Key": {"pk": {"S": ORDER_ID}, "sk": {"S": "order"}},
        "UpdateExpression": (
            "SET #status = :paid, paid_at = :paid_at, captured_amount = :amount, payments.#payment = :payment, "
            "answers.#digest = :answer, #sequence = #sequence + :one "
            "REMOVE waiting, lease_owner, approved, approved_until"
        ),
        "ExpressionAttributeNames": {
            "#status": "status",
            "#test": "test",
            "#state": "state",
            "#sequence": "sequence",
            "#payment": "1001",
            "#digest": PAID.digest(),
        },
        "ExpressionAttributeValues": {
            ":pending": {"S": "pending"},
            ":payment_id": {"S": "1001"},
            ":amount": {"N": "150000"},
            ":currency": {"S": "KZT"},
            ":test": {"BOOL": True},
            ":one": {"N": "1"},
            ":open": {"S": "open"},
            ":paid": {"S": "paid"},
            ":paid_at": {"S": "2026-03-01T09:30:00.000Z"},
            ":payment": {
                "M": {"state": {"S": "paid"}, "amount": {"N": "150000"}, "captured": {"N": "150000"}}
            },
            ":answer": {"S": "ok"},
        },
    }


def test_where_the_result_does_not_say_captured_the_order_must_be_of_one_step() -> None:
    plain = plain_settlement(replace(PAID, captured=None), NOW)
    assert plain is not None
    request = build_plain_settlement(plain)
    assert request["ConditionExpression"].endswith(" AND capture = :capture")
    assert request["ExpressionAttributeValues"][":capture"] == {"S": "automatic"}


def test_a_payment_beside_the_first_keeps_its_place_in_the_map() -> None:
    payments = {"1001": Payment(PaymentState.OPEN, 150_000)}
    known = replace(CREATING, status=Status.PENDING, payments=payments)
    lost = {**payments, "1002": Payment(PaymentState.LOST, 150_000)}
    sets, _ = written(build_save(known, known.changed(NOW, payments=lost)))
    assert sets["payments"] == {
        "1001": {"state": "open", "amount": 150_000},
        "1002": {"state": "lost", "amount": 150_000},
    }
