"""Log lines on a terminal."""

import json

import pytest

from paylink_local.console import Console, shortened

LINE = {
    "level": "INFO",
    "location": "handler:12",
    "message": "order claimed",
    "timestamp": "2026-03-07 09:05:02,123+0000",
    "service": "paylink",
    "cold_start": True,
    "function_name": "paylink-local-CreatePayment",
    "function_request_id": "1-2-3",
    "order_id": "pl_1",
    "attempt": 2,
    "reason": "",
}


def test_a_structured_line_keeps_level_message_and_its_own_facts() -> None:
    assert shortened("create_payment", json.dumps(LINE)) == (
        "create_payment   INFO     order claimed order_id=pl_1 attempt=2"
    )


def test_an_exception_is_shown_whole() -> None:
    line = json.dumps({**LINE, "level": "ERROR", "exception": "Traceback\n  boom", "exception_name": "Boom"})
    assert shortened("f", line).endswith("attempt=2\nTraceback\n  boom")


@pytest.mark.parametrize(
    "line",
    [json.dumps({"_aws": {"Timestamp": 1}, "Created": 1}), json.dumps({**LINE, "level": "DEBUG"}), "", "   "],
)
def test_what_only_a_machine_reads_is_left_out(line: str) -> None:
    assert shortened("f", line) is None


@pytest.mark.parametrize("line", ["plain words", "[1, 2]", '{"no": "level"}', "[ERROR] RuntimeError: x"])
def test_any_other_line_is_shown_as_it_is(line: str) -> None:
    assert shortened("f", line) == f"f                {line}"


def test_logs_go_to_standard_error_and_words_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    console.say("hello")
    console.log("f", json.dumps(LINE))
    console.access("GET", "/payments/pl_1", 200, 0.0123)
    out, err = capsys.readouterr()
    assert out == "hello\n"
    assert "order claimed" in err
    assert "GET /payments/pl_1 200 12 ms" in err


def test_json_logs_pass_lines_on(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(json_logs=True)
    console.log("f", json.dumps(LINE))
    console.access("GET", "/", 200, 0.1)
    assert json.loads(capsys.readouterr().err) == LINE
