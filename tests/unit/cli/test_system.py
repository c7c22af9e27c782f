"""What stands behind an address: the parts of `paylink local`, or nothing that a command could reach."""

import json

import pytest

from paylink_cli.errors import Unreachable, WrongUse
from paylink_cli.reaching.system import reach, reach_local
from paylink_cli.reaching.target import Target
from unit.cli.fake_api import LOST, FakeApi

SAID = {
    "region": "eu-central-1",
    "aws": "http://127.0.0.1:1",
    "dynamodb": "http://127.0.0.1:2",
    "gateway": "http://127.0.0.1:3",
    "sandbox": "http://127.0.0.1:3",
    "outputs": {"TableName": "table"},
    "parameters": {"TestMode": "true"},
}
PAGE = "GET /local/system"


def test_the_parts_of_a_local_run(api: FakeApi) -> None:
    api.answers(PAGE, SAID)
    system = reach(Target(api_url=api.url))
    assert system.output("TableName") == "table"
    with pytest.raises(Unreachable, match="no output Other"):
        system.output("Other")
    endpoints = {
        service: system.client(service).meta.endpoint_url
        for service in ("dynamodb", "dynamodbstreams", "secretsmanager", "sqs")
    }
    assert endpoints == {
        "dynamodb": "http://127.0.0.1:2",
        "dynamodbstreams": "http://127.0.0.1:2",
        "secretsmanager": "http://127.0.0.1:1",
        "sqs": "http://127.0.0.1:1",
    }


@pytest.mark.parametrize("content", [b"<html>", b"[]", b"{}", json.dumps({**SAID, "outputs": 1}).encode()])
def test_an_address_of_something_else(api: FakeApi, content: bytes) -> None:
    api.answers(PAGE, content)
    with pytest.raises(WrongUse, match="--stack"):
        reach_local(api.url)


def test_an_api_without_that_page(api: FakeApi) -> None:
    with pytest.raises(WrongUse, match="--stack"):
        reach_local(api.url)


def test_nobody_there(api: FakeApi) -> None:
    api.answers(PAGE, LOST)
    for url in (api.url, "http://127.0.0.1:1"):
        with pytest.raises(Unreachable, match="paylink local"):
            reach_local(url)
