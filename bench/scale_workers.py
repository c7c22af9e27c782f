"""Runs in a process of its own: how many payments so many warm processes make, printed as JSON.

    python -m bench.scale_workers SECONDS 1 8 64

A worker is a process, as Lambda has one for each request that runs at the same time. All are forked from one that has
loaded the functions and opened no connection, then warm themselves up, wait for each other, and make payments one
after the other until the time is over: `POST /payments` by a link and the gateway's result, four requests to the
table and one to the gateway. The stub (`bench.stub`) answers them at once from a process of its own.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import stub
from bench.fixtures import event
from bench.table_shop import new_key
from bench.warm_doors import Context, load, nowhere

WARM_UP = 10


def payments(url: str) -> Callable[[], None]:
    """One payment with the functions of this process."""
    create, callback = load("create_payment", url).handler, load("gateway_callback", url).handler
    asked, result, context = event("create_payment"), event("gateway_callback"), Context()

    def pay() -> None:
        asked["headers"]["idempotency-key"] = new_key()
        created = create(asked, context)
        settled = callback(result, context)
        if created["statusCode"] != 201 or settled["statusCode"] != 200:
            raise RuntimeError(f"{created} {settled}")

    return pay


def work(pay: Callable[[], None], seconds: float, gate: Any, told: Any) -> None:  # noqa: ANN401 — the barrier and the queue of multiprocessing
    """Makes payments for so long; tells how many, the CPU and the wall time that they took, and each one's time."""
    for _ in range(WARM_UP):
        pay()
    gate.wait(120)
    began, cpu = time.perf_counter(), time.process_time()
    spans = []
    while (now := time.perf_counter()) - began < seconds:
        pay()
        spans.append(time.perf_counter() - now)
    told.put((len(spans), time.process_time() - cpu, time.perf_counter() - began, spans))


def measured(pay: Callable[[], None], workers: int, seconds: float) -> dict[str, float]:
    """What so many workers did at once."""
    fork = multiprocessing.get_context("fork")
    gate, told = fork.Barrier(workers), fork.Queue()
    running = [fork.Process(target=work, args=(pay, seconds, gate, told)) for _ in range(workers)]
    for process in running:
        process.start()
    found = [told.get(timeout=seconds + 180) for _ in running]
    for process in running:
        process.join(30)
    spans = sorted(span for one in found for span in one[3])
    return {
        "workers": workers,
        "payments": sum(one[0] for one in found),
        "cpu": sum(one[1] for one in found),
        "wall": max(one[2] for one in found),
        "median": spans[len(spans) // 2],
        "p99": spans[min(len(spans) - 1, len(spans) * 99 // 100)],
    }


def main(seconds: float, counts: list[int]) -> None:
    """Prints [{"workers": n, "payments": p, "cpu": s, "wall": s, "median": s, "p99": s}]."""
    with nowhere(), stub.running() as url:
        pay = payments(url)
        told = [measured(pay, workers, seconds) for workers in counts]
    print(json.dumps(told))


if __name__ == "__main__":
    main(float(sys.argv[1]), [int(argument) for argument in sys.argv[2:]])
