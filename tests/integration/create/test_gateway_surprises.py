"""Results before answers, payments paid late or beside each other, and what nobody told: found, never doubled."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from freedompay_sandbox import State
from integration.create.assertions import assert_one_live_payment, assert_paying_it_pays_the_order
from integration.create.insisting import Buyer
from integration.create.shop import KEY
from paylink.domain.errors import PaylinkError
from paylink.domain.order import Attention, PaymentState, Status
from paylink.domain.payment_request import parse_payment_request
from paylink.freedompay.client import Credentials


class Meddling:
    """The gateway's client, with something that happens after a payment was made and before its answer is read."""

    def __init__(self, gateway: Any, then: Callable[[str], object]) -> None:
        self._gateway = gateway
        self._then = then
        self.status = gateway.status

    def create(self, credentials: Credentials, fields: Any, *, timeout: float) -> Any:
        created = self._gateway.create(credentials, fields, timeout=timeout)
        self._then(created.payment_id)
        return created


def test_error_now_but_paid_later_the_callback_pays_the_order(buyer: Buyer) -> None:
    shop = buyer.shop
    shop.sandbox.faults.add("create", "error_then_paid")
    assert buyer.ask() is None
    (payment,) = shop.payments()
    shop.sandbox.pay(payment.payment_id)
    order = shop.order()
    assert (order.status, order.payment_id, order.waiting) == (Status.PAID, payment.payment_id, False)
    creation = buyer.insist()
    assert (creation.made, creation.order) == (False, order)
    assert len(shop.payments()) == 1


def test_error_now_but_paid_later_and_the_callback_lost_the_status_tells(buyer: Buyer) -> None:
    shop = buyer.shop
    shop.sandbox.faults.add("create", "error_then_paid")
    shop.sandbox.faults.add("result", "lost", times=None)
    assert buyer.ask() is None
    (payment,) = shop.payments()
    shop.sandbox.pay(payment.payment_id)
    assert shop.order().status is Status.CREATING
    creation = buyer.insist()
    assert (creation.made, creation.order.status) == (False, Status.PAID)
    order = shop.order()
    assert creation.order == order
    assert (order.payment_id, order.lease_until, order.waiting) == (payment.payment_id, None, False)
    assert len(shop.payments()) == 1


@pytest.mark.parametrize("repeated_key", ["error", "new"])
def test_the_first_payment_is_paid_when_a_second_page_is_already_out(buyer: Buyer, repeated_key: str) -> None:
    """Whichever comes first is the order's money; the gateway is told to give the other back."""
    shop = buyer.shop
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    shop.sandbox.faults.add("create", "error_then_paid")
    assert buyer.ask() is None
    buyer.insist()
    first, second = shop.payments()
    shop.sandbox.pay(first.payment_id)
    order = shop.order()
    assert (order.status, order.payment_id) == (Status.PAID, first.payment_id)
    assert shop.sandbox.pay(second.payment_id).state is State.REVERSED
    order = shop.order()
    assert (order.status, order.payment_id, order.attention) == (Status.PAID, first.payment_id, ())
    assert order.payments[second.payment_id].state is PaymentState.REJECTED
    assert order.waiting, "what was refused stays on watch until the gateway shows the money reversed"


def test_a_result_that_comes_before_the_answer(buyer: Buyer) -> None:
    shop = buyer.shop
    shop.sandbox.faults.add("result", "early")
    creation = buyer.insist()
    (payment,) = shop.payments()
    assert (creation.made, creation.order.status) == (True, Status.PAID)
    order = shop.order()
    assert creation.order == order
    assert (order.status, order.payment_id, order.waiting) == (Status.PAID, payment.payment_id, False)
    assert {payment_id: entry.state for payment_id, entry in order.payments.items()} == {
        payment.payment_id: PaymentState.PAID
    }
    assert buyer.pages == []
    assert not buyer.insist().made


def test_a_decline_that_comes_before_the_answer(buyer: Buyer) -> None:
    shop = buyer.shop
    creation = buyer.ask(gateway=Meddling(shop.gateway, shop.sandbox.decline))
    assert creation is not None
    order = shop.order()
    assert creation.order == order
    assert (order.status, order.lease_until) == (Status.FAILED, None)
    assert buyer.pages == []
    assert_one_live_payment(buyer, buyer.insist())
    assert len(shop.payments()) == 2
    assert_paying_it_pays_the_order(buyer)


@pytest.mark.parametrize("repeated_key", ["error", "new"])
def test_an_earlier_payment_is_paid_while_the_next_is_made(buyer: Buyer, repeated_key: str) -> None:
    """The order is paid; the payment made meanwhile was given to nobody, and the row says so."""
    shop = buyer.shop
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    shop.sandbox.faults.add("create", "error_then_paid")
    assert buyer.ask() is None
    (first,) = shop.payments()
    creation = buyer.ask(gateway=Meddling(shop.gateway, lambda _: shop.sandbox.pay(first.payment_id)))
    assert creation is not None
    assert creation.order.status is Status.PAID
    order = shop.order()
    assert (order.payment_id, order.lease_until, order.waiting) == (first.payment_id, None, False)
    second = shop.payments()[-1]
    assert second.payment_id != first.payment_id
    assert order.payments[second.payment_id].state is PaymentState.LOST
    assert buyer.pages == []


