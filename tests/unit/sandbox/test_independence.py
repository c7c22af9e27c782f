"""The stand-in shares nothing with the client that is tested against it."""

import ast
from pathlib import Path

import freedompay_sandbox


def test_nothing_of_the_product_is_imported():
    sources = sorted(Path(freedompay_sandbox.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    imported = {
        name
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        for name in imported_by(node)
    }
    assert "requests" in imported
    assert not {name for name in imported if name.startswith("paylink")}


def imported_by(node):
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [(node.module or "").partition(".")[0]]
    return []
