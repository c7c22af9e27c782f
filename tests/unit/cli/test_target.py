"""One place decides which API is spoken to."""

import pytest

from paylink_cli.errors import WrongUse
from paylink_cli.reaching.target import Target, choose
from unit.cli.fake_api import FakeApi, run


def test_a_stack_with_its_region_and_profile() -> None:
    assert choose(stack="shop", region="eu-central-1", profile="me", environment={}) == Target(
        stack_name="shop", region="eu-central-1", profile="me"
    )


@pytest.mark.parametrize(("port", "url"), [(None, "http://127.0.0.1:8080"), (9000, "http://127.0.0.1:9000")])
def test_the_local_system(port: int | None, url: str) -> None:
    assert choose(local=True, port=port, environment={}) == Target(api_url=url)


def test_an_address_without_its_last_slash() -> None:
    assert choose(api="http://127.0.0.1:9/", environment={}) == Target(api_url="http://127.0.0.1:9")


def test_the_environment_stands_in_where_no_option_names_one() -> None:
    environment = {"PAYLINK_STACK": "shop"}
    assert choose(environment=environment) == Target(stack_name="shop")
    assert choose(region="eu-west-1", environment=environment) == Target(
        stack_name="shop", region="eu-west-1"
    )
    assert choose(local=True, environment=environment).api_url == "http://127.0.0.1:8080"
    assert choose(environment={"PAYLINK_API": "https://api.example"}) == Target(api_url="https://api.example")
    assert choose(stack="other", environment={"PAYLINK_API": "https://api.example"}).stack_name == "other"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "--stack NAME, --local or --api URL"),
        ({"environment": {"PAYLINK_STACK": "", "PAYLINK_API": ""}}, "PAYLINK_STACK"),
        ({"stack": "a", "local": True}, "--stack and --local"),
        ({"api": "http://a", "stack": "b"}, "--stack and --api"),
        ({"environment": {"PAYLINK_STACK": "a", "PAYLINK_API": "http://b"}}, "variables"),
        ({"stack": "a", "port": 1}, "--port"),
        ({"local": True, "region": "r"}, "--region"),
        ({"api": "api.example"}, "'api.example'"),
        ({"api": "http://a:x"}, "address"),
        ({"api": "ftp://a"}, "address"),
    ],
)
def test_what_names_none_or_two_is_wrong_use(given: dict, said: str) -> None:
    with pytest.raises(WrongUse, match=said) as raised:
        choose(**{"environment": {}, **given})
    assert raised.value.exit_code == 2


def test_the_variable_reaches_a_command(api: FakeApi) -> None:
    api.answers("GET /links", {"links": [], "cursor": None})
    result = run("links", "list", env={"PAYLINK_API": api.url})
    assert (result.exit_code, len(api.asked)) == (0, 1)


def test_none_named_is_one_line() -> None:
    result = run("links", "list")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "PAYLINK_STACK" in result.stderr
