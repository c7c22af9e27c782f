"""`paylink local` as a person runs it: a process of its own, a real client, the stand-in gateway."""

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from paylink_local.embedded_aws import embedded_aws
from paylink_local.provisioning import dynamodb_client

ROOT = Path(__file__).parents[2]
SEED = ROOT / "storefront" / "example-links.json"
KEY = "Key-of-the-made-up-shop-4711"
START_SECONDS = 30.0
STOP_SECONDS = 8.0  # shorter than the gateway stays slow; about one on a machine with nothing else to do
LAST_LINE = "Ctrl-C ends it."
ORDER_ID = re.compile(r"pl_[0-9a-z]{26}")


@dataclass
class Local:
    """A running `paylink local` and what it printed."""

    process: subprocess.Popen[str]
    said: list[str]
    log: Path
    url: str = field(init=False)
    sandbox: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = self.said[0].removeprefix("Paylink local is serving on ")
        (self.sandbox,) = [line.split()[1] for line in self.said if line.startswith("  Sandbox ")]

    def create(self, body: dict, key: str | None = None, **headers: str) -> requests.Response:
        sent = {"idempotency-key": key or secrets.token_hex(16), **headers}
        return requests.post(f"{self.url}/payments", json=body, headers=sent, timeout=40)

    def status(self, order_id: str) -> dict:
        answer = requests.get(f"{self.url}/payments/{order_id}", timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def control(self, method: str, path: str, **body: object) -> requests.Response:
        answer = requests.request(method, f"{self.sandbox}/sandbox/{path}", json=body or None, timeout=40)
        assert answer.ok, answer.text
        return answer

    def pay(self, payment_id: str) -> None:
        self.control("POST", f"payments/{payment_id}/pay")

    def payments(self, order_id: str) -> list[dict]:
        return self.control("GET", f"payments?order_id={order_id}").json()["payments"]

    def stop(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal to its process group, as a terminal does; return the exit code and the seconds it took."""
        started = time.monotonic()
        os.killpg(self.process.pid, number)
        code = self.process.wait(20)
        return code, time.monotonic() - started


@contextlib.contextmanager
def running_local(folder: Path, *words: str) -> Iterator[Local]:
    """Start `paylink local` on a free port; end it by its own pid whatever happens."""
    log = folder / f"log-{secrets.token_hex(4)}.txt"
    environment = {**os.environ, "PAYLINK_SECRET_KEY": KEY}
    command = [sys.executable, "-m", "paylink_cli", "local", "--port", "0", "--seed", str(SEED), *words]
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
    watchdog = ThreadPoolExecutor(1)
    try:
        try:
            said = watchdog.submit(read_greeting, process).result(START_SECONDS)
        except TimeoutError:
            process.kill()
            raise
        assert said, log.read_text()
        assert said[-1] == LAST_LINE, log.read_text()
        yield Local(process, said, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        watchdog.shutdown()
        process.stdout.close()


def read_greeting(process: subprocess.Popen[str]) -> list[str]:
    said: list[str] = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        if said[-1] == LAST_LINE:
            break
    return said


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with running_local(tmp_path_factory.mktemp("local"), "--origin", "http://localhost:3000") as running:
        yield running


def curl_lines(local: Local) -> list[str]:
    return [line.strip() for line in local.said if line.startswith("  curl ") and "idempotency-key" in line]


def test_the_printed_lines_name_what_there_is(local: Local) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", local.url)
    text = "\n".join(local.said)
    for link in ("coffee", "donation", "tshirt", "deposit"):
        assert f"\n  {local.url}/pay/{link} " in text
        assert requests.get(f"{local.url}/pay/{link}", timeout=10).status_code == 200
    assert f"{local.url}/local/thanks" in text
    assert requests.get(f"{local.sandbox}/status/healthcheck", timeout=10).json()["status"] == "ok"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("which", [0, 1], ids=["link", "offer"])
def test_the_printed_request_works_pasted_twice_and_ends_paid(local: Local, which: int) -> None:
    line = curl_lines(local)[which]
    first, second = (
        json.loads(subprocess.run(["sh", "-c", line], capture_output=True, timeout=60, check=True).stdout)
        for _ in range(2)
    )
    assert ORDER_ID.fullmatch(first["order_id"])
    assert (first["order_id"], first["payment_id"]) == (second["order_id"], second["payment_id"])
    assert first["status"] == "pending"
    assert first["redirect_url"].startswith(local.sandbox)
    page = requests.get(first["redirect_url"], timeout=10)
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]
    local.pay(first["payment_id"])
    found = local.status(first["order_id"])
    assert found["status"] == "paid"
    assert found["amount"] == ("1500.00" if which == 0 else "990.00")
    assert found["paid_at"]


@pytest.mark.parametrize(
    ("body", "amount", "status"),
    [
        ({"link": "donation", "amount": "500"}, "500.00", "paid"),
        ({"link": "tshirt", "quantity": 3}, "26700.00", "paid"),
        (
            {"items": [{"link": "coffee", "quantity": 1}, {"link": "tshirt", "quantity": 2}]},
            "19300.00",
            "paid",
        ),
        ({"link": "deposit"}, "20000.00", "authorized"),
    ],
)
def test_each_example_link_can_be_bought(local: Local, body: dict, amount: str, status: str) -> None:
    created = local.create(body)
    assert created.status_code == 201, created.text
    order = created.json()
    assert order["amount"] == amount
    local.pay(order["payment_id"])
    assert local.status(order["order_id"])["status"] == status


def test_a_page_that_is_left_unpaid_ends_the_order_and_its_key_tries_again(local: Local) -> None:
    key = secrets.token_hex(16)
    order = local.create({"link": "coffee"}, key).json()
    local.control("POST", f"payments/{order['payment_id']}/expire")
    assert local.status(order["order_id"])["status"] == "expired"
    again = local.create({"link": "coffee"}, key).json()
    assert again["order_id"] == order["order_id"]
    assert again["payment_id"] != order["payment_id"]
    local.pay(again["payment_id"])
    assert local.status(order["order_id"])["status"] == "paid"


def test_one_key_from_32_threads_is_one_payment_at_the_gateway(local: Local) -> None:
    create_from_32_threads(local)


@pytest.mark.dynamodb_local
def test_so_it_is_with_the_table_in_dynamodb_local(tmp_path: Path, dynamodb_local_endpoint: str) -> None:
    with running_local(tmp_path, "--dynamodb-endpoint", dynamodb_local_endpoint) as local:
        for _ in range(3):
            create_from_32_threads(local)


def create_from_32_threads(local: Local) -> None:
    """Ask 32 times at once with one key; there must be one answer of 201 and one payment."""
    key = secrets.token_hex(16)
    with ThreadPoolExecutor(32) as threads:
        answers = list(threads.map(lambda _: local.create({"link": "coffee"}, key), range(32)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 201, 409}, statuses
    assert statuses.count(201) == 1
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 409)
    created = next(answer.json() for answer in answers if answer.status_code == 201)
    replays = [answer.json() for answer in answers if answer.status_code == 200]
    assert all(replay["payment_id"] == created["payment_id"] for replay in replays)
    assert len(local.payments(created["order_id"])) == 1


def test_pages_of_allowed_origins_may_call_the_api(local: Local) -> None:
    for origin in (local.url, local.url.replace("127.0.0.1", "localhost"), "http://localhost:3000"):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = requests.options(f"{local.url}/payments", headers=asked, timeout=10)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == origin
        assert set(answer.headers["access-control-allow-headers"].split(",")) == {
            "content-type",
            "idempotency-key",
        }
        created = local.create({"link": "coffee"}, Origin=origin)
        assert created.headers["access-control-allow-origin"] == origin
        exposed = set(created.headers["access-control-expose-headers"].split(","))
        assert exposed == {"idempotent-replayed", "retry-after", "location"}


def test_other_pages_may_not(local: Local) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (
        requests.options(f"{local.url}/payments", headers=asked, timeout=10),
        local.create({"link": "coffee"}, Origin="http://evil.example"),
    ):
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["vary"] == "origin"


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"pg_order_id": "x", "pg_sig": "0" * 32, "pg_salt": "s"}},
        {"files": {"pg_order_id": (None, "x"), "pg_sig": (None, "0" * 32), "pg_salt": (None, "s")}},
    ],
    ids=["urlencoded", "multipart"],
)
def test_a_forged_callback_is_read_and_refused(local: Local, sent: dict) -> None:
    answer = requests.post(f"{local.url}/callbacks/paylink_result", timeout=20, **sent)
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("application/xml")
    assert "<pg_status>error</pg_status>" in answer.text
    assert "pg_sig" not in answer.text


def test_a_buyer_comes_back_to_the_thanks_page(local: Local) -> None:
    order = local.create({"link": "coffee"}).json()
    query = {"pg_order_id": order["order_id"], "pg_payment_id": order["payment_id"]}
    back = requests.get(f"{local.url}/return/success", params=query, timeout=20, allow_redirects=False)
    assert back.status_code == 303
    assert back.headers["location"].startswith(f"{local.url}/local/thanks")
    page = requests.get(f"{local.url}/local/thanks", params={"order_id": order["order_id"]}, timeout=10)
    assert order["order_id"] in page.text


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("HEAD", "/payments/x"), ("PUT", "/payments")])
def test_what_the_template_has_no_route_for_is_404(local: Local, method: str, path: str) -> None:
    assert requests.request(method, local.url + path, timeout=10).status_code == 404


def test_the_key_is_printed_nowhere(local: Local) -> None:
    local.create({"link": "coffee"})
    assert KEY not in "\n".join(local.said)
    assert KEY not in local.log.read_text()
    assert "pg_sig" not in local.log.read_text()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="counts processes by /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_even_amid_a_request(tmp_path: Path, number: signal.Signals) -> None:
    with running_local(tmp_path) as local, ThreadPoolExecutor(1) as threads:
        assert requests.get(f"{local.url}/payments/x", timeout=20).status_code == 404
        local.control("POST", "faults", operation="create", kind="slow", seconds=11)
        waiting = threads.submit(local.create, {"link": "coffee"})
        time.sleep(1.5)
        assert not waiting.done()
        children = children_of(local.process.pid)
        assert len(children) >= 2
        code, seconds = local.stop(number)
        with contextlib.suppress(requests.ConnectionError):
            assert waiting.result(20).status_code == 500
        assert code == 0, local.log.read_text()
        assert seconds < STOP_SECONDS
        assert "Traceback" not in local.log.read_text()
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{local.url}/payments/x", timeout=5)


def test_the_table_can_be_elsewhere(tmp_path: Path) -> None:
    with (
        embedded_aws() as engine,
        running_local(tmp_path, "--dynamodb-endpoint", engine, "--check-call") as local,
    ):
        order = local.create({"link": "coffee"}).json()
        local.pay(order["payment_id"])
        assert local.status(order["order_id"])["status"] == "paid"
        client = dynamodb_client(engine)
        (table,) = client.list_tables()["TableNames"]
        row = client.get_item(TableName=table, Key={"pk": {"S": order["order_id"]}, "sk": {"S": "order"}})[
            "Item"
        ]
        assert row["status"] == {"S": "paid"}
        callbacks = local.control("GET", "callbacks").json()["callbacks"]
        assert [call["kind"] for call in callbacks] == ["check", "result"]


def test_killed_and_started_again_on_the_same_table_the_same_key_finds_its_order(tmp_path: Path) -> None:
    key = secrets.token_hex(16)
    with embedded_aws() as engine:
        with running_local(tmp_path, "--dynamodb-endpoint", engine) as killed:
            order = killed.create({"link": "coffee"}, key).json()
            killed.stop(signal.SIGKILL)
        with running_local(tmp_path, "--dynamodb-endpoint", engine) as again:
            repeat = again.create({"link": "coffee"}, key)
        assert repeat.status_code == 200
        assert repeat.headers["idempotent-replayed"] == "true"
        assert repeat.json()["order_id"] == order["order_id"]
        assert repeat.json()["redirect_url"] == order["redirect_url"]


def children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def test_a_lost_callback_is_found_on_the_sandboxs_clock(local: Local) -> None:
    document = local.create({"link": "coffee"}).json()
    local.control(
        "POST", "faults", operation="result", kind="lost", times=None, order_id=document["order_id"]
    )
    local.pay(document["payment_id"])
    assert local.status(document["order_id"])["status"] == "pending"
    local.control("POST", "clock", advance=240)
    ran = requests.post(f"{local.url}/local/reconcile", timeout=60)
    assert ran.status_code == 200, ran.text
    assert ran.json()["Reconcile"]["ran"] is True
    assert local.status(document["order_id"])["status"] == "paid"
    assert requests.get(f"{local.url}/local/reconcile", timeout=10).status_code == 404


def test_the_schedule_runs_by_itself_once_the_clock_is_turned(local: Local) -> None:
    document = local.create({"link": "coffee"}).json()
    local.control(
        "POST", "faults", operation="result", kind="lost", times=None, order_id=document["order_id"]
    )
    local.pay(document["payment_id"])
    local.control("POST", "clock", advance=240)
    deadline = time.monotonic() + 60
    while local.status(document["order_id"])["status"] != "paid":
        assert time.monotonic() < deadline, local.log.read_text()[-2_000:]
        time.sleep(0.2)
