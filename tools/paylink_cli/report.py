"""`paylink report`: paid, refunded and failed by day."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from paylink.domain.clock import utc_now
from paylink_cli.errors import WrongUse
from paylink_cli.reaching.api import Api, connect, member
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.report import show_report
from paylink_cli.showing.terminal import Terminal, terminal_options
from paylink_cli.sums import DaySums, by_day

MOST_DAYS: Final = 366
USUAL_DAYS: Final = 14
_DAY: Final = timedelta(days=1)
_COLUMNS: Final = (
    *("day", "currency", "mode", "orders", "paid_orders", "paid"),
    *("refunded_orders", "refunded", "failed_orders", "failed"),
)


def time_zone(value: str) -> tzinfo:
    """A time zone by its name. Raises click.BadParameter."""
    try:
        return UTC if value.upper() == "UTC" else ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(
            f"{value!r} is no time zone; write UTC or a name such as Asia/Almaty"
        ) from None


@click.command(
    epilog="""\b
Example:
  paylink report --stack my-shop
  paylink report --from 2026-11-01 --to 2026-11-30 --zone Asia/Almaty --local
  paylink report --csv --stack my-shop > november.csv

An order counts on the day on which it was created, whenever it was paid or
refunded: so the sums of a day belong together. Test and live orders, and
currencies, are never added up.
"""
)
@click.option(
    "--from",
    "first",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="First day.  [default: 13 days before --to]",
)
@click.option(
    "--to", "last", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Last day.  [default: today]"
)
@click.option(
    "--zone", type=time_zone, default="UTC", show_default=True, metavar="ZONE", help="Where a day begins."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
@target_options
@terminal_options
def report(
    *,
    target: Target,
    terminal: Terminal,
    first: datetime | None,
    last: datetime | None,
    zone: tzinfo,
    as_csv: bool,
) -> None:
    """Show what was paid, refunded and not paid, by day."""
    if as_csv and terminal.as_json:
        raise WrongUse("--csv and --json exclude each other")
    days = _days(first, last, utc_now().astimezone(zone).date())
    api = connect(target)
    with terminal.progress("reading orders") as tell:

        def orders() -> Iterator[dict[str, Any]]:
            for number, day in enumerate(_utc_days(days, zone), start=1):
                tell(f"reading orders of {day} ({number})")
                yield from _orders(api, day)

        sums = by_day(orders(), days, zone)
    if terminal.as_json:
        terminal.json({"days": [dict(zip(_COLUMNS, _row(line), strict=True)) for line in sums]})
    elif as_csv:
        click.echo(_csv(sums), nl=False)
    else:
        show_report(terminal, sums, days)


def _days(first: datetime | None, last: datetime | None, today: date) -> list[date]:
    end = last.date() if last else today
    start = first.date() if first else end - (USUAL_DAYS - 1) * _DAY
    if start > end:
        raise WrongUse(f"--from {start} is later than --to {end}")
    count = (end - start).days + 1
    if count > MOST_DAYS:
        raise WrongUse(f"{count} days are too many for one report; take at most {MOST_DAYS}")
    return [start + number * _DAY for number in range(count)]


def _utc_days(days: list[date], zone: tzinfo) -> Iterator[date]:
    """The days of UTC that these days of a zone touch; the API lists orders by days of UTC."""
    day = datetime.combine(days[0], time.min, zone).astimezone(UTC).date()
    end = datetime.combine(days[-1], time.max, zone).astimezone(UTC).date()
    while day <= end:
        yield day
        day += _DAY


def _orders(api: Api, day: date) -> Iterator[dict[str, Any]]:
    for page in api.pages("/orders", day=day.isoformat(), limit=100):
        yield from member(page, "orders", list)


def _row(sums: DaySums) -> tuple[str | int, ...]:
    return (
        *(sums.day.isoformat(), sums.currency, "test" if sums.test else "live", sums.orders),
        *(sums.paid_orders, str(sums.paid), sums.refunded_orders, str(sums.refunded)),
        *(sums.failed_orders, str(sums.failed)),
    )


def _csv(sums: list[DaySums]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(line) for line in sums)
    return text.getvalue()
