"""What is still payable, or was paid meanwhile: no further payment is made beside it."""

from datetime import timedelta

import pytest

from integration.create.insisting import PAST_THE_LIFETIME, Buyer
from paylink.app.pursuit import GRACE, LAST_PAYMENT
from paylink.domain.errors import KeyExpired
from paylink.domain.order import PaymentState, Status


def test_a_page_that_the_gateway_still_calls_open_is_handed_back(buyer: Buyer) -> None:
    """Our own clock may call its time over a little before the gateway's does."""
    shop = buyer.shop
    first = shop.ask(buyer.body).order
    now = shop.now
    shop.now = lambda: now() + timedelta(seconds=first.lifetime + 1)  # type: ignore[method-assign]
    again = shop.ask(buyer.body)
    assert (again.made, again.order.redirect_url) == (False, first.redirect_url)
    assert again.order.payable(shop.now())
    assert len(shop.payments()) == 1


def test_a_page_that_is_called_open_long_after_its_time_is_history(buyer: Buyer) -> None:
    shop = buyer.shop
    first = shop.ask(buyer.body).order
    now = shop.now
    shop.now = lambda: now() + timedelta(seconds=first.lifetime + 1) + GRACE  # type: ignore[method-assign]
    again = shop.ask(buyer.body)
    assert again.made
    # Nothing that the gateway calls open is written down as over.
    assert again.order.payments[str(first.payment_id)].state is PaymentState.OPEN


def test_a_declined_payment_that_was_paid_after_all_is_found_before_another_is_made(buyer: Buyer) -> None:
    shop = buyer.shop
    shop.sandbox.settings.update({"retry_same_page": True})
    first = str(shop.ask(buyer.body).order.payment_id)
    shop.sandbox.decline(first)
    assert shop.ask(buyer.body).made
    shop.sandbox.faults.add("result", "lost", times=None)
    shop.sandbox.pay(first)
    shop.sandbox.clock.advance(PAST_THE_LIFETIME)
    creation = shop.ask(buyer.body)
    assert not creation.made
    assert (creation.order.status, creation.order.payment_id) == (Status.PAID, first)
    assert len(shop.payments()) == 2


def test_an_old_price_is_not_sold_at_for_ever(buyer: Buyer) -> None:
    shop = buyer.shop
    shop.ask(buyer.body)
    shop.sandbox.clock.advance(LAST_PAYMENT.total_seconds() + 1)
    for _ in range(2):
        with pytest.raises(KeyExpired, match="fresh key"):
            shop.ask(buyer.body)
    assert len(shop.payments()) == 1
    assert shop.order().lease_owner is None


def test_an_old_order_that_was_paid_meanwhile_is_found_all_the_same(buyer: Buyer) -> None:
    shop = buyer.shop
    first = str(shop.ask(buyer.body).order.payment_id)
    shop.sandbox.faults.add("result", "lost", times=None)
    shop.sandbox.pay(first)
    shop.sandbox.clock.advance(LAST_PAYMENT.total_seconds() + 1)
    assert shop.ask(buyer.body).order.status is Status.PAID
