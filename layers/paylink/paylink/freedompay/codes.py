"""The gateway's documented error codes, as one table. Freedom Pay protocol, "Errors".

The lists of the provider's products overlap and disagree; where a number has several texts, the row says
the one that decides what a caller should do. Choices made here alone:
- 100, 1100 and 9998 are all seen for a wrong signature, 9998 also for an unknown merchant: all are our
  settings.
- 9999 is the general system error, yet one client met it for a wrong signature: nothing can be concluded
  from it.
- 120 and 10007 have different texts in different lists: the coarser one stands here.
- As `pg_failure_code` of a payment, 101 means that its lifetime ran out; as `pg_error_code` of a request it
  means an unknown merchant. `PAYMENT_EXPIRED` names the first, the table holds the second.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Advice(StrEnum):
    """What an error code means for the caller's next step."""

    REFUSED = "refused"
    """For good: the same request will be refused again."""
    MISCONFIGURED = "misconfigured"
    """Our key, merchant number or signature is wrong: mend the settings, then the same request may pass."""
    NOT_FOUND = "not_found"
    """The gateway knows no such payment."""
    RETRY = "retry"
    """A fault on the gateway's side that may pass."""
    DECLINED = "declined"
    """This payment or operation was turned down; another one may be accepted."""
    UNKNOWN = "unknown"
    """Nothing can be concluded: ask for the payment's status."""


class Code(NamedTuple):
    """One documented code: `name` is the stem of its error class, `meaning` a line for the operator."""

    number: int
    name: str
    meaning: str
    advice: Advice


PAYMENT_EXPIRED = 101
"""`pg_failure_code` of a payment whose lifetime ran out unpaid."""

_ROWS: tuple[tuple[Advice, str, str, tuple[int, ...]], ...] = (
    (Advice.MISCONFIGURED, "WrongSignature", "the signature of the request is wrong", (100, 1100)),
    (Advice.MISCONFIGURED, "UnknownMerchant", "the merchant number is wrong", (101,)),
    (Advice.MISCONFIGURED, "UnknownMerchantOrSignature", "unknown merchant or wrong signature", (9998,)),
    (Advice.REFUSED, "NoContract", "the merchant has no active contract", (110, 9996)),
    (Advice.REFUSED, "ActionDisabled", "the action is switched off in the shop's settings", (120, 9994)),
    (Advice.REFUSED, "InvalidParameter", "a parameter is missing or not valid", (200,)),
    (Advice.REFUSED, "BuyerDataError", "the buyer's data are not valid", (700,)),
    (Advice.REFUSED, "BadPhone", "the buyer's phone number is not valid", (701,)),
    (Advice.REFUSED, "PhoneNotAccepted", "the payment system does not take this phone number", (711,)),
    (Advice.REFUSED, "NoPaymentSystem", "no payment system is ready for this payment", (850,)),
    (Advice.REFUSED, "PaymentSystemNotAllowed", "the payment system is not allowed for the shop", (8016,)),
    (Advice.REFUSED, "MethodNotActivated", "the method is not activated for the shop", (9992,)),
    (Advice.REFUSED, "AddressMissing", "a success, failure or notification address is missing", (9993,)),
    (Advice.REFUSED, "PaymentInTestMode", "the payment is in test mode", (9995,)),
    (Advice.REFUSED, "WrongMerchant", "the merchant number is wrong for this method", (9997,)),
    (Advice.NOT_FOUND, "PaymentNotFound", "the payment was not found", (340, 4002, 11068)),
    (Advice.RETRY, "PaymentSystemLink", "no link to the payment system", (465,)),
    (Advice.RETRY, "PaymentSystemCertificate", "the payment system's certificate has expired", (466,)),
    (Advice.RETRY, "PaymentSystemError", "an error on the payment system's side", (470, 475)),
    (Advice.RETRY, "InternalError", "an internal error of the service", (1000,)),
    (Advice.RETRY, "ServiceUnavailable", "the payment service is not available", (10000,)),
    (Advice.RETRY, "RefundRunning", "a refund of this payment is already running", (4004,)),
    (Advice.DECLINED, "PaymentBlocked", "the payment is blocked", (350,)),
    (Advice.DECLINED, "PaymentExpired", "the payment has expired", (360,)),
    (Advice.DECLINED, "RecurringExpired", "the recurring profile has expired", (365,)),
    (Advice.DECLINED, "Cancelled", "cancelled by the buyer or the payment system", (400,)),
    (Advice.DECLINED, "LimitExceeded", "cancelled: a limit is exceeded", (420,)),
    (Advice.DECLINED, "PaymentNotSuccessful", "the payment is not a successful one", (4003,)),
    (Advice.DECLINED, "RefundNotAllowed", "no right to refund this payment", (4005,)),
    (Advice.DECLINED, "RefundTooLarge", "the amount of the refund is too large", (4006,)),
    (Advice.DECLINED, "PaymentSystemUnknown", "the payment system turned it down without a reason", (99999,)),
    (
        Advice.DECLINED,
        "InsufficientFunds",
        "not enough money on the card",
        (8888, 10009, 11006, 100091, 100094),
    ),
    (
        Advice.DECLINED,
        "IssuerDeclined",
        "declined by the card's bank",
        (
            *(10007, 10010, 10024, 10038, 10039, 10045, 11011, 11012, 11024, 11028, 11036, 13713),
            *(100101, 100384, 100403),
        ),
    ),
    (
        Advice.DECLINED,
        "WrongCardData",
        "wrong card data",
        (10005, 10008, 10031, 10032, 11004, 11050, 11062, 11063, 11065, 100056, 110501),
    ),
    (Advice.DECLINED, "CardExpired", "the card has expired", (9901, 10017, 100171)),
    (Advice.DECLINED, "ThreeDSFailed", "3-D Secure failed", (8889, 10004, 10042, 11037, 11053, 110100)),
    (
        Advice.DECLINED,
        "CardLimit",
        "a limit of the card or of its frequency is exceeded",
        (10006, 11027, 11051, 100066, 100228, 1000661, 1000669),
    ),
    (
        Advice.DECLINED,
        "CodeAttempts",
        "too many attempts at the code",
        (10003, 11002, 11007, 11008, 11010),
    ),
    (Advice.DECLINED, "IssuerLink", "no link to the card's bank", (10001, 101156, 999993)),
    (Advice.DECLINED, "CountryNotSupported", "the card's country is not supported", (10013, 11055)),
    (Advice.DECLINED, "ZeroAmount", "the amount is zero", (11016,)),
    (
        Advice.DECLINED,
        "Declined",
        "declined without a documented reason",
        (
            *(10012, 10014, 10015, 10016, 10018, 10020, 10021, 10025, 10026, 10028, 10029, 10030),
            *(11000, 11001, 11009),
        ),
    ),
    (Advice.UNKNOWN, "SeveralPayments", "several payments fit the request", (4001,)),
    (Advice.UNKNOWN, "RefundUnknown", "the outcome of the refund is unknown", (4007,)),
    (Advice.UNKNOWN, "CancelImpossible", "the payment cannot be cancelled", (490,)),
    (Advice.UNKNOWN, "GeneralError", "a general error", (600,)),
    (Advice.UNKNOWN, "InvalidValidation", "validation failed", (9403,)),
    (Advice.UNKNOWN, "SystemError", "a system error", (9999,)),
)

CODES: Mapping[int, Code] = MappingProxyType(
    {
        number: Code(number, f"{name}{number}", meaning, advice)
        for advice, name, meaning, numbers in _ROWS
        for number in numbers
    }
)
"""Every documented code by its number."""
