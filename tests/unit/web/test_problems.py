"""Errors as HTTP: every type has its row, and every problem document says what to change."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import paylink
from paylink.domain import errors
from paylink.domain.errors import Entry, PaylinkError
from paylink.web.problems import PROBLEMS, problem

CONTRACT = {
    "invalid_request": 400,
    "invalid_body": 400,
    "invalid_idempotency_key": 400,
    "offer_altered": 400,
    "link_unknown": 404,
    "order_unknown": 404,
    "still_running": 409,
    "operation_in_flight": 409,
    "operation_not_allowed": 409,
    "link_unreadable": 409,
    "sold_out": 409,
    "link_off": 410,
    "link_not_open": 410,
    "link_closed": 410,
    "offer_expired": 410,
    "offer_revoked": 410,
    "body_too_large": 413,
    "idempotency_key_reused": 422,
    "idempotency_key_expired": 422,
    "gateway_refused": 502,
    "operation_refused": 502,
    "gateway_misconfigured": 502,
    "gateway_unclear": 502,
    "payments_paused": 503,
    "link_unusable": 503,
    "not_configured": 503,
    "store_unavailable": 503,
    "gateway_silent": 504,
}


# An error type may be defined anywhere in the layer: all of it is loaded before they are counted.
for module in pkgutil.walk_packages(paylink.__path__, "paylink."):
    importlib.import_module(module.name)


def subclasses(kind: type[PaylinkError]) -> Iterator[type[PaylinkError]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from subclasses(subclass)


def is_concrete(kind: type[PaylinkError]) -> bool:
    """A type that is raised: one that names itself, or that nothing more particular stands under."""
    return "code" in vars(kind) or not kind.__subclasses__()


CONCRETE = [kind for kind in subclasses(PaylinkError) if is_concrete(kind)]


def an_error(kind: type[PaylinkError]) -> PaylinkError:
    if issubclass(kind, errors.InvalidRequest):
        return kind([Entry("quantity", "must be a whole number")])
    if issubclass(kind, errors.StillRunning):
        return kind("What happened.", retry_after=7)
    return kind("What happened.")


@pytest.mark.parametrize("kind", CONCRETE)
def test_every_concrete_error_has_a_row(kind: type[PaylinkError]) -> None:
    assert kind in PROBLEMS


def test_a_type_that_is_only_a_branch_has_no_row() -> None:
    assert set(PROBLEMS) == set(CONCRETE)
    assert errors.NotOnSale not in PROBLEMS
    assert errors.GatewayTrouble not in PROBLEMS


def test_each_code_has_the_status_of_the_contract() -> None:
    assert {kind.code: status for kind, (status, _) in PROBLEMS.items()} == CONTRACT


@pytest.mark.parametrize("kind", CONCRETE)
def test_a_problem_document_tells_what_happened(kind: type[PaylinkError]) -> None:
    error = an_error(kind)
    response = problem(error, "request-1")
    status, title = PROBLEMS[kind]
    assert response["statusCode"] == status
    assert response["headers"]["content-type"] == "application/problem+json"
    assert response["headers"]["cache-control"] == "no-store"
    content = json.loads(response["body"])
    expected = {"type": f"urn:paylink:problem:{kind.code}", "title": title, "status": status}
    assert expected.items() <= content.items()
    assert (content["code"], content["request_id"]) == (kind.code, "request-1")
    assert content["detail"]
    optional = {"errors"} if issubclass(kind, errors.InvalidRequest) else set()
    assert set(content) == {"type", "title", "status", "detail", "code", "request_id"} | optional


@pytest.mark.parametrize("kind", CONCRETE)
def test_whoever_may_come_again_is_told_when(kind: type[PaylinkError]) -> None:
    error = an_error(kind)
    headers = problem(error, "")["headers"]
    assert headers.get("retry-after") == (None if error.retry_after is None else str(error.retry_after))
    again = {
        errors.StillRunning,
        errors.OperationInFlight,
        errors.PaymentsPaused,
        errors.NotConfigured,
        errors.UnusableLink,
        errors.StoreUnavailable,
        errors.GatewayMisconfigured,
        errors.GatewayUnclear,
        errors.GatewaySilent,
    }
    assert ("retry-after" in headers) is (kind in again)


def test_every_wrong_field_has_an_entry() -> None:
    error = errors.InvalidRequest([Entry("items[0].quantity", "one"), Entry("lifetime", "two")])
    content = json.loads(problem(error, "")["body"])
    assert content["errors"] == [
        {"field": "items[0].quantity", "detail": "one"},
        {"field": "lifetime", "detail": "two"},
    ]
    assert content["detail"] == "items[0].quantity: one; lifetime: two"


def test_a_problem_document_stays_small() -> None:
    error = errors.InvalidRequest(Entry(f"x{number}", "wrong") for number in range(5000))
    content = json.loads(problem(error, "")["body"])
    assert [entry["field"] for entry in content["errors"]] == [f"x{number}" for number in range(50)]


@pytest.mark.parametrize("kind", [errors.StoreUnavailable, errors.NotConfigured])
def test_a_stranger_is_not_told_the_cause(kind: type[PaylinkError]) -> None:
    assert "arn:secret" not in problem(kind("arn:secret is missing"), "")["body"]


@pytest.mark.parametrize("remembered", [False, True])
def test_a_refusal_says_what_the_gateway_said_and_whether_it_is_remembered(*, remembered: bool) -> None:
    error = errors.GatewayRefused("Refused.", gateway_code=9996, description="Договор не активен")
    error.remembered = remembered
    response = problem(error, "")
    content = json.loads(response["body"])
    assert (content["gateway_code"], content["gateway_description"]) == (9996, "Договор не активен")
    assert response["headers"].get("idempotent-replayed") == ("true" if remembered else None)


def test_a_silent_gateway_has_said_nothing() -> None:
    content: dict[str, Any] = json.loads(problem(errors.GatewaySilent("Nothing."), "")["body"])
    assert "gateway_code" not in content
    assert "gateway_description" not in content
