"""The metrics that the layer's code really counts, read from its source."""

import ast
import functools

from engines.places import ROOT

LAYER = ROOT / "layers/paylink/paylink"


def strings(node: ast.expr, tables: dict[str, ast.Dict]) -> set[str]:
    """Every text that an expression may come to: itself, either side of a choice, a value of a table."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            return strings(body, tables) | strings(orelse, tables)
        case ast.Subscript(value=ast.Name(id=name)) if name in tables:
            return set().union(*(strings(value, tables) for value in tables[name].values))
    raise AssertionError(f"no name of a metric can be read from: {ast.unparse(node)}")


def names_in(source: str, method: str) -> set[str]:
    """The metrics given to `method` of whatever is called signals, in one module."""
    tree = ast.parse(source)
    tables = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=holder, attr=called), args=[name, *_]) if called == method:
                if ast.unparse(holder).endswith("signals"):
                    found |= strings(name, tables)
    return found


@functools.cache
def metrics(method: str) -> frozenset[str]:
    """The metrics of the whole layer: those it counts ("count"), or those it measures in seconds ("measure")."""
    return frozenset().union(*(names_in(file.read_text(), method) for file in sorted(LAYER.rglob("*.py"))))
