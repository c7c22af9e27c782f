"""The status requests, for a payment in each of its states."""

import pytest

V2, V3 = "/g2g/status_v2", "/get_status3.php"


@pytest.mark.parametrize("path", [V2, V3])
def test_by_either_id(merchant, path):
    first = merchant.created()
    second = merchant.created()
    assert merchant.status(path, pg_payment_id=first)["pg_payment_id"] == first
    assert merchant.status(path, pg_order_id="order-1")["pg_payment_id"] == second


def test_only_get_status3_ignores_the_order_id_beside_a_payment_id(merchant):
    payment_id = merchant.created()
    ask = {"pg_payment_id": payment_id, "pg_order_id": "another"}
    assert merchant.status(V3, **ask)["pg_payment_id"] == payment_id
    assert merchant.status(V2, **ask)["pg_error_code"] == "11068"


@pytest.mark.parametrize("path", [V2, V3])
def test_an_unknown_payment_is_11068_unsigned(merchant, path):
    answer = merchant.status(path, pg_order_id="nothing")
    assert (answer["pg_status"], answer["pg_error_code"]) == ("error", "11068")
    assert "pg_sig" not in answer


@pytest.mark.parametrize("path", [V2, V3])
def test_a_request_that_names_nothing_is_refused(merchant, path):
    assert merchant.status(path)["pg_error_code"] == "200"


def test_a_wrong_signature_is_refused(merchant):
    response = merchant.send(V2, {"pg_merchant_id": "500001", "pg_payment_id": "1"}, key="another")
    assert response.status_code == 401


def test_new(merchant):
    payment_id = merchant.created()
    v2 = merchant.status(V2, pg_payment_id=payment_id)
    assert (v2["pg_payment_status"], v2["pg_amount"], v2["pg_payment_date"]) == ("new", "0", "")
    assert "pg_captured" not in v2
    v3 = merchant.status(V3, pg_payment_id=payment_id)
    assert (v3["pg_payment_status"], v3["pg_amount"]) == ("new", "20.00")
    assert v3["pg_create_date"] == "2026-03-02 14:30:00"


def test_paid(merchant, sandbox):
    payment_id = merchant.created()
    sandbox.pay(payment_id)
    v2 = merchant.status(V2, pg_payment_id=payment_id)
    assert v2["pg_payment_status"] == "success"
    assert (v2["pg_amount"], v2["pg_clearing_amount"], v2["pg_captured"]) == ("20", "20", "1")
    assert (v2["pg_net_amount"], v2["pg_refund_amount"]) == ("19.3", "0")
    assert v2["pg_payment_date"] == "2026-03-02 14:30:00"
    assert v2["pg_datetime"] == "2026-03-02T09:30:00+00:00"
    assert v2["pg_card_pan"] == "4716-04XX-XXXX-1981"
    v3 = merchant.status(V3, pg_payment_id=payment_id)
    assert (v3["pg_amount"], v3["pg_clearing_amount"], v3["pg_can_reject"]) == ("20.00", "20.00", "0")


def test_held_then_cleared_by_itself_after_five_days(merchant, sandbox):
    payment_id = merchant.created(pg_auto_clearing="0")
    sandbox.pay(payment_id)
    held = merchant.status(V2, pg_payment_id=payment_id)
    assert (held["pg_payment_status"], held["pg_captured"], held["pg_clearing_amount"]) == (
        "success",
        "0",
        "0",
    )
    calls = len(sandbox.callbacks)
    sandbox.clock.advance(5 * 86_400 - 1)
    assert merchant.status(V2, pg_payment_id=payment_id)["pg_captured"] == "0"
    sandbox.clock.advance(1)
    cleared = merchant.status(V2, pg_payment_id=payment_id)
    assert (cleared["pg_captured"], cleared["pg_clearing_amount"]) == ("1", "20")
    assert len(sandbox.callbacks) == calls


def test_declined(merchant, sandbox):
    payment_id = merchant.created()
    sandbox.pay(payment_id, "5335215945367703")
    v2 = merchant.status(V2, pg_payment_id=payment_id)
    assert (v2["pg_status"], v2["pg_payment_status"], v2["pg_captured"]) == ("ok", "error", "0")
    assert v2["pg_failure_code"] == v2["pg_error_code"] == "10009"
    assert v2["pg_clearing_amount"] == "0"


def test_waiting_for_3d_secure(merchant, sandbox):
    payment_id = merchant.created()
    sandbox.present(payment_id, "4916307416334310")
    assert merchant.status(V2, pg_payment_id=payment_id)["pg_payment_status"] == "pending"


def test_expired(merchant, sandbox):
    payment_id = merchant.created(pg_lifetime="300")
    sandbox.clock.advance(300)
    v2 = merchant.status(V2, pg_payment_id=payment_id)
    assert (v2["pg_payment_status"], v2["pg_failure_code"]) == ("incomplete", "101")


def test_rejected_by_the_shop(merchant, sandbox, shop):
    shop.answers["/shop/result"] = "rejected"
    payment_id = merchant.created()
    sandbox.pay(payment_id)
    v2 = merchant.status(V2, pg_payment_id=payment_id)
    assert (v2["pg_payment_status"], v2["pg_captured"], v2["pg_clearing_amount"]) == ("revoked", "0", "0")
    assert merchant.status(V3, pg_payment_id=payment_id)["pg_revoke_amount"] == "20.00"
