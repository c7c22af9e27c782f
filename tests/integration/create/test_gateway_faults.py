"""The gateway fails in every way that the stand-in knows; the same request ends in one payment all the same."""

import itertools
from typing import Any

import pytest

from integration.create.assertions import assert_one_live_payment, assert_paying_it_pays_the_order
from integration.create.insisting import Buyer
from paylink.domain.order import PaymentState, Status
from paylink.freedompay.client import Credentials

KEY_MODES = ("same", "error", "new")
CREATE_FAULTS = {
    "dropped before": {"kind": "drop_before"},
    "dropped after": {"kind": "drop_after"},
    "too slow": {"kind": "slow", "seconds": 0.6},
    "500": {"kind": "http_500"},
    "500 though created": {"kind": "http_500", "created": True},
    "a web page": {"kind": "html"},
    "a web page though created": {"kind": "html", "created": True},
    "unsigned error": {"kind": "error", "code": "9999"},
    "unsigned error though created": {"kind": "error", "code": "9999", "created": True},
    "passing error": {"kind": "error", "code": "10000", "http_status": 503},
    "forged success": {"kind": "wrong_signature"},
    "error but to be paid later": {"kind": "error_then_paid"},
}
STATUS_FAULTS = {
    "dropped": {"kind": "drop_before"},
    "too slow": {"kind": "slow", "seconds": 0.6},
    "500": {"kind": "http_500"},
    "a web page": {"kind": "html"},
    "unsigned error": {"kind": "error", "code": "9999"},
    "refused": {"kind": "error", "code": "200"},
    "forged": {"kind": "wrong_signature"},
}


class Hasty:
    """The gateway's client with less patience, so that a slow answer need not be waited for."""

    def __init__(self, gateway: Any, seconds: float) -> None:
        self._gateway = gateway
        self._seconds = seconds

    def create(self, credentials: Credentials, fields: Any, *, timeout: float) -> Any:
        return self._gateway.create(credentials, fields, timeout=min(timeout, self._seconds))

    def status(self, credentials: Credentials, *, timeout: float, **asked: Any) -> Any:
        return self._gateway.status(credentials, timeout=min(timeout, self._seconds), **asked)


@pytest.mark.parametrize("fault", CREATE_FAULTS)
@pytest.mark.parametrize("repeated_key", KEY_MODES)
def test_a_failed_create_call(buyer: Buyer, repeated_key: str, fault: str) -> None:
    shop = buyer.shop
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    shop.sandbox.faults.add("create", **CREATE_FAULTS[fault])
    assert buyer.ask(gateway=Hasty(shop.gateway, 0.3)) is None
    order = shop.order()
    assert (order.status, order.payments, order.waiting) == (Status.CREATING, {}, True)
    assert_one_live_payment(buyer, buyer.insist())
    assert_paying_it_pays_the_order(buyer)


@pytest.mark.parametrize("fault", CREATE_FAULTS)
@pytest.mark.parametrize("repeated_key", KEY_MODES)
def test_a_failed_further_attempt_after_a_failed_first_one(
    buyer: Buyer, repeated_key: str, fault: str
) -> None:
    shop = buyer.shop
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    shop.sandbox.faults.add("create", "drop_after")
    assert buyer.ask() is None
    shop.sandbox.faults.add("create", **CREATE_FAULTS[fault])
    assert_one_live_payment(buyer, buyer.ask(gateway=Hasty(shop.gateway, 0.3)) or buyer.insist())
    assert_paying_it_pays_the_order(buyer)


@pytest.mark.parametrize(
    ("fault", "created"),
    # That there is no such payment is said without a signature, so it cannot be forged.
    [case for case in itertools.product(STATUS_FAULTS, [True, False]) if case != ("forged", False)],
)
def test_a_failed_status_call_makes_no_payment(buyer: Buyer, fault: str, created: bool) -> None:
    shop = buyer.shop
    shop.sandbox.faults.add("create", "error", code="9999", created=created)
    assert buyer.ask() is None
    before = len(shop.payments())
    shop.sandbox.faults.add("status", **STATUS_FAULTS[fault])
    assert buyer.ask(gateway=Hasty(shop.gateway, 0.3)) is None
    assert len(shop.payments()) == before
    assert (shop.order().status, shop.order().refusal) == (Status.CREATING, None)
    assert_one_live_payment(buyer, buyer.insist())
    assert_paying_it_pays_the_order(buyer)


@pytest.mark.parametrize(
    ("repeated_key", "kind"),
    [
        *itertools.product(KEY_MODES, ["drop_before", "drop_after", "http_500", "html"]),
        # Where a repeat is an error, nothing is left to forge: errors come without a signature.
        *itertools.product(["same", "new"], ["wrong_signature"]),
    ],
)
def test_a_repeat_without_any_word_is_left_open(buyer: Buyer, repeated_key: str, kind: str) -> None:
    """It may still be on its way: nothing more is sent until the same request comes again."""
    shop = buyer.shop
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    shop.sandbox.faults.add("create", "drop_after")
    assert buyer.ask() is None
    (first,) = shop.payments()
    shop.sandbox.faults.add("create", kind)
    assert buyer.ask() is None
    assert [record.operation for record in shop.sandbox.requests] == ["create", "status", "create"]
    order = shop.order()
    assert (order.status, order.refusal, order.waiting) == (Status.CREATING, None, True)
    assert {name: entry.state for name, entry in order.payments.items()} == {
        first.payment_id: PaymentState.LOST
    }
    assert_one_live_payment(buyer, buyer.insist())