def test_while_a_buyer_confirms_no_further_payment_is_made(buyer: Buyer) -> None:
    shop = buyer.shop
    shop.sandbox.faults.add("create", "error_then_paid")
    assert buyer.ask() is None
    (payment,) = shop.payments()
    shop.sandbox.present(payment.payment_id, "4916307416334310")
    assert shop.payments()[0].state is State.WAITING
    with pytest.raises(PaylinkError) as waiting:
        shop.ask(buyer.body)
    assert (waiting.value.code, waiting.value.retry_after) == ("still_running", 15)
    shop.sandbox.confirm(payment.payment_id, passed=False)
    assert shop.order().status is Status.FAILED
    assert_one_live_payment(buyer, buyer.insist())
    assert len(shop.payments()) == 2


def test_a_failure_that_the_status_denies_opens_the_same_page_again(buyer: Buyer) -> None:
    """A decline was told, yet the gateway's own status says that the page still waits for its buyer."""
    shop = buyer.shop
    first = buyer.insist()
    real = shop.sandbox.payment(str(first.order.payment_id))
    shop.sandbox.decline(real.payment_id)
    assert shop.order().status is Status.FAILED
    shop.sandbox._ledger.change(real.payment_id, state=State.NEW, failure_code=None)
    again = buyer.insist()
    assert (again.made, again.order.redirect_url) == (False, first.order.redirect_url)
    assert_one_live_payment(buyer, again)
    assert len(shop.payments()) == 1


def test_where_a_page_takes_further_cards_a_second_page_never_costs_twice(buyer: Buyer) -> None:
    shop = buyer.shop
    shop.sandbox.settings.update({"retry_same_page": True})
    first = buyer.insist().order
    shop.sandbox.decline(str(first.payment_id))
    second = buyer.insist().order
    assert second.payment_id != first.payment_id
    assert shop.sandbox.pay(str(first.payment_id)).state is State.PAID
    assert shop.order().payment_id == first.payment_id
    assert shop.sandbox.pay(str(second.payment_id)).state is State.REVERSED
    order = shop.order()
    assert (order.status, order.captured_amount) == (Status.PAID, order.amount)


def test_money_that_does_not_fit_stops_further_payments_and_calls_an_operator(buyer: Buyer) -> None:
    shop = buyer.shop
    shop.sandbox.faults.add("create", "drop_before")
    assert buyer.ask() is None
    keys = shop.secrets.merchant.keys()
    foreign = shop.gateway.create(
        Credentials(keys.merchant_id, keys.secret_key),
        [("pg_order_id", shop.order_id()), ("pg_amount", "1.00"), ("pg_description", "?")],
    )
    shop.sandbox.pay(foreign.payment_id)
    for _ in range(2):
        answered = shop.ask(buyer.body)
        assert not answered.made
        assert not answered.order.payable(shop.now())
    order = shop.order()
    assert (order.status, order.attention) == (Status.CREATING, (Attention.AMOUNT_MISMATCH,))
    assert order.payments[foreign.payment_id].captured == 100
    assert len(shop.payments()) == 1


def test_a_repeat_from_another_network_may_differ_from_the_first_call(buyer: Buyer) -> None:
    """The gateway then sees another content under the same key, and refuses it: a fresh payment is made."""
    shop = buyer.shop
    shop.sandbox.faults.add("create", "drop_after")
    assert buyer.ask() is None
    call = replace(shop.call, buyer_ip="198.51.100.9")
    creation = shop.process()(parse_payment_request(buyer.body), KEY, call)
    buyer.pages.append(str(creation.order.redirect_url))
    assert creation.made
    assert_one_live_payment(buyer, creation)
    assert len(shop.payments()) == 2


def test_an_expiry_that_nobody_told_is_found_by_asking(buyer: Buyer) -> None:
    shop = buyer.shop
    first = buyer.insist().order
    shop.sandbox.faults.add("result", "lost", times=None)
    shop.sandbox.clock.advance(3700)
    assert shop.order().status is Status.PENDING
    creation = buyer.insist()
    assert_one_live_payment(buyer, creation)
    assert creation.order.payments[str(first.payment_id)].state is PaymentState.EXPIRED
    shop.sandbox.faults.clear()
    assert_paying_it_pays_the_order(buyer)


def test_a_payment_that_nobody_told_is_found_by_asking(buyer: Buyer) -> None:
    shop = buyer.shop
    first = buyer.insist().order
    shop.sandbox.faults.add("result", "lost", times=None)
    shop.sandbox.pay(str(first.payment_id))
    assert shop.order().status is Status.PENDING
    shop.sandbox.clock.advance(3700)
    creation = buyer.insist()
    assert (creation.made, creation.order.status) == (False, Status.PAID)
    assert shop.order() == creation.order
    assert len(shop.payments()) == 1
