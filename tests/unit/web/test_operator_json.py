"""Orders and operations as their operator reads them, and the status that each outcome is answered with."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from paylink.domain.operation import Kind, Operation, OperationState, Refund, Source
from paylink.domain.order import Payment, PaymentState, Status
from paylink.web.operation_response import operation_response
from paylink.web.operator_json import operation_json, order_json, orders_json
from unit.domain.examples import FIRST, MINOR, NOW, SECOND, THIRD, a_pending_order, an_order_in

REFUND = Operation(
    id="op_1",
    fingerprint="00ff00ff",
    kind=Kind.REFUND,
    created_at=NOW,
    currency="KZT",
    payment_id=FIRST,
    amount=40_050,
    lease_until=NOW + timedelta(seconds=30),
    owner="0a1b2c3d",
    seen=("77",),
    seen_sum=100,
)
WRITTEN = {
    "id": "op_1",
    "kind": "refund",
    "status": "running",
    "amount": "400.50",
    "currency": "KZT",
    "payment_id": FIRST,
    "created_at": "2026-03-01T09:00:00.000Z",
    "finished_at": None,
}
LATER = NOW + timedelta(seconds=2)


def ended(state: OperationState, **changes: Any) -> Operation:
    return replace(REFUND, state=state, finished_at=LATER, **changes)


class TestOperation:
    def test_one_in_flight(self) -> None:
        assert operation_json(REFUND) == WRITTEN

    def test_one_that_is_done(self) -> None:
        told = operation_json(ended(OperationState.DONE, refund_id=THIRD))
        assert told == WRITTEN | {
            "status": "done",
            "finished_at": "2026-03-01T09:00:02.000Z",
            "refund_id": THIRD,
        }

    def test_one_that_was_refused(self) -> None:
        refused = ended(OperationState.REFUSED, gateway_code=4006, gateway_description="too large")
        told = operation_json(refused)
        assert (told["status"], told["gateway_code"], told["gateway_description"]) == (
            "refused",
            4006,
            "too large",
        )

    def test_a_resolution_says_who_and_why(self) -> None:
        resolved = replace(
            REFUND,
            kind=Kind.RESOLVE,
            state=OperationState.DONE,
            payment_id=None,
            amount=0,
            note="money went back by hand",
            by="arn:aws:iam::123456789012:user/operator",
            reasons=("second_charge",),
        )
        told = operation_json(resolved)
        assert (told["amount"], told["payment_id"]) == (None, None)
        assert told["note"] == "money went back by hand"
        assert told["by"] == "arn:aws:iam::123456789012:user/operator"
        assert told["reasons"] == ["second_charge"]

    def test_a_currency_without_known_decimals_shows_no_sum(self) -> None:
        assert operation_json(replace(REFUND, currency="XTS"))["amount"] is None


class TestOrder:
    def test_what_was_done_about_its_money(self) -> None:
        order = replace(
            an_order_in(Status.PAID),
            operation=replace(REFUND, id="op_2"),
            operations={"op_1": ended(OperationState.DONE, refund_id=THIRD)},
            refunds={
                THIRD: Refund(FIRST, 40_050, Source.PAYLINK),
                "1000000009": Refund(SECOND, 700, Source.EXTERNAL, failed=True),
            },
        )
        told = order_json(order)
        assert told["sequence"] == order.sequence
        assert told["operation"] == WRITTEN | {"id": "op_2"}
        operations = told["operations"]
        assert isinstance(operations, list)
        assert [operation["id"] for operation in operations] == ["op_1"]
        assert told["refunds"] == [
            {
                "refund_id": THIRD,
                "payment_id": FIRST,
                "amount": "400.50",
                "currency": "KZT",
                "source": "paylink",
                "failed": False,
            },
            {
                "refund_id": "1000000009",
                "payment_id": SECOND,
                "amount": "7.00",
                "currency": "KZT",
                "source": "external",
                "failed": True,
            },
        ]

    def test_a_refund_is_written_in_its_payments_currency(self) -> None:
        order = replace(
            an_order_in(Status.PAID),
            payments={SECOND: Payment(PaymentState.PAID, 900, 900, currency="KRW")},
            refunds={THIRD: Refund(SECOND, 900, Source.PAYLINK)},
        )
        [refund] = order_json(order)["refunds"]  # type: ignore[misc]  # a list of refunds
        assert (refund["amount"], refund["currency"]) == ("900", "KRW")

    @pytest.mark.parametrize("status", Status)
    def test_nothing_that_pays_forges_or_names_a_buyer(self, status: Status) -> None:
        order = replace(an_order_in(status), operation=REFUND, lease_owner="feedbeef")
        text = json.dumps(order_json(order))
        hidden = [order.fingerprint, order.redirect_url, "feedbeef", REFUND.owner, REFUND.fingerprint]
        assert not [secret for secret in hidden if secret and secret in text]

    def test_a_page(self) -> None:
        page = orders_json([a_pending_order()], "next")
        assert page["cursor"] == "next"
        orders = page["orders"]
        assert isinstance(orders, list)
        assert len(orders) == 1


class TestAnswer:
    @pytest.mark.parametrize(
        ("operation", "status", "again"),
        [
            (ended(OperationState.DONE), 200, None),
            (REFUND, 202, "15"),
            (replace(REFUND, state=OperationState.UNKNOWN), 202, "60"),
        ],
    )
    @pytest.mark.parametrize("replayed", [True, False])
    def test_done_or_not_known_yet(
        self, operation: Operation, status: int, again: str | None, *, replayed: bool
    ) -> None:
        order = replace(an_order_in(Status.PAID), refunded_amount=MINOR)
        answer = operation_response(order, operation, "request-1", replayed=replayed)
        assert answer["statusCode"] == status
        assert answer["headers"].get("retry-after") == again
        assert answer["headers"].get("idempotent-replayed") == ("true" if replayed else None)
        content = json.loads(answer["body"])
        assert content == {"operation": operation_json(operation), "order": order_json(order)}

    def test_refused_by_the_gateway_is_a_problem_with_its_word(self) -> None:
        refused = ended(OperationState.REFUSED, gateway_code=4006, gateway_description="too large")
        answer = operation_response(an_order_in(Status.PAID), refused, "request-1", replayed=True)
        assert (answer["statusCode"], answer["headers"]["content-type"]) == (502, "application/problem+json")
        assert answer["headers"]["idempotent-replayed"] == "true"
        content = json.loads(answer["body"])
        assert (content["code"], content["status"]) == ("operation_refused", 502)
        assert (content["gateway_code"], content["gateway_description"]) == (4006, "too large")
        assert "refund" in content["detail"]
        assert content["operation"]["status"] == "refused"
        assert content["order"]["status"] == "paid"

    def test_what_never_happened_at_the_gateway_names_no_code(self) -> None:
        answer = operation_response(
            an_order_in(Status.PAID), ended(OperationState.REFUSED), "request-1", replayed=False
        )
        content = json.loads(answer["body"])
        assert answer["statusCode"] == 502
        assert "gateway_code" not in content
        assert "did not happen" in content["detail"]
