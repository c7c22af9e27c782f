"""What happens at the same moment, on AWS's own engine: many requests, takers, answers and results at once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from freedompay_sandbox.reading import read_xml
from integration.create.shop import KEY, TICKET, Shop
from integration.gateway_message import CHECK, PAID, QUESTION, RESULT, changed, signed, urlencoded
from paylink.app.gateway_callback import Incoming, Reply
from paylink.domain.errors import SoldOut, StillRunning
from paylink.domain.order import Attention, Order, PaymentState, Status
from paylink.domain.place import Place
from paylink.freedompay.client import Credentials

pytestmark = pytest.mark.dynamodb_local

THREADS = 32
ROUNDS = 12
COFFEE = {"link": "coffee"}


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """What all the calls give, begun at the same moment; what one raises is its result."""
    ready = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        ready.wait(20)
        try:
            return call()
        except Exception as error:  # noqa: BLE001 — each outcome is looked at by the test
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def result(order: Order, payment_id: str, **changes: str | None) -> Incoming:
    """A result of the gateway for a payment of an order, paid in full unless changed."""
    told = {"pg_order_id": order.order_id, "pg_payment_id": payment_id, **changes}
    body, content_type = urlencoded(signed(RESULT, changed(PAID, **told)))
    return Incoming(RESULT, "POST", "", content_type, body)


def word(reply: Reply) -> str:
    """The status word of an answer to the gateway."""
    assert isinstance(reply, Reply), reply
    assert reply.status == 200, reply.document
    fields = dict(read_xml(reply.document, root="response"))
    return str(fields["pg_status"])


def another_payment(shop: Shop, order: Order) -> str:
    """A second payment of the same order at the gateway, which nobody has told us of."""
    keys = shop.secrets.merchant.keys()
    fields = [("pg_order_id", order.order_id), ("pg_amount", "1500.00"), ("pg_description", "Coffee")]
    return shop.gateway.create(Credentials(keys.merchant_id, keys.secret_key), fields).payment_id


class Gate:
    """An order store at which the first save waits until the test lets it go on."""

    def __init__(self, orders: Any) -> None:
        self._orders = orders
        self.reached = threading.Event()
        self.may_go = threading.Event()

    def save(self, known: Order, changed: Order) -> Order | None:
        if not self.reached.is_set():
            self.reached.set()
            assert self.may_go.wait(20)
        return self._orders.save(known, changed)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._orders, name)


def test_the_same_request_from_32_threads_makes_one_row_and_one_payment(engine_shop: Shop) -> None:
    shop = engine_shop
    process = shop.process()
    answers = at_once([lambda: shop.ask(COFFEE, process=process)] * THREADS)
    made = [answer for answer in answers if not isinstance(answer, Exception) and answer.made]
    others = [answer for answer in answers if answer not in made]
    assert len(made) == 1
    for answer in others:
        assert isinstance(answer, StillRunning) or answer.order.payment_id == made[0].order.payment_id, answer
    (order,) = shop.order_rows()
    assert order == made[0].order
    (payment,) = shop.payments()
    assert payment.payment_id == order.payment_id
    assert shop.sandbox.pay(payment.payment_id).refusal is None
    assert shop.order().status is Status.PAID


def test_32_different_keys_make_32_orders(engine_shop: Shop) -> None:
    shop = engine_shop
    process = shop.process()
    keys = [f"{KEY}-{number}" for number in range(THREADS)]
    answers = at_once([lambda key=key: shop.ask(COFFEE, key, process=process) for key in keys])
    assert [answer.order.order_id for answer in answers] == [shop.order_id(key) for key in keys]
    assert all(answer.made for answer in answers)
    assert len(shop.order_rows()) == len(shop.sandbox.payments()) == THREADS


@pytest.mark.parametrize("repeated_key", ["same", "error", "new"])
def test_of_two_takers_of_an_expired_lease_one_wins(engine_shop: Shop, repeated_key: str) -> None:
    shop = engine_shop
    shop.sandbox.settings.update({"repeated_key": repeated_key})
    for number in range(ROUNDS // 3):
        key = f"{KEY}-{number}"
        shop.sandbox.faults.add("create", "drop_after")
        (silent,) = at_once([lambda key=key: shop.ask(COFFEE, key)])
        assert isinstance(silent, Exception)
        shop.sandbox.clock.advance(31)
        process = shop.process()
        answers = at_once([lambda key=key, process=process: shop.ask(COFFEE, key, process=process)] * 2)
        made = [answer for answer in answers if not isinstance(answer, Exception) and answer.made]
        assert len(made) == 1, answers
        (other,) = [answer for answer in answers if answer not in made]
        assert isinstance(other, StillRunning) or other.order.payment_id == made[0].order.payment_id
        order = shop.order(key)
        assert (order.attempt, order.status, order.payment_id) == (
            2,
            Status.PENDING,
            made[0].order.payment_id,
        )
        states = {entry.payment_id: order.payments[entry.payment_id].state for entry in shop.payments(key)}
        assert states.pop(str(order.payment_id)) is PaymentState.OPEN
        assert set(states.values()) <= {PaymentState.LOST}
        assert len(states) == (0 if repeated_key == "same" else 1)


def test_an_answer_that_is_attached_while_its_result_comes(engine_shop: Shop) -> None:
    shop = engine_shop
    for number in range(ROUNDS):
        key = f"{KEY}-{number}"
        gate = Gate(shop.orders)

        def tell(key: str = key, gate: Gate = gate) -> Reply:
            assert gate.reached.wait(20)
            (payment,) = shop.payments(key)
            message = result(shop.order(key), payment.payment_id)
            gate.may_go.set()
            return shop.callback(message)

        creation, reply = at_once([lambda key=key, gate=gate: shop.ask(COFFEE, key, orders=gate), tell])
        assert word(reply) == "ok"
        assert creation.made
        order = shop.order(key)
        (payment,) = shop.payments(key)
        assert (order.status, order.payment_id, order.captured_amount) == (
            Status.PAID,
            payment.payment_id,
            order.amount,
        )
        assert {name: entry.state for name, entry in order.payments.items()} == {
            payment.payment_id: PaymentState.PAID
        }
        assert (order.lease_until, order.waiting, order.attention) == (None, False, ())
        # Claimed, attached, paid, in whichever order: no step is lost and none is taken twice.
        assert order.sequence == 3


def test_an_answer_that_is_attached_while_the_gateway_asks(engine_shop: Shop) -> None:
    """The check's approval and the page's address are both kept, whichever is written first."""
    shop = engine_shop
    for number in range(ROUNDS):
        key = f"{KEY}-{number}"
        gate = Gate(shop.orders)

        def check(key: str = key, gate: Gate = gate) -> Reply:
            assert gate.reached.wait(20)
            (payment,) = shop.payments(key)
            told = {"pg_order_id": shop.order_id(key), "pg_payment_id": payment.payment_id}
            body, content_type = urlencoded(signed(CHECK, changed(QUESTION, **told)))
            gate.may_go.set()
            return shop.callback(Incoming(CHECK, "POST", "", content_type, body))

        creation, reply = at_once([lambda key=key, gate=gate: shop.ask(COFFEE, key, orders=gate), check])
        assert word(reply) == "ok"
        assert creation.made
        order = shop.order(key)
        assert (order.status, order.payment_id) == (Status.PENDING, order.approved)
        assert order.redirect_url == creation.order.redirect_url
        assert (order.lease_until, order.sequence) == (None, 3)


def test_an_attempt_that_was_overtaken_hands_out_no_page(engine_shop: Shop) -> None:
    """Its answer comes after another attempt took over: the other's page is the one, this payment is lost."""
    shop = engine_shop
    shop.sandbox.settings.update({"repeated_key": "new"})
    gate = Gate(shop.orders)

    def overtake() -> Any:
        assert gate.reached.wait(20)
        shop.sandbox.clock.advance(31)
        try:
            return shop.ask(COFFEE)
        finally:
            gate.may_go.set()

    slow, quick = at_once([lambda: shop.ask(COFFEE, orders=gate), overtake])
    assert isinstance(slow, StillRunning)
    first, second = shop.payments()
    assert quick.order.payment_id == second.payment_id
    order = shop.order()
    assert {name: entry.state for name, entry in order.payments.items()} == {
        first.payment_id: PaymentState.LOST,
        second.payment_id: PaymentState.OPEN,
    }
    assert (order.status, order.lease_until, order.waiting) == (Status.PENDING, None, True)
    assert shop.ask(COFFEE).order == order


