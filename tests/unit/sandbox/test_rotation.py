"""The shop's key is changed while payments are in flight."""

import pytest

KEY = "a key made up for tests"
NEXT = "the next key made up for tests"


@pytest.fixture
def rotate(merchant):
    def change(**settings):
        response = merchant.http.post("/sandbox/settings", json={"secret_key": NEXT, **settings})
        assert response.status_code == 200
        return response.json

    return change


def test_a_result_is_signed_with_the_key_of_its_moment(merchant, sandbox, shop, rotate, signature_of):
    shop.answers["/shop/result"] = 403
    sandbox.pay(merchant.created())
    rotate()
    sandbox.clock.advance(1800)
    first, retry = shop.received
    assert first.fields["pg_sig"] == signature_of("result", first.fields, KEY)
    assert retry.fields["pg_sig"] == signature_of("result", retry.fields, NEXT)


def test_the_former_key_counts_only_while_it_is_listed(merchant, sandbox, paid, rotate):
    payment_id = paid()
    ask = {"pg_merchant_id": "500001", "pg_payment_id": payment_id}
    rotate()
    assert merchant.send("/g2g/status_v2", ask).status_code == 401
    assert merchant.send("/init_payment.php", merchant.order()).status_code == 401
    rotate(former_keys=[KEY])
    assert merchant.operate("/g2g/refund", payment_id, key=KEY, pg_amount="1")["pg_status"] == "ok"
    assert merchant.operate("/g2g/refund", payment_id, key=NEXT, pg_amount="1")["pg_status"] == "ok"
    assert sandbox.requests[-1].signature_valid
    rotate(former_keys=[])
    assert merchant.send("/g2g/status_v2", ask).status_code == 401
    assert not sandbox.requests[-1].signature_valid


def test_a_reply_signed_with_a_listed_former_key_counts(merchant, sandbox, shop, rotate):
    rotate(former_keys=[KEY])
    assert shop.sign_with == KEY
    shop.answers["/shop/result"] = "rejected"
    response = merchant.send("/init_payment.php", merchant.order(), key=NEXT)
    assert response.status_code == 200
    (payment,) = sandbox.payments()
    assert str(sandbox.pay(payment.payment_id).state) == "revoked"


def test_no_key_is_shown(sandbox, rotate):
    shown = rotate(former_keys=[KEY])
    assert not {"secret_key", "former_keys"} & shown.keys()
    assert KEY not in repr(sandbox.settings)
    assert NEXT not in repr(sandbox.settings)


@pytest.mark.parametrize(
    "values",
    [
        {"former_keys": KEY},
        {"former_keys": [""]},
        {"former_keys": [7]},
        {"lag_seconds": -1},
        {"lag_seconds": True},
        {"reversal_delay": "5"},
        {"auto_clearing_days": -1},
        {"refunded_word": "gone"},
        {"refund_hides_payment": 1},
    ],
)
def test_settings_of_the_wrong_kind_are_refused(merchant, sandbox, values):
    before = sandbox.settings.shown()
    assert merchant.http.post("/sandbox/settings", json=values).status_code == 400
    assert (sandbox.settings.shown(), sandbox.settings.former_keys) == (before, ())
