"""What people do in the shop's cabinet, and what the gateway does by itself: the shop is told none of it."""

import json
from decimal import Decimal

import pytest

from freedompay_sandbox import RefusedError, Source, State

HOLD = {"pg_auto_clearing": "0"}


@pytest.fixture
def cabinet(merchant):
    def call(payment_id, action, body=None, expect=200):
        data = json.dumps(body) if body is not None else None
        response = merchant.http.post(f"/sandbox/payments/{payment_id}/{action}", data=data)
        assert response.status_code == expect, response.data
        return response.json

    return call


def test_a_refund(merchant, sandbox, shop, paid, cabinet):
    payment_id = paid()
    shop.received.clear()
    first = cabinet(payment_id, "refund", {"amount": "5.50"})
    assert (first["refunded_amount"], first["captured_amount"]) == ("5.50", "20.00")
    assert [(item["amount"], item["state"], item["source"]) for item in first["refunds"]] == [
        ("5.50", "success", "cabinet")
    ]
    assert cabinet(payment_id, "refund")["refunded_amount"] == "20.00"
    assert "left" in cabinet(payment_id, "refund", {"amount": "1"}, expect=409)["error"]
    shown = merchant.status_tree("/g2g/status_v2", pg_payment_id=payment_id)
    assert [item.findtext("pg_amount") for item in shown.findall("pg_refund_payments")] == ["-5.5", "-14.5"]
    assert shop.received == []


def test_a_clearing_of_a_part(sandbox, paid, cabinet):
    payment_id = paid(**HOLD)
    cleared = cabinet(payment_id, "clear", {"amount": "12"})
    assert (cleared["captured"], cleared["captured_amount"], cleared["amount"]) == (True, "12", "20.00")
    cabinet(payment_id, "clear", expect=409)


def test_a_cancel(paid, cabinet):
    payment_id = paid(**HOLD)
    cancelled = cabinet(payment_id, "cancel")
    assert (cancelled["status"], cancelled["captured"]) == ("revoked", False)
    assert cancelled["revocations"][0]["source"] == "cabinet"
    cabinet(payment_id, "cancel", expect=409)


def test_the_page_of_a_cancelled_hold_says_so(merchant, sandbox, paid, cabinet):
    payment_id = paid(**HOLD)
    cabinet(payment_id, "cancel")
    page = merchant.http.get(f"/pay.html?customer={sandbox.payment(payment_id).customer}")
    assert b"cancelled the payment" in page.data


@pytest.mark.parametrize("body", [{"amount": 5}, {"amount": "-1"}, {"amount": "five"}, {"sum": "5"}])
def test_what_is_no_sum(sandbox, paid, cabinet, body):
    payment_id = paid()
    cabinet(payment_id, "refund", body, expect=400)
    assert sandbox.payment(payment_id).refunds == ()


def test_no_such_payment(cabinet):
    for action in ("clear", "cancel", "refund"):
        cabinet("1", action, expect=404)


def test_from_python(sandbox, paid):
    held = paid(**HOLD)
    with pytest.raises(RefusedError):
        sandbox.cabinet_refund(held)
    assert sandbox.cabinet_clear(held, "15").cleared == Decimal(15)
    assert sandbox.cabinet_refund(held, Decimal(5)).refunds[-1].source is Source.CABINET
    assert sandbox.cabinet_cancel(paid(**HOLD)).state is State.REVERSED


@pytest.mark.parametrize(("days", "after"), [(5, 5), (1, 1), (0.5, 0.5)])
def test_a_hold_clears_itself_when_the_settings_say(sandbox, paid, days, after):
    sandbox.settings.update({"auto_clearing_days": days})
    payment_id = paid(**HOLD)
    sandbox.clock.advance(after * 86_400 - 1)
    assert not sandbox.payment(payment_id).captured
    sandbox.clock.advance(1)
    assert sandbox.payment(payment_id).cleared == Decimal("20.00")


def test_a_hold_that_never_clears_itself(sandbox, paid):
    sandbox.settings.update({"auto_clearing_days": None})
    payment_id = paid(**HOLD)
    sandbox.clock.advance(300 * 86_400)
    assert not sandbox.payment(payment_id).captured


def test_a_rejected_payment_is_reversed_with_an_id_of_its_own(merchant, sandbox, shop, paid):
    shop.answers["/shop/result"] = "rejected"
    payment_id = paid()
    (revocation,) = sandbox.payment(payment_id).revocations
    assert revocation.source is Source.REJECTION
    shown = merchant.status_tree("/g2g/status_v2", pg_payment_id=payment_id)
    assert shown.findtext("pg_payment_status") == "revoked"
    assert shown.findtext("pg_revoked_payments/pg_payment_id") == revocation.revoke_id != payment_id


def test_the_reversal_may_take_its_time(merchant, sandbox, shop, paid):
    sandbox.settings.update({"reversal_delay": 600})
    shop.answers["/shop/result"] = "rejected"
    payment_id = paid()
    assert merchant.status(pg_payment_id=payment_id)["pg_payment_status"] == "success"
    sandbox.clock.advance(599)
    assert sandbox.payment(payment_id).state is State.PAID
    sandbox.clock.advance(1)
    assert sandbox.payment(payment_id).state is State.REVERSED


def test_a_refund_in_the_cabinet_comes_before_a_slow_reversal(sandbox, shop, paid):
    sandbox.settings.update({"reversal_delay": 600})
    shop.answers["/shop/result"] = "rejected"
    payment_id = paid()
    sandbox.cabinet_refund(payment_id)
    sandbox.clock.advance(600)
    payment = sandbox.payment(payment_id)
    assert (payment.state, payment.refunded) == (State.PAID, Decimal("20.00"))
