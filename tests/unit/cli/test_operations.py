"""What moves money: the key, the question, the waiting, and what is said when nobody knows."""

import json
import re

import pytest

from paylink_cli import operations
from unit.cli.fake_api import DONE, LOST, ORDER, ORDER_ID, UNKNOWN, FakeApi, problem

REFUND = f"POST /orders/{ORDER_ID}/refund"
KEY = re.compile(r"[0-9a-f]{32}")


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "SHORTEST_PAUSE", 0.01)
    monkeypatch.setattr(operations, "PAUSE", 0.01)


def test_a_refund_sends_its_key_and_tells_how_the_order_stands(api: FakeApi) -> None:
    api.answers(REFUND, DONE)
    result = api.run("orders", "refund", ORDER_ID, "--yes")
    assert result.exit_code == 0
    assert result.stdout == (
        f"Refunded 1 500.00 KZT: order {ORDER_ID} is refunded; 1 500.00 KZT of 1 500.00 KZT given back\n"
    )
    (asked,) = api.asked
    assert asked.body == {}
    key = asked.headers["idempotency-key"]
    assert KEY.fullmatch(key)
    assert f"--key {key}" in result.stderr


def test_amount_and_payment_go_as_they_were_written(api: FakeApi) -> None:
    api.answers(REFUND, DONE)
    result = api.run("orders", "refund", ORDER_ID, "500.50", "--payment", "900001", "--yes")
    assert result.exit_code == 0
    assert api.asked[0].body == {"amount": "500.50", "payment_id": "900001"}


def test_two_runs_have_two_keys_and_a_given_one_is_kept(api: FakeApi) -> None:
    api.answers(REFUND, DONE)
    for more in ((), (), ("--key", "the-key-of-an-earlier-run")):
        assert api.run("orders", "refund", ORDER_ID, "--yes", *more).exit_code == 0
    keys = [asked.headers["idempotency-key"] for asked in api.asked]
    assert len(set(keys)) == 3
    assert keys[2] == "the-key-of-an-earlier-run"


@pytest.mark.parametrize("kind", ["refund", "capture", "cancel"])
def test_nothing_moves_where_nobody_is_there_to_ask(api: FakeApi, kind: str) -> None:
    api.answers(f"GET /orders/{ORDER_ID}", ORDER)
    result = api.run("orders", kind, ORDER_ID)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert result.stderr.count("\n") == 1
    assert api.of("POST") == []


@pytest.mark.parametrize(("kind", "body"), [("sync", {}), ("resolve", {"note": "given back"})])
def test_what_moves_no_money_asks_nothing(api: FakeApi, kind: str, body: dict) -> None:
    api.answers(f"POST /orders/{ORDER_ID}/{kind}", {"operation": None, "order": ORDER})
    words = ("--note", "given back") if kind == "resolve" else ()
    result = api.run("orders", kind, ORDER_ID, *words)
    assert result.exit_code == 0
    assert result.stdout.endswith(f"order {ORDER_ID} is paid\n")
    assert api.asked[0].body == body


def test_capture_and_cancel_are_sent(api: FakeApi) -> None:
    captured = {"operation": {**DONE["operation"], "kind": "capture", "amount": "900.00"}, "order": ORDER}
    api.answers(f"POST /orders/{ORDER_ID}/capture", captured)
    cancelled = {"operation": None, "order": {**ORDER, "status": "cancelled"}}
    api.answers(f"POST /orders/{ORDER_ID}/cancel", cancelled)
    assert api.run("orders", "capture", ORDER_ID, "900", "-y").stdout.startswith("Captured 900.00 KZT: ")
    assert api.run("orders", "cancel", ORDER_ID, "-y").stdout == f"Cancelled: order {ORDER_ID} is cancelled\n"
    assert [asked.body for asked in api.asked] == [{"amount": "900"}, {}]


