"""Orders as they may stand in the table when the gateway calls, made without any use case."""

from datetime import UTC, datetime, timedelta
from typing import Any

from integration.gateway_message import ORDER_ID, PAYMENT_ID
from paylink.domain.order import KEEP_EMPTY, Order, Payment, PaymentState, Status

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
AMOUNT = 150_000
OPEN = Payment(PaymentState.OPEN, AMOUNT)
PAID = Payment(PaymentState.PAID, AMOUNT, AMOUNT)
HELD = Payment(PaymentState.AUTHORIZED, AMOUNT)
FAILED = Payment(PaymentState.FAILED, AMOUNT)
SUCCESS_URL = "https://shop.example/ok?from=cart&tab=2#top"
FAILURE_URL = "https://shop.example/sorry"

_PAGE: dict[str, Any] = {
    "payment_id": PAYMENT_ID,
    "redirect_url": "https://customer.freedompay.kz/pay.html?customer=4f0c",
    "redirect_url_type": "need data",
}
_EMPTY: dict[str, Any] = {"waiting": False, "keep_until": NOW + KEEP_EMPTY}
_OF_STATUS: dict[Status, dict[str, Any]] = {
    Status.CREATING: {"lease_until": NOW + timedelta(seconds=20), "lease_owner": "0a1b2c3d"},
    Status.PENDING: {**_PAGE, "payments": {PAYMENT_ID: OPEN}},
    Status.REFUSED: _EMPTY,
    Status.PAID: {
        **_PAGE,
        "payments": {PAYMENT_ID: PAID},
        "paid_at": NOW - timedelta(seconds=30),
        "captured_amount": AMOUNT,
        "waiting": False,
    },
    Status.AUTHORIZED: {**_PAGE, "payments": {PAYMENT_ID: HELD}},
    Status.FAILED: {**_PAGE, "payments": {PAYMENT_ID: FAILED}},
    Status.EXPIRED: {**_PAGE, **_EMPTY, "payments": {PAYMENT_ID: Payment(PaymentState.EXPIRED, AMOUNT)}},
    Status.CANCELLED: {**_PAGE, "payments": {PAYMENT_ID: OPEN}},
}
_OF_STATUS[Status.PARTIALLY_REFUNDED] = {**_OF_STATUS[Status.PAID], "refunded_amount": 50_000}
_OF_STATUS[Status.REFUNDED] = {**_OF_STATUS[Status.PAID], "refunded_amount": AMOUNT}


def stored_order(status: Status = Status.PENDING, **changes: Any) -> Order:
    """An order of 1500.00 KZT in test mode, a minute old, payable for another hour."""
    return Order(
        **{
            "order_id": ORDER_ID,
            "fingerprint": "00112233445566778899aabbccddeeff",
            "status": status,
            "created_at": NOW - timedelta(minutes=1),
            "amount": AMOUNT,
            "currency": "KZT",
            "description": "Чашка кофе",
            "test": True,
            "items": {"coffee": 1},
            "metadata": {"campaign": "spring"},
            "reference": "INV-42",
            "success_url": SUCCESS_URL,
            "failure_url": FAILURE_URL,
            "expires_at": NOW + timedelta(hours=1),
            "sequence": 2,
            **_OF_STATUS[status],
            **changes,
        }
    )
