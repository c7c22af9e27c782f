"""What can happen to an order, each set in motion by one word: paid, declined, lost, doubled, tampered…"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import cards
from .callbacks import CallbackRecord
from .faults import Fault
from .payments import NotPayableError, Payment, State
from .sandbox import Sandbox

LATE = 60.0  # seconds on the sandbox's clock

SCENARIOS: Mapping[str, str] = {
    "paid": "the buyer pays, and the shop is told",
    "declined": "the bank declines (`code`), and the shop is told",
    "expired": "the payment's lifetime ends, and the shop is told",
    "lost": "the buyer pays, and no result of this order ever reaches the shop",
    "doubled": "the buyer pays, and the same result arrives twice",
    "tampered": "the buyer pays; the first result was altered on its way, the retries are right",
    "late": "the buyer pays, and the result arrives after `seconds` on the sandbox's clock, 60 unless said",
    "wrong_amount": "another sum is charged than was asked for, and told with a right signature",
    "wrong_currency": "another currency is charged than was asked for, and told with a right signature",
    "second_charge": "the order is paid, by this payment and by another one of the same order id",
    "check_then_paid": "the shop is asked by its check address, whatever the settings say, then paid",
}
# The fault of the result that a scenario is played with, and how often it strikes (None: always).
_FAULTS: Mapping[str, tuple[str, int | None]] = {
    "lost": ("lost", None),
    "doubled": ("doubled", 1),
    "tampered": ("tampered", 1),
    "late": ("delayed", 1),
    "wrong_amount": ("wrong_amount", 1),
    "wrong_currency": ("wrong_currency", 1),
}


@dataclass(frozen=True)
class Played:
    """How a scenario went: the payments it moved, and what was sent to the shop on the way."""

    scenario: str
    payments: Sequence[Payment]
    callbacks: Sequence[CallbackRecord]


def play(
    sandbox: Sandbox,
    scenario: str,
    *,
    payment_id: str = "",
    order_id: str = "",
    code: str = cards.DEFAULT_DECLINE_CODE,
    seconds: float = LATE,
) -> Played:
    """Play a scenario with a payment, or with the last payment of an order; it ends when the shop was told.

    Raises ValueError, UnknownPaymentError, NotPayableError.
    """
    if scenario not in SCENARIOS:
        raise ValueError(f"there is no scenario {scenario!r}; there are {', '.join(SCENARIOS)}")
    payment_id = sandbox.find(payment_id=payment_id, order_id=order_id).payment_id
    before = len(sandbox.callbacks)
    moved = [sandbox.payment(payment_id)]
    if scenario == "declined":
        moved = [sandbox.decline(payment_id, code)]
    elif scenario == "expired":
        moved = [sandbox.expire(payment_id)]
    elif scenario == "check_then_paid":
        moved = [sandbox.pay(payment_id, check=True)]
    elif scenario == "second_charge":
        moved = _charge_twice(sandbox, payment_id)
    else:
        moved = [_pay_under_fault(sandbox, moved[0], scenario, seconds)]
    ids = {payment.payment_id for payment in moved}
    sent = [record for record in sandbox.callbacks[before:] if record.payment_id in ids]
    return Played(scenario, moved, sent)


def _charge_twice(sandbox: Sandbox, payment_id: str) -> list[Payment]:
    first = sandbox.payment(payment_id)
    if first.state is not State.PAID:
        first = sandbox.pay(payment_id)
    return [first, sandbox.pay(sandbox.repeat(payment_id).payment_id)]


def _pay_under_fault(sandbox: Sandbox, payment: Payment, scenario: str, seconds: float) -> Payment:
    if scenario not in _FAULTS:
        return sandbox.pay(payment.payment_id)
    kind, times = _FAULTS[scenario]
    waits = seconds if kind == "delayed" else None
    fault = Fault("result", kind, times=times, order_id=payment.order_id, seconds=waits)
    sandbox.faults.put(fault)
    try:
        return sandbox.pay(payment.payment_id)
    except NotPayableError:
        sandbox.faults.drop(fault)
        raise
