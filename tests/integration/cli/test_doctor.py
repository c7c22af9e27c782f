"""`paylink doctor` on the local system, as a person types it."""

import json

from integration.cli.terminal import at_terminal, piped
from integration.test_local import Local

APPLICABLE = {
    *("outputs", "new payments", "mode", "secret", "table", "stream", "expiry", "clock", "operator"),
    *("paylink result", "paylink check", "origins", "gateway", "key", "unpublished", "undelivered"),
}


def test_a_healthy_local_system(local: Local) -> None:
    done = piped("doctor", "--pay", "coffee", "--json", api=local.url)
    found = {one["name"]: one for one in json.loads(done.out)["findings"]}
    assert (done.code, done.err) == (0, ""), [one for one in found.values() if one["verdict"] == "fail"]
    assert {name for name, one in found.items() if one["verdict"] == "ok"} >= {*APPLICABLE, "test payment"}
    others = {name for name, one in found.items() if one["verdict"] == "not_applicable"}
    assert others == {"stack", "backups", "functions", "concurrency"}
    order_id = found["test payment"]["detail"].split()[1]
    assert local.status(order_id)["status"] == "pending"


def test_a_table_for_a_person_and_plain_lines_in_a_pipe(local: Local) -> None:
    plain = piped("doctor", api=local.url)
    assert plain.code == 0
    assert "\x1b" not in plain.out
    assert [line for line in plain.out.splitlines() if line.split()[:2] == ["ok", "secret"]]
    assert "\x1b[32m" in at_terminal("doctor", "--api", local.url).out


def test_what_is_wrong_is_told_with_what_to_do(local: Local) -> None:
    local.control("POST", "settings", secret_key="another-key-than-the-shop-has")
    try:
        done = piped("doctor", api=local.url)
    finally:
        local.control("POST", "settings", secret_key="Key-of-the-made-up-shop-4711")
    assert done.code == 1
    assert done.err == "Error: 1 of 21 checks failed; do what stands below each\n"
    lines = done.out.splitlines()
    (sick,) = [number for number, line in enumerate(lines) if line.split()[:2] == ["fail", "key"]]
    assert lines[sick + 1].split()[:2] == ["->", "put"]


def test_a_link_that_cannot_be_bought(local: Local) -> None:
    done = piped("doctor", "--pay", "none", "--json", api=local.url)
    found = {one["name"]: one["verdict"] for one in json.loads(done.out)["findings"]}
    assert (done.code, found["test payment"]) == (1, "fail")


def test_nobody_there(local: Local) -> None:
    done = piped("doctor", "--local", "--port", "1")
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
