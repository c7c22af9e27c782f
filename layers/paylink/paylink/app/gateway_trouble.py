"""What a failed gateway call means for the order: refused for good, our own fault, or nothing settled."""

import re
from typing import Final

from paylink.domain.errors import (
    GatewayMisconfigured,
    GatewayRefused,
    GatewaySilent,
    GatewayTrouble,
    GatewayUnclear,
)
from paylink.freedompay.errors import (
    Advice,
    AmbiguousMessage,
    FreedomPayError,
    GatewayError,
    NoAnswer,
    NotReached,
)

LONGEST_DESCRIPTION: Final = 200
# An address, or what has the look of a phone's or a card's number, masked ones included (4405-64XX-XXXX-9173).
_PERSONAL: Final = re.compile(r"\S+@\S+|\+?[\dXx*][\dXx*\s()-]{5,}\d")


def trouble(error: FreedomPayError) -> GatewayTrouble:
    """The error for the page's author. What is not known to be final stays open."""
    if isinstance(error, GatewayError):
        description = without_personal(error.description)
        if error.advice is Advice.REFUSED:
            return GatewayRefused(
                "The gateway refused this payment; sending it again will not help.",
                gateway_code=error.code,
                description=description,
            )
        if error.advice is Advice.MISCONFIGURED:
            return GatewayMisconfigured(
                "The gateway does not accept this shop's number or key. Its owner has to mend the merchant "
                "secret; the same request works afterwards.",
                gateway_code=error.code,
                description=description,
            )
        return GatewayUnclear(
            "The gateway could not make the payment now. Send the same request with the same Idempotency-Key again.",
            gateway_code=error.code,
            description=description,
        )
    if isinstance(error, AmbiguousMessage):
        return GatewayRefused("This payment cannot be put into an unambiguous message and was not sent.")
    if isinstance(error, NoAnswer | NotReached):
        return GatewaySilent(
            "The gateway did not answer in time. Send the same request with the same Idempotency-Key again."
        )
    return GatewayUnclear(
        "The gateway's answer could not be understood. Send the same request with the same Idempotency-Key again."
    )


def without_personal(text: str) -> str:
    """A gateway's text without what may be an e-mail address, a phone or a card number; bounded."""
    return _PERSONAL.sub("…", text)[:LONGEST_DESCRIPTION]
