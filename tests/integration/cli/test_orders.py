"""Orders and their money against the local system, as a person types the commands."""

import csv
import json
import re
from datetime import UTC, datetime

import pytest

from integration.cli.terminal import CTRL_C, Ended, at_terminal, piped
from integration.test_local import Local

ESCAPE = "\x1b"


def bought(local: Local, link: str = "coffee", **more: object) -> str:
    """A paid (or, on a two-step link, held) order's id."""
    created = local.create({"link": link, **more}).json()
    local.pay(created["payment_id"])
    order_id: str = created["order_id"]
    return order_id


def order_of(local: Local, order_id: str) -> dict:
    shown = piped("orders", "show", order_id, "--json", api=local.url)
    assert shown.code == 0, shown.err
    found: dict = json.loads(shown.out)
    return found


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def key_of(ended: Ended) -> str:
    found = re.search(r"--key ([0-9a-f]{32})", ended.err)
    assert found is not None, ended.err
    return found[1]


def test_the_list_in_a_pipe_fits_and_is_plain(local: Local) -> None:
    order_id = bought(local)
    listed = piped("orders", "list", "--day", today(), api=local.url)
    assert (listed.code, listed.err) == (0, "")
    assert [line for line in listed.out.splitlines() if line.startswith(order_id) and " paid " in line]
    assert max(map(len, listed.out.splitlines())) <= 80
    assert ESCAPE not in listed.out
    assert not re.search("[\u2500-\u257f]", listed.out)


def test_at_a_terminal_it_has_rules_and_colours_unless_told_not_to(local: Local) -> None:
    bought(local)
    coloured = at_terminal("orders", "list", "--status", "paid", api=local.url)
    assert coloured.code == 0
    assert f"{ESCAPE}[32mpaid" in coloured.out
    assert "─" in coloured.out
    for variable in ("NO_COLOR", "TERM"):
        plain = at_terminal("orders", "list", "--status", "paid", api=local.url, **{variable: "dumb"})
        assert ESCAPE not in plain.out
        assert "─" not in plain.out
        assert "paid" in plain.out


def test_a_list_by_day_and_status_and_its_next_page(local: Local) -> None:
    ids = {bought(local) for _ in range(3)}
    words = ("orders", "list", "--day", today(), "--status", "paid", "--json")
    first = json.loads(piped(*words, "--limit", "2", api=local.url).out)
    assert len(first["orders"]) == 2
    rest = json.loads(piped(*words, "--all", "--cursor", first["cursor"], api=local.url).out)
    found = [order["order_id"] for order in (*first["orders"], *rest["orders"])]
    assert ids <= set(found)
    assert len(set(found)) == len(found)
    assert {order["status"] for order in (*first["orders"], *rest["orders"])} == {"paid"}


def test_an_order_is_shown_whole(local: Local) -> None:
    order_id = bought(local, reference="A-17", metadata={"table": "7"})
    shown = piped("orders", "show", order_id, api=local.url)
    assert shown.code == 0
    for part in (order_id, "(test)", "1 500.00 KZT", "A-17", "table=7", "Payments"):
        assert part in shown.out
    assert max(map(len, shown.out.splitlines())) <= 80


def test_a_refund_in_parts_and_the_rest(local: Local) -> None:
    order_id = bought(local)
    part = piped("orders", "refund", order_id, "500", "--yes", api=local.url)
    assert part.code == 0, part.err
    assert part.out == (
        f"Refunded 500.00 KZT: order {order_id} is partially refunded; 500.00 KZT of 1 500.00 KZT given back\n"
    )
    assert order_of(local, order_id)["refunded_amount"] == "500.00"

    repeated = piped("orders", "refund", order_id, "500", "--yes", "--key", key_of(part), api=local.url)
    assert repeated.code == 0
    assert "by an earlier run" in repeated.out
    assert order_of(local, order_id)["refunded_amount"] == "500.00"

    too_much = piped("orders", "refund", order_id, "1000.01", "--yes", api=local.url)
    assert too_much.code == 1
    rest = piped("orders", "refund", order_id, "--yes", "--json", api=local.url)
    assert json.loads(rest.out)["order"]["status"] == "refunded"
    assert order_of(local, order_id)["refunded_amount"] == "1500.00"
    again = piped("orders", "refund", order_id, "--yes", api=local.url)
    assert again.code == 1
    assert again.err.splitlines()[-1].startswith("Error: ")


