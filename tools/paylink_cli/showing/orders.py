"""Orders on a terminal: a list, one whole, and how an operation ended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from paylink_cli.reaching.api import Answer
from paylink_cli.showing.terminal import Column, Terminal
from paylink_cli.showing.text import printable
from paylink_cli.showing.values import amount_of, decimal, moment, state

_WIDE: Final = 110
"""Columns from which a list has room for what was sold."""
_LIST: Final = (Column("ORDER"), Column("CREATED UTC"), Column("STATUS"), Column("AMOUNT", right=True))
_DONE: Final = {
    "refund": "Refunded",
    "capture": "Captured",
    "cancel": "Cancelled",
    "sync": "Asked the gateway",
    "resolve": "Resolved",
}


def show_orders(terminal: Terminal, orders: Sequence[Mapping[str, Any]]) -> None:
    """Print a list of orders."""
    if not orders:
        terminal.note("No orders.")
        return
    wide = terminal.width >= _WIDE
    columns = (*_LIST, Column("WHAT", may_be_cut=True)) if wide else _LIST
    rows = []
    for order in orders:
        row: list[str | Text] = [
            str(order.get("order_id")),
            moment(order.get("created_at"), "%m-%d %H:%M"),
            _short_state(order),
            amount_of(order),
        ]
        rows.append([*row, str(order.get("description") or "")] if wide else row)
    terminal.table(columns, rows)
    if any(order.get("attention") for order in orders):
        terminal.note("! needs attention: `paylink orders show ID` tells why", "red")


def show_order(terminal: Terminal, order: Mapping[str, Any]) -> None:
    """Print one order whole."""
    terminal.facts(_facts(order))
    currency = order.get("currency")
    _section(
        terminal,
        "Payments",
        ("PAYMENT", "STATUS", ">AMOUNT", ">CAPTURED", ">REFUNDED"),
        [
            (
                _text(payment, "payment_id"),
                state(payment.get("status")),
                *(amount_of(payment, name, currency) for name in ("amount", "captured", "refunded")),
            )
            for payment in order.get("payments") or []
        ],
    )
    _section(
        terminal,
        "Refunds",
        ("REFUND", "OF PAYMENT", ">AMOUNT", "MADE BY"),
        [
            (
                _text(refund, "refund_id"),
                _text(refund, "payment_id"),
                amount_of(refund, currency=currency),
                _text(refund, "source") + (" (failed)" if refund.get("failed") else ""),
            )
            for refund in order.get("refunds") or []
        ],
    )
    running = order.get("operation")
    _section(
        terminal,
        "Operations",
        ("KIND", "STATUS", ">AMOUNT", "AT (UTC)", "SAID"),
        [
            (
                _text(operation, "kind"),
                state(operation.get("status")),
                amount_of(operation, currency=currency),
                moment(operation.get("created_at"), "%Y-%m-%d %H:%M"),
                _said(operation),
            )
            for operation in [*(order.get("operations") or []), *([running] if running else [])]
        ],
    )
    if order.get("attention"):
        following = f"paylink orders resolve {order.get('order_id')} --note TEXT"
        terminal.note(f"Needs attention; once settled: {following}", "red")


def show_outcome(terminal: Terminal, kind: str, answer: Answer) -> None:
    """Print how an operation ended, and how the order stands now."""
    operation = answer.content.get("operation")
    order = answer.content.get("order") or answer.content
    sum_ = amount_of(operation, currency=order.get("currency")) if isinstance(operation, Mapping) else ""
    repeated = " (by an earlier run with this key)" if answer.replayed else ""
    done = " ".join(part for part in (_DONE[kind], "" if kind in {"sync", "resolve"} else sum_) if part)
    status = str(order.get("status", "")).replace("_", " ")
    sums = f"; {amount_of(order, 'refunded_amount')} of {amount_of(order, 'captured_amount')} given back"
    given_back = sums if decimal(order.get("refunded_amount")) else ""
    terminal.say(f"{done}{repeated}: order {order.get('order_id')} is {status}{given_back}", "green")
    if order.get("attention"):
        terminal.note(f"Needs attention: {_reasons(order)}", "red")


def _short_state(order: Mapping[str, Any]) -> Text:
    text = state(order.get("status"), " !" if order.get("attention") else "")
    # The longest of them would not leave room for a large sum in eighty columns.
    return (
        Text("part.", style=text.style) + text[len("partially") :]
        if text.plain.startswith("partially")
        else text
    )


def _facts(order: Mapping[str, Any]) -> Iterable[tuple[str, str | Text | None]]:
    yield "Order", _text(order, "order_id") + (" (test)" if order.get("test") else "")
    yield "Status", state(order.get("status"))
    if order.get("attention"):
        yield "Attention", Text(printable(_reasons(order)), style="bold red")
    yield "What", _text(order, "description")
    yield "Amount", amount_of(order)
    for title, name in (("Captured", "captured_amount"), ("Refunded", "refunded_amount")):
        yield title, amount_of(order, name) if decimal(order.get(name)) else None
    for title, name in (("Created", "created_at"), ("Paid", "paid_at"), ("Expires", "expires_at")):
        yield title, moment(order.get(name))
    yield "Reference", _text(order, "reference")
    metadata = order.get("metadata")
    if isinstance(metadata, Mapping):
        yield "Metadata", ", ".join(f"{name}={value}" for name, value in metadata.items())
    for item in order.get("items") or []:
        yield "Item", f"{_text(item, 'quantity')} x {_text(item, 'link')}"


def _section(
    terminal: Terminal, title: str, columns: Sequence[str], rows: Sequence[Sequence[str | Text]]
) -> None:
    if not rows:
        return
    terminal.say()
    last = len(columns) - 1
    terminal.table(
        [
            Column(name.lstrip(">"), right=name.startswith(">"), may_be_cut=number == last and last > 3)
            for number, name in enumerate(columns)
        ],
        rows,
        title,
    )


def _said(operation: Mapping[str, Any]) -> str:
    parts = (operation.get(name) for name in ("gateway_code", "gateway_description", "note"))
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _reasons(order: Mapping[str, Any]) -> str:
    return ", ".join(str(reason).replace("_", " ") for reason in order.get("attention") or [])


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return "" if value is None else str(value)
