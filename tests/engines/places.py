"""Where things lie in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
TEMPLATE = ROOT / "template.yaml"
EVENTS = ROOT / "events"
TOOLS = ROOT / "tools"
SAM_ENVIRONMENT = ROOT / ".venv-sam"
CHECKS_ENVIRONMENT = ROOT / ".venv-checks"
RUNTIME_ENVIRONMENT = ROOT / ".venv-runtime"
