"""What the gateway accepts in a create request: every documented parameter, its format and its limits.

Freedom Pay protocol, Create payment and Any amount. Where the provider's pages differ, the stricter reading
is taken. A name that starts with pg_ and is in no page is refused: extra parameters must not start with pg_.
"""

import re
from collections.abc import Mapping, Sequence

from .checks import (
    LARGEST_AMOUNT,
    Check,
    amount_limits,
    at_most,
    ipv4_address,
    like,
    one_of,
    web_address,
    whole,
)
from .signing import Pair, Value
from .writing import is_xml_name, is_xml_text, split_query

_CURRENCY_CODES = (
    "AED AMD AZN BYN CAD CNY CZK EUR GBP GEL HKD INR KGS KRW KZT MDL PLN RUB THB TJS TRY UAH USD UZS"
)
CURRENCIES = frozenset(_CURRENCY_CODES.split())
LANGUAGES = frozenset({"ru", "en", "kz", "kg", "uz"})
PAYMENT_METHODS = frozenset(
    {"bankcard", "mobile_commerce", "apple_pay", "google_pay", "wallet", "cash", "internetbank"}
)
TAX_TYPES = frozenset({"0", "3", "7", "11"})
SHORTEST_LIFETIME, LONGEST_LIFETIME, DEFAULT_LIFETIME = 300, 604_800, 86_400

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class ParameterError(Exception):
    """A parameter is missing or breaks its limits (error code 200)."""

    def __init__(self, name: str, reason: str) -> None:
        """Say which parameter, and what it must be."""
        super().__init__(f"{name}: {reason}")
        self.name = name


def check_create(fields: Sequence[Pair], *, any_amount: bool = False) -> None:
    """Hold a create request against every rule. Raises ParameterError for the first one broken."""
    names = [name for name, _ in fields]
    required = ("pg_order_id", "pg_description", "pg_salt") if any_amount else _REQUIRED
    for name in required:
        if not any(key == name and value for key, value in fields):
            raise ParameterError(name, "is required")
    for name, value in fields:
        if not is_xml_text(value):
            raise ParameterError(name, "holds a control character")  # no answer could repeat it
        if name == "pg_receipt_positions":
            check_receipts(value)
        elif name == "pg_template_params":
            continue  # the page's appearance, in a form of its own
        elif name.startswith("pg_"):
            _check_parameter(name, value, any_amount=any_amount)
        elif names.count(name) > 1:
            raise ParameterError(name, "names of additional parameters must be unique")
    _check_interval(dict(fields))
    _check_xml_names(fields)


def extras(fields: Sequence[Pair]) -> list[Pair]:
    """Return the merchant's own parameters, which every callback echoes."""
    return [
        (name, value)
        for name, value in fields
        if not name.startswith("pg_") or name in {"pg_param1", "pg_param2", "pg_param3"}
    ]


def _check_parameter(name: str, value: Value, *, any_amount: bool) -> None:
    check_field(name, value, {**_CHECKS, **(_INTERVAL if any_amount else {})})


def check_field(name: str, value: Value, checks: Mapping[str, Check]) -> None:
    """Hold one pg_ field against the check of its name. Raises ParameterError, also where there is none."""
    check = checks.get(name)
    if check is None:
        raise ParameterError(name, "is not known, and additional parameters must not start with pg_")
    if not isinstance(value, str):
        raise ParameterError(name, "must be a single value")
    # An optional parameter may be empty, as in the provider's own sample; it then counts as absent.
    if value and (reason := check(value)) is not None:
        raise ParameterError(name, reason)


def check_receipts(positions: Value) -> None:
    """Hold receipt positions against their rules. Raises ParameterError."""
    if isinstance(positions, str):
        raise ParameterError("pg_receipt_positions", "must be a list of positions")
    # From a form: a list of positions under their indexes. From XML: one position's own fields.
    listed = all(not isinstance(value, str) for _, value in positions)
    for position in [value for _, value in positions] if listed else [positions]:
        _check_position(dict(position) if not isinstance(position, str) else {})


def _check_position(position: dict[str, Value]) -> None:
    for name in ("count", "name", "price", "tax_type"):
        if name not in position:
            raise ParameterError(f"pg_receipt_positions.{name}", "is required")
    for name, value in position.items():
        if name == "mark_list":
            count = position["count"]
            if isinstance(value, str) or not isinstance(count, str) or count != str(len(value)):
                raise ParameterError(
                    "pg_receipt_positions.mark_list", "must have as many marks as count says"
                )
            continue
        check = _RECEIPT.get(name)
        if check is None or not isinstance(value, str):
            raise ParameterError(f"pg_receipt_positions.{name}", "is not known")
        if (reason := check(value)) is not None:
            raise ParameterError(f"pg_receipt_positions.{name}", reason)


