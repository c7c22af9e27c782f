"""`paylink listen` as a person types it: what happens is told while it happens."""

import json
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from integration.cli.terminal import command, environment, piped
from integration.test_local import Local

SECONDS = 30.0
READY = "Listening; Ctrl-C ends it."


@contextmanager
def listening(local: Local, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A running `paylink listen`, from the moment on at which it follows."""
    process = subprocess.Popen(
        command(("listen", *words)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A signal amid the SDK's own loading leaves the file that was being read to the collector, which warns.
        env={**environment(local.url), "PYTHONWARNINGS": "error,ignore::ResourceWarning"},
    )
    with ThreadPoolExecutor(1) as threads:
        try:
            assert threads.submit(process.stderr.readline).result(SECONDS).rstrip() == READY
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()


def test_the_events_of_an_order_one_line_each(local: Local) -> None:
    with listening(local, "--count", "2") as process:
        order = local.create({"link": "coffee"}).json()
        local.pay(order["payment_id"])
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert [(line[1], line[2]) for line in lines] == [
        ("payment.pending", order["order_id"]),
        ("payment.paid", order["order_id"]),
    ]
    assert all(line[3:] == ["1", "500.00", "KZT"] for line in lines)
    assert "\x1b" not in out


def test_json_for_a_program_and_only_what_it_asks_for(local: Local) -> None:
    with listening(local, "--json", "--type", "payment.paid", "--count", "1") as process:
        for link in ("coffee", "tshirt"):
            order = local.create({"link": link}).json()
        local.pay(order["payment_id"])
        out, _ = process.communicate(timeout=SECONDS)
    event = json.loads(out)
    assert (event["type"], event["order_id"]) == ("payment.paid", order["order_id"])
    assert event["detail"]["amount"] == "8900.00"
    assert event["id"].startswith("evt_")


def test_what_was_missed_can_be_read_from_the_start_with_the_same_ids(local: Local) -> None:
    order = local.create({"link": "coffee"}).json()
    local.pay(order["payment_id"])
    words = ("listen", "--from-start", "--seconds", "0", "--order", order["order_id"], "--json")
    first, second = (piped(*words, api=local.url) for _ in range(2))
    assert first.code == 0
    assert first.out == second.out
    events = [json.loads(line) for line in first.out.splitlines()]
    assert [event["type"] for event in events] == ["payment.pending", "payment.paid"]
    sequences = [event["sequence"] for event in events]
    assert sequences == sorted(set(sequences))


def test_ctrl_c_ends_it_cleanly(local: Local) -> None:
    with listening(local) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == (0, "")
    # Where the signal comes amid the first line, the terminal's library writes that one again.
    assert err.split()[-4:] == ["Stopped", "after", "0", "events."]
    assert "Traceback" not in err


def test_a_type_that_there_is_not(local: Local) -> None:
    done = piped("listen", "--type", "payment.stolen", api=local.url)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "payment.paid" in done.err


def test_an_api_behind_which_no_table_is_known(local: Local) -> None:
    done = piped("listen", api=local.sandbox)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "--stack" in done.err
