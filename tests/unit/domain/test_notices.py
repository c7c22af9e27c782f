"""When two results are the same message."""

from decimal import Decimal
from typing import Any

import pytest

from unit.domain.examples import SECOND, a_result


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal(1500)},
        {"amount": Decimal("1500.0")},
        {"amount": Decimal("1500.000")},
        {"failure_code": "101"},
    ],
)
def test_the_same_message_written_otherwise(changes: dict[str, Any]) -> None:
    assert a_result(**changes).digest() == a_result().digest()


def test_whatever_decides_makes_another_message() -> None:
    parts: list[dict[str, Any]] = [
        {},
        {"payment_id": SECOND},
        {"result": 0},
        {"result": 2},
        {"captured": False},
        {"captured": None},
        {"can_reject": True},
        {"amount": Decimal("1500.01")},
        {"amount": Decimal(15)},
        {"currency": "USD"},
    ]
    digests = [a_result(**changes).digest() for changes in parts]
    assert len(set(digests)) == len(parts)
    assert all(len(digest) == 10 for digest in digests)
