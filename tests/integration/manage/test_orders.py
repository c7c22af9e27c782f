"""The operator moves money: the routes over the real function, the table and the stand-in gateway."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from freedompay_sandbox import Sandbox
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from integration.stored_orders import stored_order
from paylink.domain.order import Attention, Status

from .desk import OPERATOR, Answer, Desk, Till

COFFEE: dict[str, Any] = {"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT"}
TABLE: dict[str, Any] = {"id": "table", "title": "A table", "price": "1500", "currency": "KZT"}
UNKNOWN = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
FIRST, SECOND, THIRD = (f"a-key-of-the-operator-{number}" for number in (1, 2, 3))


class Shop:
    """A shop with a till, a desk, and the gateway that both of them talk to."""

    def __init__(self, till: Till, desk: Desk) -> None:
        self.till = till
        self.desk = desk
        self.sandbox: Sandbox = till.sandbox

    def sold(self, link: str = "coffee", *, told: bool = True) -> tuple[str, str]:
        """An order that was paid, and its payment; without `told` its callback is lost."""
        asked = self.till.ask({"link": link})
        assert asked.status == 201, asked.content
        payment_id: str = asked.content["payment_id"]
        self.sandbox.pay(payment_id)
        if told:
            assert self.till.last_word() == "ok"
        return asked.content["order_id"], payment_id

    def given_back(self, payment_id: str) -> list[Decimal]:
        return [refund.amount for refund in self.sandbox.payment(payment_id).refunds]


@pytest.fixture
def shop(
    make_till: Callable[..., Till],
    load_function: Callable[..., LoadedFunction],
    gateway: tuple[Sandbox, str],
    deployment: Deployment,
) -> Shop:
    till = make_till()
    deployment.put_link(COFFEE)
    deployment.put_link({**TABLE, "capture": "manual"})
    return Shop(till, Desk(load_function("manage", GatewayUrl=gateway[1])))


def outcome(answer: Answer) -> tuple[int, str, str]:
    """Status, the operation's own, and the order's."""
    return answer.status, answer.content["operation"]["status"], answer.content["order"]["status"]


class TestRefund:
    def test_all_of_it(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold()
        answer = shop.desk.operate("refund", order_id)
        assert outcome(answer) == (200, "done", "refunded")
        operation = answer.content["operation"]
        assert (operation["kind"], operation["amount"], operation["currency"]) == ("refund", "1500.00", "KZT")
        assert operation["payment_id"] == payment_id
        assert operation["finished_at"] is not None
        [refund] = shop.sandbox.payment(payment_id).refunds
        assert operation["refund_id"] == refund.refund_id
        assert answer.content["order"]["refunded_amount"] == "1500.00"
        assert answer.content["order"]["operations"] == [operation]
        assert shop.desk.order(order_id).content == answer.content["order"]

    def test_part_by_part_and_never_more_than_was_taken(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold()
        first = shop.desk.operate("refund", order_id, {"amount": "400.50"}, FIRST)
        assert outcome(first) == (200, "done", "partially_refunded")
        too_much = shop.desk.operate("refund", order_id, {"amount": "1099.51"}, SECOND)
        assert too_much.problem == (409, "operation_not_allowed")
        rest = shop.desk.operate("refund", order_id, {"payment_id": payment_id}, THIRD)
        assert outcome(rest) == (200, "done", "refunded")
        assert rest.content["operation"]["amount"] == "1099.50"
        assert shop.given_back(payment_id) == [Decimal("400.50"), Decimal("1099.50")]
        told = shop.desk.order(order_id).content["refunds"]
        assert [(refund["amount"], refund["source"]) for refund in told] == [
            ("400.50", "paylink"),
            ("1099.50", "paylink"),
        ]

    def test_the_same_key_gives_back_once(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold()
        first = shop.desk.operate("refund", order_id, {"amount": 100}, FIRST)
        again = shop.desk.operate("refund", order_id, {"amount": "100.00"}, FIRST)
        assert (again.status, again.headers["idempotent-replayed"]) == (200, "true")
        assert again.content == first.content
        assert "idempotent-replayed" not in first.headers
        other = shop.desk.operate("refund", order_id, {"amount": "101"}, FIRST)
        assert other.problem == (422, "idempotency_key_reused")
        other_kind = shop.desk.operate("cancel", order_id, None, FIRST)
        assert other_kind.problem == (422, "idempotency_key_reused")
        assert shop.given_back(payment_id) == [Decimal(100)]

    def test_a_replay_shows_the_order_as_it_is_now(self, shop: Shop) -> None:
        order_id, _ = shop.sold()
        shop.desk.operate("refund", order_id, {"amount": "100"}, FIRST)
        shop.desk.operate("refund", order_id, None, SECOND)
        again = shop.desk.operate("refund", order_id, {"amount": "100"}, FIRST)
        assert outcome(again) == (200, "done", "refunded")
        assert again.content["operation"]["amount"] == "100.00"

    def test_what_the_gateway_refuses_is_told_and_remembered(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold()
        shop.sandbox.faults.add("refund", "refused", code="4005", description="No right to refund")
        refused = shop.desk.operate("refund", order_id, None, FIRST)
        assert refused.problem == (502, "operation_refused")
        assert (refused.content["gateway_code"], refused.content["gateway_description"]) == (
            4005,
            "No right to refund",
        )
        assert refused.content["operation"]["status"] == "refused"
        assert refused.content["order"]["status"] == "paid"
        again = shop.desk.operate("refund", order_id, None, FIRST)
        assert again.problem == (502, "operation_refused")
        assert again.headers["idempotent-replayed"] == "true"
        assert again.content["operation"] == refused.content["operation"]
        assert shop.given_back(payment_id) == []
        assert outcome(shop.desk.operate("refund", order_id, None, SECOND)) == (200, "done", "refunded")

    @pytest.mark.parametrize("fault", ["drop_after", "garbage", "unsigned", "wrong_signature"])
    def test_an_answer_that_was_lost_is_told_by_the_same_key_later(self, shop: Shop, fault: str) -> None:
        order_id, payment_id = shop.sold()
        shop.sandbox.faults.add("refund", fault)
        lost = shop.desk.operate("refund", order_id, {"amount": "100"}, FIRST)
        assert (lost.status, lost.content["operation"]["status"]) == (202, "unknown")
        assert int(lost.headers["retry-after"]) > 0
        assert lost.content["operation"]["finished_at"] is None
        later = shop.desk.operate("refund", order_id, {"amount": "100"}, FIRST)
        assert outcome(later) == (200, "done", "partially_refunded")
        assert shop.given_back(payment_id) == [Decimal(100)]

    def test_while_one_is_unknown_no_other_begins(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold()
        shop.sandbox.faults.add("refund", "drop_before")
        assert shop.desk.operate("refund", order_id, {"amount": "100"}, FIRST).status == 202
        other = shop.desk.operate("refund", order_id, {"amount": "200"}, SECOND)
        assert other.problem == (409, "operation_in_flight")
        assert int(other.headers["retry-after"]) > 0
        assert shop.desk.operate("refund", order_id, {"amount": "100"}, FIRST).status == 202
        assert shop.given_back(payment_id) == []

    def test_an_unpaid_order_gives_nothing_back(self, shop: Shop) -> None:
        order_id = shop.till.ask({"link": "coffee"}).content["order_id"]
        assert shop.desk.operate("refund", order_id).problem == (409, "operation_not_allowed")


class TestHold:
    def test_captured_whole(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold("table")
        assert shop.desk.order(order_id).content["status"] == "authorized"
        answer = shop.desk.operate("capture", order_id)
        assert outcome(answer) == (200, "done", "paid")
        assert answer.content["order"]["captured_amount"] == "1500.00"
        assert shop.sandbox.payment(payment_id).cleared == 1500

    def test_captured_in_part(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold("table")
        answer = shop.desk.operate("capture", order_id, {"amount": "1200"})
        assert outcome(answer) == (200, "done", "paid")
        assert answer.content["order"]["captured_amount"] == "1200.00"
        assert shop.sandbox.payment(payment_id).cleared == 1200

    def test_let_go(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold("table")
        answer = shop.desk.operate("cancel", order_id)
        assert outcome(answer) == (200, "done", "cancelled")
        assert shop.sandbox.payment(payment_id).cleared == 0
        assert shop.desk.operate("capture", order_id, None, SECOND).problem == (409, "operation_not_allowed")

    def test_it_is_not_given_back_before_it_is_taken(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold("table")
        assert shop.desk.operate("refund", order_id).problem == (409, "operation_not_allowed")
        assert shop.given_back(payment_id) == []


class TestWithoutMoney:
    def test_a_pending_order_is_cancelled_by_us_alone(self, shop: Shop) -> None:
        order_id = shop.till.ask({"link": "coffee"}).content["order_id"]
        answer = shop.desk.operate("cancel", order_id)
        assert outcome(answer) == (200, "done", "cancelled")
        assert answer.content["operation"]["payment_id"] is None
        again = shop.desk.operate("cancel", order_id)
        assert (again.status, again.headers["idempotent-replayed"]) == (200, "true")

    def test_a_resolution_says_who_and_why(self, shop: Shop, deployment: Deployment) -> None:
        order = stored_order(Status.PAID, attention=(Attention.SECOND_CHARGE,))
        deployment.put_order(order)
        answer = shop.desk.operate("resolve", order.order_id, {"note": "the buyer was called"})
        assert outcome(answer) == (200, "done", "paid")
        assert answer.content["order"]["attention"] == []
        operation = answer.content["operation"]
        assert (operation["note"], operation["by"]) == ("the buyer was called", OPERATOR)
        assert operation["reasons"] == ["second_charge"]


class TestSync:
    def test_a_lost_callback_is_found(self, shop: Shop) -> None:
        order_id, _ = shop.sold(told=False)
        assert shop.desk.order(order_id).content["status"] == "pending"
        answer = shop.desk.operate("sync", order_id)
        assert (answer.status, answer.content["order"]["status"]) == (200, "paid")
        assert shop.desk.order(order_id).content == answer.content["order"]
        assert shop.desk.operate("sync", order_id).content == answer.content, "asking again changes nothing"

    def test_a_refund_of_the_cabinet_is_adopted(self, shop: Shop) -> None:
        order_id, payment_id = shop.sold()
        shop.sandbox.cabinet_refund(payment_id, "300")
        order = shop.desk.operate("sync", order_id).content["order"]
        assert (order["status"], order["refunded_amount"]) == ("partially_refunded", "300.00")
        assert [(refund["amount"], refund["source"]) for refund in order["refunds"]] == [
            ("300.00", "external")
        ]

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            ({"kind": "drop_before"}, (502, "gateway_unclear")),
            ({"kind": "garbage"}, (502, "gateway_unclear")),
            ({"kind": "error", "code": "1100"}, (502, "gateway_misconfigured")),
        ],
    )
    def test_a_gateway_in_trouble(self, shop: Shop, fault: dict[str, str], told: tuple[int, str]) -> None:
        order_id, _ = shop.sold(told=False)
        shop.sandbox.faults.add("status", times=None, **fault)
        answer = shop.desk.operate("sync", order_id)
        assert answer.problem == told
        assert "retry-after" in answer.headers
        assert shop.desk.order(order_id).content["status"] == "pending"


OPERATIONS = ("refund", "capture", "cancel", "sync", "resolve")


class TestRequest:
    @pytest.mark.parametrize("kind", OPERATIONS)
    @pytest.mark.parametrize("key", [None, "short", "x" * 256])
    def test_every_operation_needs_a_key(self, shop: Shop, kind: str, key: str | None) -> None:
        order_id, payment_id = shop.sold()
        body = {"note": "why"} if kind == "resolve" else None
        assert shop.desk.operate(kind, order_id, body, key).problem == (400, "invalid_idempotency_key")
        assert shop.given_back(payment_id) == []

    @pytest.mark.parametrize("kind", OPERATIONS)
    @pytest.mark.parametrize("order_id", [UNKNOWN, "coffee", "links"])
    def test_an_unknown_order(self, shop: Shop, kind: str, order_id: str) -> None:
        body = {"note": "why"} if kind == "resolve" else None
        assert shop.desk.operate(kind, order_id, body).problem == (404, "order_unknown")

    @pytest.mark.parametrize(
        ("kind", "body", "wrong"),
        [
            ("refund", {"amount": 1.5}, ["amount"]),
            ("refund", {"amount": "-1"}, ["amount"]),
            ("refund", {"payment_id": 77}, ["payment_id"]),
            ("refund", {"sum": "1"}, ["sum"]),
            ("capture", {"payment_id": "77"}, ["payment_id"]),
            ("cancel", {"amount": "5"}, ["amount"]),
            ("sync", {"force": True}, ["force"]),
            ("resolve", {}, ["note"]),
            ("resolve", None, ["note"]),
            ("resolve", {"note": "  "}, ["note"]),
        ],
    )
    def test_what_does_not_fit_is_refused_by_name(
        self, shop: Shop, kind: str, body: object, wrong: list[str]
    ) -> None:
        order_id, payment_id = shop.sold()
        assert shop.desk.operate(kind, order_id, body).wrong_fields == wrong
        assert shop.given_back(payment_id) == []

    @pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'{"amount": "1", "amount": "2"}'])
    def test_an_unreadable_body(self, shop: Shop, body: bytes) -> None:
        order_id, payment_id = shop.sold()
        assert shop.desk.operate("refund", order_id, body).problem == (400, "invalid_body")
        assert shop.given_back(payment_id) == []
