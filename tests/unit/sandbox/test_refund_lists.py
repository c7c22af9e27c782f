"""How the status shows sums, refunds and reversals, at once and with a lag."""

import pytest

V2, V3 = "/g2g/status_v2", "/get_status3.php"


def texts(element):
    return {child.tag: child.text or "" for child in element}


def test_status_v2_repeats_the_name_for_each_refund(merchant, sandbox, paid):
    payment_id = paid()
    ids = [
        merchant.operate("/g2g/refund", payment_id, pg_amount=amount)["pg_payment_refund_id"]
        for amount in ("5.50", "4")
    ]
    shown = merchant.status_tree(V2, pg_payment_id=payment_id)
    assert (shown.findtext("pg_refund_amount"), shown.findtext("pg_clearing_amount")) == ("-9.5", "20")
    first, second = (texts(item) for item in shown.findall("pg_refund_payments"))
    assert [first["pg_payment_id"], second["pg_payment_id"]] == ids
    assert [first["pg_amount"], second["pg_amount"]] == ["-5.5", "-4"]
    assert first["pg_payment_status"] == "success"
    assert first["pg_payment_date"] == "2026-03-02 14:30:00"
    assert first["pg_reference"] == sandbox.payment(payment_id).refunds[0].reference


def test_get_status3_wraps_them_under_one_name(merchant, paid):
    payment_id = paid()
    for amount in ("5.50", "4"):
        merchant.operate("/g2g/refund", payment_id, pg_amount=amount)
    shown = merchant.status_tree(V3, pg_payment_id=payment_id)
    assert shown.findtext("pg_refund_amount") == "-9.50"
    assert len(shown.findall("pg_refund_payments")) == 1
    assert [item.findtext("pg_amount") for item in shown.iter("pg_refund_payment")] == ["-5.50", "-4.00"]


def test_get_status3_shows_a_cancelled_hold(merchant, paid):
    payment_id = paid(pg_auto_clearing="0")
    revoke_id = merchant.operate("/g2g/cancel", payment_id)["pg_payment_revoke_id"]
    shown = merchant.status_tree(V3, pg_payment_id=payment_id)
    assert (shown.findtext("pg_payment_status"), shown.findtext("pg_revoke_amount")) == ("revoked", "20.00")
    assert shown.findtext("pg_revoked_payments/pg_revoked_payment/pg_payment_id") == revoke_id


@pytest.mark.parametrize("path", [V2, V3])
@pytest.mark.parametrize("word", ["success", "refunded"])
def test_the_word_once_all_was_refunded_is_a_setting(merchant, sandbox, paid, path, word):
    sandbox.settings.update({"refunded_word": word})
    payment_id = paid()
    merchant.operate("/g2g/refund", payment_id, pg_amount="19.99")
    assert merchant.status_tree(path, pg_payment_id=payment_id).findtext("pg_payment_status") == "success"
    merchant.operate("/g2g/refund", payment_id)
    assert merchant.status_tree(path, pg_payment_id=payment_id).findtext("pg_payment_status") == word


def test_the_status_lags_behind_what_was_done(merchant, sandbox, paid):
    sandbox.settings.update({"lag_seconds": 30})
    payment_id = paid(pg_auto_clearing="0")

    def shown():
        tree = merchant.status_tree(V2, pg_payment_id=payment_id)
        names = ("pg_captured", "pg_clearing_amount", "pg_refund_amount")
        return [tree.findtext(name) for name in names], len(tree.findall("pg_refund_payments"))

    merchant.operate("/g2g/clearing", payment_id)
    sandbox.clock.advance(10)
    merchant.operate("/g2g/refund", payment_id, pg_amount="5")
    assert shown() == (["0", "0", "0"], 0)
    sandbox.clock.advance(20)
    assert shown() == (["1", "20", "0"], 0)
    sandbox.clock.advance(9)
    assert shown() == (["1", "20", "0"], 0)
    sandbox.clock.advance(1)
    assert shown() == (["1", "20", "-5"], 1)
    # What is left is decided on the sums themselves, not on those that the status shows.
    merchant.operate("/g2g/refund", payment_id)
    assert merchant.operate("/g2g/refund", payment_id, pg_amount="1")["pg_error_code"] == "200"


def test_an_order_may_be_hidden_by_its_last_refund(merchant, sandbox, paid):
    sandbox.settings.update({"refund_hides_payment": True})
    payment_id = paid()
    assert merchant.status(pg_order_id="order-1")["pg_payment_id"] == payment_id
    refund_id = merchant.operate("/g2g/refund", payment_id, pg_amount="5")["pg_payment_refund_id"]
    hidden = merchant.status(pg_order_id="order-1")
    assert (hidden["pg_payment_id"], hidden["pg_amount"], hidden["pg_clearing_amount"]) == (
        refund_id,
        "-5.00",
        "0",
    )
    assert merchant.status_tree(V2, pg_payment_id=payment_id).findtext("pg_refund_amount") == "-5"
