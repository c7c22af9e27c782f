"""Clearing, cancelling and refunding: what is answered, and how the payment then stands."""

import threading
from decimal import Decimal

import pytest

from freedompay_sandbox import NotPayableError, RefusedError, State
from freedompay_sandbox.reading import read_form
from freedompay_sandbox.signing import sign

V2 = "/g2g/status_v2"
HOLD = {"pg_auto_clearing": "0", "pg_amount": "100"}
RECEIPT = {
    f"pg_receipt_positions[0][{name}]": value
    for name, value in {"count": "1", "name": "Coffee", "price": "20", "tax_type": "0"}.items()
}


def without_signature(answer):
    return {name: value for name, value in answer.items() if name not in {"pg_salt", "pg_sig"}}


def test_clearing_of_a_part(merchant, sandbox, paid, shop):
    payment_id = paid(**HOLD)
    calls = len(shop.received)
    answer = merchant.operate("/g2g/clearing", payment_id, pg_clearing_amount="60.00")
    assert without_signature(answer) == {
        "pg_status": "ok",
        "pg_payment_id": payment_id,
        "pg_amount": "100",
        "pg_clearing_amount": "60",
        "pg_status_clearing": "1",
    }
    shown = merchant.status(V2, pg_payment_id=payment_id)
    assert (shown["pg_payment_status"], shown["pg_captured"]) == ("success", "1")
    assert (shown["pg_amount"], shown["pg_clearing_amount"]) == ("100", "60")
    sandbox.clock.advance(6 * 86_400)
    assert sandbox.payment(payment_id).cleared == Decimal(60)
    assert len(shop.received) == calls


def test_clearing_in_full_and_only_once(merchant, paid):
    payment_id = paid(**HOLD)
    assert merchant.operate("/g2g/clearing", payment_id)["pg_clearing_amount"] == "100"
    again = merchant.operate("/g2g/clearing", payment_id)
    assert (again["pg_status"], again["pg_error_code"]) == ("error", "120")
    assert again["pg_datetime"]


def test_clearing_of_more_than_was_held_takes_nothing(merchant, sandbox, paid):
    payment_id = paid(**HOLD)
    assert (
        merchant.operate("/g2g/clearing", payment_id, pg_clearing_amount="100.01")["pg_error_code"] == "200"
    )
    assert not sandbox.payment(payment_id).captured


def test_cancel_lets_a_hold_go(merchant, sandbox, paid):
    payment_id = paid(**HOLD)
    answer = merchant.operate("/g2g/cancel", payment_id)
    revoke_id = answer["pg_payment_revoke_id"]
    assert (answer["pg_status"], answer["pg_revoke_status"]) == ("ok", "success")
    assert answer["pg_payment_id"] == payment_id != revoke_id
    shown = merchant.status_tree(V2, pg_payment_id=payment_id)
    assert (shown.findtext("pg_payment_status"), shown.findtext("pg_captured")) == ("revoked", "0")
    assert shown.findtext("pg_clearing_amount") == "0"
    assert shown.findtext("pg_revoked_payments/pg_payment_id") == revoke_id
    assert merchant.operate("/g2g/cancel", payment_id)["pg_error_code"] == "490"
    assert merchant.operate("/g2g/clearing", payment_id)["pg_error_code"] == "120"
    assert merchant.operate("/g2g/refund", payment_id)["pg_error_code"] == "120"
    sandbox.clock.advance(6 * 86_400)
    assert sandbox.payment(payment_id).cleared == 0


@pytest.mark.parametrize("changes", [{}, HOLD])
def test_no_cancel_once_it_is_cleared(merchant, sandbox, paid, changes):
    payment_id = paid(**changes)
    sandbox.clock.advance(5 * 86_400)
    assert merchant.operate("/g2g/cancel", payment_id)["pg_error_code"] == "490"
    assert sandbox.payment(payment_id).state is State.PAID


def test_several_refunds_up_to_what_was_paid(merchant, sandbox, paid):
    payment_id = paid()
    first = merchant.operate("/g2g/refund", payment_id, pg_amount="5.50")
    assert (first["pg_status"], first["pg_refund_status"], first["pg_payment_id"]) == (
        "ok",
        "success",
        payment_id,
    )
    second = merchant.operate("/g2g/refund", payment_id, pg_amount="4.50", pg_currency="KZT")
    assert len({payment_id, first["pg_payment_refund_id"], second["pg_payment_refund_id"]}) == 3
    assert merchant.operate("/g2g/refund", payment_id, pg_amount="10.01")["pg_error_code"] == "200"
    assert merchant.operate("/g2g/refund", payment_id)["pg_status"] == "ok"
    assert sandbox.payment(payment_id).refundable == 0
    assert merchant.operate("/g2g/refund", payment_id)["pg_error_code"] == "200"
    assert [refund.amount for refund in sandbox.payment(payment_id).refunds] == [
        Decimal("5.50"),
        Decimal("4.50"),
        Decimal("10.00"),
    ]


def test_a_hold_is_refunded_only_once_cleared_and_only_what_was(merchant, paid):
    payment_id = paid(**HOLD)
    assert merchant.operate("/g2g/refund", payment_id, pg_amount="1")["pg_error_code"] == "120"
    merchant.operate("/g2g/clearing", payment_id, pg_clearing_amount="60")
    assert merchant.operate("/g2g/refund", payment_id, pg_amount="60.01")["pg_error_code"] == "200"
    assert merchant.operate("/g2g/refund", payment_id, pg_amount="60")["pg_status"] == "ok"


