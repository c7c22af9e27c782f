"""Result notices: their fields and transport, what the shop's answer does, and the retries."""

import pytest

from freedompay_sandbox import NotPayableError, State
from freedompay_sandbox.signing import signed
from freedompay_sandbox.writing import form_fields

HALF_HOUR = 1800


def test_the_fields_of_a_success(merchant, sandbox, shop):
    payment_id = merchant.created(
        pg_user_phone="77770000000",
        pg_user_contact_email="buyer@example.com",
        pg_testing_mode="1",
        m_ref="A-1",
    )
    sandbox.pay(payment_id)
    (call,) = shop.received
    assert call.verifies
    assert {name: value for name, value in call.fields.items() if name not in {"pg_salt", "pg_sig"}} == {
        "pg_order_id": "order-1",
        "pg_payment_id": payment_id,
        "pg_amount": "20",
        "pg_currency": "KZT",
        "pg_net_amount": "19.3",
        "pg_ps_amount": "20",
        "pg_ps_full_amount": "20",
        "pg_ps_currency": "KZT",
        "pg_description": "Кофе & чай",
        "pg_result": "1",
        "pg_payment_date": "2026-03-02 14:30:00",
        "pg_user_phone": "77770000000",
        "pg_user_contact_email": "buyer@example.com",
        "pg_need_phone_notification": "0",
        "pg_need_email_notification": "0",
        "pg_testing_mode": "1",
        "pg_captured": "1",
        "pg_payment_method": "bankcard",
        "pg_reference": sandbox.payment(payment_id).reference,
        "pg_card_pan": "4716-04XX-XXXX-1981",
        "pg_card_exp": "12/30",
        "pg_card_owner": "TEST BUYER",
        "pg_card_brand": "VI",
        "pg_auth_code": sandbox.payment(payment_id).auth_code,
        "m_ref": "A-1",
        "pg_can_reject": "1",
    }


def test_the_fields_of_a_decline(merchant, sandbox, shop):
    payment_id = merchant.created(m_ref="A-1")
    sandbox.decline(payment_id)
    (call,) = shop.received
    assert call.verifies
    assert {name: value for name, value in call.fields.items() if name not in {"pg_salt", "pg_sig"}} == {
        "pg_order_id": "order-1",
        "pg_payment_id": payment_id,
        "pg_amount": "20.00",
        "pg_currency": "KZT",
        "pg_net_amount": "0.00",
        "pg_description": "Кофе & чай",
        "pg_result": "0",
        "pg_need_phone_notification": "0",
        "pg_need_email_notification": "0",
        "pg_failure_code": "10010",
        "pg_failure_description": "Refused by the issuing bank",
        "m_ref": "A-1",
        "pg_can_reject": "0",
    }


@pytest.mark.parametrize(
    "transport",
    [
        ("GET", "urlencoded", ("GET", "")),
        ("POST", "urlencoded", ("POST", "application/x-www-form-urlencoded")),
        ("POST", "multipart", ("POST", "multipart/form-data")),
        ("XML", "urlencoded", ("POST", "application/x-www-form-urlencoded")),
        (None, "urlencoded", ("POST", "application/x-www-form-urlencoded")),
    ],
)
def test_every_transport_moves_the_addresss_query_into_the_signed_fields(merchant, sandbox, shop, transport):
    method, encoding, arrives_as = transport
    sandbox.settings.update({"callback_encoding": encoding})
    payment_id = merchant.created(
        pg_request_method=method,
        pg_result_url=shop.at("/shop/result?type=result&pg_amount=1&lang=%D0%BA%D0%B7"),
        client="Айгуль & Co",
    )
    sandbox.pay(payment_id)
    (call,) = shop.received
    assert (call.method, call.content_type) == arrives_as
    assert call.verifies
    assert (call.fields["type"], call.fields["lang"], call.fields["client"]) == (
        "result",
        "кз",
        "Айгуль & Co",
    )
    assert call.fields["pg_amount"] == "20"
    assert (call.query == "") == (call.method == "POST")
    assert sandbox.callbacks[0].reply.signature_valid


def test_a_hold_says_that_it_is_not_captured(merchant, sandbox, shop):
    sandbox.pay(merchant.created(pg_auto_clearing="0"))
    assert shop.received[0].fields["pg_captured"] == "0"


