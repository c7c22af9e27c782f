"""An order as its operator and the shop's own systems read it."""

import pytest

from paylink.domain.order import Attention, Payment, PaymentState, Status
from paylink.domain.order_document import order_document
from unit.domain.examples import FIRST, NOW, ORDER_ID, SECOND, a_pending_order, an_order_in


def test_a_paid_order() -> None:
    order = an_order_in(
        Status.PARTIALLY_REFUNDED,
        reference="INV-1",
        metadata={"campaign": "summer"},
        items={"coffee": 2},
        attention=(Attention.SECOND_CHARGE,),
    )
    assert order_document(order) == {
        "order_id": ORDER_ID,
        "status": "partially_refunded",
        "attention": ["second_charge"],
        "test": True,
        "amount": "1500.00",
        "currency": "KZT",
        "description": "Coffee",
        "reference": "INV-1",
        "metadata": {"campaign": "summer"},
        "items": [{"link": "coffee", "quantity": 2}],
        "created_at": "2026-03-01T09:00:00.000Z",
        "paid_at": "2026-03-01T09:00:00.000Z",
        "expires_at": "2026-03-01T10:00:00.000Z",
        "captured_amount": "1500.00",
        "refunded_amount": "0.01",
        "payment_id": FIRST,
        "payments": [
            {
                "payment_id": FIRST,
                "status": "paid",
                "amount": "1500.00",
                "currency": "KZT",
                "captured": "1500.00",
                "refunded": "0.01",
            }
        ],
    }


def test_moments_that_have_not_come_are_none() -> None:
    document = order_document(a_pending_order(expires_at=None))
    assert (document["paid_at"], document["expires_at"]) == (None, None)
    document = order_document(a_pending_order(expires_at=None, paid_at=NOW))
    assert (document["paid_at"], document["expires_at"]) == ("2026-03-01T09:00:00.000Z", None)


def test_a_payment_in_another_currency_has_that_currency_s_decimals() -> None:
    order = a_pending_order(payments={SECOND: Payment(PaymentState.PAID, 1500, 1500, 7, currency="KRW")})
    assert order_document(order)["payments"] == [
        {
            "payment_id": SECOND,
            "status": "paid",
            "amount": "1500",
            "currency": "KRW",
            "captured": "1500",
            "refunded": "7",
        }
    ]


@pytest.mark.parametrize(
    ("amount", "currency"), [("1500.005", None), ("1500.5", "KRW"), ("15", "XXX"), (None, "XXX")]
)
def test_a_sum_that_is_not_known_here_is_shown_as_the_gateway_wrote_it(
    amount: str | None, currency: str | None
) -> None:
    payment = Payment(PaymentState.PAID, currency=currency, foreign=amount)
    assert order_document(a_pending_order(payments={SECOND: payment}))["payments"] == [
        {"payment_id": SECOND, "status": "paid", "amount": amount, "currency": currency or "KZT"}
    ]
