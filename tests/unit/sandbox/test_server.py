"""The sandbox as a server: real connections, many at once, its own clock, and as a program."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from freedompay_sandbox import Clock, Sandbox, State, running
from freedompay_sandbox.signing import signed

KEY = "a key made up for tests"


def order(number=1, **changes):
    fields = {
        "pg_merchant_id": "500001",
        "pg_order_id": f"order-{number}",
        "pg_amount": "20.00",
        "pg_description": "Coffee",
        **changes,
    }
    return dict(signed("init_payment.php", fields.items(), KEY))


@pytest.fixture
def served():
    sandbox = Sandbox(merchant_id="500001", secret_key=KEY)
    with running(sandbox) as base_url:
        yield sandbox, base_url


def post(url, data, timeout=10):
    return call("POST", url, data=data, timeout=timeout)


def call(method, url, timeout=10, **parts):
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, timeout=timeout, **parts)


def test_it_serves_and_names_its_own_pages(served):
    sandbox, base_url = served
    response = post(f"{base_url}/init_payment.php", order())
    assert response.headers["Content-Type"].startswith("application/xml")
    page = re.search(r"<pg_redirect_url>([^<]+)", response.text)[1]
    assert page.startswith(f"{base_url}/pay.html?customer=")
    assert "Coffee" in call("GET", page).text
    assert len(sandbox.payments()) == 1


@pytest.mark.parametrize(("kind", "payments"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_is_a_connection_error(served, kind, payments):
    sandbox, base_url = served
    sandbox.faults.add("create", kind)
    with pytest.raises(requests.ConnectionError):
        post(f"{base_url}/init_payment.php", order())
    assert len(sandbox.payments()) == payments
    assert post(f"{base_url}/init_payment.php", order()).status_code == 200


def test_a_slow_answer_outlasts_an_impatient_client(served):
    sandbox, base_url = served
    sandbox.faults.add("create", "slow", seconds=2)
    with pytest.raises(requests.Timeout):
        post(f"{base_url}/init_payment.php", order(), timeout=0.3)
    assert len(sandbox.payments()) == 1


def test_thirty_two_at_once_get_ids_of_their_own(served):
    sandbox, base_url = served
    answers, gate = [], threading.Barrier(32)

    def create(number):
        gate.wait(10)
        answers.append(post(f"{base_url}/init_payment.php", order(number), timeout=30).text)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    ids = {re.search(r"<pg_payment_id>(\d{10})<", answer)[1] for answer in answers}
    assert len(ids) == 32
    assert {payment.payment_id for payment in sandbox.payments()} == ids


def test_two_buyers_at_one_page_pay_once(served):
    sandbox, base_url = served
    post(f"{base_url}/init_payment.php", order())
    (payment,) = sandbox.payments()
    statuses, gate = [], threading.Barrier(8)

    def pay():
        gate.wait(10)
        statuses.append(post(f"{base_url}/sandbox/payments/{payment.payment_id}/pay", b"").status_code)

    threads = [threading.Thread(target=pay) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(statuses) == [200] + [409] * 7


def test_a_shop_that_asks_for_the_status_inside_a_callback_gets_an_answer(served):
    """The shop here is the sandbox itself: its own status address, asked while the callback is under way."""
    sandbox, base_url = served
    post(f"{base_url}/init_payment.php", order(pg_result_url=f"{base_url}/get_status3.php"))
    (payment,) = sandbox.payments()
    assert sandbox.pay(payment.payment_id).state is State.PAID
    assert sandbox.requests[-1].operation == "status"
    assert sandbox.callbacks[0].reply.http_status == 200


def test_the_clock_ticks_by_itself():
    clock = Clock()
    sandbox = Sandbox(merchant_id="500001", secret_key=KEY, clock=clock)
    done = threading.Event()
    with running(sandbox):
        clock.schedule(clock.now(), done.set)
        assert done.wait(5)


def test_an_event_that_fails_does_not_stop_the_clock(caplog):
    clock = Clock()
    done = threading.Event()

    def fail():
        raise RuntimeError("made to fail")

    with running(Sandbox(merchant_id="500001", secret_key=KEY, clock=clock)):
        clock.schedule(clock.now(), fail)
        clock.schedule(clock.now(), done.set)
        assert done.wait(5)
    assert "made to fail" in caplog.text


def test_it_stops_cleanly_and_frees_its_port(served):
    sandbox = Sandbox(merchant_id="500001", secret_key=KEY)
    with running(sandbox) as base_url:
        port = int(base_url.rpartition(":")[2])
    with running(sandbox, port=port) as again:
        assert call("GET", f"{again}/status/healthcheck").json()["status"] == "ok"


@pytest.mark.parametrize(
    "bad", [{"merchant_id": ""}, {"secret_key": ""}, {"repeated_key": "x"}, {"merchant_id": "shop"}]
)
def test_a_shop_that_can_not_be_is_refused(bad):
    with pytest.raises(ValueError, match=r"."):
        Sandbox(**{"merchant_id": "500001", "secret_key": KEY, **bad})


def program(*arguments):
    tools = Path(__file__).resolve().parents[3] / "tools"
    return subprocess.Popen(
        [sys.executable, "-m", "freedompay_sandbox", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tools), "PYTHONUNBUFFERED": "1"},
    )


def test_the_program_serves_until_it_is_stopped():
    with program("--port", "0", "--merchant-id", "500001", "--secret-key", KEY) as process:
        try:
            line = process.stdout.readline()
            base_url = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
            assert post(f"{base_url}/init_payment.php", order()).status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 0
        finally:
            process.kill()
    assert KEY not in line


def test_the_program_says_when_its_port_is_taken(served):
    _, base_url = served
    with program("--port", base_url.rpartition(":")[2]) as process:
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "can't listen on 127.0.0.1" in output


def test_the_program_explains_itself():
    with program("--help") as process:
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    for part in ("/sandbox/faults", "/init_payment.php", "--merchant-id"):
        assert part in output
