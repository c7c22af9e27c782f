"""An order's operations and refunds survive their row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from paylink.adapters.order_row import from_row, marshal, to_row, unmarshal
from paylink.domain.operation import Kind, Operation, OperationState, Refund, Source
from paylink.domain.order import Order, Status

NOW = datetime(2026, 3, 1, 9, 0, 0, 123_000, tzinfo=UTC)
BARE = Operation("op_1", "00", Kind.CANCEL, NOW, "KZT")
FULL = Operation(
    id="op_2",
    fingerprint="ff",
    kind=Kind.REFUND,
    created_at=NOW,
    currency="USD",
    state=OperationState.UNKNOWN,
    payment_id="1001",
    amount=500,
    lease_until=NOW + timedelta(seconds=30),
    owner="me",
    seen=("7", "8"),
    seen_sum=300,
    unlisted=100,
    reads=2,
    refund_id="9",
    gateway_code=0,
    gateway_description="?",
    finished_at=NOW,
    note="Seen.",
    by="arn:aws:iam::1:user/o",
    reasons=("oversold",),
)
ORDER = Order(
    order_id="pl_0123456789abcdefghjkmnpqrs",
    fingerprint="00",
    status=Status.PAID,
    created_at=NOW,
    amount=150_000,
    currency="KZT",
    description="Coffee",
    test=True,
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"operation": BARE},
        {"operation": FULL},
        {"operations": {"op_1": BARE, "op_2": replace(FULL, state=OperationState.DONE)}},
        {"operations": {"op_2": FULL, "op_1": BARE}},
        {
            "refunds": {
                "7": Refund("1001", 5, Source.PAYLINK),
                "8": Refund("1", 0, Source.EXTERNAL, failed=True),
            }
        },
        {"hold_alerted_at": NOW},
    ],
)
def test_what_is_written_is_read(changes: dict[str, Any]) -> None:
    order = replace(ORDER, **changes)
    read = from_row(unmarshal(marshal(to_row(order))))
    assert read == order
    assert list(read.operations) == list(order.operations)


def test_an_order_without_operations_has_no_trace_of_them() -> None:
    assert not to_row(ORDER).keys() & {"operation", "operations", "refunds", "hold_alerted_at"}
