"""Every command once, as it is typed, with its output in a pipe of eighty columns: none is forgotten."""

from collections.abc import Callable
from pathlib import Path

import pytest

from integration.cli.terminal import piped
from integration.cli.test_orders import bought
from integration.test_local import KEY, Local
from unit.cli.test_help import ALL

ESCAPE = "\x1b"
MESSAGE = ("--script", "paylink_result", "pg_order_id=pl_1", "pg_amount=500.00", "pg_salt=s")
SIGNATURE = "pg_sig=5cfee53611fcba1e2c61e304323771df"
Words = Callable[[Local], tuple[str, ...]]


def said(*words: str) -> Words:
    return lambda _: words


def about(link: str, *words: str) -> Words:
    """With the id of an order of its own."""
    return lambda local: (*words, bought(local, link))


def beside(link: str, *words: str) -> Words:
    """While there is an order."""
    return lambda local: words if bought(local, link) else ()


def pending(local: Local) -> str:
    order_id: str = local.create({"link": "coffee"}).json()["order_id"]
    return order_id


def troubled(local: Local) -> str:
    """An order that needs attention."""
    order_id = bought(local, "coffee")
    local.control("POST", "faults", operation="refund", kind="refused", code="340", description="No funds")
    assert piped("orders", "refund", order_id, "--yes", api=local.url).code == 1
    return order_id


def off_sale(local: Local) -> tuple[str, ...]:
    """A link of its own."""
    made = piped(
        "links", "create", "ends", "--title", "E", "--price", "1", "--currency", "KZT", api=local.url
    )
    assert made.code == 0, made.err
    return ("ends",)


TYPED: dict[str, Words] = {
    "orders list": beside("coffee", "--all"),
    "orders show": about("coffee"),
    "orders refund": about("coffee", "--yes"),
    "orders capture": about("deposit", "--yes"),
    "orders cancel": lambda local: ("--yes", pending(local)),
    "orders sync": lambda local: (pending(local),),
    "orders resolve": lambda local: ("--note", "Given back by hand.", troubled(local)),
    "links create": said("every", "--title", "Every", "--price", "100", "--currency", "KZT"),
    "links edit": said("coffee", "--active"),
    "links list": said(),
    "links show": said("coffee"),
    "links qr": said("coffee"),
    "links off": off_sale,
    "invoice create": said("--title", "Table 7", "--amount", "100", "--currency", "KZT"),
    "offer sign": said("--title", "Mug", "--price", "100", "--currency", "KZT", "--expires", "1d"),
    "events republish": said(),
    "report": said(),
    "secret set": said("--merchant-id", "500001", "--from-file", "key"),
    "secret rotate": said("--from-file", "key"),
    "secret status": said(),
    "sign": said(*MESSAGE, "--key-file", "key"),
    "verify": said(*MESSAGE, SIGNATURE, "--key-file", "key"),
    "explain": said(*MESSAGE, SIGNATURE, "--key-file", "key"),
    "listen": said("--seconds", "0"),
    "trigger": lambda local: ("paid", "--api", local.url),
    "doctor": said(),
}
KEYS_OF_A_FILE = {"sign", "verify", "explain"}
TABLES = {
    *("orders list", "orders show", "links list", "links show", "links qr", "report", "secret status"),
}
"""A sentence in a pipe stays one line, for a program to find; a table keeps to the width."""

GROUPS = {path[0] for path in ALL if len(path) > 1}


def test_none_is_forgotten() -> None:
    # `local` itself is what all of them speak to.
    assert {*TYPED, "local"} == {" ".join(path) for path in ALL if len(path) > 1 or path[0] not in GROUPS}


@pytest.mark.parametrize("command", TYPED)
def test_a_command_ends_well_in_eighty_plain_columns(command: str, local: Local, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    api = None if command in KEYS_OF_A_FILE else local.url
    ended = piped(*command.split(), *TYPED[command](local), api=api, folder=tmp_path)
    assert ended.code == 0, (ended.out, ended.err)
    assert ESCAPE not in ended.out + ended.err
    assert KEY not in ended.out + ended.err
    if command in TABLES:
        assert max(map(len, ended.out.splitlines())) <= 80
