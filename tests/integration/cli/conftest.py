"""One `paylink local` for all commands."""

from collections.abc import Iterator

import pytest

from integration.test_local import Local, running_local


@pytest.fixture(scope="package")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with running_local(tmp_path_factory.mktemp("local")) as running:
        yield running
