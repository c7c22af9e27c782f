"""The HTTP API: routes, who may call them, how often, and from which pages."""

from typing import Any

import pytest

from engines.template import functions, load_template, template
from engines.transformation import SHOP, of_kind, transform

API = template()["Resources"]["Api"]["Properties"]
PUBLIC = {
    "POST /payments": "CreatePayment",
    "GET /payments/{order_id}": "PaymentStatus",
    "GET /pay/{link}": "LinkPage",
    "POST /pay/{link}": "LinkPage",
    "GET /pay/{link}/qr.svg": "LinkPage",
    "GET /pay/{link}/qr.png": "LinkPage",
    "GET /assets/{file}": "LinkPage",
    "GET /callbacks/paylink_check": "GatewayCallback",
    "POST /callbacks/paylink_check": "GatewayCallback",
    "GET /callbacks/paylink_result": "GatewayCallback",
    "POST /callbacks/paylink_result": "GatewayCallback",
    "GET /return/success": "ReturnPage",
    "POST /return/success": "ReturnPage",
    "GET /return/failure": "ReturnPage",
    "POST /return/failure": "ReturnPage",
}
OPERATORS = {
    "PUT /links/{link_id}": "Manage",
    "GET /links/{link_id}": "Manage",
    "DELETE /links/{link_id}": "Manage",
    "GET /links": "Manage",
    "POST /offers": "Manage",
    "POST /invoices": "Manage",
    "GET /orders": "Manage",
    "GET /orders/{order_id}": "Manage",
    "POST /orders/{order_id}/refund": "Manage",
    "POST /orders/{order_id}/capture": "Manage",
    "POST /orders/{order_id}/cancel": "Manage",
    "POST /orders/{order_id}/sync": "Manage",
    "POST /orders/{order_id}/resolve": "Manage",
    "POST /events/republish": "Manage",
}
OPERATORS_PATHS = ("/links", "/offers", "/invoices", "/orders", "/events")


def events() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, event["Properties"])
        for name, function in functions().items()
        for event in function["Events"].values()
        if event["Type"] == "HttpApi"
    ]


def test_these_are_the_routes() -> None:
    routes = [(f"{event['Method']} {event['Path']}", name) for name, event in events()]
    assert len(routes) == len(set(routes))
    assert dict(routes) == {**PUBLIC, **OPERATORS}


def test_a_route_is_closed_unless_it_says_otherwise() -> None:
    assert API["Auth"] == {"EnableIamAuthorizer": True, "DefaultAuthorizer": "AWS_IAM"}
    for _, event in events():
        assert event["ApiId"] == {"Ref": "Api"}
        route = f"{event['Method']} {event['Path']}"
        assert event["Auth"] == {"Authorizer": "NONE" if route in PUBLIC else "AWS_IAM"}


@pytest.mark.parametrize("route", OPERATORS)
def test_the_operators_routes_are_closed_after_the_transform(route: str) -> None:
    method, path = route.split()
    paths = of_kind(transform(), "AWS::ApiGatewayV2::Api")["Api"]["Properties"]["Body"]["paths"]
    assert paths[path][method.lower()]["security"] == [{"AWS_IAM": []}]


def test_whatever_reaches_the_operators_function_is_closed() -> None:
    api = of_kind(transform(), "AWS::ApiGatewayV2::Api")["Api"]["Properties"]["Body"]
    reaching = {
        f"{method.upper()} {path}": operation
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
        if "Manage" in str(operation["x-amazon-apigateway-integration"]["uri"])
    }
    assert set(reaching) == set(OPERATORS)
    assert all(operation["security"] == [{"AWS_IAM": []}] for operation in reaching.values())
    assert api["components"]["securitySchemes"]["AWS_IAM"]["x-amazon-apigateway-authtype"] == "awsSigv4"


def test_nothing_but_the_api_calls_the_operators_function() -> None:
    manage = functions()["Manage"]
    assert {event["Type"] for event in manage["Events"].values()} == {"HttpApi"}
    assert "FunctionUrlConfig" not in manage
    permissions = of_kind(transform(), "AWS::Lambda::Permission")
    callers = {
        one["Properties"]["Principal"]
        for one in permissions.values()
        if "Manage" in str(one["Properties"]["FunctionName"])
    }
    assert callers == {"apigateway.amazonaws.com"}


def test_no_public_route_lies_under_the_operators_paths_or_catches_them() -> None:
    for route in PUBLIC:
        path = route.split()[1]
        assert not path.startswith(OPERATORS_PATHS)
        assert "+}" not in path
        assert "$default" not in route
    assert all(route.split()[1].startswith(OPERATORS_PATHS) for route in OPERATORS)


def test_a_route_that_names_no_authorizer_is_closed_after_the_transform() -> None:
    changed = transform(without_authorizer("CreatePayment", "Create"))
    paths = of_kind(changed, "AWS::ApiGatewayV2::Api")["Api"]["Properties"]["Body"]["paths"]
    assert paths["/payments"]["post"]["security"] == [{"AWS_IAM": []}]
    assert paths["/payments/{order_id}"]["get"]["security"] == [{"NONE": []}]


def test_limits_by_route() -> None:
    limits = {
        route: (one["ThrottlingRateLimit"], one["ThrottlingBurstLimit"])
        for route, one in API["RouteSettings"].items()
    }
    creating = {"POST /payments", "POST /pay/{link}"}
    assert {limits.pop(route) for route in creating} == {(5, 10)}
    assert limits == {
        route: (50, 50) for route in PUBLIC if "callback" not in route and route not in creating
    }
    assert "DefaultRouteSettings" not in API, "it would limit the callbacks as well"


def test_limits_reach_the_stage() -> None:
    [stage] = of_kind(transform(), "AWS::ApiGatewayV2::Stage").values()
    assert stage["Properties"]["RouteSettings"] == API["RouteSettings"]
    assert stage["Properties"]["AutoDeploy"] is True


def test_pages_of_the_allowed_origins_alone_may_call() -> None:
    api = of_kind(transform(), "AWS::ApiGatewayV2::Api")["Api"]["Properties"]["Body"]
    condition, cors, otherwise = api["x-amazon-apigateway-cors"]["Fn::If"]
    assert cors == {
        "allowOrigins": {"Fn::Split": [",", SHOP["AllowedOrigins"]]},
        "allowMethods": ["GET", "POST"],
        "allowHeaders": ["content-type", "idempotency-key"],
        "exposeHeaders": ["idempotent-replayed", "retry-after", "location"],
        "maxAge": 600,
    }
    assert otherwise == {}
    assert template()["Conditions"][condition] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "AllowedOrigins"}, ""]}],
    }


@pytest.mark.parametrize("name", functions())
def test_events_come_in_the_format_that_the_functions_read(name: str) -> None:
    body = of_kind(transform(), "AWS::ApiGatewayV2::Api")["Api"]["Properties"]["Body"]
    for route, function in {**PUBLIC, **OPERATORS}.items():
        if function == name:
            method, path = route.split()
            integration = body["paths"][path][method.lower()]["x-amazon-apigateway-integration"]
            assert integration["payloadFormatVersion"] == "2.0"
            assert f"${{{name}Aliaslive}}" in integration["uri"]["Fn::Sub"]


def without_authorizer(function: str, event: str) -> dict[str, Any]:
    changed = load_template()
    del changed["Resources"][function]["Properties"]["Events"][event]["Properties"]["Auth"]
    return changed