def test_another_amount_with_the_same_key_is_refused(local: Local) -> None:
    order_id = bought(local)
    first = piped("orders", "refund", order_id, "500", "--yes", api=local.url)
    other = piped("orders", "refund", order_id, "600", "--yes", "--key", key_of(first), api=local.url)
    assert other.code == 1
    assert "leave --key out" in other.err


def test_nobody_there_to_ask_moves_nothing(local: Local) -> None:
    order_id = bought(local)
    done = piped("orders", "refund", order_id, api=local.url, stdin="y\n")
    assert done.code == 2
    assert "--yes" in done.err
    assert order_of(local, order_id)["refunded_amount"] == "0.00"


@pytest.mark.parametrize(("answer", "code", "refunded"), [("n\n", 1, "0.00"), ("y\n", 0, "1500.00")])
def test_a_person_is_asked_before_money_moves(local: Local, answer: str, code: int, refunded: str) -> None:
    order_id = bought(local)
    done = at_terminal("orders", "refund", order_id, api=local.url, typed=[("[y/N]", answer)])
    assert done.code == code
    assert f"Refund 1 500.00 KZT of order {order_id}" in done.out.replace("\n", "")
    assert order_of(local, order_id)["refunded_amount"] == refunded


def test_ctrl_c_at_the_question_moves_nothing(local: Local) -> None:
    order_id = bought(local)
    done = at_terminal("orders", "refund", order_id, api=local.url, typed=[("[y/N]", CTRL_C)])
    assert done.code == 130
    assert "Traceback" not in done.out
    assert order_of(local, order_id)["refunded_amount"] == "0.00"


def test_a_hold_is_taken_in_part(local: Local) -> None:
    order_id = bought(local, "deposit")
    assert order_of(local, order_id)["status"] == "authorized"
    done = piped("orders", "capture", order_id, "15000", "--yes", api=local.url)
    assert done.code == 0, done.err
    order = order_of(local, order_id)
    assert (order["status"], order["captured_amount"]) == ("paid", "15000.00")


def test_a_hold_is_released(local: Local) -> None:
    order_id = bought(local, "deposit")
    done = piped("orders", "cancel", order_id, "--yes", api=local.url)
    assert done.code == 0, done.err
    assert done.out.startswith("Cancelled")
    assert order_of(local, order_id)["status"] == "cancelled"


def test_sync_finds_a_payment_whose_callback_was_lost(local: Local) -> None:
    created = local.create({"link": "coffee"}).json()
    local.control("POST", "faults", operation="result", kind="lost")
    local.pay(created["payment_id"])
    assert local.status(created["order_id"])["status"] == "pending"
    done = piped("orders", "sync", created["order_id"], api=local.url)
    assert done.code == 0, done.err
    assert done.out == f"Asked the gateway: order {created['order_id']} is paid\n"


def test_a_refused_refund_needs_attention_and_is_resolved(local: Local) -> None:
    order_id = bought(local)
    local.control("POST", "faults", operation="refund", kind="refused", code="340", description="No funds")
    refused = piped("orders", "refund", order_id, "--yes", api=local.url)
    assert refused.code == 1
    assert "340 No funds" in refused.err.splitlines()[-1]
    listed = json.loads(piped("orders", "list", "--attention", "--all", "--json", api=local.url).out)
    assert [order["attention"] for order in listed["orders"] if order["order_id"] == order_id] == [
        ["refund_failed"]
    ]
    done = piped("orders", "resolve", order_id, "--note", "given back by hand", api=local.url)
    assert done.code == 0, done.err
    order = order_of(local, order_id)
    assert order["attention"] == []
    assert order["operations"][-1]["note"] == "given back by hand"