@pytest.mark.parametrize("captured", ["1", None])
def test_the_same_result_32_times_at_once_pays_once(engine_shop: Shop, captured: str | None) -> None:
    shop = engine_shop
    before = shop.ask(COFFEE).order
    message = result(before, str(before.payment_id), pg_captured=captured)
    replies = at_once([lambda: shop.callback(message)] * THREADS)
    assert [word(reply) for reply in replies] == ["ok"] * THREADS
    order = shop.order()
    assert (order.status, order.sequence) == (Status.PAID, before.sequence + 1)
    assert order.payments[str(before.payment_id)].captured == order.captured_amount == order.amount
    assert (len(order.answers), order.attention, order.waiting) == (1, (), False)


@pytest.mark.parametrize("may_reject", ["1", "0"])
def test_of_two_payments_paid_at_once_one_is_the_orders_money(engine_shop: Shop, may_reject: str) -> None:
    shop = engine_shop
    for number in range(ROUNDS):
        key = f"{KEY}-{number}"
        order = shop.ask(COFFEE, key).order
        payments = [str(order.payment_id), another_payment(shop, order)]
        messages = [result(order, payment, pg_can_reject=may_reject) for payment in payments]
        calls = [lambda message=message: shop.callback(message) for message in messages]
        words = [word(reply) for reply in at_once(calls)]
        after = shop.order(key)
        assert (after.status, after.captured_amount) == (Status.PAID, after.amount)
        held = payments.index(str(after.payment_id))
        other = after.payments[payments[1 - held]]
        assert after.payments[payments[held]].state is PaymentState.PAID
        if may_reject == "1":
            assert (words[held], words[1 - held]) == ("ok", "rejected")
            assert (other.state, after.attention, after.waiting) == (PaymentState.REJECTED, (), True)
        else:
            assert words == ["ok", "ok"]
            assert (other.state, other.captured) == (PaymentState.PAID, after.amount)
            assert (after.attention, after.waiting) == ((Attention.SECOND_CHARGE,), False)