def test_of_ten_full_refunds_at_once_one_is_made(sandbox, paid):
    payment_id = paid()
    gate, outcomes = threading.Barrier(10), []

    def refund():
        gate.wait(10)
        try:
            sandbox.operations.refund(payment_id)
            outcomes.append("made")
        except RefusedError as refusal:
            outcomes.append(refusal.code)

    threads = [threading.Thread(target=refund) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["200"] * 9 + ["made"]
    assert sandbox.payment(payment_id).refunded == Decimal("20.00")


@pytest.mark.parametrize("path", ["/g2g/clearing", "/g2g/cancel", "/g2g/refund"])
def test_receipt_positions_go_along_and_are_held_against_their_rules(merchant, sandbox, paid, path):
    payment_id = paid(**({} if path == "/g2g/refund" else HOLD))
    request = {"pg_merchant_id": "500001", "pg_payment_id": payment_id, "pg_salt": "salt"}
    bad = {**request, **RECEIPT, "pg_receipt_positions[0][tax_type]": "9"}
    for fields, expected in ((bad, b"<pg_error_code>200"), ({**request, **RECEIPT}, b"<pg_status>ok")):
        script, form = path.rpartition("/")[2], dict(fields)
        form["pg_sig"] = nested_signature(script, fields)
        assert expected in merchant.http.post(path, data=form).data
    assert sandbox.requests[-1].operation == path.rpartition("/")[2]


def nested_signature(script, fields):
    return sign(script, read_form(fields.items()), "a key made up for tests")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/g2g/refund", {"pg_amount": "0"}),
        ("/g2g/refund", {"pg_amount": "1.005"}),
        ("/g2g/refund", {"pg_amount": "-1"}),
        ("/g2g/refund", {"pg_currency": "USD"}),
        ("/g2g/refund", {"pg_refund_amount": "1"}),
        ("/revoke.php", {"pg_amount": "1"}),
        ("/g2g/refund", {"pg_payment_id": ""}),
        ("/g2g/refund", {"pg_payment_id": "abc"}),
        ("/g2g/clearing", {"pg_amount": "1"}),
        ("/g2g/cancel", {"pg_clearing_amount": "1"}),
    ],
)
def test_what_breaks_a_limit_is_refused_and_does_nothing(merchant, sandbox, paid, path, fields):
    payment_id = paid()
    answer = merchant.operate(path, **{"payment_id": payment_id, **named(fields)})
    assert (answer["pg_status"], answer["pg_error_code"]) == ("error", "200")
    assert sandbox.payment(payment_id).refunds == ()


def named(fields):
    return {("payment_id" if name == "pg_payment_id" else name): value for name, value in fields.items()}


def test_nobody_else_may_ask(merchant, sandbox, paid):
    payment_id = paid()
    ask = {"pg_merchant_id": "500001", "pg_payment_id": payment_id}
    assert merchant.send("/g2g/refund", ask, key="another key").status_code == 401
    assert merchant.operate("/g2g/refund", payment_id, pg_merchant_id="7")["pg_error_code"] == "9998"
    assert merchant.operate("/revoke.php", payment_id, pg_merchant_id="7")["pg_error_code"] == "101"
    assert sandbox.payment(payment_id).refunds == ()


def test_an_unknown_payment(merchant):
    assert merchant.operate("/g2g/refund", "123")["pg_error_code"] == "11068"
    answer = merchant.operate("/cancel.php", "123")
    assert answer["pg_error_code"] == "340"
    assert "pg_sig" not in answer


def test_the_merchant_api_says_little_more_than_ok(merchant, sandbox, paid):
    held = paid(**HOLD)
    done = merchant.operate("/do_capture.php", held, pg_clearing_amount="60")
    assert without_signature(done) == {"pg_status": "ok", "pg_amount": "100", "pg_clearing_amount": "60"}
    revoked = merchant.operate("/revoke.php", held, pg_refund_amount="10", pg_idempotency_key="k")
    assert without_signature(revoked) == {"pg_status": "ok"}
    assert sandbox.payment(held).refunded == Decimal(10)
    assert without_signature(merchant.operate("/cancel.php", paid(**HOLD))) == {"pg_status": "ok"}
    assert without_signature(merchant.operate("/cancel", paid(**HOLD))) == {"pg_status": "ok"}
    assert without_signature(merchant.operate("/revoke", held)) == {"pg_status": "ok"}
    assert sandbox.payment(held).refundable == 0


@pytest.mark.parametrize(
    ("card", "path", "code"),
    [
        ("4716047261941981", "/g2g/cancel", "490"),
        ("5367654276102126", "/g2g/clearing", "10010"),
        ("4916307416334310", "/g2g/refund", "10010"),
    ],
)
def test_a_card_allows_what_the_published_table_says(merchant, sandbox, card, path, code):
    payment_id = merchant.created(**({} if path == "/g2g/refund" else HOLD))
    sandbox.pay(payment_id, card)
    assert merchant.operate(path, payment_id)["pg_error_code"] == code


def test_what_is_not_paid_has_nothing_to_give(merchant, sandbox):
    payment_id = merchant.created()
    for path, code in (("/g2g/refund", "120"), ("/g2g/clearing", "120"), ("/g2g/cancel", "490")):
        assert merchant.operate(path, payment_id)["pg_error_code"] == code
    merchant.operate("/g2g/refund", payment_id)
    assert sandbox.pay(payment_id).state is State.PAID
    with pytest.raises(NotPayableError):
        sandbox.pay(payment_id)
