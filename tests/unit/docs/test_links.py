"""No link between documents leads nowhere."""

from pathlib import Path

import pytest

from engines.places import ROOT
from unit.docs.documents import DOCUMENTS, anchors, links, name_of

PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())


def dead(document: Path) -> list[str]:
    found = []
    for target in links(document.read_text()):
        if target.partition(":")[0] in {"http", "https", "mailto"}:
            continue
        address, _, anchor = target.partition("#")
        file = (document.parent / address).resolve() if address else document
        if not file.exists() or (anchor and anchor not in anchors(file.read_text())):
            found.append(target)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document: Path) -> None:
    assert dead(document) == []


def test_a_dead_link_would_be_found(tmp_path: Path) -> None:
    document = tmp_path / "one.md"
    document.write_text(
        "# One thing\n[here](#one-thing) [gone](two.md) [`code`](one.md#another) `[no](link.md)`\n"
        '<img src="three.png">\n```\n[nor](this.md)\n```\n'
    )
    assert dead(document) == ["two.md", "one.md#another", "three.png"]


def test_the_documents_are_there() -> None:
    names = set(map(name_of, DOCUMENTS))
    assert names >= {
        *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "storefront/README.md"),
        *(
            f"docs/{name}.md"
            for name in ("decisions", "operating", "operations", "requests", "security", "selling")
        ),
    }


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        document = waiting.pop()
        reached.add(document)
        targets = [
            (document.parent / link.partition("#")[0]).resolve() for link in links(document.read_text())
        ]
        if document == ROOT / "docs" / "proofs" / "README.md":
            # Its folder is its list: what lies there is written by commands.
            targets += document.parent.glob("*.md")
        waiting += [one for one in targets if one.suffix == ".md" and one not in reached and one.is_file()]
    assert set(DOCUMENTS) <= reached


def test_pictures_are_small_and_shown() -> None:
    shown = {
        (document.parent / link).resolve() for document in DOCUMENTS for link in links(document.read_text())
    }
    for picture in PICTURES:
        assert picture.stat().st_size < 200_000, picture.name
        assert picture in shown, picture.name