def test_a_refund_that_shows_up_late_is_found_by_its_key(local: Local) -> None:
    order_id = bought(local)
    local.control("POST", "faults", operation="refund", kind="later", seconds=60)
    first = piped("orders", "refund", order_id, "500", "--yes", "--wait", "0", api=local.url)
    assert first.code == 4, first.err
    assert first.err.splitlines()[-1].startswith("Error: the outcome is not known yet; ")
    local.control("POST", "clock", advance=61)
    again = piped("orders", "refund", order_id, "500", "--yes", "--key", key_of(first), api=local.url)
    assert again.code == 0, again.err
    order = order_of(local, order_id)
    assert order["refunded_amount"] == "500.00"
    assert [refund["source"] for refund in order["refunds"]] == ["paylink"]


def test_an_outcome_nobody_knows_is_waited_for_in_sight_and_ends_with_4(local: Local) -> None:
    order_id = bought(local)
    local.control("POST", "faults", operation="refund", kind="drop_before")
    words = ("orders", "refund", order_id, "--yes", "--wait", "2")
    done = at_terminal(*words, api=local.url)
    assert done.code == 4
    assert "s more at most" in done.out
    assert "--key" in done.out
    assert order_of(local, order_id)["operation"]["status"] == "unknown"
    other = piped("orders", "refund", order_id, "--yes", api=local.url)
    assert other.code == 1


def test_an_unknown_order_is_one_line(local: Local) -> None:
    for command in ("show", "sync"):
        done = piped("orders", command, "pl_00000000000000000000000000", api=local.url)
        assert done.code == 1
        assert "paylink orders list" in done.err.splitlines()[-1]


def test_the_report_is_exact(local: Local) -> None:
    before = total(local)
    bought(local)
    refunded = bought(local)
    assert piped("orders", "refund", refunded, "0.01", "--yes", api=local.url).code == 0
    after = total(local)
    assert (after[0] - before[0], after[1] - before[1]) == (300_000, 1)
    chart = piped("report", "--from", today(), api=local.url)
    assert chart.code == 0
    assert "KZT, test mode (# kept, - given back)" in chart.out
    assert "#" in chart.out
    assert max(map(len, chart.out.splitlines())) <= 80
    assert ESCAPE not in chart.out
    coloured = at_terminal("report", api=local.url)
    assert "█" in coloured.out
    assert f"{ESCAPE}[32m" in coloured.out


def total(local: Local) -> tuple[int, int]:
    """What was paid and given back today in tenge, in minor units."""
    rows = csv.DictReader(piped("report", "--from", today(), "--csv", api=local.url).out.splitlines())
    lines = [
        (row["paid"], row["refunded"]) for row in rows if (row["currency"], row["mode"]) == ("KZT", "test")
    ]
    paid, refunded = lines[0] if lines else ("0", "0")
    return tuple(
        int(amount.replace(".", "")) if "." in amount else int(amount) * 100 for amount in (paid, refunded)
    )


def test_events_that_are_left_are_none(local: Local) -> None:
    done = piped("events", "republish", api=local.url)
    assert (done.code, done.out) == (0, "Sent again: 0; left: 0\n")


def test_a_repeat_by_its_key_is_asked_about_as_one(local: Local) -> None:
    order_id = bought(local)
    first = piped("orders", "refund", order_id, "--yes", api=local.url)
    words = ("orders", "refund", order_id, "--key", key_of(first))
    done = at_terminal(*words, api=local.url, typed=[("[y/N]", "y\n")])
    assert done.code == 0, done.out
    assert "Repeat what was asked with this key" in done.out
    assert order_of(local, order_id)["refunded_amount"] == "1500.00"
