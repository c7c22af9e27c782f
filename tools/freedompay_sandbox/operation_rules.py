"""What the gateway accepts in a clearing, cancel or refund request.

Freedom Pay protocol, Cancel, clearing, refund. A parameter that the page of an address does not list is refused.
"""

from collections.abc import Sequence
from decimal import Decimal

from .checks import Check, amount_limits, at_most, one_of, whole
from .rules import CURRENCIES, SALT, ParameterError, check_field, check_receipts
from .signing import Pair
from .writing import is_xml_text

RECEIPTS = "pg_receipt_positions"
_EVERYWHERE: dict[str, Check] = {
    "pg_merchant_id": whole(1),
    "pg_payment_id": whole(1),
    "pg_salt": SALT,
    "pg_sig": at_most(32),
}
_CLEARING: dict[str, Check] = {**_EVERYWHERE, "pg_clearing_amount": amount_limits}
# By operation: under /g2g/ and at the merchant API's address. Which name carries a refund's sum differs.
_CHECKS: dict[tuple[str, bool], dict[str, Check]] = {
    ("clearing", True): _CLEARING,
    ("clearing", False): _CLEARING,
    ("cancel", True): _EVERYWHERE,
    ("cancel", False): _EVERYWHERE,
    ("refund", True): {**_EVERYWHERE, "pg_amount": amount_limits, "pg_currency": one_of(*CURRENCIES)},
    ("refund", False): {
        **_EVERYWHERE,
        "pg_refund_amount": amount_limits,
        "pg_idempotency_key": at_most(255),
    },
}
_SUMS = ("pg_clearing_amount", "pg_amount", "pg_refund_amount")


def check_operation(operation: str, fields: Sequence[Pair], *, g2g: bool) -> None:
    """Hold a request for an operation against every rule. Raises ParameterError for the first one broken."""
    for name in ("pg_payment_id", "pg_salt"):
        if not any(key == name and value for key, value in fields):
            raise ParameterError(name, "is required")
    for name, value in fields:
        if not is_xml_text(value):
            raise ParameterError(name, "holds a control character")
        if name == RECEIPTS:
            check_receipts(value)
        elif name.startswith("pg_"):
            check_field(name, value, _CHECKS[operation, g2g])


def amount_of(fields: Sequence[Pair]) -> Decimal | None:
    """Return the sum that a checked request names, None for all of it."""
    given = (value for name, value in fields if name in _SUMS and isinstance(value, str) and value)
    return next((Decimal(value) for value in given), None)
