"""The result's rows of the callback table as data: the order before, what the gateway says, what follows.

`becomes` are the order's fields that differ afterwards, None where the row is not written at all.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from integration.gateway_message import PAID as PAID_NOTICE
from integration.gateway_message import PAYMENT_ID, UNPAID, changed
from integration.stored_orders import AMOUNT, FAILED, HELD, NOW, OPEN, PAID, stored_order
from paylink.domain.link import MANUAL, AmountRange
from paylink.domain.order import (
    KEEP_EMPTY,
    Attention,
    Order,
    Payment,
    PaymentState,
    Status,
)

OTHER = "1432343999"
EXPIRED = Payment(PaymentState.EXPIRED, AMOUNT)
LIVE = {"pg_testing_mode": None}
NO_LEASE: dict[str, Any] = {"lease_until": None, "lease_owner": None}
BECOMES_PAID: dict[str, Any] = {
    "status": Status.PAID,
    "paid_at": NOW,
    "payment_id": PAYMENT_ID,
    "payments": {PAYMENT_ID: PAID},
    "captured_amount": AMOUNT,
    "waiting": False,
    "keep_until": None,
    **NO_LEASE,
}
BECOMES_HELD: dict[str, Any] = {
    "status": Status.AUTHORIZED,
    "payment_id": PAYMENT_ID,
    "payments": {PAYMENT_ID: HELD},
    "held_at": NOW,
    "waiting": True,
    "keep_until": None,
    **NO_LEASE,
}


@dataclass(frozen=True)
class Row:
    """One row with one order: `says` are the notice's fields that differ from a paid one of the held payment."""

    name: str
    order: Order
    says: dict[str, str | None] = field(default_factory=dict)
    word: str = "ok"
    becomes: dict[str, Any] | None = field(default_factory=dict)
    notice: dict[str, str] = field(default_factory=lambda: dict(PAID_NOTICE))

    @property
    def fields(self) -> dict[str, str]:
        return changed(self.notice, **self.says)

    def after(self) -> Order:
        """The order as it has to stand afterwards, but for the answers it remembers."""
        if self.becomes is None:
            return self.order
        return replace(self.order, sequence=self.order.sequence + 1, **self.becomes)


def unwanted(
    name: str, order: Order, reason: Attention, says: dict[str, str | None], **beside: Any
) -> list[Row]:
    """A payment that does not fit, first where the gateway lets us refuse it, then where it does not."""
    payment_id = says.get("pg_payment_id") or PAYMENT_ID
    minor = beside.get("amount", AMOUNT)
    rejected = Payment(PaymentState.REJECTED, **{"amount": minor, **beside})
    taken = Payment(PaymentState.PAID, **{"amount": minor, "captured": minor, **beside})
    refused = {"payments": {**order.payments, payment_id: rejected}, "waiting": True, "keep_until": None}
    stands = {"payments": {**order.payments, payment_id: taken}, "attention": (reason,), "keep_until": None}
    if order.status is Status.CANCELLED:
        # Its page is paid, so that nothing more is waited for.
        stands["waiting"] = False
    return [
        Row(f"{name}, may be refused", order, says, "rejected", refused),
        Row(f"{name}, may not", order, {**says, "pg_can_reject": "0"}, "ok", stands),
        Row(f"{name}, does not say", order, {**says, "pg_can_reject": None}, "ok", stands),
    ]


def _mode() -> list[Row]:
    reason = Attention.MODE_MISMATCH
    live_order = stored_order(test=False)
    return [
        *unwanted("live money for a test order", stored_order(), reason, LIVE),
        *unwanted("live money, said in words", stored_order(), reason, {"pg_testing_mode": "0"}),
        *unwanted("a test for a live order", live_order, reason, {}),
        *unwanted("a test for a failed live order", stored_order(Status.FAILED, test=False), reason, {}),
    ]


