"""What the engineer on call sees of a callback: one metric for each way it may end, and a line with ids."""

from collections.abc import Callable

import pytest

from integration.api_event import api_event
from integration.aws_failures import Failing, refused
from integration.callback.conftest import Callback
from integration.deployment import Deployment
from integration.gateway_message import (
    CHECK,
    ORDER_ID,
    PAID,
    PAYMENT_ID,
    QUESTION,
    RESULT,
    UNPAID,
    changed,
    signed,
)
from integration.metrics_printed import counted, logged
from integration.stored_orders import stored_order
from paylink.domain.order import Status

STRANGER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
Step = Callable[[Callback], object]

ENDS: dict[str, tuple[Step, dict[str, int]]] = {
    "paid": (lambda callback: callback.result(PAID), {"ResultPaid": 1}),
    "held": (lambda callback: callback.result(changed(PAID, pg_captured="0")), {"ResultPaid": 1}),
    "unpaid": (lambda callback: callback.result(UNPAID), {"ResultUnpaid": 1}),
    "not final": (lambda callback: callback.result(changed(PAID, pg_result="2")), {"ResultOpen": 1}),
    "rejected": (lambda callback: callback.result(changed(PAID, pg_amount="1")), {"ResultRejected": 1}),
    "attention": (
        lambda callback: callback.result(changed(PAID, pg_amount="1", pg_can_reject="0")),
        {"ResultPaid": 1, "Attention": 1},
    ),
    "unknown": (lambda callback: callback.result(changed(PAID, pg_order_id=STRANGER)), {"UnknownOrder": 1}),
    "forged": (lambda callback: callback.result(PAID, key="a guess"), {"SignatureRefused": 1}),
    "unsigned": (lambda callback: callback.send(RESULT, list(PAID.items())), {"SignatureRefused": 1}),
    "malformed": (lambda callback: callback.result(changed(PAID, pg_amount="x")), {"CallbackMalformed": 1}),
    "unreadable": (
        lambda callback: callback.function(api_event("POST", f"/callbacks/{RESULT}", body=b"{}")),
        {"CallbackUnreadable": 1},
    ),
    "asked": (lambda callback: callback.send(CHECK, signed(CHECK, QUESTION)), {}),
}


@pytest.mark.parametrize("end", ENDS)
def test_each_end_has_its_metric(
    end: str, callback: Callback, deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.put_order(stored_order())
    step, metrics = ENDS[end]
    step(callback)
    assert counted(capsys.readouterr().out) == metrics


def test_postponed_has_its_metric_and_says_why(
    callback: Callback,
    deployment: Deployment,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Failing(monkeypatch, deployment.dynamodb, "update_item").failure = refused("ThrottlingException")
    callback.result(PAID)
    printed = capsys.readouterr().out
    assert counted(printed) == {"CallbackPostponed": 1}
    (line,) = logged(printed)
    assert (line["level"], line["message"], line["code"]) == (
        "WARNING",
        "callback postponed",
        "store_unavailable",
    )


def test_line_of_a_result_names_order_payment_and_answer(
    callback: Callback, deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.put_order(stored_order(Status.PAID))
    second = changed(PAID, pg_payment_id="1432343999", pg_can_reject="0")
    for _ in range(2):
        callback.result(second)
    first, repeated = logged(capsys.readouterr().out)
    ids = {"order_id": ORDER_ID, "payment_id": "1432343999", "result": 1, "answer": "ok"}
    assert ids.items() <= first.items()
    assert (first["attention"], "repeated" in first) == ("second_charge", False)
    assert ids.items() <= repeated.items()
    assert (repeated["repeated"], "attention" in repeated) == (True, False)
    assert first["request_id"] != repeated["request_id"]


def test_line_of_an_unknown_order_names_its_payment(
    callback: Callback, capsys: pytest.CaptureFixture[str]
) -> None:
    callback.result(changed(PAID, pg_order_id=STRANGER))
    (line,) = logged(capsys.readouterr().out)
    assert (line["level"], line["payment_id"]) == ("WARNING", PAYMENT_ID)


def test_fault_of_ours_is_one_error_line(
    callback: Callback,
    deployment: Deployment,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Failing(monkeypatch, deployment.dynamodb, "update_item").failure = refused("ValidationException")
    with pytest.raises(Exception, match="ClientError at"):
        callback.result(PAID)
    (line,) = logged(capsys.readouterr().out)
    assert (line["level"], line["message"], line["kind"]) == ("ERROR", "unexpected", "ClientError")
