"""GET /payments/{order_id}: how an order stands, for whoever holds its id."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engines.template import functions, template
from integration.api_event import api_event
from integration.aws_failures import DYNAMODB_FAILURES, NO_ANSWER, Failing, refused
from integration.deployment import Deployment
from integration.gateway_message import ORDER_ID
from integration.lambda_function import LoadedFunction
from integration.stored_orders import NOW, stored_order
from paylink.domain.clock import to_text
from paylink.domain.order import Attention, Refusal, Status

STRANGER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
FIELDS = {
    *("order_id", "status", "test", "amount", "currency", "description"),
    *("reference", "created_at", "paid_at", "refunded_amount"),
}


@pytest.fixture
def function(load_function: Callable[..., LoadedFunction]) -> LoadedFunction:
    return load_function("payment_status")


def asked(function: LoadedFunction, order_id: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, document and headers of an answer."""
    answer = function(api_event("GET", f"/payments/{order_id}", path_parameters={"order_id": order_id}))
    return answer["statusCode"], json.loads(answer["body"]), answer["headers"]


@pytest.mark.parametrize("status", list(Status))
def test_tells_the_documented_fields_and_no_others(
    status: Status, function: LoadedFunction, deployment: Deployment
) -> None:
    order = stored_order(
        status,
        attention=(Attention.SECOND_CHARGE,),
        refusal=Refusal(711, "phone"),
        approved="1",
        approved_until=NOW,
        answers={"0123456789": "ok"},
    )
    deployment.put_order(order)
    code, document, headers = asked(function, ORDER_ID)
    assert code == 200
    assert headers["content-type"] == "application/json"
    assert headers["cache-control"] == "no-store"
    assert set(document) == FIELDS
    assert document == {
        "order_id": ORDER_ID,
        "status": status.value,
        "test": True,
        "amount": "1500.00",
        "currency": "KZT",
        "description": "Чашка кофе",
        "reference": "INV-42",
        "created_at": to_text(order.created_at),
        "paid_at": None if order.paid_at is None else to_text(order.paid_at),
        "refunded_amount": f"{order.refunded_amount // 100}.00",
    }


@pytest.mark.parametrize(
    ("currency", "minor", "text"),
    [("KZT", 1, "0.01"), ("KZT", 9_999_999_999, "99999999.99"), ("KRW", 1_500, "1500"), ("USD", 150, "1.50")],
)
def test_amounts_are_strings_with_the_decimals_of_the_currency(
    currency: str, minor: int, text: str, function: LoadedFunction, deployment: Deployment
) -> None:
    deployment.put_order(stored_order(currency=currency, amount=minor, refunded_amount=minor))
    _, document, _ = asked(function, ORDER_ID)
    assert (document["amount"], document["refunded_amount"]) == (text, text)


def test_what_an_order_lacks_is_null(function: LoadedFunction, deployment: Deployment) -> None:
    deployment.put_order(stored_order(reference=None))
    _, document, _ = asked(function, ORDER_ID)
    assert (document["reference"], document["paid_at"], document["refunded_amount"]) == (None, None, "0.00")


UNKNOWN = (
    *(
        STRANGER,
        "",
        "x",
        "130",
        "links",
        "unknown",
        "coffee",
        ORDER_ID[:-1],
        f"{ORDER_ID}0",
        ORDER_ID.upper(),
    ),
    *(
        f"{ORDER_ID}\n",
        f" {ORDER_ID}",
        f"{ORDER_ID[:-1]}i",
        f"pl_8{ORDER_ID[4:]}",
        "pl_" + "0" * 200,
        "заказ",
    ),
    *("../../etc/passwd", "%00", "\x00", "<script>", "' OR 1=1 --", "pl_" + "٠" * 26, "x" * 5_000),  # noqa: RUF001 — digits that are none here
)


