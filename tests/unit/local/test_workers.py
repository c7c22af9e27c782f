"""Execution environments as real processes."""

import json
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paylink_local.environment import function_environment
from paylink_local.template import Function, Template
from paylink_local.workers import InvocationError, ThrottledError, Workers

NOWHERE = "http://127.0.0.1:9"
Logged = list[tuple[str, str]]


@pytest.fixture
def function(project: Path) -> Function:
    return Template(project, {"Greeting": "hello"}).functions[0]


@pytest.fixture
def logged() -> Logged:
    return []


@pytest.fixture
def environment(project: Path) -> dict[str, str]:
    template = Template(project, {"Greeting": "hello"})
    function = template.functions[0]
    return function_environment(function, template.environment(function), NOWHERE, f"{NOWHERE}0")


@pytest.fixture
def workers(function: Function, environment: dict[str, str], logged: Logged) -> Iterator[Workers]:
    pool = Workers(function, environment, lambda *line: logged.append(line), most=2, longest_wait=0.5)
    yield pool
    pool.close()


def told(workers: Workers, body: str = "{}") -> dict:
    """Invoke the function that tells what it was given."""
    return json.loads(workers.invoke({"body": body})["body"])


def wait_for(condition: threading.Event | object, seconds: float = 5.0) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_function_gets_its_event_layer_and_context(workers: Workers, function: Function) -> None:
    answer = told(workers)
    assert answer["word"] == "from the layer"
    assert answer["event"] == {"body": "{}"}
    assert answer["stdin"] == ""
    context = answer["context"]
    assert context["function_name"] == "paylink-local-Echo"
    assert context["memory"] == "256"
    assert context["arn"].endswith(":function:paylink-local-Echo")
    assert 1000 < context["remaining"] <= function.timeout * 1000


def test_a_function_sees_no_variable_but_its_own(
    workers: Workers, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "the person's own")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    seen = told(workers)["environment"]
    assert set(seen) - {"LC_CTYPE"} == set(environment)
    assert seen["GREETING"] == "hello, eu-central-1"
    assert seen["SHARED"] == "from globals"
    assert seen["AWS_ENDPOINT_URL_SECRETS_MANAGER"] == NOWHERE
    assert seen["AWS_ENDPOINT_URL_DYNAMODB"] == f"{NOWHERE}0"
    assert seen["AWS_EC2_METADATA_DISABLED"] == "true"
    assert seen["_HANDLER"] == "app.handler"
    assert "_X_AMZN_TRACE_ID" not in seen


def test_one_environment_answers_one_event_after_another(workers: Workers) -> None:
    first, second = told(workers), told(workers)
    assert first["pid"] == second["pid"] != os.getpid()
    assert first["context"]["aws_request_id"] != second["context"]["aws_request_id"]


def test_a_second_environment_starts_while_the_first_is_busy(workers: Workers) -> None:
    with ThreadPoolExecutor(2) as threads:
        pids = {answer["pid"] for answer in threads.map(lambda _: told(workers, '{"sleep": 0.4}'), range(2))}
    assert len(pids) == 2


def test_an_event_waits_for_an_environment_and_then_is_throttled(workers: Workers) -> None:
    with ThreadPoolExecutor(3) as threads:
        busy = [threads.submit(told, workers, '{"sleep": 1.5}') for _ in range(2)]
        wait_for(lambda: len(workers._all) == 2 and not workers._idle)
        with pytest.raises(ThrottledError, match="all 2"):
            told(workers)
        assert all(future.result()["pid"] for future in busy)


def test_what_is_printed_is_logged_under_the_functions_name(workers: Workers, logged: Logged) -> None:
    told(workers)
    wait_for(lambda: ("echo", "said on standard output") in logged)


def test_a_handlers_exception_is_logged_and_the_environment_stays(workers: Workers, logged: Logged) -> None:
    pid = told(workers)["pid"]
    with pytest.raises(InvocationError, match="raised RuntimeError"):
        told(workers, '{"raise": 1}')
    assert told(workers)["pid"] == pid
    wait_for(lambda: ("echo", "[ERROR] RuntimeError: asked to raise") in logged)


def test_a_result_that_json_cannot_hold_fails_the_invocation(workers: Workers) -> None:
    with pytest.raises(InvocationError, match="raised TypeError"):
        told(workers, '{"unserialisable": 1}')


def test_a_process_that_ends_is_replaced(workers: Workers) -> None:
    pid = told(workers)["pid"]
    with pytest.raises(InvocationError, match="ended with exit code 3"):
        told(workers, '{"exit": 3}')
    assert told(workers)["pid"] != pid


def test_a_process_beyond_its_timeout_is_ended(workers: Workers) -> None:
    pid = told(workers)["pid"]
    with pytest.raises(InvocationError, match=r"timed out after 2\.00 seconds"):
        told(workers, '{"sleep": 30}')
    assert not is_running(pid)
    assert told(workers)["pid"] != pid


def test_a_function_that_cannot_be_loaded_fails_each_event(
    function: Function, workers: Workers, logged: Logged
) -> None:
    (function.code / "app.py").write_text("import no_such_package\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InvocationError, match="could not be loaded"):
            told(workers)
    wait_for(lambda: any("no_such_package" in line for _, line in logged))


def test_closing_ends_every_process(workers: Workers) -> None:
    pid = told(workers)["pid"]
    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(told, workers, '{"sleep": 30}')
        wait_for(lambda: not workers._idle)
        started = time.monotonic()
        workers.close()
        assert time.monotonic() - started < 2.5
        with pytest.raises(InvocationError):
            busy.result()
    assert not is_running(pid)
    with pytest.raises(InvocationError, match="ending"):
        told(workers)


def is_running(pid: int) -> bool:
    """Whether a process is there; one that ended and was waited for is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_turned_clock_is_the_functions_own(
    function: Function, environment: dict[str, str], project: Path
) -> None:
    package = project / "layer" / "paylink" / "domain"
    package.mkdir(parents=True)
    (package / "clock.py").write_text(
        "from datetime import UTC, datetime\n\n\ndef utc_now():\n    return datetime.now(UTC)\n"
    )
    (project / "functions" / "echo" / "app.py").write_text(
        "import time\nfrom paylink.domain.clock import utc_now\n\n\n"
        "def handler(event, context):\n    return utc_now().timestamp() - time.time()\n"
    )
    ahead = 0.0
    pool = Workers(function, environment, lambda *_: None, most=1, ahead=lambda: ahead)
    try:
        assert abs(pool.invoke({})) < 1
        ahead = 86_400.0
        assert abs(pool.invoke({}) - ahead) < 1
        ahead = 0.0
        assert abs(pool.invoke({})) < 1
    finally:
        pool.close()
