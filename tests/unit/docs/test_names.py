"""Files, tests and names of the code that documents speak of exist."""

import ast
import functools
import re
from pathlib import Path

import pytest

from engines.places import ROOT
from unit.docs.documents import DOCUMENTS, name_of, spans

LAYER = ROOT / "layers" / "paylink" / "paylink"
STRICT = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "security.md"]
"""Every path in them is one of ours; elsewhere a file may be the reader's own."""
TOP = ("docs", "events", "functions", "layers", "requirements", "storefront", "templates", "tests", "tools")

_PATH = re.compile(r"((?:[\w.-]+/)*[\w.-]+(?:\.(?:py|md|yaml|js|toml|json|sh|txt))?)(?:::(\w+))?")
_FILE = re.compile(r".+\.(?:py|md|yaml|js|toml|json|sh|txt)")


@functools.cache
def defined(file: Path) -> frozenset[str]:
    """The functions, classes, methods and variables of a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
    return frozenset(found)


def missing(text: str, *, strict: bool) -> list[str]:
    """The paths and names in a document's code spans that lead to nothing."""
    found = []
    for span in spans(text):
        match = _PATH.fullmatch(span)
        if match is None:
            continue
        path, name = match[1], match[2]
        is_ours = path.partition("/")[0] in TOP and "/" in path
        if not (name or is_ours or (strict and _FILE.fullmatch(path))):
            continue
        file = next((base / path for base in (ROOT, LAYER) if (base / path).exists()), None)
        if file is None or (name and name not in defined(file)):
            found.append(span)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_what_it_names_exists(document: Path) -> None:
    assert missing(document.read_text(), strict=document in STRICT) == []


def test_what_is_not_there_would_be_found() -> None:
    text = (
        "`domain/order.py::TRANSITIONS` `domain/order.py::GONE` `domain/none.py` `tests/none.py::test_it` "
        "`docs/none.md` `tea.json` `web/pages`"
    )
    assert missing(text, strict=True) == [
        "domain/order.py::GONE",
        "domain/none.py",
        "tests/none.py::test_it",
        "docs/none.md",
        "tea.json",
    ]
    assert missing(text, strict=False) == ["domain/order.py::GONE", "tests/none.py::test_it", "docs/none.md"]


def rows(document: Path, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without its head."""
    below = document.read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = re.findall(r"^\|.+\|$", below, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_map_answers_ten_questions_with_one_place_each() -> None:
    questions = rows(ROOT / "CONTRIBUTING.md", "Where is the rule that…")
    assert len(questions) == 10
    for question, answer in questions:
        assert question.startswith("…")
        assert question.endswith("?")
        assert "::" in answer, question


SECURITY = (ROOT / "docs" / "security.md").read_text()


def entries(heading: str) -> list[str]:
    """The items of the list below a heading, in one line each."""
    below = SECURITY.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [" ".join(item.split()) for item in re.split(r"^- ", below, flags=re.MULTILINE)[1:]]


@pytest.mark.parametrize("heading", ["Threats and answers", "The gateway's protocol: its weaknesses"])
def test_every_threat_has_an_answer_that_something_holds(heading: str) -> None:
    found = entries(heading)
    assert len(found) >= 15
    for entry in found:
        assert [span for span in spans(entry) if _PATH.fullmatch(span) and "/" in span], entry


def test_the_ten_of_owasp_are_there() -> None:
    found = entries("OWASP API Security Top 10 (2023)")
    assert [entry.removeprefix("**").split()[0] for entry in found] == [
        f"API{number}" for number in range(1, 11)
    ]
    for entry in found:
        assert len(entry.split()) > 15, entry
