"""Which files are begun first: a long one that came last would keep one of several processes busy alone."""

import pytest

from engines.places import ROOT

LONGEST_FIRST = (
    "tests/integration/test_sam_local.py",
    "tests/integration/cli/test_orders.py",
    "tests/integration/operations/test_crashes.py",
    "tests/integration/test_local.py",
    "tests/integration/reconcile/test_crashes.py",
    "tests/integration/api/test_schemathesis.py",
    "tests/e2e/pages/test_every_page.py",
    "tests/integration/test_rotation_end_to_end.py",
    "tests/integration/test_runtime_emulator.py",
    "tests/template/test_checks.py",
)
assert all((ROOT / file).is_file() for file in LONGEST_FIRST), "a file was renamed"
RANKS = {ROOT / file: rank for rank, file in enumerate(LONGEST_FIRST)}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: RANKS.get(item.path, len(RANKS)))
