"""The options that describe a link, and the object of `PUT /links/{id}` that they stand for."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from paylink.domain.link import AUTOMATIC, BUYER_FIELDS, MANUAL
from paylink.domain.text import LANGUAGES
from paylink_cli import documents
from paylink_cli.errors import WrongUse

Link = dict[str, Any]

_TEXTS: Final = ("title", "description", "inactive_text")
_PLAIN: Final = (
    *("price", "currency", "image_url", "opens_at", "closes_at", "limit", "success_url", "failure_url"),
    *("language", "capture", "test", "active"),
)
_NESTED: Final = {
    "amount": ("min", "max", "suggested"),
    "quantity": ("min", "max"),
    "receipt": ("tax_type", "unit_code", "gtin", "ntin"),
}


def link_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a link; it gets what they change as `changes`."""
    in_language = functools.partial(click.option, nargs=2, multiple=True, metavar="LANGUAGE TEXT")

    @click.option("--title", metavar="TEXT", help="What is sold.")
    @in_language("--title-in", help="The same in a language: ru, en, kz, uz, kg; repeatable.")
    @click.option("--price", metavar="AMOUNT", help="In major units: 1500 or 1500.50.")
    @click.option("--currency", metavar="CODE", help="KZT, USD…")
    @click.option("--amount-min", metavar="AMOUNT", help="Instead of a price: the buyer chooses from here…")
    @click.option("--amount-max", metavar="AMOUNT", help="…to here.")
    @click.option("--amount-suggested", metavar="AMOUNT", help="What the page offers at first.")
    @click.option("--description", metavar="TEXT", help="More about it.")
    @in_language("--description-in", help="The same in a language; repeatable.")
    @click.option("--image-url", metavar="URL", help="Its picture.")
    @click.option("--quantity-min", type=int, metavar="N", help="The least of one order.")
    @click.option("--quantity-max", type=int, metavar="N", help="The most of one order.")
    @click.option("--limit", type=int, metavar="N", help="How many are sold in all.")
    @click.option(
        "--opens-at",
        type=documents.moment,
        metavar="TIME",
        help="2026-12-31T18:00:00+05:00, or 12h from now.",
    )
    @click.option("--closes-at", type=documents.moment, metavar="TIME", help="When its sale ends.")
    @click.option("--inactive-text", metavar="TEXT", help="What its page says while it is off.")
    @in_language("--inactive-text-in", help="The same in a language; repeatable.")
    @click.option("--success-url", metavar="URL", help="The page after payment.")
    @click.option("--failure-url", metavar="URL", help="The page after a failed payment.")
    @click.option("--language", type=click.Choice(LANGUAGES), help="Language of the gateway's page.")
    @click.option("--field", "fields", multiple=True, metavar="NAME[:required]", help=_FIELDS_HELP)
    @click.option(
        "--metadata", type=documents.pair, multiple=True, metavar="NAME=VALUE", help="Kept; repeatable."
    )
    @click.option("--capture", type=click.Choice([AUTOMATIC, MANUAL]), help="manual: only hold the money.")
    @click.option("--test/--live", default=None, help="Its mode, where it is not the stack's.")
    @click.option("--receipt-tax-type", type=int, metavar="CODE", help="Tax code of its fiscal receipt.")
    @click.option("--receipt-unit-code", metavar="CODE", help="Unit of measure there.")
    @click.option("--receipt-gtin", metavar="CODE", help="GTIN there.")
    @click.option("--receipt-ntin", metavar="CODE", help="NTIN there.")
    @click.option("--active/--inactive", default=None, help="On sale or not.")
    @click.option(
        "--file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A JSON object of a link; `-`: from input.",
    )
    @functools.wraps(command)
    def with_changes(**given: Any) -> Any:  # noqa: ANN401 - the command's own options
        own = {name: given.pop(name) for name in list(given) if name in _OPTIONS}
        return command(changes=_changes(own), **given)

    return with_changes


def merged(link: Mapping[str, Any], changes: Mapping[str, Any]) -> Link:
    """The link with the changes; None takes a field away, the parts of a nested one are changed each."""
    new = dict(link)
    for name, value in changes.items():
        if value is None:
            new.pop(name, None)
        elif name in _NESTED and isinstance(new.get(name), Mapping) and isinstance(value, Mapping):
            new[name] = merged(new[name], value)
        else:
            new[name] = value
    # A price and a choice exclude each other: the one given last is meant.
    for name, other in (("price", "amount"), ("amount", "price")):
        if changes.get(name) is not None and changes.get(other) is None:
            new.pop(other, None)
    return new


_FIELDS_HELP: Final = f"What the buyer is asked for: {', '.join(BUYER_FIELDS)}; repeatable."
_OPTIONS: Final = frozenset(
    {
        *(f"{name}{ending}" for name in _TEXTS for ending in ("", "_in")),
        *_PLAIN,
        *(f"{name}_{part}" for name, parts in _NESTED.items() for part in parts),
        *("fields", "metadata", "file"),
    }
)


def _changes(given: Mapping[str, Any]) -> Link:
    file = given["file"]
    changes: Link = (
        {}
        if file is None
        else documents.json_object_file(file, "a link, as `paylink links show ID --json` prints")
    )
    # What the API adds when it answers.
    changes.pop("url", None)
    options: Link = {name: given[name] for name in _PLAIN if given[name] is not None}
    for name in _TEXTS:
        options |= _text(name, given[name], given[f"{name}_in"])
    for name, parts in _NESTED.items():
        nested = {part: given[f"{name}_{part}"] for part in parts if given[f"{name}_{part}"] is not None}
        if nested:
            options[name] = nested
    if given["fields"]:
        options["fields"] = [_field(text) for text in given["fields"]]
    if given["metadata"]:
        options["metadata"] = dict(given["metadata"])
    return merged(changes, options) if options else changes


def _text(name: str, text: str | None, by_language: Sequence[tuple[str, str]]) -> Link:
    if text is not None and by_language:
        flag = name.replace("_", "-")
        raise WrongUse(
            f"--{flag} and --{flag}-in exclude each other: give one text, or one for each language"
        )
    if by_language:
        return {name: dict(by_language)}
    return {} if text is None else {name: text}


def _field(text: str) -> dict[str, Any]:
    name, colon, word = text.partition(":")
    if colon and word != "required":
        raise WrongUse(f"--field {text}: write {name} or {name}:required")
    return {"name": name, "required": bool(colon)}