def _amount() -> list[Row]:
    reason, order = Attention.AMOUNT_MISMATCH, stored_order()
    rows = []
    for text, minor in (("1499.99", 149_999), ("1500.01", 150_001), ("15", 1_500), ("150000", 15_000_000)):
        rows += unwanted(f"{text} for 1500.00", order, reason, {"pg_amount": text}, amount=minor)
    rows += unwanted("nothing for 1500.00", order, reason, {"pg_amount": "0"}, amount=0)
    rows += unwanted("rubles for tenge", order, reason, {"pg_currency": "RUB"}, currency="RUB")
    rows += unwanted(
        "an unknown currency", order, reason, {"pg_currency": "XXX"}, amount=0, currency="XXX", foreign="1500"
    )
    ranged = stored_order(amount_range=AmountRange(100_000, 200_000), amount=100_000)
    for text, minor in (("999.99", 99_999), ("2000.01", 200_001)):
        rows += unwanted(f"{text} of 1000 to 2000", ranged, reason, {"pg_amount": text}, amount=minor)
    rows += unwanted("rubles within the bounds", ranged, reason, {"pg_currency": "RUB"}, currency="RUB")
    return rows


def _second() -> list[Row]:
    says: dict[str, str | None] = {"pg_payment_id": OTHER}
    rows = []
    for status in (Status.PAID, Status.AUTHORIZED, Status.PARTIALLY_REFUNDED, Status.REFUNDED):
        rows += unwanted(f"a second charge, {status}", stored_order(status), Attention.SECOND_CHARGE, says)
    return rows


def _paid() -> list[Row]:
    rows = []
    for status in (Status.CREATING, Status.PENDING, Status.FAILED, Status.EXPIRED, Status.REFUSED):
        order = stored_order(status)
        two_step = stored_order(status, capture=MANUAL)
        rows += [
            Row(f"paid, {status}", order, becomes=BECOMES_PAID),
            Row(f"held, {status}", order, {"pg_captured": "0"}, becomes=BECOMES_HELD),
            Row(f"paid, silent, {status}", order, {"pg_captured": None}, becomes=BECOMES_PAID),
            Row(f"held, silent, two-step, {status}", two_step, {"pg_captured": None}, becomes=BECOMES_HELD),
            Row(f"paid at once, two-step, {status}", two_step, becomes=BECOMES_PAID),
        ]
        if order.payments:
            known = order.payments[PAYMENT_ID]
            lost = {**BECOMES_PAID, "payment_id": OTHER, "payments": {PAYMENT_ID: known, OTHER: PAID}}
            rows.append(
                Row(f"paid by another payment, {status}", order, {"pg_payment_id": OTHER}, becomes=lost)
            )
    live = stored_order(test=False)
    approved = stored_order(approved=PAYMENT_ID, approved_until=NOW + timedelta(minutes=5))
    passed = stored_order(expires_at=NOW - timedelta(days=1))
    ends_approval = {**BECOMES_PAID, "approved": None, "approved_until": None}
    rows += [
        Row("live, says so", live, {"pg_testing_mode": "0"}, becomes=BECOMES_PAID),
        Row("live, silent", live, LIVE, becomes=BECOMES_PAID),
        Row("checked before", approved, becomes=ends_approval),
        Row("checked another payment", replace(approved, approved=OTHER), becomes=ends_approval),
        Row("after its lifetime", passed, becomes=BECOMES_PAID),
        Row("may not be refused, fits", stored_order(), {"pg_can_reject": "0"}, becomes=BECOMES_PAID),
    ]
    for text in ("1500.0", "1500.00", "1500.0000"):
        rows.append(Row(f"the amount as {text}", stored_order(), {"pg_amount": text}, becomes=BECOMES_PAID))
    for text, minor in (("1000", 100_000), ("1234.56", 123_456), ("2000.00", 200_000)):
        ranged = stored_order(amount_range=AmountRange(100_000, 200_000), amount=100_000)
        payments = {PAYMENT_ID: Payment(PaymentState.PAID, minor, minor)}
        chosen = {**BECOMES_PAID, "amount": minor, "captured_amount": minor, "payments": payments}
        rows.append(Row(f"{text} of 1000 to 2000", ranged, {"pg_amount": text}, becomes=chosen))
    return rows


