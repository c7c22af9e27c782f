"""docs/api/openapi.yaml against template.yaml and the table of errors: routes, who may call them, what may go wrong."""

import json
import tomllib

import pytest
from openapi_spec_validator import validate

from engines.places import ROOT
from engines.template import functions, template
from paylink.domain import errors
from paylink.domain.errors import Entry, PaylinkError
from paylink.web.problems import PROBLEMS, problem
from unit.api.document import JSON, PROBLEM, answers, codes, document, examples, operations, validator
from unit.api.raised import raised_by

PAGES = "text/html"
KINDS = {kind.code: kind for kind in PROBLEMS}
OF_BUYING = {errors.AlteredOffer, errors.SoldOut, *errors.NotOnSale.__subclasses__()}
"""Raised by modules that the operator's function shares, in parts of them that it never calls."""
HEADERS = {"idempotent-replayed", "retry-after", "location"}


def in_the_template() -> dict[str, tuple[str, str]]:
    """Function and authorizer by route."""
    return {
        f"{event['Properties']['Method']} {event['Properties']['Path']}": (
            name,
            event["Properties"]["Auth"]["Authorizer"],
        )
        for name, function in functions().items()
        for event in function["Events"].values()
        if event["Type"] == "HttpApi"
    }


TEMPLATE = in_the_template()
ROUTES = sorted(operations())


def an_error(kind: type[PaylinkError]) -> PaylinkError:
    if issubclass(kind, errors.InvalidRequest):
        return kind([Entry("quantity", "must be a whole number")])
    if issubclass(kind, errors.StillRunning):
        return kind("What happened.", retry_after=7)
    if issubclass(kind, errors.GatewayTrouble):
        return kind("What happened.", gateway_code=9996, description="The contract is not active")
    return kind("What happened.")


def test_it_is_openapi() -> None:
    validate(dict(document()))
    assert document()["openapi"].startswith("3.1.")


def test_its_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert document()["info"]["version"] == project["version"]


def test_its_routes_are_the_templates() -> None:
    assert set(operations()) == set(TEMPLATE)


@pytest.mark.parametrize("route", ROUTES)
def test_a_route_is_open_where_the_template_says_so(route: str) -> None:
    operation = operations()[route]
    assert document()["security"] == [{"AWS_IAM": []}]
    is_open = TEMPLATE[route][1] == "NONE"
    assert operation.get("security") == ([] if is_open else None)
    assert (operation["tags"] == ["Operator"]) is not is_open
    assert is_open or JSON in answers(route)[403]["content"]


@pytest.mark.parametrize("route", ROUTES)
def test_its_parameters_are_the_paths(route: str) -> None:
    named = {one["name"] for one in operations()[route]["parameters"] if one["in"] == "path"}
    assert named == {part[1:-1] for part in route.split("/") if part.startswith("{")}


@pytest.mark.parametrize("route", ROUTES)
def test_limited_routes_say_so(route: str) -> None:
    limits = template()["Resources"]["Api"]["Properties"]["RouteSettings"]
    assert (429 in answers(route)) is (route in limits)


@pytest.mark.parametrize("route", ROUTES)
def test_a_key_is_asked_for_where_something_is_made_or_moved(route: str) -> None:
    given = [one for one in operations()[route]["parameters"] if one["in"] == "header"]
    keys = [one.get("required", False) for one in given if one["name"].lower() == "idempotency-key"]
    needed = route == "POST /payments" or route.startswith("POST /orders/")
    assert keys == ([True] if needed else [False] if route == "POST /invoices" else [])


def test_what_pages_may_send_and_read_is_the_templates() -> None:
    _, cors, _ = template()["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"]
    text = document()["info"]["description"]
    for name in (*cors["AllowHeaders"], *cors["ExposeHeaders"]):
        assert f"`{name}`" in text
    told = {
        name.lower()
        for route in operations()
        for one in answers(route).values()
        for name in one.get("headers", {})
    }
    assert told - {"etag"} == HEADERS == set(cors["ExposeHeaders"])


# ── what may go wrong ───────────────────────────────────────────────────────────────────────────────────────


def test_every_code_is_told_somewhere() -> None:
    assert {code for route in operations() for told in codes(route).values() for code in told} == set(KINDS)


@pytest.mark.parametrize("route", ROUTES)
def test_a_code_stands_under_its_status(route: str) -> None:
    for status, told in codes(route).items():
        assert {PROBLEMS[KINDS[code]][0] for code in told} == {status}


@pytest.mark.parametrize("function", sorted({function for function, _ in TEMPLATE.values()}))
def test_a_route_tells_nothing_that_its_function_cannot_raise(function: str) -> None:
    raised = {kind.code for kind in raised_by(function)}
    for route, (name, _) in TEMPLATE.items():
        if name == function:
            assert {code for told in codes(route).values() for code in told} <= raised


@pytest.mark.parametrize("function", ["CreatePayment", "LinkPage", "Manage"])
def test_whatever_a_function_can_raise_is_told(function: str) -> None:
    # The other functions answer with no error of what they ask: a status as it was, a redirect, the protocol's XML.
    routes = [route for route, (name, _) in TEMPLATE.items() if name == function]
    told = {code for route in routes for one in codes(route).values() for code in one}
    # A page is answered with the status of the error that it tells.
    pages = {
        status
        for route in routes
        for status, one in answers(route).items()
        if PAGES in one.get("content", {})
    }
    raised = {kind.code for kind in raised_by(function)}
    unseen = {kind.code for kind in OF_BUYING} if function == "Manage" else set()
    assert {code for code in raised - told if PROBLEMS[KINDS[code]][0] not in pages} == unseen


@pytest.mark.parametrize("route", ROUTES)
def test_whoever_may_come_again_is_told_when(route: str) -> None:
    for status, told in codes(route).items():
        again = any(an_error(KINDS[code]).retry_after is not None for code in told)
        assert ("Retry-After" in answers(route)[status].get("headers", {})) is again, status


@pytest.mark.parametrize("route", ROUTES)
def test_the_problem_documents_are_those_of_the_code(route: str) -> None:
    for status, told in codes(route).items():
        judge = validator(answers(route)[status]["content"][PROBLEM]["schema"], closed=True)
        for code in told:
            answer = problem(an_error(KINDS[code]), "MadeUp0001oAMEc_Q=")
            assert (answer["statusCode"], answer["headers"]["content-type"]) == (status, PROBLEM)
            judge.validate(json.loads(answer["body"]))
        other = problem(an_error(next(kind for code, kind in KINDS.items() if code not in told)), "")
        assert not judge.is_valid(json.loads(other["body"]))


@pytest.mark.parametrize("route", ROUTES)
def test_the_examples_of_answers_fit(route: str) -> None:
    for answer in answers(route).values():
        for content in answer.get("content", {}).values():
            for value in examples(content):
                validator(content["schema"], closed=True).validate(value)
