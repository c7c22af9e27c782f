"""Where things lie, and how a part of the bench is run in a process of its own."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
BENCH: Final = ROOT / "bench"
REFERENCES: Final = BENCH / "references"
WORK: Final = ROOT / ".cache" / "bench"
"""What is built here to be measured."""
RESULTS: Final = BENCH / "results"
"""The last run of each section as JSON."""
PLOTS: Final = ROOT / "docs" / "plots"
NUMBERS: Final = ROOT / "docs" / "numbers.md"
PEERS: Final = ROOT / ".venv-peers" / "bin" / "python"
"""The Python with `platron`, `paybox` and `django-payments-paybox`; our signature needs the standard library alone, so
it runs there too (PYTHONPATH=layers/paylink)."""
SITE: Final = ROOT / ".venv-bench" / "lib" / "python3.13" / "site-packages"
