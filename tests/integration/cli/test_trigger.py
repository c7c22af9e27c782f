"""`paylink trigger` as a person types it: every scenario, and what the order becomes."""

import json

import pytest

from integration.cli.terminal import at_terminal, piped
from integration.test_local import Local

ENDS = {
    "paid": ("paid", ["ok"]),
    "declined": ("failed", ["ok"]),
    "expired": ("expired", ["ok"]),
    "lost": ("pending", None),
    "doubled": ("paid", ["ok", "ok"]),
    "tampered": ("pending", None),
    "late": ("pending", []),
    "wrong_amount": ("pending", ["rejected"]),
    "wrong_currency": ("pending", ["rejected"]),
    "second_charge": ("paid", ["ok", "rejected"]),
    "check_then_paid": ("paid", ["ok", "ok"]),
}


def test_without_a_scenario_they_are_listed(local: Local) -> None:
    shown = piped("trigger", "--api", local.url)
    assert (shown.code, shown.err) == (0, "")
    assert {line.split()[0] for line in shown.out.splitlines()[1:]} >= set(ENDS)
    listed = json.loads(piped("trigger", "--api", local.url, "--json").out)
    assert set(listed["scenarios"]) >= set(ENDS)


@pytest.mark.parametrize("scenario", ENDS)
def test_each_scenario_with_an_order_of_its_own(local: Local, scenario: str) -> None:
    status, answers = ENDS[scenario]
    done = piped("trigger", scenario, "--api", local.url, "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["order"]["status"] == status == local.status(told["order"]["order_id"])["status"]
    if answers is not None:
        assert [one["answer"] for one in told["callbacks"]] == answers
    assert "pg_sig" not in done.out


def test_what_was_altered_on_its_way_is_repeated_as_it_should_be(local: Local) -> None:
    done = piped("trigger", "tampered", "--advance", "1801", "--api", local.url, "--json")
    told = json.loads(done.out)
    assert [one["http_status"] for one in told["callbacks"]] == [403, 200]
    assert told["order"]["status"] == "paid"


def test_what_is_late_comes_when_its_time_has_come(local: Local) -> None:
    words = ("--seconds", "90", "--advance", "91", "--api", local.url, "--json")
    told = json.loads(piped("trigger", "late", *words).out)
    assert [one["answer"] for one in told["callbacks"]] == ["ok"]
    assert told["order"]["status"] == "paid"


def test_an_order_that_is_there_already(local: Local) -> None:
    order = local.create({"link": "tshirt", "quantity": 2}).json()
    done = piped("trigger", "paid", order["order_id"], "--port", local.url.rpartition(":")[2])
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"Order     {order['order_id']}",
        "Scenario  paid",
        "Became    paid",
        "Amount    17 800.00 KZT",
        f"Payment   {order['payment_id']} is success at the gateway",
        "Told      result: answered 200 ok",
    ]


def test_a_link_and_a_banks_answer_can_be_chosen(local: Local) -> None:
    done = piped("trigger", "declined", "--link", "donation", "--code", "10009", "--api", local.url, "--json")
    order = json.loads(done.out)["order"]
    assert order["status"] == "failed"
    (payment,) = local.payments(order["order_id"])
    assert str(payment["failure_code"]) == "10009"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nonsense",), 2, "no scenario 'nonsense'"),
        (("paid", "pl_none"), 1, "sandbox refused"),
        (("paid", "pl_none", "--link", "coffee"), 2, "--link"),
        (("paid", "--link", "none"), 1, "paylink links list"),
        (("late", "--seconds", "-5"), 1, "sandbox refused"),
    ],
)
def test_what_cannot_be(local: Local, words: tuple[str, ...], code: int, said: str) -> None:
    done = piped("trigger", *words, "--api", local.url)
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)
    assert said in done.err


def test_an_address_that_is_no_local_system(local: Local) -> None:
    done = piped("trigger", "paid", "--api", local.sandbox)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert piped("trigger", "paid", "--port", "1").code == 3


def test_a_person_sees_colours(local: Local) -> None:
    shown = at_terminal("trigger", "paid", "--api", local.url)
    assert shown.code == 0
    assert "\x1b[32mpaid" in shown.out
    assert "\x1b" not in at_terminal("trigger", "paid", "--api", local.url, NO_COLOR="1", TERM="dumb").out
