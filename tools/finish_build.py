"""Finishes what `sam build` made: compiles it. Lambda unpacks it read-only and else compiles it at every cold start.

    python3.13 tools/finish_build.py .aws-sam/build

It runs under the Python of the functions. The compiled files are taken as they are (unchecked), since an archive keeps
no exact times, and hold neither times nor this machine's paths: the same sources make the same layer. A Lambda whose
Python is another one compiles the sources itself. To keep the layer small, the parts of Powertools that no function
loads are taken out.
"""

import compileall
import shutil
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

RUNTIME = (3, 13)
LAYER = "PaylinkLayer"
NEVER_LOADED = (
    "event_handler",
    "utilities/auth_alpha",
    "utilities/circuit_breaker",
    "utilities/data_classes",
    "utilities/data_masking",
    "utilities/feature_flags",
    "utilities/idempotency",
    "utilities/kafka",
    "utilities/parser",
    "utilities/streaming",
    "utilities/validation",
)
"""Of Powertools."""
LOADED_LATE = (
    "charset_normalizer/cli/",
    "idna/uts46data.py",
    "segno/cli.py",
    "segno/writers.py",
    "urllib3/contrib/",
)
"""Left as source: no cold start loads it, and the layer is not to grow for it."""


def shorten(packages: Path) -> None:
    """Takes out what no function loads."""
    for name in NEVER_LOADED:
        shutil.rmtree(packages / "aws_lambda_powertools" / name, ignore_errors=True)


def compile_file(source: Path, base: Path, place: str) -> None:
    """Compiles one file; `place` is where Lambda puts `base`. Raises ValueError where it cannot be read."""
    done = compileall.compile_file(
        source, stripdir=base, prependdir=place, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
    )
    if not done:
        raise ValueError(f"{source} was not compiled")


def finish(build: Path) -> int:
    """Finishes the layer and the functions of a build; how many files were compiled."""
    layer = build / LAYER
    packages = layer / "python"
    shorten(packages)
    sources = [
        file
        for file in sorted(packages.rglob("*.py"))
        if file.name == "__init__.py" or not file.relative_to(packages).as_posix().startswith(LOADED_LATE)
    ]
    for source in sources:
        compile_file(source, layer, "/opt")
    functions = sorted(build.glob("*/app.py"))
    for source in functions:
        compile_file(source, source.parent, "/var/task")
    return len(sources) + len(functions)


def main(arguments: list[str]) -> int:
    """The command; the exit code."""
    if len(arguments) != 1 or not (Path(arguments[0]) / LAYER / "python").is_dir():
        print(__doc__, file=sys.stderr)  # noqa: T201 — a program
        return 2
    if sys.version_info[:2] != RUNTIME:
        print(f"finish_build: needs Python {RUNTIME[0]}.{RUNTIME[1]}", file=sys.stderr)  # noqa: T201 — a program
        return 2
    print(f"Compiled {finish(Path(arguments[0]))} files of the build")  # noqa: T201 — a program
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