def _captured() -> list[Row]:
    held = stored_order(Status.AUTHORIZED, capture=MANUAL)
    return [
        Row("a hold is captured", held, becomes=BECOMES_PAID),
        Row("a hold is told again", held, {"pg_captured": "0"}),
        Row("a hold is told again, silent", held, {"pg_captured": None}),
        Row("paid is told again, otherwise", stored_order(Status.PAID), {"pg_captured": None}),
        Row("paid is told as a hold", stored_order(Status.PAID), {"pg_captured": "0"}),
        Row("refunded is told again", stored_order(Status.REFUNDED)),
    ]


def _unpaid() -> list[Row]:
    over: dict[str, str | None] = {"pg_failure_code": "101"}
    fails = {"status": Status.FAILED, "payment_id": PAYMENT_ID}
    expires = {"status": Status.EXPIRED, "payment_id": PAYMENT_ID}
    new_failure, new_expiry = Payment(PaymentState.FAILED), Payment(PaymentState.EXPIRED)
    forgotten = {"waiting": False, "keep_until": NOW + KEEP_EMPTY}
    passed = stored_order(expires_at=NOW - timedelta(seconds=1))
    rows = [
        ("pending fails", stored_order(), {}, {**fails, "payments": {PAYMENT_ID: FAILED}}),
        ("pending fails, no code", stored_order(), {"pg_failure_code": None},
         {**fails, "payments": {PAYMENT_ID: FAILED}}),
        ("pending fails after its time", passed, {}, {**fails, "payments": {PAYMENT_ID: FAILED}, **forgotten}),
        ("pending expires", stored_order(), over, {**expires, "payments": {PAYMENT_ID: EXPIRED}, **forgotten}),
        ("creating fails", stored_order(Status.CREATING), {}, {**fails, "payments": {PAYMENT_ID: new_failure}}),
        ("creating expires", stored_order(Status.CREATING), over,
         {**expires, "payments": {PAYMENT_ID: new_expiry}}),
        ("another payment fails, pending", stored_order(), {"pg_payment_id": OTHER},
         {"payments": {PAYMENT_ID: OPEN, OTHER: new_failure}}),
        ("another payment expires, pending", stored_order(), {**over, "pg_payment_id": OTHER},
         {"payments": {PAYMENT_ID: OPEN, OTHER: new_expiry}}),
        ("failed expires", stored_order(Status.FAILED), over, {"payments": {PAYMENT_ID: EXPIRED}}),
        ("expired fails", stored_order(Status.EXPIRED), {}, {"payments": {PAYMENT_ID: FAILED}}),
        ("cancelled fails", stored_order(Status.CANCELLED), {}, {"payments": {PAYMENT_ID: FAILED}}),
    ]  # fmt: skip
    for status in (Status.PAID, Status.AUTHORIZED, Status.PARTIALLY_REFUNDED, Status.REFUNDED):
        order = stored_order(status)
        rows += [
            (f"{status} fails late", order, {}, {}),
            (f"{status} expires late", order, over, {}),
            (f"another payment fails, {status}", order, {"pg_payment_id": OTHER},
             {"payments": {**order.payments, OTHER: new_failure}}),
        ]  # fmt: skip
    return [
        Row(name, order, dict(says), becomes=dict(becomes), notice=dict(UNPAID))
        for name, order, says, becomes in rows
    ]


def _unfinished() -> list[Row]:
    return [
        Row(f"not final, {status}", stored_order(status), {"pg_result": "2", "pg_captured": None})
        for status in Status
    ]


RESULT_ROWS: list[Row] = [
    *_mode(),
    *_amount(),
    *unwanted("paid after cancel", stored_order(Status.CANCELLED), Attention.PAID_AFTER_CANCEL, {}),
    *_second(),
    *_captured(),
    *_paid(),
    *_unpaid(),
    *_unfinished(),
]

IN_EVERY_ENCODING = [
    "live money for a test order, may be refused",
    "1499.99 for 1500.00, may be refused",
    "1499.99 for 1500.00, may not",
    "paid after cancel, may be refused",
    "a second charge, paid, may be refused",
    "a hold is captured",
    "paid, creating",
    "paid, pending",
    "held, pending",
    "1234.56 of 1000 to 2000",
    "pending fails",
    "pending expires",
    "paid fails late",
    "not final, pending",
]
"""One of each row of the table; the others come in one encoding each, in turn."""