def test_failure_and_success_of_one_payment_at_once_leave_it_paid(engine_shop: Shop) -> None:
    shop = engine_shop
    for number in range(ROUNDS):
        key = f"{KEY}-{number}"
        order = shop.ask(COFFEE, key).order
        payment = str(order.payment_id)
        paid = result(order, payment)
        failed = result(order, payment, pg_result="0", pg_captured=None, pg_failure_code="10010")
        replies = at_once(
            [lambda paid=paid: shop.callback(paid), lambda failed=failed: shop.callback(failed)]
        )
        assert [word(reply) for reply in replies] == ["ok", "ok"]
        after = shop.order(key)
        assert (after.status, after.payments[payment].state) == (Status.PAID, PaymentState.PAID)


def test_the_last_places_are_sold_to_as_many_as_there_are(engine_shop: Shop) -> None:
    shop = engine_shop
    shop.put_link(**{**TICKET, "limit": 5})
    process = shop.process()
    keys = [f"{KEY}-{number}" for number in range(THREADS)]
    calls = [lambda key=key: shop.ask({"link": "ticket"}, key, process=process) for key in keys]
    answers = at_once(calls)
    made = [answer for answer in answers if not isinstance(answer, Exception)]
    assert len(made) == len(shop.sandbox.payments()) == 5
    assert sum(isinstance(answer, SoldOut) for answer in answers) == THREADS - 5
    assert shop.places.left(Place("test:ticket", 1, 5)) == 0
