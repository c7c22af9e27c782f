"""Which engines this machine has, found out by running them, once a process."""

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from engines.places import CHECKS_ENVIRONMENT, RUNTIME_ENVIRONMENT, SAM_ENVIRONMENT, TOOLS

JAVA_AT_LEAST = 17
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def output_of(*command: str | Path, timeout: float = 60) -> str | None:
    """What a command prints (both streams), or None where it cannot run or fails."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def without_dynamodb_local() -> str | None:
    version = re.search(r'version "(\d+)', output_of("java", "-version") or "")
    if version is None or int(version[1]) < JAVA_AT_LEAST:
        return f"no Java of at least version {JAVA_AT_LEAST} runs here"
    if shutil.which("npm") is None:
        return "no npm, by which DynamoDB Local is fetched"
    return None


def without_page_checkers() -> str | None:
    missing = without_dynamodb_local()
    return missing and missing.replace("DynamoDB Local is", "the checkers are")


def chromium() -> Path | None:
    """The browser's program; PAYLINK_CHROMIUM names another one."""
    for name in (os.environ.get("PAYLINK_CHROMIUM"), *BROWSERS):
        found = shutil.which(name) if name else None
        if found and output_of(found, "--version"):
            return Path(found)
    return None


def without_browser() -> str | None:
    return None if chromium() else "no Chromium runs here"


def without_sam() -> str | None:
    if output_of(SAM_ENVIRONMENT / "bin" / "sam", "--version") is None:
        return "no SAM command line in .venv-sam (make test installs it)"
    for environment in (SAM_ENVIRONMENT, RUNTIME_ENVIRONMENT):
        version = output_of(environment / "bin" / "python", "--version") or ""
        if not version.startswith("Python 3.13."):
            return f"no Python 3.13, the functions' runtime, in {environment.name}"
    return None


def without_checks() -> str | None:
    for package in ("checkov", "cfn_lint_serverless"):
        if not any(CHECKS_ENVIRONMENT.glob(f"lib/python3.*/site-packages/{package}")):
            return f"no {package} in .venv-checks (make test installs it)"
    return None


def without_containers() -> str | None:
    script = TOOLS / "lambda-image.sh"
    done = subprocess.run([script, "check"], capture_output=True, text=True, timeout=30, check=False)
    if done.returncode:
        return f"no container engine can be brought up: missing {done.stdout.strip()}"
    return without_sam()


# The markers of pyproject.toml that stand for an engine.
ENGINES: dict[str, tuple[str, Callable[[], str | None]]] = {
    "dynamodb_local": ("DynamoDB Local", without_dynamodb_local),
    "browser": ("Chromium", without_browser),
    "page_checkers": ("axe-core and the Nu HTML checker", without_page_checkers),
    "sam": ("SAM and Python 3.13", without_sam),
    "checks": ("checkov and cfn-lint-serverless", without_checks),
    "containers": ("a container engine", without_containers),
}


@functools.cache
def why_missing(marker: str) -> str | None:
    """Why tests with this marker cannot run on this machine, or None where they can."""
    return ENGINES[marker][1]()
