"""The operator's API, on loopback."""

from collections.abc import Iterator

import pytest

from unit.cli.fake_api import FakeApi, serving


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with serving() as running:
        yield running
