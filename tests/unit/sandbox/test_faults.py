"""Each fault, as the merchant meets it."""

import threading
import time

import pytest

from freedompay_sandbox import State
from freedompay_sandbox.faults import KINDS

HALF_HOUR = 1800


@pytest.fixture
def fault(sandbox):
    return sandbox.faults.add


def post(merchant, **changes):
    return merchant.send("/init_payment.php", merchant.order(**changes))


def test_create_slow(merchant, sandbox, fault):
    fault("create", "slow", seconds=0.2)
    began = time.monotonic()
    assert merchant.create()["pg_status"] == "ok"
    assert time.monotonic() - began >= 0.2
    assert len(sandbox.payments()) == 1


def test_create_slow_before_creates_after_the_wait(merchant, sandbox, fault):
    fault("create", "slow_before", seconds=0.3)
    caller = threading.Thread(target=merchant.create)
    caller.start()
    time.sleep(0.1)
    assert sandbox.payments() == []
    caller.join(10)
    assert len(sandbox.payments()) == 1


@pytest.mark.parametrize(("kind", "payments"), [("drop_before", 0), ("drop_after", 1)])
def test_create_dropped(merchant, sandbox, fault, kind, payments):
    fault("create", kind)
    with pytest.raises(ConnectionResetError):
        merchant.create()
    assert len(sandbox.payments()) == payments
    assert sandbox.requests[-1].http_status is None
    assert sandbox.requests[-1].fault == kind
    assert merchant.create()["pg_status"] == "ok"


@pytest.mark.parametrize("created", [False, True])
@pytest.mark.parametrize("answer", [("http_500", 500, "text/plain"), ("html", 200, "text/html")])
def test_create_answers_something_else(merchant, sandbox, fault, answer, created):
    kind, status, mimetype = answer
    fault("create", kind, created=created)
    response = post(merchant)
    assert (response.status_code, response.mimetype) == (status, mimetype)
    assert b"pg_status" not in response.data
    assert len(sandbox.payments()) == int(created)


@pytest.mark.parametrize("created", [False, True])
def test_create_unsigned_error(merchant, sandbox, fault, created):
    fault("create", "error", code="1000", description="Try again", http_status=503, created=created)
    response = post(merchant)
    assert response.status_code == 503
    assert b"<pg_error_code>1000</pg_error_code><pg_error_description>Try again" in response.data
    assert b"pg_sig" not in response.data
    assert len(sandbox.payments()) == int(created)


def test_create_wrong_signature(merchant, sandbox, fault):
    fault("create", "wrong_signature")
    with pytest.raises(AssertionError):
        merchant.create()
    assert len(sandbox.payments()) == 1


@pytest.mark.parametrize("kind", ["garbage", "unsigned"])
def test_create_answered_so_that_nobody_can_trust_it(merchant, sandbox, fault, kind):
    fault("create", kind)
    response = post(merchant)
    assert response.status_code == 200
    assert b"pg_sig" not in response.data
    assert (b"</response>" in response.data) is (kind == "unsigned")
    assert len(sandbox.payments()) == 1


def test_create_error_now_and_paid_by_itself_later(merchant, sandbox, shop, fault):
    fault("create", "error_then_paid", code="9999", seconds=60)
    assert merchant.create()["pg_error_code"] == "9999"
    (payment,) = sandbox.payments()
    assert payment.state is State.NEW
    sandbox.clock.advance(60)
    assert sandbox.payment(payment.payment_id).state is State.PAID
    assert shop.received[0].fields["pg_result"] == "1"


def test_create_error_now_and_paid_by_a_call_later(merchant, sandbox, fault):
    fault("create", "error_then_paid")
    assert merchant.create()["pg_status"] == "error"
    (payment,) = sandbox.payments()
    sandbox.clock.advance(3600)
    assert sandbox.pay(payment.payment_id).state is State.PAID


def test_a_payment_to_be_paid_later_may_be_declined_or_expire_first(merchant, sandbox, fault):
    fault("create", "error_then_paid", seconds=600)
    merchant.create(pg_lifetime="300")
    sandbox.clock.advance(900)
    assert sandbox.payments()[0].state is State.EXPIRED


def test_a_request_that_would_be_refused_creates_nothing_under_a_fault(merchant, sandbox, fault):
    fault("create", "error_then_paid", seconds=1, times=2)
    merchant.create(pg_amount="0")
    merchant.send("/init_payment.php", merchant.order(), key="another key")
    assert sandbox.payments() == []


@pytest.mark.parametrize(
    "kind", ["drop_before", "http_500", "html", "error", "slow", "garbage", "unsigned", "wrong_signature"]
)
def test_status(merchant, sandbox, fault, kind):
    payment_id = merchant.created()
    fault("status", kind, **({"seconds": 0.05} if kind == "slow" else {}))
    ask = {"pg_merchant_id": "500001", "pg_payment_id": payment_id}
    if kind == "drop_before":
        with pytest.raises(ConnectionResetError):
            merchant.send("/g2g/status_v2", ask)
    else:
        response = merchant.send("/g2g/status_v2", ask)
        assert response.status_code == (500 if kind == "http_500" else 200)
        assert (b"<pg_payment_status>new" in response.data) == (
            kind in {"slow", "unsigned", "wrong_signature"}
        )
        assert kind != "unsigned" or b"pg_sig" not in response.data
    assert merchant.status(pg_payment_id=payment_id)["pg_payment_status"] == "new"


