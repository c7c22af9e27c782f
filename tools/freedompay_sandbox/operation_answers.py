"""What the gateway answers when it has cleared, cancelled or refunded a payment.

Freedom Pay protocol, Cancel, clearing, refund: under /g2g/ an answer names what was made, the merchant API's
addresses say little more than ok.
"""

from .answers import Answer
from .notices import plain
from .payments import Payment
from .signing import Pair


def cleared(payment: Payment, script: str, g2g: bool) -> Answer:  # noqa: FBT001  (which of two addresses)
    """Return the answer to a clearing."""
    sums: list[Pair] = [
        ("pg_amount", plain(payment.amount or payment.cleared)),
        ("pg_clearing_amount", plain(payment.cleared)),
    ]
    done: list[Pair] = [*_identity(payment), *sums, ("pg_status_clearing", "1")]
    return _ok(payment, script, done if g2g else sums)


def cancelled(payment: Payment, script: str, g2g: bool) -> Answer:  # noqa: FBT001  (as above)
    """Return the answer to a cancel."""
    revoke_id = payment.revocations[-1].revoke_id
    done: list[Pair] = [("pg_payment_revoke_id", revoke_id), ("pg_revoke_status", "success")]
    return _ok(payment, script, [*_identity(payment), *done] if g2g else [])


def refunded(payment: Payment, script: str, g2g: bool) -> Answer:  # noqa: FBT001  (as above)
    """Return the answer to a refund that was accepted, however it goes on."""
    refund_id = payment.refunds[-1].refund_id
    done: list[Pair] = [("pg_payment_refund_id", refund_id), ("pg_refund_status", "success")]
    return _ok(payment, script, [*_identity(payment), *done] if g2g else [])


def _identity(payment: Payment) -> list[Pair]:
    return [("pg_payment_id", payment.payment_id)]


def _ok(payment: Payment, script: str, fields: list[Pair]) -> Answer:
    return Answer([("pg_status", "ok"), *fields], script, payment=payment)
