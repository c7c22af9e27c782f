"""The page of a link: what it shows, and what its button does.

Showing reads and changes nothing, since messengers fetch every link that is sent. The button creates the payment
as `POST /payments` does, under the same keys, and tells where the buyer goes on.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from paylink.app.buyer_return import with_order_id
from paylink.app.create_payment import CreatePayment
from paylink.app.deadline import RESERVE
from paylink.app.policy import Call, Policy
from paylink.app.ports import LinkStore, PlaceStore
from paylink.domain.clock import utc_now
from paylink.domain.errors import (
    NotConfigured,
    NotOnSale,
    PaylinkError,
    PaymentsPaused,
    SoldOut,
    StillRunning,
    UnknownLink,
)
from paylink.domain.link import LINK_ID, Link
from paylink.domain.order import SETTLED, Order, Status
from paylink.domain.payment_request import PaymentRequest
from paylink.domain.place import Place, in_mode
from paylink.domain.seller import Seller
from paylink.domain.showing import Onward, Showing

PAUSES: Final = (0.4, 0.6, 1.0, 1.5, 2.5)
"""Seconds between looks at a payment that another request of the same buyer is making: six in all.

A browser drops the first answer of a double click and waits for the second one, which finds the first request
still running. A page without scripts cannot ask again by itself, so the second request waits.
"""


class LinkPage:
    """The use case behind `/pay/{link}`."""

    def __init__(
        self,
        *,
        links: LinkStore,
        places: PlaceStore,
        create: CreatePayment,
        policy: Policy,
        seller: Seller,
        now: Callable[[], datetime] = utc_now,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._links = links
        self._places = places
        self._create = create
        self._policy = policy
        self._seller = seller
        self._now = now
        self._pause = pause

    def link(self, link_id: str) -> Link:
        """The link of an id. Raises UnknownLink or StoreUnavailable."""
        # What can be no id is not looked up: the table bounds the length of its keys.
        is_id = LINK_ID.fullmatch(link_id) is not None
        link = self._links.get([link_id]).get(link_id) if is_id else None
        if link is None:
            raise UnknownLink(f"There is no link named {link_id[:80]!r}.")
        return link

    def show(self, link_id: str, key: str | None = None) -> Showing:
        """The link as its page shows it, with what stands in the way of buying. Raises as `link` does.

        `key`: what this browser pressed the button with before, if it did. While that order may still be paid it
        goes on with it, and the places that it holds are the buyer's own.
        """
        link = self.link(link_id)
        begun = self._create.begun(key) if key else None
        if begun is not None and not self._goes_on(begun):
            begun = key = None
        left = None
        if link.limit is not None:
            (place,) = in_mode((Place(link.id, 1, link.limit),), test=self._is_test(link))
            left = max(0, self._places.left(place, begun.order_id if begun else ""))
        return Showing(link, self._is_test(link), left, self._obstacle(link, left), key)

    def pay(self, asked: PaymentRequest, key: str, call: Call) -> Onward:
        """Creates the payment of this key, or takes up the one there is; tells where the buyer goes on.

        Raises PaylinkError as CreatePayment does.
        """
        self._require_told_seller(asked)
        end = time.monotonic() + call.seconds_left
        pauses = iter(PAUSES)
        while True:
            seconds_left = end - time.monotonic()
            try:
                return self._onward(self._create(asked, key, replace(call, seconds_left=seconds_left)).order)
            except StillRunning:
                pause = next(pauses, None)
                if pause is None or pause + RESERVE >= seconds_left:
                    raise
            self._pause(pause)

    def _goes_on(self, order: Order) -> bool:
        """Whether a press still belongs to this order. Where nobody can pay it any more, a new one may cost
        something else by now."""
        if order.status in SETTLED:
            return False
        is_open = order.status in {Status.CREATING, Status.PENDING, Status.FAILED}
        return order.holds_money() or (is_open and not order.over(self._now()))

    def _onward(self, order: Order) -> Onward:
        if order.status in SETTLED:
            page = order.success_url or self._policy.shop_url
            return Onward(order.status, with_order_id(page, order.order_id))
        address = order.redirect_url if order.payable(self._now()) else None
        return Onward(order.status, address, stray_money=order.holds_money())

    def _obstacle(self, link: Link, left: int | None) -> PaylinkError | None:
        try:
            link.require_on_sale(self._now())
        except NotOnSale as error:
            return error
        if left is not None and left < link.quantity.minimum:
            return SoldOut("Sold out: not enough is left.")
        if not self._policy.accept_payments:
            return PaymentsPaused("The shop takes no new payments at the moment.")
        if not (self._seller.complete or self._is_test(link)):
            return _untold()
        return None

    def _require_told_seller(self, asked: PaymentRequest) -> None:
        # The template refuses a live stack without the seller's details; a link that is live by itself on a
        # stack in test mode passes it by. The link is read for this on such stacks alone.
        if self._seller.complete:
            return
        if any(not self._is_test(self.link(item.link)) for item in asked.items):
            raise _untold()

    def _is_test(self, link: Link) -> bool:
        return self._policy.test_mode if link.test is None else link.test


def _untold() -> NotConfigured:
    return NotConfigured("Real money needs the seller's details: set the Seller parameters of the stack.")
