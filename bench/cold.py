"""Cold start: Init and the first request, ours beside a bare handler and the usual stack.

Each start is a fresh process under AWS's Lambda runtime emulator with AWS's runtime client. The three kinds take turns
in one run, so that a machine that slows down slows all of them. Ours is built as `make build` does. Real Lambda unpacks
archives read-only, so only what an archive brings compiled is compiled: ours is, by tools/finish_build.py, and both
references are treated the same, all their files; boto3 is the runtime's own and compiled for everybody.
"""

import os
import statistics
from collections.abc import Mapping

from bench import stub
from bench.emulator import Start, Target, start
from bench.fixtures import event
from bench.layout import build_ours
from bench.rows import Row
from bench.targets import KINDS, targets

STARTS = int(os.environ.get("BENCH_STARTS", "12"))
FEWEST = 10
BOUNDS: Mapping[str, Mapping[str, float]] = {
    "create_payment": {"bare": 1.25, "usual": 0.70},
    "gateway_callback": {"bare": 1.20, "usual": 0.65},
    "payment_status": {"bare": 1.20, "usual": 0.65},
}
SAYS: Mapping[str, tuple[int, str]] = {
    "create_payment": (201, '"redirect_url"'),
    "gateway_callback": (200, "<pg_status>ok</pg_status>"),
    "payment_status": (200, '"status"'),
}
"""What every kind must answer, or its time means nothing."""


def run() -> list[Row]:
    """The rows; also what the plot shows, as rows without a bound."""
    if STARTS < FEWEST:
        raise SystemExit(f"BENCH_STARTS={STARTS}: the bounds speak of at least {FEWEST} starts each")
    build_ours()
    rows: list[Row] = []
    with stub.running() as url:
        for function in BOUNDS:
            rows += _rows(function, _starts(function, url))
    return rows


def _starts(function: str, url: str) -> dict[str, list[Start]]:
    named = {target.name.partition("_")[0]: target for _, target in targets(url, [function])}
    calls: dict[str, list[str]] = {}
    taken: dict[str, list[Start]] = {kind: [] for kind in KINDS}
    for turn in range(STARTS + 1):
        # Each kind is first as often as the others.
        order = [KINDS[(turn + place) % len(KINDS)] for place in range(len(KINDS))]
        for kind in order:
            one = _checked(function, named[kind])
            calls[kind] = stub.seen(url)
            if turn:  # the first turn fills the file system's cache
                taken[kind].append(one)
    assert calls["ours"] == calls["bare"], f"{function}: ours calls {calls['ours']}, bare {calls['bare']}"
    return taken


def _checked(function: str, target: Target) -> Start:
    one = start(target, event(function))
    status, says = SAYS[function]
    assert one.answer["statusCode"] == status, (target.name, one.answer)
    assert says in one.answer["body"], (target.name, one.answer)
    return one


def _rows(function: str, taken: Mapping[str, list[Start]]) -> list[Row]:
    total = {kind: statistics.median(one.total for one in starts) for kind, starts in taken.items()}
    init = {kind: statistics.median(one.init for one in starts) for kind, starts in taken.items()}
    rows = [
        Row(
            name=f"{function}: Init and first request, ours / {kind}",
            value=total["ours"] / total[kind],
            unit="",
            bound=bound,
            note=f"{total['ours']:.0f} ms / {total[kind]:.0f} ms, medians of {len(taken[kind])} fresh starts each",
        )
        for kind, bound in BOUNDS[function].items()
    ]
    for kind in KINDS:
        totals = [one.total for one in taken[kind]]
        rows += [
            Row(name=f"{function}: {kind}, Init alone", value=init[kind], unit="ms"),
            Row(
                name=f"{function}: {kind}, Init and first request",
                value=total[kind],
                unit="ms",
                note=f"between {min(totals):.0f} and {max(totals):.0f}",
            ),
        ]
    return rows