def test_live_payments_carry_no_test_mark(merchant, sandbox, shop):
    sandbox.pay(merchant.created(pg_testing_mode="0"))
    assert "pg_testing_mode" not in shop.received[0].fields


def test_no_result_address_no_call(merchant, sandbox, shop):
    assert sandbox.pay(merchant.created(pg_result_url=None)).state is State.PAID
    assert sandbox.pay(merchant.created(pg_result_url="")).state is State.PAID
    assert shop.received == []


def test_a_payment_is_made_once(merchant, sandbox, shop):
    payment_id = merchant.created()
    sandbox.pay(payment_id)
    for act in (sandbox.pay, sandbox.decline, sandbox.expire):
        with pytest.raises(NotPayableError, match="success"):
            act(payment_id)
    assert len(shop.received) == 1


def test_after_a_decline_another_card_may_pay(merchant, sandbox, shop):
    payment_id = merchant.created()
    assert sandbox.decline(payment_id).state is State.DECLINED
    assert sandbox.pay(payment_id).state is State.PAID
    assert [call.fields["pg_result"] for call in shop.received] == ["0", "1"]
    assert sandbox.payment(payment_id).failure_code is None


def test_a_decline_is_final_where_the_shop_has_it_so(merchant, sandbox):
    sandbox.settings.update({"retry_same_page": False})
    payment_id = merchant.created()
    sandbox.decline(payment_id)
    with pytest.raises(NotPayableError, match="error"):
        sandbox.pay(payment_id)


def test_3d_secure_refused_is_a_decline(merchant, sandbox, shop):
    payment_id = merchant.created()
    assert sandbox.pay(payment_id, "4916307416334310", three_ds=False).state is State.DECLINED
    assert shop.received[0].fields["pg_failure_code"] == "10004"
    assert sandbox.pay(payment_id, "4916307416334310").state is State.PAID


def test_confirming_needs_a_waiting_card(merchant, sandbox):
    with pytest.raises(NotPayableError, match="new"):
        sandbox.confirm(merchant.created(), passed=True)


def test_a_rejection_reverses_the_money(merchant, sandbox, shop):
    shop.answers["/shop/result"] = "rejected"
    shop.description = "Sold out"
    payment = sandbox.pay(merchant.created())
    assert (payment.state, payment.refusal, payment.captured) == (State.REVERSED, "Sold out", False)
    sandbox.clock.advance(3 * 3600)
    assert len(shop.received) == 1


@pytest.mark.parametrize(
    "answer", ["error", b"OK", b"", b"<response><pg_status>rejected</pg_status></response>"]
)
def test_any_other_answer_with_200_leaves_the_money_and_ends_the_calls(merchant, sandbox, shop, answer):
    shop.answers["/shop/result"] = answer
    assert sandbox.pay(merchant.created()).state is State.PAID
    sandbox.clock.advance(3 * 3600)
    assert len(shop.received) == 1
    assert sandbox.callbacks[0].reply.signature_valid == (answer == "error")


def test_a_rejection_signed_with_another_key_is_not_heard(merchant, sandbox, shop):
    shop.answers["/shop/result"] = "rejected"
    shop.sign_with = "another key"
    assert sandbox.pay(merchant.created()).state is State.PAID
    record = sandbox.callbacks[0]
    assert not record.reply.signature_valid
    assert "signature" in record.reply.problem


def test_anything_but_200_is_retried_every_half_hour_for_two_hours(merchant, sandbox, shop):
    shop.answers["/shop/result"] = 503
    payment_id = merchant.created()
    start = sandbox.clock.now()
    sandbox.pay(payment_id)
    sandbox.clock.advance(HALF_HOUR - 1)
    assert len(shop.received) == 1
    sandbox.clock.advance(1)
    assert len(shop.received) == 2
    sandbox.clock.advance(24 * 3600)
    sent = [(record.sent_at - start).total_seconds() for record in sandbox.callbacks]
    assert sent == [0, HALF_HOUR, 2 * HALF_HOUR, 3 * HALF_HOUR, 4 * HALF_HOUR]
    assert [call.fields["pg_can_reject"] for call in shop.received] == ["1", "0", "0", "0", "0"]
    assert all(call.verifies for call in shop.received)
    assert len({call.fields["pg_salt"] for call in shop.received}) == 5
    assert sandbox.payment(payment_id).state is State.PAID


