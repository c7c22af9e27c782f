"""Writes the mutants of the given modules, one JSON line each, as cosmic-ray's operators make them.

Run by the Python of .venv-mutants, which holds cosmic-ray alone: `python generate.py FILE...`. Left out are
annotations, which nothing reads when the code runs, the guards `frozen` and `slots`, and what is no Python. Of the
ways to replace one operator by any other those stay that a slip could make: `<` for `<=`, not `<<`.
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code

Span = tuple[tuple[int, int], tuple[int, int]]

KEPT = (
    *("AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
    *("NumberReplacer", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
    "RemoveDecorator",
    *(f"ReplaceComparisonOperator_Eq_{other}" for other in ("NotEq", "GtE", "LtE")),
    *(f"ReplaceComparisonOperator_NotEq_{other}" for other in ("Eq", "Gt", "Lt")),
    *(f"ReplaceComparisonOperator_Lt_{other}" for other in ("LtE", "GtE", "NotEq")),
    *(f"ReplaceComparisonOperator_LtE_{other}" for other in ("Lt", "Gt", "Eq")),
    *(f"ReplaceComparisonOperator_Gt_{other}" for other in ("GtE", "LtE", "NotEq")),
    *(f"ReplaceComparisonOperator_GtE_{other}" for other in ("Gt", "Lt", "Eq")),
    *("ReplaceComparisonOperator_Is_IsNot", "ReplaceComparisonOperator_IsNot_Is"),
    *("ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Add"),
    *("ReplaceBinaryOperator_Mul_FloorDiv", "ReplaceBinaryOperator_FloorDiv_Mul"),
    *("ReplaceBinaryOperator_Mod_Mul", "ReplaceBinaryOperator_Pow_Mul", "ReplaceBinaryOperator_BitOr_BitAnd"),
    *("ReplaceBinaryOperator_BitOr_BitXor", "ReplaceBinaryOperator_BitAnd_BitOr"),
    *("ReplaceBinaryOperator_RShift_LShift", "ReplaceBinaryOperator_LShift_RShift"),
)


def annotations(source: str) -> list[Span]:
    """Where annotations stand, as spans of (line, column)."""
    noted = [
        one
        for node in ast.walk(ast.parse(source))
        for one in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if isinstance(one, ast.expr)
    ]
    return [((one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0)) for one in noted]


def is_python(text: str) -> bool:
    """Whether a mutant can be compiled; a `**` before a mapping is no power."""
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def mutants(path: Path) -> Iterator[dict[str, object]]:
    """Every mutant of a module."""
    source = path.read_text()
    left_out = annotations(source)
    tree = get_ast_from_path(path)
    for name in sorted(plugins.operator_names()):
        if name.partition("/")[2] not in KEPT:
            continue
        operator = plugins.get_operator(name)()
        spans = [span for node in ast_nodes(tree) for span in operator.mutation_positions(node)]
        for occurrence, (start, end) in enumerate(spans):
            if any(first <= tuple(start) and tuple(end) <= last for first, last in left_out):
                continue
            if source.splitlines()[start[0] - 1].lstrip().startswith(("@dataclass(", "if TYPE_CHECKING")):
                continue
            text = mutate_code(source, operator, occurrence)
            if text is None or text == source or not is_python(text):
                continue
            yield {
                "module": str(path),
                "operator": name.partition("/")[2],
                "line": start[0],
                "before": source.splitlines()[start[0] - 1].strip(),
                "after": text.splitlines()[start[0] - 1].strip(),
                "source": text,
            }


def main(paths: list[str]) -> None:
    """Writes them to standard output."""
    for path in paths:
        for mutant in mutants(Path(path)):
            sys.stdout.write(json.dumps(mutant, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
