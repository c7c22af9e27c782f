"""cfn-lint over a template."""

import subprocess
import sys
from pathlib import Path


def cfn_lint(file: Path, *arguments: str) -> str:
    """What it finds, a line each; nothing where all is well."""
    done = subprocess.run(
        [Path(sys.executable).parent / "cfn-lint", "--format", "parseable", *arguments, "--", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=90,
        check=False,
    )
    return done.stdout.strip()