def test_an_unknown_outcome_is_asked_about_with_the_same_key_until_it_is_known(api: FakeApi) -> None:
    api.answers(REFUND, UNKNOWN, 202, retry_after="0").answers(REFUND, UNKNOWN, 202, retry_after="0")
    api.answers(REFUND, DONE, idempotent_replayed="true")
    result = api.run("orders", "refund", ORDER_ID, "500", "--yes")
    assert result.exit_code == 0
    assert "by an earlier run" not in result.stdout
    assert len({(asked.headers["idempotency-key"], asked.raw) for asked in api.asked}) == 1
    assert len(api.asked) == 3


def test_a_replay_of_an_earlier_run_says_so(api: FakeApi) -> None:
    api.answers(REFUND, DONE, idempotent_replayed="true")
    result = api.run("orders", "refund", ORDER_ID, "--yes", "--key", "the-key-of-an-earlier-run")
    assert "(by an earlier run with this key)" in result.stdout


def test_an_outcome_that_stays_unknown_is_exit_code_4_and_names_the_key(api: FakeApi) -> None:
    api.answers(REFUND, UNKNOWN, 202, retry_after="0")
    result = api.run("orders", "refund", ORDER_ID, "--yes", "--wait", "0.05")
    assert result.exit_code == 4
    key = api.asked[0].headers["idempotency-key"]
    assert f"run the same command again with --key {key}" in result.stderr.splitlines()[-1]
    assert result.stdout == ""


def test_without_waiting_it_is_asked_once(api: FakeApi) -> None:
    api.answers(REFUND, UNKNOWN, 202, retry_after="60")
    assert api.run("orders", "refund", ORDER_ID, "--yes", "--wait", "0").exit_code == 4
    assert len(api.asked) == 1


def test_a_long_retry_after_does_not_outlast_the_wait(api: FakeApi) -> None:
    api.answers(REFUND, UNKNOWN, 202, retry_after="3600")
    assert api.run("orders", "refund", ORDER_ID, "--yes", "--wait", "0.1").exit_code == 4


@pytest.mark.parametrize(
    ("content", "status", "headers"),
    [
        (LOST, 0, {}),
        ({"message": "Internal Server Error"}, 500, {}),
        ({"message": "Service Unavailable"}, 503, {}),
        (b"<html>", 200, {}),
        (problem(409, "still_running", "at work"), 409, {"retry_after": "0"}),
        (problem(503, "store_unavailable", "again"), 503, {"retry_after": "0"}),
        (problem(504, "gateway_silent", "no answer"), 504, {"retry_after": "0"}),
    ],
    ids=["lost", "500", "503", "no-json", "still-running", "store", "gateway"],
)
def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    api: FakeApi, content: object, status: int, headers: dict
) -> None:
    api.answers(REFUND, content, status, **headers).answers(REFUND, DONE)
    result = api.run("orders", "refund", ORDER_ID, "--yes")
    assert result.exit_code == 0, result.stderr
    assert len({asked.headers["idempotency-key"] for asked in api.asked}) == 1
    assert len(api.asked) == 2


@pytest.mark.parametrize(("first", "code"), [((), 1), ((LOST, 0), 4)])
def test_a_gateway_that_stays_silent_beforehand_has_moved_nothing(
    api: FakeApi, first: tuple, code: int
) -> None:
    if first:
        api.answers(REFUND, *first)
    api.answers(REFUND, problem(504, "gateway_silent", "The gateway did not answer."), 504, retry_after="0")
    result = api.run("orders", "refund", ORDER_ID, "--yes", "--wait", "0.1")
    assert result.exit_code == code
    assert len(api.asked) > 1
    assert "The gateway did not answer" in result.stderr.splitlines()[-1]


def test_a_throttle_after_a_lost_answer_leaves_the_outcome_unknown(api: FakeApi) -> None:
    api.answers(REFUND, LOST).answers(REFUND, {"message": "Too Many Requests"}, 429)
    result = api.run("orders", "refund", ORDER_ID, "--yes")
    assert result.exit_code == 4
    assert "--key" in result.stderr.splitlines()[-1]


