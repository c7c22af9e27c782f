"""A buyer's page that insists: the same request with the same key until it gets its answer."""

from collections.abc import Mapping
from typing import Any

from integration.create.dying import ProcessDied
from integration.create.shop import Shop
from paylink.app.attempt import Creation
from paylink.domain.errors import PaylinkError
from paylink.domain.order import Payment, PaymentState, Status

MOST_REPEATS = 12
PAST_THE_LEASE = 31.0
PAST_THE_LIFETIME = 3700.0
GONE = {PaymentState.LOST, PaymentState.FAILED, PaymentState.EXPIRED}


class Buyer:
    """One intent to pay: sends its request, keeps every page's address that it was ever given."""

    def __init__(self, shop: Shop, body: Mapping[str, object], key: str) -> None:
        self.shop = shop
        self.body = body
        self.key = key
        self.pages: list[str] = []

    def ask(self, **parts: Any) -> Creation | None:
        """One request; None where no answer came that ends the matter. Raises what a repeat cannot mend."""
        try:
            creation = self.shop.ask(self.body, self.key, **parts)
        except ProcessDied:
            return None
        except PaylinkError as error:
            if error.retry_after is None:
                raise
            self.shop.sandbox.clock.advance(error.retry_after)
            return None
        order = creation.order
        if order.payable(self.shop.now()) and order.redirect_url not in self.pages:
            self.pages.append(str(order.redirect_url))
        return creation

    def insist(self) -> Creation:
        """Repeats the request, waiting as it is told to. AssertionError where that never ends."""
        for _ in range(MOST_REPEATS):
            creation = self.ask()
            if creation is not None:
                return creation
        raise AssertionError(f"no answer in {MOST_REPEATS} repeats; the order is {self.shop.order(self.key)}")


def assert_one_live_payment(buyer: Buyer, creation: Creation) -> None:
    """The row waits for the one payment that can be paid, and names every other one for what it is."""
    shop = buyer.shop
    order = shop.order(buyer.key)
    assert (order.status, order.lease_until, order.waiting) == (Status.PENDING, None, True)
    assert creation.order == order
    assert order.redirect_url is not None
    live = shop.payment_of(order.redirect_url)
    assert (live.payment_id, live.order_id, live.open) == (order.payment_id, order.order_id, True)
    handed_out = [payment for payment in map(shop.payment_of, buyer.pages) if payment.open]
    assert [payment.payment_id for payment in handed_out] == [order.payment_id]
    made = {payment.payment_id for payment in shop.payments(buyer.key)}
    named = dict(order.payments)
    assert named.pop(live.payment_id) == Payment(PaymentState.OPEN, order.amount)
    assert set(named) == made - {live.payment_id}, "the row and the gateway name different payments"
    assert {payment.state for payment in named.values()} <= GONE


def assert_paying_it_pays_the_order(buyer: Buyer) -> None:
    """A card on the page makes the order paid, with nothing left to look at."""
    shop = buyer.shop
    before = shop.order(buyer.key)
    shop.sandbox.pay(str(before.payment_id))
    order = shop.order(buyer.key)
    assert (order.status, order.payment_id) == (Status.PAID, before.payment_id)
    assert (order.captured_amount, order.attention, order.waiting) == (order.amount, (), False)
    assert (order.lease_until, order.lease_owner, order.keep_until) == (None, None, None)
    held = [payment_id for payment_id, payment in order.payments.items() if payment.captured]
    assert held == [before.payment_id]
