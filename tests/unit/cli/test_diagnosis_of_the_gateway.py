"""What `paylink doctor` says of the gateway, the key there and a test payment; and the command as a whole."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from moto import mock_aws

from freedompay_sandbox import Sandbox, running
from paylink_cli.diagnosis import (
    gateway_checks,
)
from paylink_cli.diagnosis.finding import Verdict
from paylink_cli.reaching.api import Api
from unit.cli.deployed import TARGET, deploy
from unit.cli.diagnosed import Given, Outputs, of, verdicts
from unit.cli.fake_api import FakeApi, problem, run

KEY = "the-made-up-key-1"
ORIGIN = "https://shop.example"


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


class Keys:
    def __init__(self, key: str) -> None:
        self.merchant_id, self.secret_key = "500001", key

    def former(self, now: datetime) -> tuple[str, ...]:
        return ()


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    with running(Sandbox(merchant_id="500001", secret_key=KEY)) as url:
        yield url


def at(gateway: str, key: str = KEY) -> Given:
    return Given(Outputs(), parameters={"GatewayUrl": gateway}, keys=Keys(key))


def test_the_gateway_takes_the_key(gateway: str) -> None:
    assert verdicts(gateway_checks.host(at(gateway))) == {"gateway": Verdict.OK}
    assert verdicts(gateway_checks.key(at(gateway))) == {"key": Verdict.OK}


def test_the_gateway_refuses_the_key(gateway: str) -> None:
    finding = of(gateway_checks.key(at(gateway, "another-made-up-key")), "key")
    assert finding.verdict is Verdict.FAIL
    assert "another-made-up-key" not in finding.detail


def test_nobody_at_the_gateways_address() -> None:
    subject = at("http://127.0.0.1:1")
    assert verdicts(gateway_checks.host(subject)) == {"gateway": Verdict.FAIL}
    assert verdicts(gateway_checks.key(subject)) == {"key": Verdict.WARN}


@pytest.mark.parametrize(
    ("parameters", "url"),
    [
        ({"GatewayRegion": "uz"}, "https://api.freedompay.uz"),
        ({"GatewayRegion": "uz", "GatewayUrl": "https://g.example"}, "https://g.example"),
        ({}, "https://api.freedompay.kz"),
    ],
)
def test_the_address_of_the_gateway(parameters: dict[str, str], url: str) -> None:
    assert Given(Outputs(), parameters=parameters).gateway_url == url


def paying(api: FakeApi, *, test_mode: str = "true") -> Given:
    subject = Given(Outputs(), parameters={"TestMode": test_mode})
    subject.__dict__["api"] = Api(api.url)
    return subject


LINK = {"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT", "active": True}
CREATED = {"order_id": "pl_1", "status": "pending", "test": True, "redirect_url": "https://pay.example/x"}


def test_a_test_payment(api: FakeApi) -> None:
    api.answers("GET /links/coffee", LINK).answers("POST /payments", CREATED, 201)
    found = verdicts(gateway_checks.test_payment(paying(api), "coffee"))
    assert found == {"test payment": Verdict.OK}
    (created,) = api.of("POST")
    assert created.body == {"link": "coffee"}
    assert len(created.headers["idempotency-key"]) == 32


@pytest.mark.parametrize(
    ("test_mode", "link", "answer", "status"),
    [
        ("true", LINK, {**CREATED, "redirect_url": None}, 201),
        ("true", LINK, {**CREATED, "test": False}, 201),
        ("true", LINK, problem(502, "gateway_misconfigured", "wrong key"), 502),
        ("true", {**LINK, "test": False}, None, 0),
        ("false", LINK, None, 0),
    ],
)
def test_a_test_payment_that_is_none(
    api: FakeApi, test_mode: str, link: dict[str, Any], answer: dict[str, Any] | None, status: int
) -> None:
    api.answers("GET /links/coffee", link)
    if answer is not None:
        api.answers("POST /payments", answer, status)
    found = verdicts(gateway_checks.test_payment(paying(api, test_mode=test_mode), "coffee"))
    assert found == {"test payment": Verdict.FAIL}
    assert len(api.of("POST")) == (answer is not None)


def test_no_payment_unless_it_is_asked_for(api: FakeApi) -> None:
    assert verdicts(gateway_checks.test_payment(paying(api), None)) == {
        "test payment": Verdict.NOT_APPLICABLE
    }
    assert api.asked == []


def test_what_cannot_be_looked_at_is_a_finding_and_the_rest_goes_on(
    aws: None, api: FakeApi, gateway: str
) -> None:
    deploy(api.url, GatewayUrl=gateway, TestMode="true", AllowedOrigins=ORIGIN, ShopUrl=ORIGIN)
    result = run("doctor", *TARGET, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["healthy"] is False
    found = {one["name"]: one["verdict"] for one in told["findings"]}
    assert (found["secret"], found["key"]) == ("fail", "not_applicable")
    assert (found["operator"], found["table"], found["gateway"]) == ("fail", "ok", "ok")
    shown = run("doctor", *TARGET)
    assert shown.exit_code == 1
    assert shown.stderr.count("\n") == 1
    assert "  -> put the key in with `paylink secret set`" in shown.stdout


def test_a_stack_that_is_not_there(aws: None) -> None:
    result = run("doctor", *TARGET)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (3, "", 1)
