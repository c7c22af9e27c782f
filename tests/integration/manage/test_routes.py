"""The function's routes are the template's, and every one of them is the operator's alone."""

from engines.template import functions, template
from paylink.web.manage_routes import ROUTES

OPERATORS_PATHS = ("/links", "/offers", "/invoices", "/orders", "/events")


def routes_of_the_template() -> dict[str, str]:
    events = functions()["Manage"]["Events"].values()
    assert {event["Type"] for event in events} == {"HttpApi"}
    return {
        f"{event['Properties']['Method']} {event['Properties']['Path']}": event["Properties"]["Auth"][
            "Authorizer"
        ]
        for event in events
    }


def test_the_function_knows_the_routes_that_the_template_sends_to_it() -> None:
    assert set(ROUTES) == set(routes_of_the_template())
    assert len(functions()["Manage"]["Events"]) == len(routes_of_the_template())


def test_every_route_asks_for_the_operators_signature() -> None:
    assert set(routes_of_the_template().values()) == {"AWS_IAM"}
    assert template()["Resources"]["Api"]["Properties"]["Auth"]["DefaultAuthorizer"] == "AWS_IAM"


def test_no_other_function_has_a_route_under_the_operators_paths() -> None:
    paths = {
        (name, event["Properties"]["Path"])
        for name, function in functions().items()
        for event in function["Events"].values()
        if event["Type"] == "HttpApi" and event["Properties"]["Path"].startswith(OPERATORS_PATHS)
    }
    assert {name for name, _ in paths} == {"Manage"}
