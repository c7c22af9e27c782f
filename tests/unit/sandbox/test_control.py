"""The control and inspection API, over HTTP."""

import json

import pytest


@pytest.fixture
def api(merchant):
    def call(method, path, body=None, expect=200):
        data = None if body is None else json.dumps(body)
        response = merchant.http.open(f"/sandbox{path}", method=method, data=data)
        assert response.status_code == expect, response.data
        return response.json if response.data else None

    return call


def test_payments_are_listed_and_found(api, merchant):
    payment_id = merchant.created(m_ref="A-1")
    merchant.created(pg_order_id="order-2")
    assert len(api("GET", "/payments")["payments"]) == 2
    (listed,) = api("GET", "/payments?order_id=order-1")["payments"]
    assert listed == api("GET", f"/payments/{payment_id}")
    assert (listed["payment_id"], listed["status"], listed["amount"]) == (payment_id, "new", "20.00")
    assert listed["fields"]["m_ref"] == "A-1"
    assert merchant.http.get(listed["page"]).status_code == 200
    assert api("GET", "/payments/1", expect=404) == {"error": "payment not found"}


def test_pay_decline_expire(api, merchant, shop):
    first, second, third = merchant.created(), merchant.created(), merchant.created()
    assert api("POST", f"/payments/{first}/pay")["status"] == "success"
    assert api("POST", f"/payments/{second}/decline", {"code": "10009"})["failure_code"] == "10009"
    assert api("POST", f"/payments/{third}/expire")["status"] == "incomplete"
    assert [call.fields["pg_result"] for call in shop.received] == ["1", "0", "0"]
    assert "success" in api("POST", f"/payments/{first}/pay", expect=409)["error"]


def test_pay_with_a_card_and_3d_secure(api, merchant):
    payment_id = merchant.created()
    declined = api("POST", f"/payments/{payment_id}/pay", {"card": "4916307416334310", "three_ds": False})
    assert declined["status"] == "error"
    assert api("POST", f"/payments/{payment_id}/pay", {"card": "4916307416334310"})["status"] == "success"


def test_pay_a_chosen_amount(api, merchant):
    payment_id = merchant.create("/g2g/any_amount", pg_amount=None)["pg_payment_id"]
    assert api("POST", f"/payments/{payment_id}/pay", {"amount": "7.50"})["amount"] == "7.50"


@pytest.mark.parametrize(
    "body", [{"card": "1234"}, {"card": 4}, {"amount": 5}, {"three_ds": "no"}, {"cards": ""}, [1]]
)
def test_pay_refuses_what_it_does_not_know(api, merchant, body):
    payment_id = merchant.created()
    assert "error" in api("POST", f"/payments/{payment_id}/pay", body, expect=400)
    assert api("GET", f"/payments/{payment_id}")["status"] == "new"


def test_requests_and_callbacks_are_shown(api, merchant, sandbox):
    payment_id = merchant.created()
    sandbox.pay(payment_id)
    (request,) = api("GET", "/requests")["requests"]
    assert request["signature_valid"] is True
    assert request["fields"]["pg_order_id"] == "order-1"
    assert request["answer"]["pg_payment_id"] == payment_id
    (callback,) = api("GET", "/callbacks")["callbacks"]
    assert (callback["kind"], callback["attempt"], callback["delivered"]) == ("result", 1, True)
    assert callback["reply"]["http_status"] == 200
    assert callback["reply"]["signature_valid"] is True
    assert callback["reply"]["fields"]["pg_status"] == "ok"


def test_faults(api, merchant, sandbox):
    added = api(
        "POST", "/faults", {"operation": "create", "kind": "error", "code": "1000", "times": None}, expect=201
    )
    assert added["code"] == "1000"
    assert api("GET", "/faults")["waiting"] == [added]
    assert "drop_after" in api("GET", "/faults")["kinds"]["create"]
    assert merchant.create()["pg_error_code"] == "1000"
    api("DELETE", "/faults", expect=204)
    assert sandbox.faults.waiting() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"operation": "create"},
        {"operation": "create", "kind": "slow"},
        {"kind": "x", "colour": 1},
        "text",
    ],
)
def test_faults_that_make_no_sense_are_refused(api, sandbox, body):
    assert "error" in api("POST", "/faults", body, expect=400)
    assert sandbox.faults.waiting() == []


def test_the_clock_runs_what_is_due_before_it_answers(api, merchant, shop):
    merchant.created(pg_lifetime="300")
    assert api("GET", "/clock")["now"] == "2026-03-02T09:30:00+00:00"
    assert api("POST", "/clock", {"advance": 300})["now"] == "2026-03-02T09:35:00+00:00"
    assert shop.received[0].fields["pg_failure_code"] == "101"


@pytest.mark.parametrize(
    "body", [{}, {"advance": -1}, {"advance": "5"}, {"advance": True}, {"advance": 10**9}]
)
def test_the_clock_refuses_what_is_no_time(api, body):
    assert "error" in api("POST", "/clock", body, expect=400)


def test_settings_never_show_the_key(api, merchant, sandbox):
    shown = api("POST", "/settings", {"repeated_key": "error", "check_call": True, "secret_key": "next key"})
    assert (shown["repeated_key"], shown["check_call"]) == ("error", True)
    assert "secret_key" not in shown
    assert "next key" not in repr(sandbox.settings)
    assert merchant.send("/init_payment.php", merchant.order()).status_code == 401
    assert merchant.send("/init_payment.php", merchant.order(), key="next key").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"repeated_key": "sometimes"},
        {"check_call": "yes"},
        {"callback_encoding": "json"},
        {"colour": "red"},
        {"secret_key": ""},
        {"repeated_key": "new", "two_step": 1},
    ],
)
def test_settings_are_changed_all_or_none(api, body):
    before = api("GET", "/settings")
    assert "error" in api("POST", "/settings", body, expect=400)
    assert api("GET", "/settings") == before


def test_reset_forgets_all_but_settings_and_time(api, merchant, sandbox, shop):
    api("POST", "/settings", {"repeated_key": "new"})
    api("POST", "/clock", {"advance": 60})
    first = merchant.created(pg_lifetime="300")
    shop.answers["/shop/result"] = 500
    sandbox.pay(merchant.created())
    sandbox.faults.add("create", "http_500")
    shop.received.clear()
    api("POST", "/reset", expect=204)
    assert api("GET", "/payments")["payments"] == []
    assert api("GET", "/callbacks")["callbacks"] == []
    assert api("GET", "/requests")["requests"] == []
    assert api("GET", "/settings")["repeated_key"] == "new"
    assert api("GET", "/clock")["now"] == "2026-03-02T09:31:00+00:00"
    sandbox.clock.advance(86_400)
    assert shop.received == []
    assert int(merchant.created()) > int(first)