def test_a_retry_can_not_be_rejected(merchant, sandbox, shop):
    shop.answers["/shop/result"] = 500
    payment_id = merchant.created()
    sandbox.pay(payment_id)
    shop.answers["/shop/result"] = "rejected"
    sandbox.clock.advance(HALF_HOUR)
    assert sandbox.payment(payment_id).state is State.PAID
    sandbox.clock.advance(24 * 3600)
    assert len(shop.received) == 2


def test_a_redirect_is_no_answer(merchant, sandbox, shop):
    shop.answers["/shop/result"] = 302
    sandbox.pay(merchant.created())
    sandbox.clock.advance(HALF_HOUR)
    assert len(shop.received) == 2


def test_an_unreachable_shop_is_retried_and_the_payment_stands(merchant, sandbox, refused_port):
    payment_id = merchant.created(pg_result_url=f"{refused_port}/result")
    assert sandbox.pay(payment_id).state is State.PAID
    assert sandbox.callbacks[0].reply.http_status is None
    sandbox.clock.advance(24 * 3600)
    assert [record.attempt for record in sandbox.callbacks] == [1, 2, 3, 4, 5]


def test_expiry_is_told_once_with_code_101(merchant, sandbox, shop):
    payment_id = merchant.created(pg_lifetime="600")
    sandbox.clock.advance(599)
    assert shop.received == []
    sandbox.clock.advance(1)
    (call,) = shop.received
    assert call.verifies
    assert (call.fields["pg_result"], call.fields["pg_failure_code"]) == ("0", "101")
    assert call.fields["pg_failure_description"] == "payment lifetime exceeded"
    sandbox.clock.advance(10 * 86_400)
    assert len(shop.received) == 1
    with pytest.raises(NotPayableError, match="lifetime"):
        sandbox.pay(payment_id)


def test_a_paid_or_declined_payment_does_not_expire(merchant, sandbox, shop):
    sandbox.pay(merchant.created(pg_lifetime="300"))
    declined = merchant.created(pg_lifetime="300")
    sandbox.decline(declined)
    sandbox.clock.advance(86_400)
    assert len(shop.received) == 2
    with pytest.raises(NotPayableError, match="lifetime"):
        sandbox.pay(declined)


def test_a_payment_waiting_for_3d_secure_expires(merchant, sandbox, shop):
    payment_id = merchant.created(pg_lifetime="300")
    sandbox.present(payment_id, "4916307416334310")
    sandbox.clock.advance(300)
    assert shop.received[0].fields["pg_failure_code"] == "101"
    with pytest.raises(NotPayableError, match="incomplete"):
        sandbox.confirm(payment_id, passed=True)


def test_expire_by_hand_leaves_the_clock(merchant, sandbox, shop):
    before = sandbox.clock.now()
    assert sandbox.expire(merchant.created()).state is State.EXPIRED
    assert shop.received[0].fields["pg_failure_code"] == "101"
    assert sandbox.clock.now() == before


def test_a_chosen_amount_is_what_the_shop_is_told(merchant, sandbox, shop):
    answer = merchant.create(
        "/g2g/any_amount", pg_amount=None, pg_amount_interval_from="100", pg_amount_interval_to="500"
    )
    payment_id = answer["pg_payment_id"]
    with pytest.raises(NotPayableError, match="outside"):
        sandbox.pay(payment_id, amount="99.99")
    sandbox.pay(payment_id, amount="250.50")
    assert shop.received[0].fields["pg_amount"] == "250.5"
    with pytest.raises(NotPayableError, match="fixed"):
        sandbox.choose_amount(payment_id, "300")


def test_nested_extras_come_back_as_they_were(merchant, sandbox, shop):
    response = merchant.http.post("/init_payment.php", data=nested_order(merchant, sandbox))
    assert b"<pg_status>ok</pg_status>" in response.data
    sandbox.pay(sandbox.payments()[0].payment_id)
    assert shop.received[0].fields["box[colour]"] == "red"


def nested_order(merchant, sandbox):
    message = [*merchant.order().items(), ("box", [("colour", "red")])]
    return dict(form_fields(signed("init_payment.php", message, sandbox.settings.secret_key)))
