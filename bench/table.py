"""The table: requests and capacity of a payment, as AWS's own engine counts them, and what a million costs on paper.

The real handlers, ours and then the usual stack's, make payments against DynamoDB Local with `ReturnConsumedCapacity`;
the gateway is a stub. The engine's count of a write is one unit for each begun kilobyte of the row, and one for each
index entry that is written or taken away. The plain path is a payment by a signed offer, which reads nothing; by a
link it reads the link's row besides.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from bench.places import ROOT
from bench.rows import Row

WRITE_PRICE = 0.625
READ_PRICE = 0.125
PRICES = (
    "on demand, us-east-1, since 1 November 2024: 0.625 $ a million write units, 0.125 $ a million read units"
)
"""AWS's price list for DynamoDB's standard table class; a read unit is a strongly consistent read of up to 4 KB."""

PAYMENTS = 20
"""Payments over which units are summed; they are the same for each."""

Counts = Mapping[str, Any]


def measured(kind: str) -> dict[str, Any]:
    """What `bench.table_measure` counted for `ours` or `usual`."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.table_measure", kind]
    process = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=300)  # noqa: S603 — our own program
    told: dict[str, Any] = json.loads(process.stdout)
    return told


def run() -> list[Row]:
    """The plain path against its bounds, the usual stack beside it, and the price of a million."""
    ours, usual = measured("ours"), measured("usual")
    plain, link, theirs = (
        {name: _each(count, PAYMENTS) for name, count in counts.items()}
        for counts in (ours["offer"], ours["link"], usual["link"])
    )
    return [
        Row(name="plain path: base requests", value=_requests(plain), unit="", bound=3, note=_named(plain)),
        Row(name="plain path: index writes", value=plain["index_writes"], unit="", bound=3),
        Row(
            name="plain path: write units",
            value=plain["write_units"],
            unit="",
            bound=6,
            note="index writes included",
        ),
        _replay("request sent again", ours["replayed request"]),
        _replay("result sent again", ours["replayed result"]),
        Row(
            name="by a link: base requests",
            value=_requests(link),
            unit="",
            note=f"{_named(link)}; {link['read_units']:g} read unit, {link['write_units']:g} write units",
        ),
        Row(
            name="usual stack, by a link: base requests",
            value=_requests(theirs),
            unit="",
            note=f"{_named(theirs)}; {theirs['read_units']:g} read unit, {theirs['write_units']:g} write units",
        ),
        Row(
            name="write units by a link, ours / usual stack",
            value=link["write_units"] / theirs["write_units"],
            unit="",
            bound=1.0,
            note="the usual stack does not promise what the conditional writes promise",
        ),
        _million("a million payments, plain path", plain),
        _million("a million payments by a link", link),
        _million("a million payments by a link, usual stack", theirs),
    ]


def _each(count: Any, payments: int) -> Any:  # noqa: ANN401 — a number, or numbers by name
    if isinstance(count, dict):
        return {name: times / payments for name, times in count.items()}
    return count / payments


def _requests(counts: Counts) -> float:
    return float(sum(counts["operations"].values()))


def _named(counts: Counts) -> str:
    return ", ".join(f"{times:g} {name}" for name, times in counts["operations"].items())


def _replay(what: str, counts: Counts) -> Row:
    requests = _requests(counts)
    assert counts["failed"] == requests, (
        f"{what}: {counts} holds a request that did not fail on its condition"
    )
    return Row(
        name=f"{what}: base requests",
        value=requests,
        unit="",
        bound=1,
        note=f"{_named(counts)}, whose condition fails; AWS takes a write unit for each begun KB of the row",
    )


def _million(name: str, counts: Counts) -> Row:
    writes, reads = counts["write_units"], counts["read_units"]
    price = writes * WRITE_PRICE + reads * READ_PRICE
    return Row(
        name=name,
        value=price,
        unit="$",
        note=(
            f"{writes:g} × {WRITE_PRICE} $ + {reads:g} × {READ_PRICE} $ = {price:.3f} $; {PRICES}; "
            "storage, backup and the stream's reader not counted"
        ),
    )


if __name__ == "__main__":
    for row in run():
        print(f"{row.name}: {row.value:.3f} {row.unit} {row.verdict} ({row.note})")
