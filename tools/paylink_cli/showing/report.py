"""A report as a chart of days."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from rich.text import Text

from paylink_cli.showing.terminal import Column, Terminal
from paylink_cli.showing.values import money
from paylink_cli.sums import DaySums

_LEAST_BAR: Final = 8
_GAPS: Final = 2


def show_report(terminal: Terminal, sums: Sequence[DaySums], days: Sequence[date]) -> None:
    """Print a chart for each currency and mode: a day's bar is what was paid, its end what was given back."""
    if not sums:
        terminal.note(f"No orders from {days[0]} to {days[-1]}.")
        return
    for number, ((test, currency), lines) in enumerate(
        groupby(sums, lambda line: (line.test, line.currency))
    ):
        if number:
            terminal.say()
        _chart(terminal, list(lines), _title(terminal, currency, test=test))


def _chart(terminal: Terminal, lines: Sequence[DaySums], title: str) -> None:
    rows = [
        (
            line.day.isoformat(),
            _sum(line.paid, line.paid_orders),
            _sum(line.refunded),
            _count(line.failed_orders),
        )
        for line in lines
    ]
    total = (
        "Total",
        _sum(sum((line.paid for line in lines), Decimal(0)), sum(line.paid_orders for line in lines)),
        _sum(sum((line.refunded for line in lines), Decimal(0))),
        _count(sum(line.failed_orders for line in lines)),
    )
    titles = ("DAY", "PAID", "REFUNDED", "FAILED")
    used = sum(max(map(len, column)) + _GAPS for column in zip(titles, total, *rows, strict=True))
    room = max(terminal.width - used, _LEAST_BAR)
    most = max(line.paid for line in lines)
    bars = [*(_bar(terminal, line, most, room) for line in lines), Text()]
    columns = [Column(name, right=name != "DAY") for name in titles]
    terminal.table(
        [*columns, Column("")],
        [(*row, bar) for row, bar in zip([*rows, total], bars, strict=True)],
        title,
    )


def _bar(terminal: Terminal, line: DaySums, most: Decimal, room: int) -> Text:
    kept_mark, refunded_mark = _marks(terminal)
    whole = _length(line.paid, most, room)
    kept = min(_length(line.kept, most, room), whole)
    bar = Text(kept_mark * kept, style="green")
    return bar.append(refunded_mark * (whole - kept), style="magenta")


def _title(terminal: Terminal, currency: str, *, test: bool) -> str:
    kept_mark, refunded_mark = _marks(terminal)
    return f"{currency}{', test mode' if test else ''} ({kept_mark} kept, {refunded_mark} given back)"


def _marks(terminal: Terminal) -> tuple[str, str]:
    return ("█", "▒") if terminal.coloured else ("#", "-")


def _length(amount: Decimal, most: Decimal, room: int) -> int:
    """Characters of a bar; the smallest sum still has one."""
    if amount <= 0 or most <= 0:
        return 0
    return max(1, int(amount * room / most))


def _sum(amount: Decimal, count: int | None = None) -> str:
    if not amount:
        return "-"
    text = money(amount, "").rstrip()
    return text if count is None else f"{text} ({count})"


def _count(number: int) -> str:
    return str(number) if number else "-"
