"""What holds for every function, route, role, log and tag, in the template as written and as CloudFormation gets it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from engines.places import ROOT, TEMPLATE
from engines.policies import wildcards
from engines.template import functions, resources, template
from engines.transformation import of_kind, transform
from engines.watched import ALARMS

API_MILLISECONDS = 29_000
WRITTEN = functions()
TRANSFORMED = transform()
LAMBDAS = of_kind(TRANSFORMED, "AWS::Lambda::Function")
# Kinds of resource that cost money and take tags.
TAGGED = (
    *("AWS::DynamoDB::Table", "AWS::SecretsManager::Secret", "AWS::SQS::Queue", "AWS::SNS::Topic"),
    *("AWS::Logs::LogGroup", "AWS::Lambda::Function", "AWS::ApiGatewayV2::Stage"),
)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    body = of_kind(TRANSFORMED, "AWS::ApiGatewayV2::Api")["Api"]["Properties"]["Body"]
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_the_transform_adds_no_function_and_no_role() -> None:
    assert set(LAMBDAS) == set(WRITTEN)
    assert set(of_kind(TRANSFORMED, "AWS::IAM::Role")) == set(resources("AWS::IAM::Role"))
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::Lambda::Url"):
        assert of_kind(TRANSFORMED, kind) == {}


@pytest.mark.parametrize("name", LAMBDAS)
def test_a_function_has_its_own_log_group_role_and_alarms(name: str) -> None:
    function = LAMBDAS[name]["Properties"]
    group = function["LoggingConfig"]["LogGroup"]["Ref"]
    assert TRANSFORMED["Resources"][group]["Type"] == "AWS::Logs::LogGroup"
    assert [one for one, other in LAMBDAS.items() if group in str(other["Properties"]["LoggingConfig"])] == [
        name
    ]
    assert function["Role"] == {"Fn::GetAtt": [f"{name}Role", "Arn"]}
    assert {f"{name}{kind}" for kind in ("Errors", "Throttles", "Slow", "Canary")} <= set(ALARMS)


@pytest.mark.parametrize(("route", "operation"), list(operations()))
def test_a_route_names_its_authorizer_and_waits_longer_than_its_function(
    route: str, operation: dict[str, Any]
) -> None:
    assert operation["security"] in ([{"NONE": []}], [{"AWS_IAM": []}]), route
    integration = operation["x-amazon-apigateway-integration"]
    assert integration["timeoutInMillis"] == API_MILLISECONDS
    [name] = [one for one in LAMBDAS if f"${{{one}Aliaslive}}" in integration["uri"]["Fn::Sub"]]
    assert LAMBDAS[name]["Properties"]["Timeout"] * 1000 < API_MILLISECONDS


def test_whatever_calls_a_function_calls_its_alias() -> None:
    live = {f"{name}Aliaslive" for name in LAMBDAS}
    for one in of_kind(TRANSFORMED, "AWS::Lambda::EventSourceMapping").values():
        assert one["Properties"]["FunctionName"]["Ref"] in live
    for one in of_kind(TRANSFORMED, "AWS::Events::Rule").values():
        assert {target["Arn"]["Ref"] for target in one["Properties"]["Targets"]} <= live
    for one in of_kind(TRANSFORMED, "AWS::Lambda::Permission").values():
        assert one["Properties"]["FunctionName"]["Ref"] in live
        assert "SourceArn" in one["Properties"], "or another account's API or rule could call it"


# ── roles ────────────────────────────────────────────────────────────────────────────────────────────────────


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, role in of_kind(TRANSFORMED, "AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role["Properties"], name
        for policy in role["Properties"]["Policies"]:
            for one in policy["PolicyDocument"]["Statement"]:
                yield name, one["Fn::If"][1] if "Fn::If" in one else one


def test_a_role_names_verbs_exactly() -> None:
    for name, statement in statements():
        for action in listed(statement["Action"]):
            assert re.fullmatch(r"[a-z]+:[A-Z][A-Za-z]+", action), f"{name}: {action}"
        assert not {"NotAction", "NotResource"} & set(statement)


def test_a_role_names_resources_of_the_stack() -> None:
    everywhere = []
    for name, statement in statements():
        for resource in listed(statement["Resource"]):
            if resource == "*":
                everywhere += listed(statement["Action"])
                continue
            text = str(resource)
            assert isinstance(resource, dict), f"{name}: {text} is written out"
            bus = "event-bus/${EventBus}" in text
            assert bus or any(one in text for one in TRANSFORMED["Resources"]), f"{name}: {text}"
    # Neither has resources to name.
    assert set(everywhere) == {
        "cloudwatch:DescribeAlarms",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }


def test_deployments_move_aliases_of_this_stack_alone() -> None:
    role = template()["Resources"]["DeploymentRole"]["Properties"]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "codedeploy.amazonaws.com"}
    [policy] = role["Policies"]
    _, moving = policy["PolicyDocument"]["Statement"]
    assert set(moving["Action"]) == {
        "lambda:GetAlias",
        "lambda:UpdateAlias",
        "lambda:GetProvisionedConcurrencyConfig",
    }
    below = [{"Fn::Sub": f"${{{name}.Arn}}:*"} for name in WRITTEN]
    whole = [{"Fn::GetAtt": [name, "Arn"]} for name in WRITTEN]
    assert sorted(map(str, moving["Resource"])) == sorted(map(str, below + whole))


def test_a_wildcard_stands_beside_its_reason() -> None:
    found = set(wildcards(TEMPLATE.read_text()))
    assert found, "there are some"
    assert [line for line, reasoned in found if not reasoned] == []


def test_a_wildcard_without_a_reason_would_be_found() -> None:
    text = "Statement:\n  # far away\n  - Effect: Allow\n    Action: s3:Get*\n    Resource: x\n"
    assert list(wildcards(text)) == [(4, False)]


# ── logs, tags, what is kept ─────────────────────────────────────────────────────────────────────────────────


def test_access_logs_hold_nothing_personal() -> None:
    settings = template()["Resources"]["Api"]["Properties"]["AccessLogSettings"]
    assert settings["DestinationArn"] == {"Fn::GetAtt": ["AccessLogs", "Arn"]}
    written = set(re.findall(r"\$context\.([A-Za-z.]+)", settings["Format"]))
    # The route and not the path: ids stand in that. Neither who asked nor with what.
    assert written == {
        *("requestId", "requestTimeEpoch", "routeKey", "status", "responseLength", "responseLatency"),
        *("integrationStatus", "integrationLatency", "error.responseType"),
    }
    assert "\n" not in settings["Format"], "a log line is one line"
    [stage] = of_kind(TRANSFORMED, "AWS::ApiGatewayV2::Stage").values()
    assert stage["Properties"]["AccessLogSettings"] == settings


def test_every_log_is_forgotten_in_time() -> None:
    for name, group in resources("AWS::Logs::LogGroup").items():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}, name
        assert "${AWS::StackName}" in group["Properties"]["LogGroupName"]["Fn::Sub"], name


def test_what_costs_money_is_tagged() -> None:
    for kind in TAGGED:
        found = of_kind(TRANSFORMED, kind)
        assert found, kind
        for name, one in found.items():
            tags = one["Properties"]["Tags"]
            pairs = tags if isinstance(tags, dict) else {tag["Key"]: tag["Value"] for tag in tags}
            assert pairs["application"] == "paylink", name


def test_what_is_deleted_with_the_stack_is_no_choice_at_deployment() -> None:
    # CloudFormation takes no intrinsic function there.
    for name, one in template()["Resources"].items():
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            assert one.get(policy, "Delete") in {"Delete", "Retain"}, name


def test_it_can_be_published_as_an_application() -> None:
    told = template()["Metadata"]["AWS::ServerlessRepo::Application"]
    assert re.fullmatch(r"[a-zA-Z0-9-]{1,140}", told["Name"])
    assert len(told["Description"]) <= 256
    assert re.fullmatch(r"[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?", told["Author"])
    assert len(told["Labels"]) <= 10
    assert all(re.fullmatch(r"[a-zA-Z0-9+_:/@-]{1,127}", label) for label in told["Labels"])
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert told["SemanticVersion"] == version[1]
    # `sam deploy` uploads what is named here, and fails where it is not.
    for key in ("ReadmeUrl", "LicenseUrl"):
        assert key not in told or (ROOT / told[key]).is_file()
