"""The repository's documents: their links, headings, code, and what they name."""

import re
from collections.abc import Iterator
from pathlib import Path

from engines.places import ROOT

DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "storefront").rglob("*.md")],
    key=lambda path: path.relative_to(ROOT).as_posix(),
)

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_LINK = re.compile(r"\]\(([^()\s]+)\)|\b(?:src|href)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def name_of(document: Path) -> str:
    """A document's name for people."""
    return document.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """A document without its blocks of code."""
    return _FENCE.sub("", text)


def blocks(text: str, language: str) -> Iterator[str]:
    """The blocks of code in one language."""
    yield from (code for found, code in _FENCE.findall(text) if found == language)


def spans(text: str) -> list[str]:
    """What stands as code within the prose, in one line each."""
    return [" ".join(span.split()) for span in _SPAN.findall(prose(text))]


def links(text: str) -> list[str]:
    """The targets of a document's links and pictures, those inside of code left out."""
    return [one or other for one, other in _LINK.findall(_SPAN.sub("", prose(text)))]


def anchors(text: str) -> set[str]:
    """What `#…` may name: the headings, as GitHub writes them."""
    found: set[str] = set()
    for heading in _HEADING.findall(prose(text)):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(kept.replace(" ", "-"))
    return found
