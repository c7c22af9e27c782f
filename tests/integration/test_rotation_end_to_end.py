"""The whole rotation on the local system: the owner at a terminal, payments in flight, and a gateway that switches."""

import json
import secrets
from collections.abc import Iterator

import pytest

from integration.cli.terminal import at_terminal, piped
from integration.test_local import KEY as OLD
from integration.test_local import Local, running_local
from paylink.freedompay.signature import verify

NEW = "New-key-of-the-made-up-shop-4712"
TYPO = "New-kye-of-the-made-up-shop-4712"


@pytest.fixture
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with running_local(tmp_path_factory.mktemp("rotation")) as running:
        yield running


def typed_at_terminal(local: Local, command: str, key: str) -> str:
    """Type the key twice at the hidden prompt and return all that was shown."""
    asked = [("Secret key: ", f"{key}\n"), ("Repeat for confirmation: ", f"{key}\n")]
    done = at_terminal("secret", command, "--api", local.url, typed=asked)
    assert done.code == 0, done.out
    return done.out


def switch(local: Local, *keys: str) -> None:
    """The gateway signs with the first key, and takes what is signed with any."""
    local.control("POST", "settings", secret_key=keys[0], former_keys=list(keys[1:]))


def status_of_secret(local: Local) -> dict:
    return json.loads(piped("secret", "status", "--json", api=local.url).out)


def paid_after(local: Local, order: dict) -> list[dict]:
    """Pay an order; give the callbacks that went out for it."""
    local.pay(order["payment_id"])
    return [
        one
        for one in local.control("GET", "callbacks").json()["callbacks"]
        if one["payment_id"] == order["payment_id"]
    ]


def signed_with(local: Local, order_id: str) -> str:
    """The key that signed the request by which the gateway made the order's payment."""
    (fields,) = [
        one["fields"]
        for one in local.control("GET", "requests").json()["requests"]
        if one["fields"].get("pg_order_id") == order_id and "pg_redirect_url" in one["answer"]
    ]
    (key,) = [key for key in (OLD, TYPO, NEW) if verify("init_payment.php", fields.items(), [key])]
    return key


def test_a_rotation_with_a_typo_while_payments_are_in_flight(local: Local) -> None:
    in_flight = [local.create({"link": "coffee"}).json() for _ in range(4)]
    before = status_of_secret(local)

    # The owner mistypes the new key; the gateway still has the old one, and its callbacks are taken.
    shown = typed_at_terminal(local, "rotate", TYPO)
    assert [one["reply"]["http_status"] for one in paid_after(local, in_flight[0])] == [200]

    # Corrected: the real old key is still among the former ones, and so is the wrong one.
    shown += typed_at_terminal(local, "set", NEW)
    now = status_of_secret(local)
    assert before["fingerprint"] in {one["fingerprint"] for one in now["former"]}
    assert len(now["former"]) == 2

    # The gateway switches. It signs with the new key, and takes no request that is signed with another.
    switch(local, NEW)
    (told,) = paid_after(local, in_flight[1])
    assert (told["reply"]["http_status"], told["reply"]["signature_valid"]) == (200, True)

    # One that was signed before the switch and comes after it: the former key still counts.
    switch(local, OLD, NEW)
    (told,) = paid_after(local, in_flight[2])
    assert (told["reply"]["http_status"], told["reply"]["signature_valid"]) == (200, True)
    switch(local, NEW)
    paid_after(local, in_flight[3])
    assert [local.status(order["order_id"])["status"] for order in in_flight] == ["paid"] * 4

    # A new request: the warm function has the old key in hand at first, and the same key of the page goes on.
    key = secrets.token_hex(16)
    answers = [local.create({"link": "coffee"}, key) for _ in range(2)]
    assert {answer.status_code for answer in answers} <= {200, 201, 502}
    assert answers[-1].status_code in {200, 201}, answers[-1].text
    order = answers[-1].json()
    assert signed_with(local, order["order_id"]) == NEW
    paid_after(local, order)
    assert local.status(order["order_id"])["status"] == "paid"
    assert len(local.payments(order["order_id"])) == 1

    doctor = json.loads(piped("doctor", "--json", api=local.url).out)
    assert doctor["healthy"], doctor
    assert {one["name"]: one["verdict"] for one in doctor["findings"]}["key"] == "ok"

    for secret_key in (OLD, TYPO, NEW):
        assert secret_key not in shown
        assert secret_key not in local.log.read_text()


def test_a_key_that_the_gateway_never_had_is_found_by_doctor_and_mended(local: Local) -> None:
    piped("secret", "rotate", "--from-file", "-", api=local.url, stdin=f"{TYPO}\n")
    sick = piped("doctor", "--json", api=local.url)
    assert sick.code == 1
    findings = {one["name"]: one for one in json.loads(sick.out)["findings"]}
    assert findings["key"]["verdict"] == "fail"
    assert "paylink secret set" in findings["key"]["advice"]
    piped("secret", "set", "--from-file", "-", api=local.url, stdin=f"{OLD}\n")
    mended = piped("doctor", "--json", api=local.url)
    assert mended.code == 0, [one for one in json.loads(mended.out)["findings"] if one["verdict"] == "fail"]


def test_a_former_key_that_was_leaked_is_forgotten_at_once(local: Local) -> None:
    order = local.create({"link": "coffee"}).json()
    done = piped("secret", "rotate", "--from-file", "-", "--forget-former", api=local.url, stdin=f"{NEW}\n")
    assert done.code == 0
    assert status_of_secret(local)["former"] == []
    # The function looks for a new key when the new one comes, and from then on the old one is refused.
    switch(local, NEW)
    assert paid_after(local, order)[-1]["reply"]["http_status"] == 200
    other = local.create({"link": "coffee"}, key := secrets.token_hex(16))
    if other.status_code == 502:
        other = local.create({"link": "coffee"}, key)
    switch(local, OLD)
    refused = paid_after(local, other.json())
    assert {one["reply"]["http_status"] for one in refused} == {403}
    assert local.status(other.json()["order_id"])["status"] == "pending"
