"""Runs in a process of its own for one kind of handlers (`ours`, `usual`); prints what the table was asked, as JSON."""

import json
import sys
from collections import Counter
from typing import Any

from bench.table import PAYMENTS
from bench.table_shop import (
    Shop,
    by_link,
    by_offer,
    engine,
    make_idempotency_table,
    make_table,
    new_key,
    serving,
)
from bench.warm_doors import nowhere


def counted(shop: Shop) -> dict[str, Any]:
    """What the meter has counted since it was last reset."""
    meter = shop.meter
    told = {
        "operations": dict(Counter(meter.operations)),
        "failed": len(meter.failed),
        "read_units": meter.read_units,
        "write_units": meter.write_units,
        "index_writes": meter.index_writes,
    }
    meter.reset()
    return told


def measure(shop: Shop) -> dict[str, Any]:
    """Payments by each way, a request sent again, a result sent again."""
    ways = {"link": by_link} if shop.kind == "usual" else {"link": by_link, "offer": by_offer}
    told: dict[str, Any] = {}
    for way, body in ways.items():
        shop.pay(body())
        shop.meter.reset()
        for _ in range(PAYMENTS):
            shop.pay(body())
        told[way] = counted(shop)
    asked, key = by_offer() if shop.kind == "ours" else by_link(), new_key()
    created = shop.create(asked, key)
    shop.meter.reset()
    again = shop.create(asked, key)
    # The usual stack answers the stored 201; ours tells that nothing was made.
    assert again["statusCode"] == (200 if shop.kind == "ours" else 201), again
    told["replayed request"] = counted(shop)
    shop.settle(created)
    shop.meter.reset()
    assert "<pg_status>ok</pg_status>" in shop.settle(created)["body"]
    told["replayed result"] = counted(shop)
    return told


def main(kind: str) -> None:
    """Prints the counts."""
    # Log lines go nowhere.
    with nowhere(), engine() as endpoint:
        make_table(endpoint, "paylink-bench")
        make_idempotency_table(endpoint)
        with serving(kind, endpoint, "paylink-bench") as shop:
            told = measure(shop)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
