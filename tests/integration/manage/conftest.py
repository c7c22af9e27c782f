"""The operator's function, the function that takes payments, and the gateway between them."""

from collections.abc import Callable, Iterator

import pytest

from engines.embedded_aws import MERCHANT_ID, MERCHANT_KEY
from freedompay_sandbox import Sandbox, running
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction

from .desk import Desk, Till


@pytest.fixture
def desk(load_function: Callable[..., LoadedFunction]) -> Desk:
    return Desk(load_function("manage"))


@pytest.fixture(scope="session")
def gateway() -> Iterator[tuple[Sandbox, str]]:
    """One sandbox served for all tests of the folder; its own calls to the shop are kept back."""
    sandbox = Sandbox(merchant_id=MERCHANT_ID, secret_key=MERCHANT_KEY, retry_same_page=False)
    with running(sandbox) as url:
        yield sandbox, url


@pytest.fixture
def make_till(
    load_function: Callable[..., LoadedFunction], deployment: Deployment, gateway: tuple[Sandbox, str]
) -> Callable[..., Till]:
    """Loads what takes payments: `make_till(Receipts="true")` with the template's parameters."""
    sandbox, url = gateway
    sandbox.reset()
    sandbox.faults.add("result", "lost", times=None)

    def make(**parameters: str) -> Till:
        create = load_function("create_payment", GatewayUrl=url, **parameters)
        return Till(create, load_function("gateway_callback"), deployment, sandbox)

    return make


@pytest.fixture
def till(make_till: Callable[..., Till]) -> Till:
    return make_till()