def test_a_refusal_after_a_lost_answer_is_the_outcome(api: FakeApi) -> None:
    refused = problem(409, "operation_not_allowed", "Only 0.00 KZT are left to give back.")
    api.answers(REFUND, LOST).answers(REFUND, refused, 409)
    assert api.run("orders", "refund", ORDER_ID, "--yes").exit_code == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (problem(409, "operation_not_allowed", "Only 500.00 KZT are left."), "Only 500.00 KZT are left"),
        (problem(422, "idempotency_key_reused", "Used before."), "leave --key out"),
        (problem(404, "order_unknown", "There is no such order."), "paylink orders list"),
        (
            problem(502, "gateway_refused", "Refused.", gateway_code=100, gateway_description="No funds"),
            "the gateway said: 100 No funds",
        ),
        (
            problem(400, "invalid_request", "x", errors=[{"field": "amount", "detail": "too many decimals"}]),
            "amount: too many decimals",
        ),
    ],
)
def test_a_refusal_is_one_line_and_exit_code_1(api: FakeApi, content: dict, said: str) -> None:
    api.answers(REFUND, content, content["status"])
    result = api.run("orders", "refund", ORDER_ID, "--yes")
    assert result.exit_code == 1
    assert said in result.stderr.splitlines()[-1]
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert len(api.asked) == 1


@pytest.mark.parametrize("code", ["operation_in_flight", "gateway_misconfigured", "not_configured"])
def test_what_does_not_pass_by_itself_is_not_waited_for(api: FakeApi, code: str) -> None:
    status = 409 if code == "operation_in_flight" else 502
    api.answers(REFUND, problem(status, code, "No."), status, retry_after="0")
    assert api.run("orders", "refund", ORDER_ID, "--yes").exit_code == 1
    assert len(api.asked) == 1


def test_a_replay_of_a_refused_operation_is_a_refusal(api: FakeApi) -> None:
    refused = {
        "operation": {**DONE["operation"], "status": "refused", "gateway_description": "No"},
        "order": ORDER,
    }
    api.answers(REFUND, refused)
    result = api.run("orders", "refund", ORDER_ID, "--yes")
    assert result.exit_code == 1
    assert "the gateway refused it (No)" in result.stderr


def test_for_a_program_the_answer_and_the_problem_are_json(api: FakeApi) -> None:
    refused = problem(409, "operation_not_allowed", "No.")
    api.answers(REFUND, DONE).answers(REFUND, refused, 409)
    done = api.run("orders", "refund", ORDER_ID, "--yes", "--json")
    assert json.loads(done.stdout) == DONE
    failed = api.run("orders", "refund", ORDER_ID, "--yes", "--json")
    assert (failed.exit_code, json.loads(failed.stdout)) == (1, refused)
    assert failed.stderr.splitlines()[-1] == "Error: No"


@pytest.mark.parametrize("amount", ["0", "-5", "1e3", "12.345", "1,5", "nan"])
def test_a_wrong_amount_is_wrong_use_and_reaches_nobody(api: FakeApi, amount: str) -> None:
    result = api.run("orders", "refund", ORDER_ID, "--yes", "--", amount)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert api.asked == []


def test_an_id_cannot_lead_to_another_route(api: FakeApi) -> None:
    api.run("orders", "refund", "../links/x", "--yes")
    assert api.asked[0].target == "/orders/..%2Flinks%2Fx/refund"


def test_interrupted_while_it_waits_it_names_the_key(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    api.answers(REFUND, UNKNOWN, 202)
    monkeypatch.setitem(operations.Operator.__init__.__kwdefaults__, "sleep", interrupted)
    result = api.run("orders", "refund", ORDER_ID, "--yes")
    assert result.exit_code == 4
    assert api.asked[0].headers["idempotency-key"] in result.stderr.splitlines()[-1]