def test_unknown_or_malformed_id_is_a_problem_document(
    function: LoadedFunction, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    deployment.put_link({"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT"})
    for order_id in UNKNOWN:
        code, document, headers = asked(function, order_id)
        assert (code, headers["content-type"]) == (404, "application/problem+json"), order_id
        assert headers["cache-control"] == "no-store"
        assert set(document) == {"type", "title", "status", "detail", "code", "request_id"}
        assert (document["status"], document["code"]) == (404, "order_unknown")
        assert document["request_id"].startswith("request-")
        assert order_id in {"", "x", "unknown"} or order_id not in json.dumps(document, ensure_ascii=False)


def test_id_that_cannot_be_one_is_not_looked_up(
    function: LoadedFunction, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = Failing(monkeypatch, deployment.dynamodb, "get_item")
    for order_id in UNKNOWN[1:]:
        assert asked(function, order_id)[0] == 404
    assert reads.calls == []


@pytest.mark.parametrize("parameters", [None, {}, {"other": ORDER_ID}])
def test_event_without_the_id(parameters: dict[str, str] | None, function: LoadedFunction) -> None:
    event = {**api_event("GET", "/payments/x"), "pathParameters": parameters}
    assert function(event)["statusCode"] == 404


def test_reads_what_the_last_write_left_and_changes_nothing(
    function: LoadedFunction, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    reads = Failing(monkeypatch, deployment.dynamodb, "get_item")
    asked(function, ORDER_ID)
    assert [call["ConsistentRead"] for call in reads.calls] == [True, True], "the order, the note beside it"
    paid = stored_order(Status.PAID, paid_at=NOW + timedelta(seconds=1))
    monkeypatch.undo()
    assert deployment.items() == before
    deployment.put_order(paid)
    reads = Failing(monkeypatch, deployment.dynamodb, "get_item")
    assert asked(function, ORDER_ID)[1]["status"] == "paid"
    assert len(reads.calls) == 1, "what is paid needs no note"


@pytest.mark.parametrize("name", [*DYNAMODB_FAILURES, *NO_ANSWER])
def test_table_cannot_be_reached(
    name: str, function: LoadedFunction, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment.put_order(stored_order())
    failing = Failing(monkeypatch, deployment.dynamodb, "get_item")
    failing.failure = {**DYNAMODB_FAILURES, **NO_ANSWER}[name]
    code, document, headers = asked(function, ORDER_ID)
    assert (code, document["code"], headers["retry-after"]) == (503, "store_unavailable", "5")
    assert "DynamoDB" not in json.dumps(document)
    failing.mend()
    assert asked(function, ORDER_ID)[0] == 200


def test_fault_of_ours_tells_neither_caller_nor_log_what_was_asked(
    function: LoadedFunction, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(monkeypatch, deployment.dynamodb, "get_item")
    failing.failure = refused("ValidationException")
    with pytest.raises(Exception, match=r"^ClientError at \w+\.py:\d+$"):
        asked(function, ORDER_ID)


def test_function_may_write_what_the_gateway_says_and_make_nothing() -> None:
    variables = functions()["PaymentStatus"]["Environment"]["Variables"]
    assert "STACK_SECRET" not in variables
    role = json.dumps(template()["Resources"]["PaymentStatusRole"])
    assert "dynamodb:GetItem" in role
    assert "dynamodb:UpdateItem" in role
    assert "PutItem" not in role


def test_a_note_that_cannot_be_read_does_not_stand_in_the_way(
    function: LoadedFunction, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployment.put_order(stored_order())
    real = deployment.dynamodb.get_item

    def get_item(**request: Any) -> Any:
        if request["Key"]["sk"] == {"S": "watch"}:
            raise DYNAMODB_FAILURES["InternalServerError"]
        return real(**request)

    monkeypatch.setattr(deployment.dynamodb, "get_item", get_item)
    code, document, _ = asked(function, ORDER_ID)
    assert (code, document["status"]) == (200, "pending")
