"""Debian's Chromium for pytest-playwright, kept from looking for Google's hosts."""

from typing import Any

import pytest

from engines.detection import chromium

QUIET = (
    "--no-sandbox",  # root, as CI is, may not use Chromium's own sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's launch options, with the machine's own browser in place of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": str(chromium()), "args": list(QUIET)}
