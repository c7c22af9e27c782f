"""The message of 15 fields whose signature is the unit of `bench.warm` and the race of `bench.signing`.

Its fields are those that a create call of the protocol has at least and that `paybox` can sign; values as a shop of
Paylink sends them.
"""

from typing import Final

KEY: Final = "made-up-merchant-key-for-tests"
SCRIPT: Final = "payment.php"
_BASE: Final = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"

MESSAGE: Final[tuple[tuple[str, str], ...]] = (
    ("pg_merchant_id", "500001"),
    ("pg_order_id", "pl_0123456789abcdefghjkmnpqrs"),
    ("pg_amount", "1500.00"),
    ("pg_currency", "KZT"),
    ("pg_description", "Чашка кофе"),
    ("pg_lifetime", "86400"),
    ("pg_testing_mode", "1"),
    ("pg_request_method", "POST"),
    ("pg_result_url", f"{_BASE}/callbacks/paylink_result"),
    ("pg_success_url", f"{_BASE}/return/success"),
    ("pg_failure_url", f"{_BASE}/return/failure"),
    ("pg_user_phone", "77771234567"),
    ("pg_user_id", "buyer_17"),
    ("pg_user_ip", "203.0.113.7"),
    ("pg_salt", "0a1b2c3d4e5f6071"),
)
assert len(MESSAGE) == 15
