"""Which errors the code behind a function can raise: those that the modules it is made of name to make one."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from engines.places import ROOT
from paylink.domain.errors import PaylinkError
from paylink.web.problems import PROBLEMS

PACKAGES = ROOT / "layers" / "paylink"
BY_NAME = {kind.__name__: kind for kind in PROBLEMS}


def raised_by(function: str) -> frozenset[type[PaylinkError]]:
    """The errors of a function of the template, by its logical id; those imported on first use count too."""
    name = re.sub(r"(?<!^)([A-Z])", r"_\1", function).lower()
    room = ROOT / "functions" / name / "app.py"
    seen: set[Path] = set()
    waiting = [room]
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting.extend(imported(file))
    return frozenset(BY_NAME[name] for file in seen for name in made(file) if name in BY_NAME)


@functools.cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def imported(file: Path) -> Iterator[Path]:
    """The layer's modules that a file imports, at its top or later."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield from found(node.module)
            for alias in node.names:
                yield from found(f"{node.module}.{alias.name}")


def found(module: str) -> Iterator[Path]:
    path = PACKAGES.joinpath(*module.split("."))
    if module.startswith("paylink."):
        yield from (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file())


@functools.cache
def made(file: Path) -> frozenset[str]:
    """The names that a file calls, or calls something of (`InvalidRequest.of(…)`)."""
    names = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            called = node.func
            for one in (called, getattr(called, "value", None)):
                if isinstance(one, ast.Name):
                    names.add(one.id)
                elif isinstance(one, ast.Attribute):
                    names.add(one.attr)
    return frozenset(names)
