"""What the use cases need from outside, as the use cases see it. The adapters and the client fit these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Nothing of this is loaded for its name alone: every function would pay for it at its start.
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from decimal import Decimal

    from paylink.domain.credentials import MerchantKeys
    from paylink.domain.link import Link, UnreadableLink
    from paylink.domain.notices import ResultNotice
    from paylink.domain.order import Order
    from paylink.domain.order_query import OrderKey, Spot
    from paylink.domain.payment_request import Customer
    from paylink.domain.place import Place
    from paylink.domain.plain_settlement import PlainSettlement
    from paylink.domain.stack_key import StackKey
    from paylink.freedompay.answers import CreatedPayment, PaymentStatus
    from paylink.freedompay.client import Credentials
    from paylink.freedompay.operations import Cancelled, Captured, Refunded
    from paylink.freedompay.signature import Field


class OrderStore(Protocol):
    """The orders. Every method raises StoreUnavailable where nobody answers."""

    def claim(self, order: Order) -> Order | None:
        """Writes a new order, or answers the one that was there first."""

    def get(self, order_id: str) -> Order | None:
        """The order, strongly consistent."""

    def save(self, known: Order, changed: Order) -> Order | None:
        """Writes a change of the known order, or answers the order as it is now."""

    def settle_plain(self, plain: PlainSettlement) -> Order | bool:
        """Settles the plain case: True; False where there is no such order; else the order as it is."""

    def keep_unknown(self, notice: ResultNotice, now: datetime) -> None:
        """Keeps a result for an order that is not ours."""


class OrderBook(Protocol):
    """The orders by day, as their operator reads them."""

    def day(self, spot: Spot, most: int) -> tuple[list[OrderKey], bool]:
        """Up to `most` keys of a day's orders after the spot, newest first, and whether the day ends with them."""

    def orders(self, ids: Iterable[str]) -> Mapping[str, Order]:
        """The orders of at most 100 ids, strongly consistent; unknown ones are left out."""


class LinkStore(Protocol):
    """The links."""

    def get(self, ids: Iterable[str]) -> Mapping[str, Link]:
        """The links of these ids, strongly consistent. Raises UnreadableLink."""


class LinkBook(LinkStore, Protocol):
    """The links, as their owner works with them."""

    def put(self, link: Link) -> None:
        """Writes a link whole."""

    def make(self, link: Link) -> Link | None:
        """Writes a new link, or answers the one that was there first."""

    def change(self, link_id: str, change: Callable[[Link], Link]) -> Link | None:
        """Writes a change of a link as it is now; None where there is no such link. Raises UnreadableLink."""

    def page(self, cursor: str | None) -> tuple[list[Link | UnreadableLink], str | None]:
        """Links after the cursor, in the order of their ids, and the cursor of the next page."""


class PlaceStore(Protocol):
    """Places on limited links and offers. Every method may be repeated."""

    def hold(self, place: Place, order_id: str, attempt: int) -> bool:
        """Holds a place for an order's attempt; False where none is left."""

    def sell(self, place: Place, order_id: str) -> bool:
        """Makes a place the order's own for good; False where none is left."""

    def give_back(self, place: Place, order_id: str, attempt: int) -> None:
        """Gives back what this attempt or an earlier one holds and has not sold."""

    def left(self, place: Place, order_id: str = "") -> int:
        """How many units are left for an order, what it has already included."""


class ContactStore(Protocol):
    """Buyers' contacts, where the owner opted in."""

    def keep(self, order_id: str, customer: Customer, fields: Mapping[str, str], now: datetime) -> None:
        """Keeps what the buyer gave, if that is wanted at all."""

    def find(self, order_id: str) -> Mapping[str, str]:
        """What is kept beside an order or an invoice, maybe nothing."""


class MerchantKeySource(Protocol):
    """Where the merchant's keys come from."""

    def keys(self) -> MerchantKeys:
        """The keys. Raises NotConfigured or StoreUnavailable."""

    def refreshed(self) -> MerchantKeys | None:
        """The keys fetched anew, at most once a minute."""


class StackKeySource(Protocol):
    """Where the stack's own key comes from."""

    def key(self) -> StackKey:
        """The key. Raises NotConfigured or StoreUnavailable."""


class Gateway(Protocol):
    """The gateway. Raises GatewayError (it said error) or GatewayUnclear (nothing usable was said)."""

    def create(self, credentials: Credentials, fields: Iterable[Field], *, timeout: float) -> CreatedPayment:
        """Makes a payment."""

    def any_amount(
        self, credentials: Credentials, fields: Iterable[Field], *, timeout: float
    ) -> CreatedPayment:
        """Makes a payment whose amount the buyer chooses on the gateway's page."""

    def status(
        self, credentials: Credentials, *, order_id: str | None, payment_id: str | None, timeout: float
    ) -> PaymentStatus:
        """Tells how a payment stands: that payment, or the last one of an order."""

    def refund(
        self,
        credentials: Credentials,
        *,
        payment_id: str,
        amount: Decimal | None,
        fields: Iterable[Field] = (),
        timeout: float,
    ) -> Refunded:
        """Gives a payment's money back; every call is one more refund."""

    def capture(
        self,
        credentials: Credentials,
        *,
        payment_id: str,
        amount: Decimal | None,
        fields: Iterable[Field] = (),
        timeout: float,
    ) -> Captured:
        """Takes a hold's money."""

    def cancel(
        self, credentials: Credentials, *, payment_id: str, fields: Iterable[Field] = (), timeout: float
    ) -> Cancelled:
        """Lets a hold go whole."""


class Signals(Protocol):
    """What the engineer on call sees: counts and log lines with ids, never with secrets or personal data."""

    def count(self, name: str) -> None:
        """Adds one to a metric."""

    def note(self, event: str, **ids: object) -> None:
        """Writes a log line."""

    def warn(self, event: str, **ids: object) -> None:
        """Writes a log line that someone should look at."""
