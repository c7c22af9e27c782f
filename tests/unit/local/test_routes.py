"""Which route API Gateway prefers."""

import pytest

from paylink_local.routes import Route, Routes

ROUTES = Routes(
    [
        Route("ANY", "/{proxy+}", "greedy"),
        Route("GET", "/payments/{order_id}", "status"),
        Route("POST", "/payments", "create"),
        Route("GET", "/payments/newest", "newest"),
        Route("ANY", "/payments/newest", "newest_any"),
        Route("GET", "/pay/{link}/qr.svg", "qr"),
        Route("GET", "/files/{path+}", "files"),
        Route("GET", "/", "home"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "function", "parameters"),
    [
        ("GET", "/payments/pl_1", "status", {"order_id": "pl_1"}),
        ("GET", "/payments/newest", "newest", {}),
        ("PUT", "/payments/newest", "newest_any", {}),
        ("POST", "/payments", "create", {}),
        ("GET", "/payments", "greedy", {"proxy": "payments"}),
        ("GET", "/payments/", "greedy", {"proxy": "payments/"}),
        ("GET", "/payments/a/b", "greedy", {"proxy": "payments/a/b"}),
        ("GET", "/pay/coffee/qr.svg", "qr", {"link": "coffee"}),
        ("GET", "/pay/coffee/qr.png", "greedy", {"proxy": "pay/coffee/qr.png"}),
        ("GET", "/files/a/b/c", "files", {"path": "a/b/c"}),
        ("GET", "/", "home", {}),
    ],
)
def test_the_most_specific_route_wins(
    method: str, path: str, function: str, parameters: dict[str, str]
) -> None:
    match = ROUTES.find(method, path)
    assert match is not None
    assert (match.route.function, dict(match.path_parameters)) == (function, parameters)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("HEAD", "/payments/pl_1"),
        ("GET", "/payments"),
        ("GET", "/payments/"),
        ("GET", "/Payments/pl_1"),
        ("POST", "/payments/"),
        ("POST", "//payments"),
        ("GET", "/files/"),
    ],
)
def test_nothing_else_is_guessed(method: str, path: str) -> None:
    routes = Routes(route for route in ROUTES.all if "{proxy+}" not in route.path)
    assert routes.find(method, path) is None


def test_the_default_route_takes_what_is_left() -> None:
    routes = Routes([Route("ANY", "$default", "rest"), Route("GET", "/a", "a")])
    found = routes.find("GET", "/b")
    assert found is not None
    assert (found.route.function, found.route.key) == ("rest", "$default")
    assert routes.find("GET", "/a").route.function == "a"
