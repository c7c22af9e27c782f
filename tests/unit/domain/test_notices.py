"""When two results are the same message, and what a result means that does not say more."""

from decimal import Decimal
from typing import Any

import pytest

from paylink.domain.notices import ResultNotice
from paylink.domain.settlement import Answer, judge_result
from unit.domain.examples import AMOUNT, FIRST, LATER, ORDER_ID, SECOND, a_pending_order, a_result


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


def test_where_a_result_does_not_say_so_it_is_live_and_must_be_taken() -> None:
    """As the gateway leaves the mode out where it is live, and a payment that was looked up cannot be refused."""
    notice = ResultNotice(ORDER_ID, FIRST, 1, AMOUNT, "KZT")
    assert judge_result(a_pending_order(test=False), notice, LATER).raised is None
    verdict = judge_result(a_pending_order(amount=1, test=False), notice, LATER)
    assert (verdict.answer, notice.test) == (Answer.OK, False)
