"""Each file of events/, run through its function as it would be loaded in Lambda."""

import json
from collections.abc import Callable, Iterator

import pytest

from engines.places import EVENTS
from engines.template import functions
from freedompay_sandbox import Sandbox, running
from integration.deployment import Deployment
from integration.event_files import CASES, LINKS, file_of, logical_id, order_of_the_events, text_of
from integration.lambda_function import LoadedFunction


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    deployment = Deployment
    sandbox = Sandbox(merchant_id=deployment.merchant_id, secret_key=deployment.merchant_key)
    with running(sandbox) as url:
        yield url


@pytest.mark.parametrize("name", CASES)
def test_the_file_is_what_the_list_says(name: str) -> None:
    assert file_of(name).read_text() == text_of(name)


def test_there_are_no_other_files() -> None:
    assert {file for file in EVENTS.rglob("*") if file.is_file()} == {file_of(name) for name in CASES}


def test_every_function_has_one() -> None:
    assert {logical_id(name) for name in CASES} == set(functions())


@pytest.mark.parametrize("name", CASES)
def test_it_is_answered(
    name: str,
    deployment: Deployment,
    load_function: Callable[..., LoadedFunction],
    gateway: str,
) -> None:
    for link in LINKS:
        deployment.put_link(link)
    deployment.put_order(order_of_the_events())
    function = load_function(name.partition("/")[0], GatewayUrl=gateway)
    answer = function(json.loads(file_of(name).read_text()))
    assert answer["statusCode"] == CASES[name].status, answer
    assert CASES[name].says in answer.get("body", "")
