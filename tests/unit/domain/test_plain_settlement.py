"""Which results ask for the plain settlement, and which orders fit it. tests/property holds it to the table."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from paylink.domain.link import MANUAL, AmountRange
from paylink.domain.order import Payment, PaymentState, Status
from paylink.domain.place import Place
from paylink.domain.plain_settlement import PlainSettlement, plain_settlement
from unit.domain.examples import FIRST, LATER, MINOR, ORDER_ID, SECOND, a_pending_order, a_result


def plain(**changes: Any) -> PlainSettlement | None:
    return plain_settlement(a_result(**changes), LATER)


@pytest.mark.parametrize(("captured", "capture"), [(True, None), (None, "automatic")])
def test_a_paid_result_asks_for_it(*, captured: bool | None, capture: str | None) -> None:
    notice = a_result(captured=captured)
    assert plain_settlement(notice, LATER) == PlainSettlement(
        order_id=ORDER_ID,
        payment_id=FIRST,
        amount=MINOR,
        currency="KZT",
        test=True,
        capture=capture,
        digest=notice.digest(),
        paid_at=LATER,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"result": 0},
        {"result": 2},
        {"captured": False},
        {"test": None},
        {"currency": "XXX"},
        {"amount": Decimal("1500.001")},
    ],
)
def test_any_other_result_does_not(changes: dict[str, Any]) -> None:
    assert plain(**changes) is None


def test_a_pending_order_fits() -> None:
    settlement = plain()
    assert settlement is not None
    assert settlement.fits(a_pending_order())
    assert settlement.fits(a_pending_order(approved=FIRST, approved_until=LATER))
    assert settlement.fits(a_pending_order(capture=MANUAL)), "the result says that it is captured"


@pytest.mark.parametrize(
    "changes",
    [
        *({"status": status} for status in Status if status is not Status.PENDING),
        {"payment_id": SECOND},
        {"amount": MINOR + 1},
        {"currency": "USD"},
        {"test": False},
        {"amount_range": AmountRange(1, 2 * MINOR)},
        {"places": (Place("coffee", 1, 5),)},
        {"approved": SECOND, "approved_until": LATER - timedelta(hours=1)},
        {"lease_until": LATER - timedelta(hours=1)},
        {"payments": {}},
        {"payments": {SECOND: Payment(PaymentState.OPEN, MINOR)}},
        {"payments": {FIRST: Payment(PaymentState.FAILED, MINOR)}},
        {
            "payments": {
                FIRST: Payment(PaymentState.OPEN, MINOR),
                SECOND: Payment(PaymentState.REJECTED, MINOR),
            }
        },
        {"answers": {a_result().digest(): "other_mode"}},
    ],
)
def test_an_order_that_is_not_plain_does_not_fit(changes: dict[str, Any]) -> None:
    settlement = plain()
    assert settlement is not None
    assert not settlement.fits(a_pending_order(**changes))


def test_a_two_step_order_fits_only_a_result_that_says_captured() -> None:
    settlement = plain(captured=None)
    assert settlement is not None
    assert settlement.fits(a_pending_order())
    assert not settlement.fits(a_pending_order(capture=MANUAL))


@pytest.mark.parametrize(
    "changes",
    [
        {"payment_id": "0"},
        {"payment_id": "9999999999"},
        {"amount": MINOR - 1},
        {"amount": MINOR + 1},
        {"currency": "AED"},
        {"currency": "USD"},
    ],
)
def test_what_is_less_fits_no_more_than_what_is_more(changes: dict[str, Any]) -> None:
    settlement = plain()
    assert settlement is not None
    assert not settlement.fits(a_pending_order(**changes))
