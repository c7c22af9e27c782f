"""What the local run takes from a template."""

from pathlib import Path

import pytest

from paylink_local.errors import TemplateError
from paylink_local.template import REGION, Template


def test_functions_take_globals_and_their_own_properties(project: Path) -> None:
    template = Template(project, {"Greeting": "hello"})
    (function,) = template.functions
    assert (function.logical_id, function.name, function.handler) == ("Echo", "echo", "app.handler")
    assert (function.timeout, function.memory) == (2.0, 256)
    assert function.code == project / "functions" / "echo"
    assert function.layers == (project / "layer",)
    assert function.lambda_name == "paylink-local-Echo"


def test_a_built_layer_is_taken_from_its_python_folder(project: Path) -> None:
    (project / "layer" / "python").mkdir()
    (function,) = Template(project, {"Greeting": "hello"}).functions
    assert function.layers == (project / "layer" / "python",)


def test_the_environment_is_exactly_what_the_template_gives(project: Path) -> None:
    template = Template(project, {"Greeting": "hello"})
    assert template.environment(template.functions[0]) == {
        "SHARED": "from globals",
        "GREETING": f"hello, {REGION}",
        "COLOURS": "red;blue",
    }


def test_a_condition_adds_a_function_and_a_variable(project: Path) -> None:
    (project / "functions" / "absent").mkdir()
    template = Template(project, {"Greeting": "hello", "Loud": "false"})
    assert [function.logical_id for function in template.functions] == ["Echo", "Absent"]
    assert template.environment(template.functions[0])["QUIET"] == "yes"
    assert template.functions[1].timeout == 2.0


def test_routes_are_the_http_events_only(project: Path) -> None:
    routes = {route.key: route for route in Template(project, {"Greeting": "x"}).routes()}
    assert set(routes) == {"GET /echo/{name}", "POST /echo", "POST /short"}
    assert routes["POST /short"].timeout == 0.3
    assert routes["POST /echo"].timeout == 30.0
    assert routes["POST /echo"].function == "Echo"


def test_cors_comes_from_the_api(project: Path) -> None:
    cors = Template(project, {"Greeting": "x", "Origins": "http://a.example,http://b.example"}).cors()
    assert cors.allow_origins == ("http://a.example", "http://b.example")
    assert cors.expose_headers == ("retry-after",)
    assert cors.max_age == 600


def test_a_parameter_without_a_value_is_named_when_it_is_needed(project: Path) -> None:
    template = Template(project, {})
    with pytest.raises(TemplateError, match="Greeting has no default"):
        template.environment(template.functions[0])


def test_a_missing_code_folder_is_named(project: Path) -> None:
    (project / "functions" / "echo" / "app.py").unlink()
    (project / "functions" / "echo").rmdir()
    with pytest.raises(TemplateError, match="functions/echo of Echo"):
        Template(project, {"Greeting": "x"})


def test_a_resource_made_later_can_be_referred_to(project: Path) -> None:
    template = Template(project, {"Greeting": "x"})
    with pytest.raises(TemplateError, match="Table"):
        template.resolve({"Ref": "Table"})
    template.made("Table", "the-table", {"Arn": "arn:the-table"})
    assert template.resolve([{"Ref": "Table"}, {"Fn::GetAtt": ["Table", "Arn"]}]) == [
        "the-table",
        "arn:the-table",
    ]
