"""Each scenario that one call sets in motion, as the shop meets it."""

import json

import pytest

from freedompay_sandbox import SCENARIOS, NotPayableError, State, control, play


@pytest.fixture
def trigger(merchant):
    def call(expect=200, **body):
        response = merchant.http.post("/sandbox/trigger", data=json.dumps(body))
        assert response.status_code == expect, response.data
        return response.json

    return call


def told(shop):
    return [
        (call.fields["pg_result"], call.fields["pg_amount"], call.fields["pg_currency"])
        for call in shop.results()
    ]


def test_paid_by_order_id_means_its_last_payment(merchant, shop, trigger):
    first, last = merchant.created(), merchant.created()
    played = trigger(scenario="paid", order_id="order-1")
    assert played["scenario"] == "paid"
    assert [(item["payment_id"], item["status"]) for item in played["payments"]] == [(last, "success")]
    (callback,) = played["callbacks"]
    assert (callback["kind"], callback["reply"]["http_status"]) == ("result", 200)
    assert told(shop) == [("1", "20", "KZT")]
    assert trigger(scenario="paid", payment_id=first)["payments"][0]["payment_id"] == first


def test_declined(merchant, shop, trigger):
    merchant.created()
    played = trigger(scenario="declined", order_id="order-1", code="10009")
    assert (played["payments"][0]["status"], played["payments"][0]["failure_code"]) == ("error", "10009")
    assert shop.results()[0].fields["pg_failure_code"] == "10009"


def test_expired(merchant, shop, trigger):
    merchant.created()
    assert trigger(scenario="expired", order_id="order-1")["payments"][0]["status"] == "incomplete"
    assert shop.results()[0].fields["pg_failure_code"] == "101"


def test_lost_never_comes_though_others_do(merchant, sandbox, shop, trigger):
    lost = merchant.created()
    played = trigger(scenario="lost", payment_id=lost)
    assert played["payments"][0]["status"] == "success"
    assert [callback["delivered"] for callback in played["callbacks"]] == [False]
    sandbox.clock.advance(86_400)
    assert shop.received == []
    sandbox.pay(merchant.created(pg_order_id="order-2"))
    assert len(shop.results()) == 1


def test_doubled(merchant, shop, trigger):
    merchant.created()
    assert len(trigger(scenario="doubled", order_id="order-1")["callbacks"]) == 2
    first, second = shop.results()
    assert first == second


def test_tampered_then_right(merchant, sandbox, shop, trigger):
    shop.answers["/shop/result"] = 403
    merchant.created()
    trigger(scenario="tampered", order_id="order-1")
    (altered,) = shop.results()
    assert not altered.verifies
    assert altered.fields["pg_amount"] == "1"
    sandbox.clock.advance(1800)
    assert shop.results()[1].verifies
    assert shop.results()[1].fields["pg_amount"] == "20"


@pytest.mark.parametrize("named", [{}, {"seconds": 5}])
def test_late(merchant, sandbox, shop, trigger, named):
    merchant.created()
    assert trigger(scenario="late", order_id="order-1", **named)["callbacks"] == []
    sandbox.clock.advance(named.get("seconds", 60) - 1)
    assert shop.results() == []
    sandbox.clock.advance(1)
    assert told(shop) == [("1", "20", "KZT")]


@pytest.mark.parametrize(
    ("scenario", "charged"), [("wrong_amount", ("19", "KZT")), ("wrong_currency", ("20", "USD"))]
)
def test_charged_otherwise_than_asked_for(merchant, shop, trigger, scenario, charged):
    payment_id = merchant.created()
    trigger(scenario=scenario, payment_id=payment_id)
    assert told(shop) == [("1", *charged)]
    assert shop.results()[0].verifies
    shown = merchant.status(pg_payment_id=payment_id)
    assert (shown["pg_amount"], shown["pg_currency"]) == charged


def test_a_small_sum_is_charged_too_high(merchant, shop, trigger):
    trigger(scenario="wrong_amount", payment_id=merchant.created(pg_amount="0.50"))
    assert told(shop) == [("1", "1.5", "KZT")]


@pytest.mark.parametrize("paid_before", [False, True])
def test_second_charge(merchant, sandbox, shop, trigger, paid_before):
    payment_id = merchant.created(pg_idempotency_key="key")
    if paid_before:
        sandbox.pay(payment_id)
    first, second = trigger(scenario="second_charge", order_id="order-1")["payments"]
    assert first["payment_id"] == payment_id != second["payment_id"]
    assert (first["status"], second["status"]) == ("success", "success")
    assert first["order_id"] == second["order_id"] == "order-1"
    assert [call.fields["pg_payment_id"] for call in shop.results()] == [payment_id, second["payment_id"]]


def test_check_then_paid_though_the_settings_ask_for_none(merchant, shop, trigger):
    merchant.created(pg_check_url=shop.at("/shop/check"))
    played = trigger(scenario="check_then_paid", order_id="order-1")
    assert [callback["kind"] for callback in played["callbacks"]] == ["check", "result"]
    assert [call.path for call in shop.received] == ["/shop/check", "/shop/result"]


def test_check_then_paid_needs_an_address(merchant, sandbox, trigger):
    payment_id = merchant.created()
    assert "pg_check_url" in trigger(409, scenario="check_then_paid", payment_id=payment_id)["error"]
    assert sandbox.payment(payment_id).state is State.NEW


def test_what_can_not_be_played(merchant, sandbox, trigger):
    assert "second_charge" in trigger(400, scenario="flood", order_id="order-1")["error"]
    trigger(400, scenario="paid", order_id=1)
    trigger(400, scenario="late", order_id="order-1", seconds="soon")
    trigger(400, scenario="paid", colour="red")
    trigger(404, scenario="paid", order_id="order-1")
    trigger(404, scenario="paid")
    payment_id = merchant.created()
    sandbox.expire(payment_id)
    for scenario in SCENARIOS:
        trigger(409, scenario=scenario, payment_id=payment_id)
    assert sandbox.faults.waiting() == []


def test_every_scenario_is_listed_and_described(merchant):
    assert merchant.http.get("/sandbox/trigger").json == {"scenarios": dict(SCENARIOS)}
    assert all(f"\n  {scenario} " in control.__doc__ for scenario in SCENARIOS)


def test_from_python(merchant, sandbox):
    payment_id = merchant.created()
    played = play(sandbox, "paid", payment_id=payment_id)
    assert (played.payments[0].state, len(played.callbacks)) == (State.PAID, 1)
    with pytest.raises(NotPayableError):
        play(sandbox, "doubled", payment_id=payment_id)
    assert sandbox.faults.waiting() == []
