"""Runs in a process of its own: units of a payment in a small table and in a large one, printed as JSON.

    python -m bench.scale_units 10000 1000000

One table of DynamoDB Local is filled with paid orders up to each of these numbers, and at each the real handlers make
payments. It has the template's keys and both indexes, but no stream: nobody reads it here, units do not tell
of it, and with it the million would take half as long again to write.
"""

import json
import sys
import time

from bench.scale_rows import fill
from bench.table_shop import Shop, by_link, by_offer, client, engine, make_table, serving
from bench.warm_doors import nowhere

TABLE = "paylink-scale"
PAYMENTS = 25


def units(shop: Shop) -> dict[str, float]:
    """Read and write units of one payment, by a link and by an offer."""
    told = {}
    for way, body in (("link", by_link), ("offer", by_offer)):
        shop.meter.reset()
        for _ in range(PAYMENTS):
            shop.pay(body())
        assert not shop.meter.failed, shop.meter.failed
        told[f"{way}, read units"] = shop.meter.read_units / PAYMENTS
        told[f"{way}, write units"] = shop.meter.write_units / PAYMENTS
    return told


def main(sizes: list[int]) -> None:
    """Prints {"sizes": [{"orders": n, "seconds": s, "units": {...}}]}; AssertionError where a row got lost."""
    told = []
    with nowhere(), engine(heap="2g") as endpoint:
        make_table(endpoint, TABLE, stream=False)
        of_engine = client(endpoint)
        count = of_engine.describe_table(TableName=TABLE)["Table"]["ItemCount"]
        with serving("ours", endpoint, TABLE) as shop:
            orders = 0
            for size in sizes:
                began = time.monotonic()
                fill(endpoint, TABLE, orders, size - orders)
                took = time.monotonic() - began
                found = of_engine.describe_table(TableName=TABLE)["Table"]["ItemCount"]
                paid = 2 * PAYMENTS * len(told)
                assert found == count + size + paid, f"{found} rows where {size} orders were written"
                told.append({"orders": size, "seconds": took, "units": units(shop)})
                orders = size
    print(json.dumps({"sizes": told}))


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]])
