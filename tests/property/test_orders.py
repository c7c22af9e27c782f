"""An order under every mixture of attempts, checks and results: what is paid stays paid, and no money is lost.

The machine plays the gateway and everybody who writes the order: several payments with facts of their own
(amount, currency, mode), told of in any order, again and again, while attempts end, are taken over, given up
or refused. After every step the order has to keep what the contract promises of it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from paylink.adapters.order_row import from_row, marshal, to_row, unmarshal
from paylink.app.attaching import attached, refused, released, with_lost
from paylink.domain.lease import taken_over
from paylink.domain.link import AmountRange
from paylink.domain.notices import CheckNotice, ResultNotice
from paylink.domain.order import SETTLED, TRANSITIONS, Order, Payment, PaymentState, Refusal, Status
from paylink.domain.settlement import APPROVAL, Answer, Verdict, judge_check, judge_result
from paylink.freedompay.answers import CreatedPayment

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
IDS = ["1001", "1002", "1003"]
PAYMENT = st.sampled_from(IDS)
FACTS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from(["1500", "1500.00", "1500", "1200", "99"]).map(Decimal),
        "currency": st.sampled_from(["KZT", "KZT", "KZT", "USD"]),
        "test": st.sampled_from([True, True, True, False]),
    }
)
TAKEN = {PaymentState.PAID, PaymentState.AUTHORIZED}

# What a payment that is known in one state may be known as after any step.
FOLLOWING = {
    PaymentState.PAID: {PaymentState.PAID},
    PaymentState.AUTHORIZED: TAKEN,
    PaymentState.REJECTED: TAKEN | {PaymentState.REJECTED},
}


class Orders(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.told: dict[str, Answer] = {}
        self.accepted: set[str] = set()
        self.rejected: set[str] = set()
        self.sent: list[ResultNotice] = []

    @initialize(
        facts=st.tuples(FACTS, FACTS, FACTS),
        capture=st.sampled_from(["automatic", "manual"]),
        is_open=st.booleans(),
    )
    def claim(self, facts: tuple[dict, ...], capture: str, *, is_open: bool) -> None:
        self.facts = dict(zip(IDS, facts, strict=True))
        self.order = Order(
            order_id="pl_0123456789abcdefghjkmnpqrs",
            fingerprint="00",
            status=Status.CREATING,
            created_at=START,
            amount=150_000,
            currency="KZT",
            description="Coffee",
            test=True,
            lease_until=START + timedelta(seconds=30),
            lease_owner="owner",
            amount_range=AmountRange(100_000, 200_000) if is_open else None,
            capture=capture,
            expires_at=START + timedelta(hours=1),
        )

    # ── those who create the payment ───────────────────────────────────────────────────────────────────────

    @rule(payment_id=PAYMENT)
    def an_answer_to_the_create_call_arrives(self, payment_id: str) -> None:
        created = CreatedPayment(payment_id, f"https://gateway.example/{payment_id}", "need data", None)
        before = self.order
        self.become(attached(before, created, self.now))
        assert self.order.lease_until is None
        known = before.payments.get(payment_id)
        has_ended = known is not None and known.state not in {PaymentState.OPEN, PaymentState.LOST}
        if before.status in SETTLED | {Status.CANCELLED} or has_ended:
            assert self.order.status is before.status
            assert payment_id in self.order.payments
            return
        assert self.order.payments[payment_id] == Payment(PaymentState.OPEN, self.order.amount)
        assert (self.order.payment_id, self.order.refusal) == (payment_id, None)
        assert self.order.payable(self.now) is not self.order.holds_money()

    @rule(payment_id=PAYMENT)
    def a_payment_is_found_whose_page_nobody_has(self, payment_id: str) -> None:
        self.become(with_lost(self.order, payment_id).changed(self.now))

    @precondition(lambda self: not self.order.leased(self.now))
    @rule()
    def the_attempt_is_taken_over(self) -> None:
        self.become(taken_over(self.order, "taker", self.now))

    @precondition(lambda self: self.order.lease_until is not None)
    @rule(cooldown=st.sampled_from([0, 5]))
    def the_attempt_is_given_up(self, cooldown: int) -> None:
        self.become(released(self.order, self.now, cooldown=timedelta(seconds=cooldown)))

    @precondition(lambda self: self.order.lease_until is not None)
    @rule(refusal=st.sampled_from([None, Refusal(9996, "no contract")]))
    def the_gateway_refuses_the_attempt(self, refusal: Refusal | None) -> None:
        self.become(refused(self.order, refusal, self.now))

    # ── the operator ───────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.order.status is Status.PENDING)
    @rule()
    def the_order_is_cancelled(self) -> None:
        self.become(self.order.moved(Status.CANCELLED, self.now))

    @precondition(lambda self: self.order.status in {Status.PAID, Status.PARTIALLY_REFUNDED})
    @rule(status=st.sampled_from([Status.PARTIALLY_REFUNDED, Status.REFUNDED]))
    def money_is_returned(self, status: Status) -> None:
        self.become(self.order.moved(status, self.now))

    @rule(minutes=st.sampled_from([1, 5, 70, 100_000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    # ── the gateway ────────────────────────────────────────────────────────────────────────────────────────

    @rule(payment_id=PAYMENT)
    def the_gateway_asks(self, payment_id: str) -> None:
        facts = self.facts[payment_id]
        notice = CheckNotice(
            self.order.order_id, payment_id, facts["amount"], facts["currency"], facts["test"]
        )
        before = self.order
        verdict = judge_check(before, notice, self.now)
        if not verdict.answer.accepts:
            assert verdict.order is None
            return
        assert before.status not in SETTLED
        if before.approved not in (None, payment_id):
            assert before.approved_until is not None
            assert before.approved_until <= self.now
        self.become(verdict.order)
        assert (self.order.approved, self.order.approved_until) == (payment_id, self.now + APPROVAL)
        assert self.order.status is before.status

    @rule(
        payment_id=PAYMENT,
        result=st.sampled_from([1, 1, 1, 0, 0, 2]),
        captured=st.sampled_from([True, False, None]),
        can_reject=st.booleans(),
        failure_code=st.sampled_from([None, "101", "10007"]),
    )
    def the_gateway_tells(
        self, payment_id: str, result: int, captured: bool | None, can_reject: bool, failure_code: str | None
    ) -> None:
        notice = ResultNotice(
            order_id=self.order.order_id,
            payment_id=payment_id,
            result=result,
            captured=captured,
            can_reject=can_reject,
            failure_code=failure_code if result == 0 else None,
            **self.facts[payment_id],
        )
        self.hear(notice)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), times=st.integers(1, 2))
    def the_gateway_repeats_itself(self, data: st.DataObject, times: int) -> None:
        notice = data.draw(st.sampled_from(self.sent))
        for _ in range(times):
            self.hear(replace(notice, amount=notice.amount.normalize()))

    def hear(self, notice: ResultNotice) -> None:
        self.sent.append(notice)
        before = self.order
        verdict = judge_result(before, notice, self.now)
        earlier = self.told.setdefault(notice.digest(), verdict.answer)
        assert verdict.answer is earlier, "a repeated message gets the same answer"
        assert verdict.answer.accepts or (notice.result == 1 and notice.can_reject)
        if verdict.repeated:
            assert verdict.order is None
            return
        self.note(notice, verdict)
        self.become(verdict.order)
        if notice.result != 1:
            assert self.order.holds_money() is before.holds_money()
            assert self.order.payments.keys() - before.payments.keys() <= {notice.payment_id}

    def note(self, notice: ResultNotice, verdict: Verdict) -> None:
        if notice.result != 1:
            return
        if not verdict.answer.accepts:
            assert notice.payment_id not in self.accepted, "what was accepted is not rejected later"
            self.rejected.add(notice.payment_id)
            return
        if notice.payment_id in self.rejected - self.accepted:
            assert verdict.raised is not None, "what was rejected and stands all the same calls an operator"
        self.accepted.add(notice.payment_id)

    # ── what holds of every step ───────────────────────────────────────────────────────────────────────────

    def become(self, order: Order | None) -> None:
        before = self.order
        assert order is not None
        assert order.sequence == before.sequence + 1
        assert order.status is before.status or order.status in TRANSITIONS[before.status]
        if before.status in SETTLED:
            assert order.status in SETTLED, "a settled order never becomes unpaid"
            assert order.payment_id == before.payment_id, "its money stays its money"
            assert order.amount == before.amount
            assert before.paid_at in (None, order.paid_at)
        assert set(before.attention) <= set(order.attention)
        assert before.answers.items() <= order.answers.items()
        for payment_id, payment in before.payments.items():
            assert order.payments[payment_id].state in FOLLOWING.get(payment.state, set(PaymentState))
        same = {"order_id", "fingerprint", "created_at", "currency", "test", "capture", "lifetime"}
        assert all(getattr(order, name) == getattr(before, name) for name in same)
        assert order.waiting is order.waits(self.now)
        self.order = order

    @invariant()
    def money_that_was_accepted_is_there(self) -> None:
        for payment_id in self.accepted:
            payment = self.order.payments[payment_id]
            assert payment.state in TAKEN
            assert payment.amount == int(self.facts[payment_id]["amount"] * 100)
            assert payment.captured in {0, payment.amount}

    @invariant()
    def money_that_was_rejected_stays_on_watch(self) -> None:
        for payment_id in self.rejected - self.accepted:
            assert self.order.payments[payment_id].state is PaymentState.REJECTED
            assert self.order.waiting

    @invariant()
    def only_one_payment_is_the_orders_money(self) -> None:
        own = {self.order.payment_id} if self.order.status in SETTLED else set()
        assert own <= self.accepted
        if self.accepted - own:
            assert self.order.attention, "any other accepted payment calls an operator"

    @invariant()
    def the_orders_money_is_what_its_payment_says(self) -> None:
        if self.order.status not in SETTLED:
            assert (self.order.captured_amount, self.order.paid_at) == (0, None)
            return
        payment = self.order.payments[str(self.order.payment_id)]
        facts = self.facts[str(self.order.payment_id)]
        assert (facts["currency"], facts["test"]) == ("KZT", True)
        assert payment.amount == self.order.amount
        assert self.order.captured_amount == payment.captured
        assert (self.order.status is Status.AUTHORIZED) is (payment.state is PaymentState.AUTHORIZED)
        assert (self.order.paid_at is None) is (self.order.status is Status.AUTHORIZED)

    @invariant()
    def it_is_forgotten_only_where_nothing_is_left_to_know(self) -> None:
        order = self.order
        assert not (order.waiting and order.keep_until)
        if order.keep_until is not None:
            assert not order.holds_money()
            assert not order.attention
            assert order.lease_until is None
            assert order.status not in SETTLED | {Status.CREATING, Status.PENDING}
            assert not self.accepted
        elif not order.waiting:
            assert order.status in SETTLED or order.attention or order.holds_money()

    @invariant()
    def its_row_is_the_order(self) -> None:
        assert from_row(unmarshal(marshal(to_row(self.order)))) == self.order


TestOrders = Orders.TestCase
TestOrders.settings = settings(max_examples=150, stateful_step_count=25)