def _check_interval(fields: dict[str, Value]) -> None:
    low, high = fields.get("pg_amount_interval_from"), fields.get("pg_amount_interval_to")
    if isinstance(low, str) and isinstance(high, str) and low and high and int(low) > int(high):
        raise ParameterError("pg_amount_interval_from", "must not be above pg_amount_interval_to")


def _check_xml_names(fields: Sequence[Pair]) -> None:
    """Refuse names that a callback as XML could not carry."""
    if ("pg_request_method", "XML") not in fields:
        return
    names = [name for name, _ in extras(fields)]
    for name, url in fields:
        if name in {"pg_check_url", "pg_result_url"} and isinstance(url, str):
            names += [key for key, _ in split_query(url)[1]]
    for name in names:
        if not is_xml_name(name):
            raise ParameterError(name, "can't be sent as XML")


SALT = like(r"[A-Za-z0-9_-]+", "must be letters and digits")
_REQUIRED = ("pg_order_id", "pg_amount", "pg_description", "pg_salt")
_FLAG = one_of("0", "1")
_METHOD = one_of("GET", "POST")
_CHECKS: dict[str, Check] = {
    "pg_merchant_id": whole(1),
    "pg_order_id": at_most(50),
    "pg_amount": amount_limits,
    "pg_currency": one_of(*CURRENCIES),
    "pg_description": at_most(1024),
    "pg_salt": SALT,
    "pg_sig": at_most(32),
    "pg_testing_mode": _FLAG,
    "pg_lifetime": whole(SHORTEST_LIFETIME, LONGEST_LIFETIME),
    "pg_language": one_of(*LANGUAGES),
    "pg_user_id": like(r"[a-zA-Z0-9_-]{1,50}", "must be 1 to 50 letters, digits, _ or -"),
    "pg_user_ip": ipv4_address,
    "pg_user_phone": like(r"[0-9]{6,15}", "must be digits, starting with the country code"),
    "pg_user_contact_email": lambda text: None if _EMAIL.fullmatch(text) else "must be an e-mail address",
    "pg_payment_method": one_of(*PAYMENT_METHODS),
    "pg_payment_system": at_most(255),
    "pg_request_method": one_of("GET", "POST", "XML"),
    **dict.fromkeys(
        ["pg_check_url", "pg_result_url", "pg_success_url", "pg_failure_url", "pg_site_url"], web_address
    ),
    **dict.fromkeys(["pg_state_url", "pg_refund_url", "pg_capture_url"], web_address),
    **dict.fromkeys(["pg_success_url_method", "pg_failure_url_method", "pg_state_url_method"], _METHOD),
    **dict.fromkeys(["pg_param1", "pg_param2", "pg_param3"], at_most(255)),
    **dict.fromkeys(
        ["pg_auto_clearing", "pg_recurring_start", "pg_3ds_challenge", "pg_postpone_payment"], _FLAG
    ),
    **dict.fromkeys(["pg_need_email_notification", "pg_need_phone_notification"], _FLAG),
    "pg_recurring_lifetime": whole(1, 156),
    "pg_timeout_after_payment": whole(1),
    "pg_payment_route": one_of("frame"),
    "pg_generate_qr": one_of("0", "1", "true", "false"),
    "pg_idempotency_key": at_most(255),
    "pg_loyalty_id": at_most(255),
    "pg_loyalty_amount": amount_limits,
    "pg_freedom_id": at_most(255),
    "pg_commission_discount": amount_limits,
    "pg_commission_discount_fix": amount_limits,
    "pg_encoding": one_of("UTF-8", "utf-8"),
}
_INTERVAL: dict[str, Check] = dict.fromkeys(
    ["pg_amount_interval_from", "pg_amount_interval_to"], whole(1, int(LARGEST_AMOUNT))
)
_RECEIPT: dict[str, Check] = {
    "count": whole(1),
    "name": lambda text: None if text else "must not be empty",
    "price": amount_limits,
    "tax_type": one_of(*TAX_TYPES),
    **dict.fromkeys(["UnitCode", "GTIN", "NTIN"], at_most(255)),
}
