"""`paylink offer`: prices that are signed beforehand, for pages without a catalogue."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import click

from paylink.domain.offer_form import MOST_OFFERS
from paylink_cli import documents
from paylink_cli.errors import WrongUse
from paylink_cli.reaching.api import connect, member
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.terminal import Terminal, terminal_options

LARGEST_BODY: Final = 60_000
"""Bytes of one request; the API takes 64 KB."""
_NEEDED: Final = ("title", "price", "currency", "expires_at")

Offer = dict[str, Any]


@click.group(
    epilog="\b\nExample:\n  paylink offer sign --title Mug --price 4500 --currency KZT --expires 30d\n"
)
def offer() -> None:
    """Sign prices, so that a static page may carry them."""


@offer.command(
    epilog="""\b
Example:
  paylink offer sign --title Mug --price 4500 --currency KZT --expires 30d
  paylink offer sign --file offers.json --stack my-shop > tokens.txt

\b
offers.json holds a list such as
  [{"title": "Mug", "price": "4500", "currency": "KZT",
    "expires_at": "2026-12-31T18:00:00+05:00"}]
One token a line, in the order of the file.
"""
)
@click.option(
    "--file", type=click.Path(path_type=Path), metavar="FILE", help="Many at once; `-`: from input."
)
@click.option("--title", metavar="TEXT", help="What is sold.")
@click.option("--price", type=documents.amount, metavar="AMOUNT", help="In major units: 1500 or 1500.50.")
@click.option("--currency", metavar="CODE", help="KZT, USD…")
@click.option(
    "--expires",
    "expires_at",
    type=documents.moment,
    metavar="TIME",
    help="30d, 12h, or 2026-12-31T18:00:00+05:00.",
)
@click.option("--limit", type=int, metavar="N", help="How many may be sold by it.")
@click.option(
    "--metadata", type=documents.pair, multiple=True, metavar="NAME=VALUE", help="Kept with it; repeatable."
)
@target_options
@terminal_options
def sign(
    *,
    target: Target,
    terminal: Terminal,
    file: Path | None,
    metadata: tuple[tuple[str, str], ...],
    **fields: str | int | None,
) -> None:
    """Print the signed token of an offer, or of each in a file."""
    single: Offer = {name: value for name, value in fields.items() if value is not None}
    if metadata:
        single["metadata"] = dict(metadata)
    offers = _offers(file, single)
    api = connect(target)
    signed: list[dict[str, Any]] = []
    with terminal.progress(f"signing {len(offers)}"):
        for batch in batches(offers):
            signed += member(api.request("POST", "/offers", {"offers": batch}).content, "offers", list)
    if terminal.as_json:
        terminal.json({"offers": signed})
        return
    for entry in signed:
        terminal.raw(entry["token"])


def batches(offers: Sequence[Offer]) -> Iterator[list[Offer]]:
    """The offers in requests that the API takes: not too many, not too large."""
    batch: list[Offer] = []
    size = 0
    for entry in offers:
        length = len(json.dumps(entry, ensure_ascii=False).encode()) + 2
        if batch and (len(batch) == MOST_OFFERS or size + length > LARGEST_BODY):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch


def _offers(file: Path | None, single: Offer) -> list[Offer]:
    if file is None:
        missing = [name for name in _NEEDED if name not in single]
        if missing:
            flags = ", ".join("--" + name.removesuffix("_at") for name in missing)
            raise WrongUse(f"an offer needs {flags} too, or --file with many")
        return [single]
    if single:
        raise WrongUse("--file and the options of a single offer exclude each other")
    content = documents.json_file(file, "a list of offers")
    offers = content.get("offers") if isinstance(content, dict) else content
    if not isinstance(offers, list) or not offers or not all(isinstance(entry, dict) for entry in offers):
        raise WrongUse(f'{file} must hold a JSON list of offers, or {{"offers": […]}}')
    return offers
