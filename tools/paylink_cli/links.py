"""`paylink links`: what is on sale by link."""

from pathlib import Path
from typing import Any, Final

import click

from paylink_cli.errors import CommandError, Refused, WrongUse
from paylink_cli.link_options import Link, link_options, merged
from paylink_cli.reaching.api import Api, connect, in_path, member
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.links import show_link, show_links
from paylink_cli.showing.qr import show_qr
from paylink_cli.showing.terminal import Terminal, terminal_options

_PICTURES: Final = {".svg", ".png"}
link_argument = click.argument("link_id", metavar="ID")


@click.group(epilog="\b\nExample:\n  paylink links list --stack my-shop\n")
def links() -> None:
    """Create, change, list and switch off payment links."""


@links.command(
    epilog="""\b
Example:
  paylink links create coffee --title Coffee --price 1500 --currency KZT
  paylink links create gift --title-in ru "Подарок" --title-in kz "Сыйлық" \\
      --amount-min 500 --amount-max 50000 --currency KZT --stack my-shop
  paylink links create --file link.json --stack my-shop
"""
)
@click.argument("link_id", metavar="[ID]", required=False)
@link_options
@target_options
@terminal_options
def create(*, target: Target, terminal: Terminal, link_id: str | None, changes: Link) -> None:
    """Put a new link on sale."""
    link_id = link_id or changes.get("id")
    if not isinstance(link_id, str) or not link_id:
        raise WrongUse(
            'what shall its address end in? name it: paylink links create coffee …, or "id" in the file'
        )
    api = connect(target)
    try:
        api.get(_path(link_id))
    except Refused as error:
        # What cannot be read is put anew, as what is not there.
        if not error.code or (error.status != 404 and error.code != "link_unreadable"):
            raise
    else:
        raise CommandError(
            f"there is a link {link_id!r} already; change it with `paylink links edit {link_id}`"
        )
    _put(api, terminal, link_id, changes, "Created")


@links.command(
    epilog="""\b
Example:
  paylink links edit coffee --price 1700 --stack my-shop
  paylink links edit coffee --unset limit --unset closes_at --local
  paylink links edit coffee --active --local
"""
)
@link_argument
@click.option("--unset", multiple=True, metavar="FIELD", help="Take a field away, such as limit; repeatable.")
@link_options
@target_options
@terminal_options
def edit(*, target: Target, terminal: Terminal, link_id: str, changes: Link, unset: tuple[str, ...]) -> None:
    """Change some fields of a link; the others stay."""
    wanted = {**changes, **dict.fromkeys(unset)}
    if not wanted:
        raise WrongUse("what shall change? for example --price 1700; see paylink links edit --help")
    api = connect(target)
    known = _read(api, link_id)
    missing = [name for name in unset if name not in known]
    if missing:
        raise WrongUse(f"the link {link_id!r} has no {', '.join(missing)}; it has {', '.join(known)}")
    new = merged(known, wanted)
    # A link is written whole. Looked at again just before, so that another's change is not undone unseen.
    if _read(api, link_id) != known:
        raise CommandError(
            f"the link {link_id!r} was changed by somebody else just now; look at it and try again"
        )
    _put(api, terminal, link_id, new, "Changed")


@links.command(
    "list",
    epilog="""\b
Example:
  paylink links list --stack my-shop
  paylink links list --json --local
""",
)
@target_options
@terminal_options
def list_links(*, target: Target, terminal: Terminal) -> None:
    """List all links."""
    with terminal.progress("reading links"):
        found: list[dict[str, Any]] = [
            link for page in connect(target).pages("/links") for link in member(page, "links", list)
        ]
    if terminal.as_json:
        terminal.json({"links": found, "cursor": None})
    else:
        show_links(terminal, found)


@links.command(
    epilog="""\b
Example:
  paylink links show coffee --stack my-shop
  paylink links show coffee --json --local > link.json
"""
)
@link_argument
@target_options
@terminal_options
def show(*, target: Target, terminal: Terminal, link_id: str) -> None:
    """Show one link."""
    _print(terminal, connect(target).get(_path(link_id)))


@links.command(
    epilog="""\b
Example:
  paylink links off coffee --stack my-shop
"""
)
@link_argument
@target_options
@terminal_options
def off(*, target: Target, terminal: Terminal, link_id: str) -> None:
    """Take a link off sale; `links edit ID --active` puts it back."""
    link = connect(target).request("DELETE", _path(link_id)).content
    if terminal.as_json:
        terminal.json(link)
    else:
        terminal.say(f"Off sale: {link_id}")


@links.command(
    epilog="""\b
Example:
  paylink links qr coffee --stack my-shop
  paylink links qr coffee --out coffee.svg --local
"""
)
@link_argument
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a .svg (for print) or .png.",
)
@click.option("--invert", is_flag=True, help="In a terminal without colours that is dark on light.")
@target_options
@terminal_options
def qr(*, target: Target, terminal: Terminal, link_id: str, out: Path | None, invert: bool) -> None:
    """Show a link's QR code, or write it to a file."""
    if out is not None and out.suffix not in _PICTURES:
        raise WrongUse(f"--out {out} must end in .svg or .png")
    api = connect(target)
    link = api.get(_path(link_id))
    if out is not None:
        picture = api.picture(f"/pay/{in_path(link_id)}/qr{out.suffix}")
        try:
            out.write_bytes(picture)
        except OSError as error:
            raise WrongUse(f"{out} cannot be written: {error.strerror}") from error
    if terminal.as_json:
        terminal.json({"url": member(link, "url", str), "file": None if out is None else str(out)})
    elif out is not None:
        terminal.say(f"Written: {out} leads to {member(link, 'url', str)}")
    else:
        show_qr(terminal, member(link, "url", str), invert=invert)


def _read(api: Api, link_id: str) -> Link:
    link = api.get(_path(link_id))
    link.pop("url", None)
    return link


def _put(api: Api, terminal: Terminal, link_id: str, link: Link, done: str) -> None:
    written = api.request("PUT", _path(link_id), link).content
    if not terminal.as_json:
        terminal.say(f"{done}: {link_id}", "green")
    _print(terminal, written)


def _print(terminal: Terminal, link: dict[str, Any]) -> None:
    if terminal.as_json:
        terminal.json(link)
    else:
        show_link(terminal, link)


def _path(link_id: str) -> str:
    return f"/links/{in_path(link_id)}"
