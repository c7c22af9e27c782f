"""Each file of events/, run through its function as it would be loaded in Lambda."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from engines.places import EVENTS
from engines.template import functions, resources
from freedompay_sandbox import Sandbox, running
from integration.deployment import Deployment
from integration.event_files import CASES, LINKS, file_of, logical_id, order_of_the_events, text_of
from integration.lambda_function import LoadedFunction
from integration.outlets import Outlets


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
    outlets: Outlets,
    load_function: Callable[..., LoadedFunction],
    gateway: str,
) -> None:
    for link in LINKS:
        deployment.put_link(link)
    deployment.put_order(order_of_the_events())
    function = load_function(name.partition("/")[0], GatewayUrl=gateway)
    clients = (deployment.dynamodb, deployment.secrets, outlets.sqs, outlets.sns, outlets.events)
    with called(*clients) as actions:
        answer = function(json.loads(file_of(name).read_text()))
    assert CASES[name].fits(answer), answer
    assert actions <= granted(logical_id(name))
    # What is malformed may be refused before anything is asked of AWS.
    assert actions or CASES[name].status == 400 or not CASES[name].asks_aws
    assert CASES[name].asks_aws or not actions


@contextmanager
def called(*clients: Any) -> Iterator[set[str]]:
    """The actions, as IAM names them, that are called on these clients within the block."""
    actions: set[str] = set()

    def note(model: Any, **_: Any) -> None:
        # A batch of messages is granted by the action for one.
        actions.add(f"{model.service_model.signing_name}:{model.name.removesuffix('Batch')}")

    for client in clients:
        client.meta.events.register("before-call", note)
    yield actions
    for client in clients:
        client.meta.events.unregister("before-call", note)


def granted(function: str) -> set[str]:
    """What the function's role in template.yaml allows, on whatever resource."""
    role = functions()[function]["Role"]["Fn::GetAtt"][0]
    found: set[str] = set()
    for policy in resources("AWS::IAM::Role")[role]["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            action = statement.get("Action", [])
            found.update([action] if isinstance(action, str) else action)
    return found
