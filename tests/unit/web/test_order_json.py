"""Orders as JSON: the documented fields, and nothing about the buyer."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from paylink.domain.order import Attention, Order, Payment, PaymentState, Refusal, Status
from paylink.web.order_json import created_json, status_json, status_url
from unit.domain.examples import FIRST, MINOR, NOW, ORDER_ID, a_pending_order, an_order_in

BASE = "https://pay.shop.example"

CREATED = {
    "order_id": ORDER_ID,
    "status": "pending",
    "test": True,
    "payment_id": FIRST,
    "amount": "1500.00",
    "currency": "KZT",
    "redirect_url": "https://customer.freedompay.kz/pay.html?customer=1",
    "redirect_url_type": "need data",
    "expires_at": "2026-03-01T10:00:00.000Z",
    "status_url": f"{BASE}/payments/{ORDER_ID}",
}
STATUS = {
    "order_id": ORDER_ID,
    "status": "pending",
    "test": True,
    "amount": "1500.00",
    "currency": "KZT",
    "description": "Coffee",
    "reference": "INV-1",
    "created_at": "2026-03-01T09:00:00.000Z",
    "paid_at": None,
    "refunded_amount": "0.00",
}


def created(order: Order, *, qr: str | None = None, now: Any = NOW) -> dict[str, object]:
    return created_json(order, public_url=BASE, qr=qr, now=now)


def test_a_payment_that_can_be_paid() -> None:
    assert created(a_pending_order()) == CREATED


def test_its_qr_code_is_there_when_asked_for() -> None:
    assert created(a_pending_order(), qr="data:image/png;base64,AA==") == {
        **CREATED,
        "qr": "data:image/png;base64,AA==",
    }


PAGE = {"redirect_url", "redirect_url_type", "qr"}


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.PENDING])
def test_a_page_is_told_only_while_it_can_be_paid(status: Status) -> None:
    order = replace(an_order_in(status), redirect_url="https://customer.freedompay.kz/")
    content = created(order, qr="data:image/png;base64,AA==")
    assert set(content) == set(CREATED) - PAGE
    assert content["status"] == status.value


def test_a_page_whose_time_is_over_is_not_told() -> None:
    content = created(a_pending_order(), qr="data:,", now=NOW + timedelta(hours=1))
    assert set(content) == set(CREATED) - PAGE


def test_the_order_as_its_holder_sees_it() -> None:
    assert status_json(a_pending_order(reference="INV-1")) == STATUS


@pytest.mark.parametrize("status", Status)
def test_its_fields_are_the_same_in_every_state(status: Status) -> None:
    assert set(status_json(an_order_in(status))) == set(STATUS)


def test_what_was_paid_and_returned_is_told() -> None:
    order = an_order_in(Status.PARTIALLY_REFUNDED, refunded_amount=10_050)
    content = status_json(order)
    assert (content["paid_at"], content["refunded_amount"]) == ("2026-03-01T09:00:00.000Z", "100.50")


def test_amounts_have_their_currencys_decimals() -> None:
    won = a_pending_order(currency="KRW", amount=1500)
    assert created(won)["amount"] == status_json(won)["amount"] == "1500"
    assert status_json(won)["refunded_amount"] == "0"


def test_nothing_else_of_the_row_is_told() -> None:
    marked: dict[str, Any] = {
        "fingerprint": "MARK-fingerprint",
        "lease_owner": "MARK-owner",
        "items": {"MARK-item": 1},
        "metadata": {"MARK": "MARK-metadata"},
        "success_url": "https://MARK.example/a",
        "failure_url": "https://MARK.example/b",
        "payments": {FIRST: Payment(PaymentState.OPEN, MINOR), "MARK-payment": Payment(PaymentState.LOST)},
        "answers": {"MARK-digest": "ok"},
        "attention": (Attention.SECOND_CHARGE,),
        "approved": "MARK-approved",
        "refusal": Refusal(200, "MARK-refusal"),
    }
    assert set(marked) <= {field.name for field in fields(Order)}
    order = a_pending_order(**marked)
    for content in (created(order), status_json(order)):
        text = json.dumps(content)
        assert "MARK" not in text
        assert "second_charge" not in text


def test_the_address_of_the_status() -> None:
    assert status_url(a_pending_order(), BASE) == f"{BASE}/payments/{ORDER_ID}"
