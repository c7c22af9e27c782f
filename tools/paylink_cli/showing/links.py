"""Links on a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from paylink.domain.clock import from_text, utc_now
from paylink_cli.showing.terminal import Column, Terminal
from paylink_cli.showing.values import localized, moment, money

_COLUMNS: Final = (
    *(Column("LINK"), Column("PRICE", right=True), Column("STATE"), Column("TITLE", may_be_cut=True)),
)


def show_links(terminal: Terminal, links: Sequence[Mapping[str, Any]]) -> None:
    """Print a list of links."""
    if not links:
        terminal.note("No links. Make one with `paylink links create`.")
        return
    terminal.table(
        _COLUMNS,
        [(str(link.get("id")), _price(link), _state(link), _title(link)) for link in links],
    )


def show_link(terminal: Terminal, link: Mapping[str, Any]) -> None:
    """Print one link; its address stands alone, ready to be shared."""
    terminal.facts(_facts(link))
    terminal.raw(str(link.get("url", "")))


def _facts(link: Mapping[str, Any]) -> Iterator[tuple[str, str | Text | None]]:
    yield "Link", str(link.get("id"))
    yield "State", _state(link)
    yield from _texts("Title", link.get("title"))
    yield "Price", _price(link)
    yield from _texts("Description", link.get("description"))
    yield "Opens", moment(link.get("opens_at"))
    yield "Closes", moment(link.get("closes_at"))
    for title, name in (("Quantity", "quantity"), ("Receipt", "receipt"), ("Metadata", "metadata")):
        yield title, _pairs(link.get(name))
    yield "Limit", str(link.get("limit") or "")
    yield "Asks for", ", ".join(_asked(field) for field in link.get("fields") or [])
    yield "Capture", "manual: the money is held" if link.get("capture") == "manual" else None
    yield "Mode", {True: "test", False: "live"}.get(link.get("test"))  # type: ignore[arg-type]  # None: the stack's
    yield "Language", link.get("language")
    yield "Picture", link.get("image_url")
    yield "On success", link.get("success_url")
    yield "On failure", link.get("failure_url")
    yield from _texts("When off", link.get("inactive_text"))


def _texts(title: str, text: object) -> Iterator[tuple[str, str]]:
    if isinstance(text, Mapping):
        yield from ((f"{title} ({language})", str(value)) for language, value in text.items())
    elif text:
        yield title, str(text)


def _price(link: Mapping[str, Any]) -> str:
    if link.get("price") is not None:
        return money(link["price"], link.get("currency"))
    if link.get("unreadable"):
        return ""
    bounds = link.get("amount") or {}
    least, most = (money(bounds.get(name), "").rstrip() for name in ("min", "max"))
    return f"{least} to {most} {link.get('currency')}"


def _state(link: Mapping[str, Any]) -> Text:
    now = utc_now()
    if link.get("unreadable"):
        return Text("broken", style="bold red")
    if not link.get("active", True):
        return Text("off", style="dim")
    if link.get("opens_at") and now < from_text(link["opens_at"]):
        return Text("not yet", style="yellow")
    if link.get("closes_at") and now >= from_text(link["closes_at"]):
        return Text("closed", style="dim")
    return Text("on sale", style="green")


def _title(link: Mapping[str, Any]) -> str:
    """The title; of a row that holds no link, what is wrong with it."""
    return str(link.get("detail")) if link.get("unreadable") else localized(link.get("title"))


def _pairs(record: object) -> str:
    return (
        ", ".join(f"{name}={value}" for name, value in record.items()) if isinstance(record, Mapping) else ""
    )


def _asked(field: Mapping[str, Any]) -> str:
    return f"{field.get('name')}{' (required)' if field.get('required') else ''}"