def test_result_lost_once_comes_with_the_first_retry(merchant, sandbox, shop, fault):
    fault("result", "lost")
    assert sandbox.pay(merchant.created()).state is State.PAID
    assert shop.received == []
    assert not sandbox.callbacks[0].delivered
    sandbox.clock.advance(HALF_HOUR)
    (call,) = shop.received
    assert call.fields["pg_can_reject"] == "0"


def test_result_lost_always_never_comes(merchant, sandbox, shop, fault):
    fault("result", "lost", times=None)
    sandbox.pay(merchant.created())
    sandbox.clock.advance(86_400)
    assert shop.received == []
    assert len(sandbox.callbacks) == 5


def test_result_whose_reply_is_lost_is_repeated(merchant, sandbox, shop, fault):
    shop.answers["/shop/result"] = "rejected"
    fault("result", "reply_lost")
    payment_id = merchant.created()
    assert sandbox.pay(payment_id).state is State.PAID
    sandbox.clock.advance(HALF_HOUR)
    assert [call.fields["pg_can_reject"] for call in shop.received] == ["1", "0"]
    assert sandbox.payment(payment_id).state is State.PAID


def test_result_doubled_is_the_same_message_twice(merchant, sandbox, shop, fault):
    fault("result", "doubled")
    sandbox.pay(merchant.created())
    first, second = shop.received
    assert first == second
    assert len(sandbox.callbacks) == 2


def test_result_early_comes_before_the_create_answer(merchant, sandbox, shop, fault):
    fault("result", "early")
    seen = []
    reply = shop.reply
    shop.reply = lambda path: (seen.append(len(sandbox.requests)), reply(path))[1]
    answer = merchant.create()
    assert seen == [0]
    assert shop.received[0].fields["pg_payment_id"] == answer["pg_payment_id"]
    assert merchant.status(pg_order_id="order-1")["pg_payment_status"] == "success"


def test_result_delayed_comes_when_the_clock_says(merchant, sandbox, shop, fault):
    fault("result", "delayed", seconds=90)
    payment_id = merchant.created()
    assert sandbox.pay(payment_id).state is State.PAID
    sandbox.clock.advance(89)
    assert shop.received == []
    sandbox.clock.advance(1)
    assert shop.received[0].fields["pg_can_reject"] == "1"


def test_result_out_of_order_a_held_failure_follows_the_success(merchant, sandbox, shop, fault):
    fault("result", "out_of_order")
    payment_id = merchant.created()
    sandbox.decline(payment_id)
    assert shop.received == []
    sandbox.pay(payment_id)
    assert [call.fields["pg_result"] for call in shop.received] == ["1", "0"]
    sandbox.clock.advance(86_400)
    assert len(shop.received) == 2


def test_result_out_of_order_a_held_failure_comes_alone_in_the_end(merchant, sandbox, shop, fault):
    fault("result", "out_of_order")
    sandbox.decline(merchant.created())
    sandbox.clock.advance(HALF_HOUR)
    assert [call.fields["pg_result"] for call in shop.received] == ["0"]


def test_result_out_of_order_a_success_alone_brings_a_stale_failure(merchant, sandbox, shop, fault):
    fault("result", "out_of_order")
    payment_id = merchant.created()
    assert sandbox.pay(payment_id).state is State.PAID
    assert [call.fields["pg_result"] for call in shop.received] == ["1", "0"]
    assert {call.fields["pg_payment_id"] for call in shop.received} == {payment_id}
    assert all(call.verifies for call in shop.received)


def test_result_wrong_signature(merchant, sandbox, shop, fault):
    fault("result", "wrong_signature")
    sandbox.pay(merchant.created())
    assert not shop.received[0].verifies


def test_result_slow(merchant, sandbox, shop, fault):
    fault("result", "slow", seconds=0.05)
    sandbox.pay(merchant.created())
    assert shop.received[0].verifies


def test_faults_are_used_in_order_and_as_often_as_asked(merchant, sandbox, fault):
    fault("create", "http_500", times=2)
    fault("create", "html")
    assert [post(merchant).status_code for _ in range(2)] == [500, 500]
    assert post(merchant).mimetype == "text/html"
    assert merchant.create()["pg_status"] == "ok"
    fault("create", "http_500", times=None)
    assert [post(merchant).status_code for _ in range(5)] == [500] * 5
    sandbox.faults.clear()
    assert merchant.create()["pg_status"] == "ok"


def test_a_fault_may_be_for_one_order(merchant, fault):
    fault("create", "http_500", order_id="order-2")
    assert post(merchant).status_code == 200
    assert post(merchant, pg_order_id="order-2").status_code == 500


@pytest.mark.parametrize(
    "details",
    [
        {"operation": "refund", "kind": "slow"},
        {"operation": "create", "kind": "lost"},
        {"operation": "create", "kind": "slow"},
        {"operation": "create", "kind": "slow", "seconds": 121},
        {"operation": "result", "kind": "delayed"},
        {"operation": "create", "kind": "http_500", "times": 0},
        {"operation": "create", "kind": "http_500", "times": True},
        {"operation": "create", "kind": "http_500", "times": "1"},
        {"operation": "create", "kind": "error", "code": 1},
        {"operation": "create", "kind": "error", "http_status": 99},
        {"operation": "create", "kind": "error", "created": "yes"},
    ],
)
def test_faults_that_make_no_sense_are_refused(sandbox, details):
    with pytest.raises(ValueError, match=r"."):
        sandbox.faults.add(**details)
    assert sandbox.faults.waiting() == []


def test_every_kind_is_described():
    assert set(KINDS) == {"create", "status", "clearing", "cancel", "refund", "check", "result"}
    assert all(text for kinds in KINDS.values() for text in kinds.values())
