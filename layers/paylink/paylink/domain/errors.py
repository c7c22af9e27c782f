"""Everything that can be wrong with a request, as types.

    PaylinkError
    ├── InvalidRequest            the body does not fit; one entry per field
    │   └── InvalidBody           the body cannot be read at all
    ├── InvalidIdempotencyKey     missing or malformed
    ├── BodyTooLarge
    ├── AlteredOffer              its signature does not fit
    ├── UnknownLink, UnknownOrder
    ├── BrokenLink                its row holds no link; told to the owner alone
    ├── UnusableLink              the same, told to a buyer
    ├── NotOnSale                 off, not yet open, closed, expired, revoked
    │   └── LinkOff, NotYetOpen, LinkClosed, OfferExpired, OfferRevoked
    ├── SoldOut
    ├── KeyReused                 the same key with other content
    ├── KeyExpired                the same key, long after
    ├── StillRunning              the same key while an attempt is running
    ├── OperationInFlight         another operation of the order has no outcome yet
    ├── OperationNotAllowed       the order's state or sums do not allow it
    ├── PaymentsPaused, NotConfigured, StoreUnavailable
    └── GatewayTrouble
        ├── GatewayRefused        for good; remembered for the key
        ├── OperationRefused      an operation on an order's money; remembered for the key
        ├── GatewayMisconfigured  our key or merchant number is wrong; stays open
        ├── GatewayUnclear        an answer that settles nothing; stays open
        └── GatewaySilent         no answer; stays open

`code` is the stable name that a program reads, the message tells a person what to change. How each type
maps to HTTP stands in `paylink.web.problems` alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Final

MOST_ENTRIES: Final = 50
"""An answer stays small however many mistakes a request holds."""


class PaylinkError(Exception):
    """The root of every error that Paylink raises on purpose."""

    code: ClassVar[str]
    retry_after: int | None = None
    """Seconds after which the same request may be sent again; None where repeating is of no use."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is wrong with one field of a request: `field` as a path (`items[0].quantity`)."""

    field: str
    detail: str


class InvalidRequest(PaylinkError):
    """The request does not fit the contract; `entries` names the fields that are wrong, at most 50 of them."""

    code = "invalid_request"

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: Sequence[Entry] = tuple(islice(entries, MOST_ENTRIES))
        super().__init__("; ".join(f"{entry.field}: {entry.detail}" for entry in self.entries))

    @classmethod
    def of(cls, field: str, detail: str) -> "InvalidRequest":
        """The error for a single field."""
        return cls([Entry(field, detail)])


class InvalidBody(InvalidRequest):
    """The body is no JSON object in UTF-8."""

    code = "invalid_body"


class InvalidIdempotencyKey(PaylinkError):
    """The Idempotency-Key header is missing or malformed."""

    code = "invalid_idempotency_key"


class BodyTooLarge(PaylinkError):
    """The body exceeds 64 KB; it was not parsed."""

    code = "body_too_large"


class AlteredOffer(PaylinkError):
    """The offer's signature does not fit: it was changed, cut, or signed by another stack."""

    code = "offer_altered"


class UnknownLink(PaylinkError):
    """No link of that name exists."""

    code = "link_unknown"


class BrokenLink(PaylinkError):
    """The link's row in the table, written past this API, holds no link: its owner has to put it anew."""

    code = "link_unreadable"


class UnusableLink(PaylinkError):
    """As BrokenLink, to a buyer: the shop's fault, which only its owner can mend, so nothing of it is told."""

    code = "link_unusable"
    retry_after = 300


class UnknownOrder(PaylinkError):
    """No order of that id exists."""

    code = "order_unknown"


class NotOnSale(PaylinkError):
    """What is asked for exists but cannot be bought now."""


class LinkOff(NotOnSale):
    """The owner switched the link off."""

    code = "link_off"


class NotYetOpen(NotOnSale):
    """The link opens later."""

    code = "link_not_open"


class LinkClosed(NotOnSale):
    """The link's closing time has passed."""

    code = "link_closed"


class OfferExpired(NotOnSale):
    """The offer's time has passed."""

    code = "offer_expired"


class OfferRevoked(NotOnSale):
    """The owner revoked the offer."""

    code = "offer_revoked"


class SoldOut(PaylinkError):
    """No place is left on a limited link or offer."""

    code = "sold_out"


class KeyReused(PaylinkError):
    """The same Idempotency-Key came with other content."""

    code = "idempotency_key_reused"


class KeyExpired(PaylinkError):
    """The key's order is too old for a further payment at its price."""

    code = "idempotency_key_expired"


class StillRunning(PaylinkError):
    """The same key is being worked on at this moment."""

    code = "still_running"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OperationInFlight(PaylinkError):
    """Another operation of this order has no outcome yet; one at a time."""

    code = "operation_in_flight"
    retry_after = 15


class OperationNotAllowed(PaylinkError):
    """The order's state or its sums do not allow the operation; nothing was sent."""

    code = "operation_not_allowed"


class PaymentsPaused(PaylinkError):
    """The owner stopped new payments (AcceptPayments=false)."""

    code = "payments_paused"
    retry_after = 300


class NotConfigured(PaylinkError):
    """No usable merchant key is set yet."""

    code = "not_configured"
    retry_after = 300


class StoreUnavailable(PaylinkError):
    """The table or the secret store did not answer; nothing is known to have changed."""

    code = "store_unavailable"
    retry_after = 5


class GatewayTrouble(PaylinkError):
    """The payment could not be made at the gateway."""

    def __init__(self, message: str, *, gateway_code: int | None = None, description: str = "") -> None:
        super().__init__(message)
        self.gateway_code = gateway_code
        self.gateway_description = description


class GatewayRefused(GatewayTrouble):
    """The gateway refused for good; the same key gives the same answer."""

    code = "gateway_refused"
    remembered = False
    """True where the answer comes from the order's row and the gateway was not asked again."""


class OperationRefused(GatewayTrouble):
    """The gateway refused an operation, or shows that it never happened; the same key gives the same answer."""

    code = "operation_refused"


class GatewayMisconfigured(GatewayTrouble):
    """The gateway does not accept the merchant number or its key: the owner has to mend the secret."""

    code = "gateway_misconfigured"
    retry_after = 60


class GatewayUnclear(GatewayTrouble):
    """The gateway answered something that settles nothing; the order stays open."""

    code = "gateway_unclear"
    retry_after = 2


class GatewaySilent(GatewayTrouble):
    """The gateway did not answer in time; the order stays open."""

    code = "gateway_silent"
    retry_after = 5
