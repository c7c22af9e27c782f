"""What `paylink doctor` says of the API: callbacks, origins, clock, the operator."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from paylink_cli.diagnosis import (
    api_checks,
)
from paylink_cli.diagnosis.finding import Verdict
from paylink_cli.diagnosis.subject import Subject
from paylink_cli.reaching.api import Api
from unit.cli.diagnosed import Given, Outputs, of, verdicts
from unit.cli.fake_api import FakeApi

ORIGIN = "https://shop.example"
RESULT, CHECK = "POST /callbacks/paylink_result", "POST /callbacks/paylink_check"
XML = b'<?xml version="1.0"?><response><pg_status>error</pg_status></response>'


def reached(api: FakeApi, **outputs: str) -> Given:
    usual = {
        "ApiUrl": api.url,
        "ResultUrl": f"{api.url}/callbacks/paylink_result",
        "CheckUrl": f"{api.url}/callbacks/paylink_check",
    }
    return Given(Outputs({**usual, **outputs}), parameters={"AllowedOrigins": ORIGIN, "ShopUrl": ORIGIN})


@pytest.fixture
def plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in has no certificate; a local run is the one that may be without."""
    monkeypatch.setattr(Subject, "is_local", True)


def test_callbacks_that_answer_as_paylink_does(api: FakeApi, plain_http: None) -> None:
    for route in (RESULT, CHECK):
        api.answers(route, XML, 400, content_type="application/xml; charset=utf-8")
    found = verdicts(api_checks.callbacks(reached(api)))
    assert found == {"paylink result": Verdict.OK, "paylink check": Verdict.OK}
    # Nothing that counts as a forgery was sent.
    assert [asked.raw for asked in api.asked] == [b"", b""]


@pytest.mark.parametrize(
    ("content", "status", "kind"),
    [
        (b"<html>", 200, "text/html"),
        (XML, 403, "application/xml"),
        (b'{"message":"x"}', 500, "application/json"),
    ],
)
def test_callbacks_that_lead_elsewhere(
    api: FakeApi, plain_http: None, content: bytes, status: int, kind: str
) -> None:
    api.answers(RESULT, content, status, content_type=kind)
    assert verdicts(api_checks.callbacks(reached(api)))["paylink result"] is Verdict.FAIL


@pytest.mark.parametrize(
    "address",
    [
        "{api}/callbacks/result",
        "{api}/callbacks/paylink_result/",
        "http://127.0.0.1:1/callbacks/paylink_result",
    ],
)
def test_callbacks_under_another_name_or_host(api: FakeApi, plain_http: None, address: str) -> None:
    subject = reached(api, ResultUrl=address.format(api=api.url))
    assert of(api_checks.callbacks(subject), "paylink result").verdict is Verdict.FAIL
    assert not [asked for asked in api.asked if asked.path.endswith("result")]


def test_a_deployed_callback_must_be_https(api: FakeApi) -> None:
    finding = of(api_checks.callbacks(reached(api)), "paylink result")
    assert (finding.verdict, "https" in finding.detail) == (Verdict.FAIL, True)


def test_a_callback_that_nobody_answers(plain_http: None) -> None:
    subject = Given(
        Outputs(
            {
                "ApiUrl": "http://127.0.0.1:1",
                "ResultUrl": "http://127.0.0.1:1/callbacks/paylink_result",
                "CheckUrl": "http://127.0.0.1:1/callbacks/paylink_check",
            }
        )
    )
    assert set(verdicts(api_checks.callbacks(subject)).values()) == {Verdict.FAIL}


@pytest.mark.parametrize(
    ("shift", "verdict"),
    [(0, Verdict.OK), (60, Verdict.WARN), (-60, Verdict.WARN), (900, Verdict.FAIL), (-900, Verdict.FAIL)],
)
def test_the_clock(api: FakeApi, monkeypatch: pytest.MonkeyPatch, shift: int, verdict: Verdict) -> None:
    theirs = datetime.now(UTC) + timedelta(seconds=shift)

    class Answer:
        headers: Mapping[str, str] = {"date": format_datetime(theirs, usegmt=True)}

    monkeypatch.setattr(api_checks, "_get", lambda _: Answer())
    assert verdicts(api_checks.clock(reached(api))) == {"clock": verdict}


@pytest.mark.parametrize("date", ["", "yesterday"])
def test_an_answer_without_a_date(api: FakeApi, monkeypatch: pytest.MonkeyPatch, date: str) -> None:
    class Answer:
        headers: Mapping[str, str] = {"date": date}

    monkeypatch.setattr(api_checks, "_get", lambda _: Answer())
    assert verdicts(api_checks.clock(reached(api))) == {"clock": Verdict.WARN}


def granting(monkeypatch: pytest.MonkeyPatch, granted: Callable[[str], str | None]) -> None:
    monkeypatch.setattr(api_checks, "_granted", lambda _, origin: granted(origin))


def test_origins(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    granting(monkeypatch, lambda origin: origin if origin == ORIGIN else None)
    assert verdicts(api_checks.origins(reached(api))) == {"origins": Verdict.OK}
    granting(monkeypatch, lambda _: None)
    assert verdicts(api_checks.origins(reached(api))) == {"origins": Verdict.FAIL}
    granting(monkeypatch, lambda origin: origin)
    assert "any origin" in of(api_checks.origins(reached(api)), "origins").detail


def test_a_shop_that_is_none_of_the_origins(api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> None:
    granting(monkeypatch, lambda origin: origin if origin == ORIGIN else None)
    subject = reached(api)
    subject.parameters["ShopUrl"] = "https://other.example/thanks"
    assert verdicts(api_checks.origins(subject))["shop"] is Verdict.FAIL
    subject.parameters["AllowedOrigins"] = ""
    assert verdicts(api_checks.origins(subject)) == {"origins": Verdict.WARN}


@pytest.mark.parametrize(("status", "verdict"), [(403, Verdict.OK), (401, Verdict.OK), (200, Verdict.FAIL)])
def test_the_operators_routes_refuse_who_does_not_sign(api: FakeApi, status: int, verdict: Verdict) -> None:
    api.answers("GET /links", {"links": [], "cursor": None}).answers("GET /links", {"message": "x"}, status)
    subject = reached(api)
    subject.__dict__["api"] = Api(api.url)
    assert verdicts(api_checks.operator(subject)) == {"operator": verdict}
