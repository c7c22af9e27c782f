"""Faults of clearing, cancel and refund: what is answered, and whether it was done."""

from dataclasses import dataclass

import pytest

from freedompay_sandbox import RefundState, State

HOLD = {"pg_auto_clearing": "0"}
PATHS = {"clearing": "/g2g/clearing", "cancel": "/g2g/cancel", "refund": "/g2g/refund"}


@dataclass
class Asked:
    """One operation of one payment, that a fault is arranged for."""

    merchant: object
    operation: str
    payment_id: str

    @property
    def path(self):
        return PATHS[self.operation]

    @property
    def done(self):
        payment = self.merchant.sandbox.payment(self.payment_id)
        if self.operation == "refund":
            return bool(payment.refunds)
        return payment.captured if self.operation == "clearing" else payment.state is State.REVERSED

    def fault(self, kind, **details):
        self.merchant.sandbox.faults.add(self.operation, kind, **details)

    def send(self, **parts):
        ask = {"pg_merchant_id": "500001", "pg_payment_id": self.payment_id}
        return self.merchant.send(self.path, ask, **parts)

    def answer(self):
        return self.merchant.operate(self.path, self.payment_id)


@pytest.fixture(params=PATHS)
def asked(request, merchant, paid):
    return Asked(merchant, request.param, paid(**({} if request.param == "refund" else HOLD)))


@pytest.mark.parametrize(("kind", "acts"), [("drop_before", False), ("drop_after", True)])
def test_no_answer_before_or_after_doing_it(sandbox, asked, kind, acts):
    asked.fault(kind)
    with pytest.raises(ConnectionResetError):
        asked.send()
    assert asked.done is acts
    assert sandbox.requests[-1].http_status is None


@pytest.mark.parametrize("kind", ["slow", "slow_before"])
def test_a_slow_one_is_done_in_the_end(asked, kind):
    asked.fault(kind, seconds=0.05)
    assert b"<pg_status>ok" in asked.send().data
    assert asked.done


def test_no_answer_now_and_done_later(sandbox, asked):
    asked.fault("later", seconds=1200)
    with pytest.raises(ConnectionResetError):
        asked.send()
    sandbox.clock.advance(1199)
    assert not asked.done
    sandbox.clock.advance(1)
    assert asked.done


@pytest.mark.parametrize(("amount", "then"), [({}, [1, 19]), ({"pg_amount": "20"}, [1])])
def test_what_is_done_later_meets_the_sums_of_that_time(sandbox, merchant, paid, amount, then):
    payment_id = paid()
    sandbox.faults.add("refund", "later", seconds=60)
    with pytest.raises(ConnectionResetError):
        merchant.operate("/g2g/refund", payment_id, **amount)
    merchant.operate("/g2g/refund", payment_id, pg_amount="1")
    sandbox.clock.advance(60)
    assert [refund.amount for refund in sandbox.payment(payment_id).refunds] == then


def test_refused_with_a_code_of_choice(asked):
    asked.fault("refused", code="9994", description="Not now")
    answer = asked.answer()
    assert (answer["pg_error_code"], answer["pg_error_description"]) == ("9994", "Not now")
    assert "pg_sig" in answer
    assert "pg_datetime" in answer
    assert not asked.done
    assert asked.answer()["pg_status"] == "ok"


def test_refused_only_to_the_shop_itself(asked):
    asked.fault("refused")
    assert asked.send(key="another key").status_code == 401


@pytest.mark.parametrize("created", [False, True])
@pytest.mark.parametrize(("kind", "status"), [("error", 200), ("http_500", 500), ("html", 200)])
def test_something_else_is_answered(asked, kind, status, created):
    asked.fault(kind, created=created)
    response = asked.send()
    assert response.status_code == status
    assert b"pg_sig" not in response.data
    assert asked.done is created


@pytest.mark.parametrize("kind", ["garbage", "unsigned", "wrong_signature"])
def test_done_but_answered_so_that_nobody_can_trust_it(sandbox, asked, signature_of, kind):
    asked.fault(kind)
    response = asked.send()
    assert response.status_code == 200
    assert asked.done
    assert (b"pg_sig" in response.data) is (kind == "wrong_signature")
    assert (b"</response>" in response.data) is (kind != "garbage")
    if kind == "wrong_signature":
        script = asked.path.rpartition("/")[2]
        fields = dict(sandbox.requests[-1].answer)
        assert fields["pg_sig"] != signature_of(script, fields)


def test_a_fault_of_one_order_is_found_by_the_payment_id(asked):
    asked.fault("refused", order_id="another")
    assert asked.answer()["pg_status"] == "ok"
    asked.fault("refused", order_id="order-1", code="1000")
    assert asked.answer()["pg_error_code"] == "1000"


def test_a_refund_accepted_and_then_listed_as_failed(sandbox, merchant, paid):
    payment_id = paid()
    sandbox.faults.add("refund", "fails_later")
    answer = merchant.operate("/g2g/refund", payment_id, pg_amount="5")
    assert (answer["pg_status"], answer["pg_refund_status"]) == ("ok", "success")
    shown = merchant.status_tree("/g2g/status_v2", pg_payment_id=payment_id)
    item = shown.find("pg_refund_payments")
    assert item.findtext("pg_payment_id") == answer["pg_payment_refund_id"]
    assert (item.findtext("pg_payment_status"), item.findtext("pg_amount")) == ("error", "-5")
    assert item.findtext("pg_failure_code") == "10010"
    assert item.find("pg_payment_date") is None
    assert shown.findtext("pg_refund_amount") == "0"
    assert merchant.operate("/g2g/refund", payment_id)["pg_status"] == "ok"


@pytest.mark.parametrize(
    ("kind", "ends"), [("fails_later", RefundState.FAILED), ("pending", RefundState.DONE)]
)
def test_a_refund_in_process_ends_when_the_clock_says(sandbox, merchant, paid, kind, ends):
    payment_id = paid()
    sandbox.faults.add("refund", kind, seconds=600)
    merchant.operate("/g2g/refund", payment_id, pg_amount="5")
    (refund,) = sandbox.payment(payment_id).refunds
    assert refund.state is RefundState.PROCESSING
    assert sandbox.payment(payment_id).refunded == 0
    assert merchant.operate("/g2g/refund", payment_id, pg_amount="15.01")["pg_error_code"] == "200"
    sandbox.clock.advance(600)
    (refund,) = sandbox.payment(payment_id).refunds
    assert refund.state is ends


def test_a_pending_refund_without_a_time_stays_so(sandbox, merchant, paid):
    payment_id = paid()
    sandbox.faults.add("refund", "pending")
    merchant.operate("/g2g/refund", payment_id)
    sandbox.clock.advance(30 * 86_400)
    assert sandbox.payment(payment_id).refunds[0].state is RefundState.PROCESSING


@pytest.mark.parametrize("kind", ["fails_later", "pending"])
@pytest.mark.parametrize("operation", ["clearing", "cancel", "create"])
def test_only_a_refund_goes_on_after_it_was_accepted(sandbox, operation, kind):
    with pytest.raises(ValueError, match="there is no fault"):
        sandbox.faults.add(operation, kind)
