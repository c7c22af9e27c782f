"""What holds for every function, route, role, log and tag, in the template as written and as CloudFormation gets it."""

import json
import re
from typing import Any

import pytest

from engines.house import faults
from engines.places import ROOT, TEMPLATE
from engines.policies import wildcards
from engines.template import functions, resources, template
from engines.transformation import of_kind, transform

WRITTEN = functions()
TEXT = TEMPLATE.read_text()
TRANSFORMED = transform()
LAMBDAS = of_kind(TRANSFORMED, "AWS::Lambda::Function")
# Kinds of resource that cost money and take tags.
TAGGED = (
    *("AWS::DynamoDB::Table", "AWS::SecretsManager::Secret", "AWS::SQS::Queue", "AWS::SNS::Topic"),
    *("AWS::Logs::LogGroup", "AWS::Lambda::Function", "AWS::ApiGatewayV2::Stage"),
)
# What CloudFormation takes at most.
RESOURCES, PARAMETERS, BYTES = 500, 200, 1_000_000


def test_the_template_keeps_the_houses_rules() -> None:
    assert faults(TEXT) == []


BROKEN: dict[str, tuple[str, str, str]] = {
    "a function logs into another's group": (
        "LogGroup: !Ref ReturnPageLogs",
        "LogGroup: !Ref ManageLogs",
        "ReturnPage: shares its LoggingConfig",
    ),
    "a function has no log group": (
        ", LogGroup: !Ref ReturnPageLogs",
        "",
        "ReturnPage: no log group of its own",
    ),
    "a function works in another's role": (
        "Role: !GetAtt ReturnPageRole.Arn",
        "Role: !GetAtt ManageRole.Arn",
        "ReturnPage: shares its Role",
    ),
    "a function outlives the API's patience": (
        "    Timeout: 20\n",
        "    Timeout: 29\n",
        "CreatePayment: 29 s are not below the API's 29000 ms",
    ),
    "a run outlives its minute": (
        "Timeout: 55",
        "Timeout: 60",
        "Reconcile: 60 s are not below its schedule's 60",
    ),
    "a message is shown to two": (
        "VisibilityTimeout: 360",
        "VisibilityTimeout: 300",
        "Deliver: its queue shows",
    ),
    "an alarm watches nobody's alias": (
        '"${ReturnPage}:live" }',
        '"${ReturnPage}:blue" }',
        "ReturnPageCanary: Resource is ${ReturnPage}:blue",
    ),
    "an alarm watches another metric": (
        "MetricName: Throttles\n      Dimensions:\n        - { Name: FunctionName, Value: !Ref ReturnPage }",
        "MetricName: Invocations\n      Dimensions:\n        - { Name: FunctionName, Value: !Ref ReturnPage }",
        "ReturnPage: no alarm on Throttles",
    ),
    "an alarm has a REST API's metric": (
        "MetricName: 5xx",
        "MetricName: 5XXError",
        "ApiFaults: AWS keeps no",
    ),
    "an alarm has a name that nothing counts": (
        "MetricName: SignatureRefused",
        "MetricName: SignaturesRefused",
        "SignaturesRefused: nothing counts SignaturesRefused",
    ),
    "lateness goes unnoticed": (
        "MetricName: IteratorAge",
        "MetricName: Duration",
        "Publish: no alarm on its lateness",
    ),
    "an alarm tells nobody": (
        "AlarmActions: [!Ref AlarmTopic]\n      OKActions",
        "AlarmActions: []\n      OKActions",
        "CreatePaymentErrors: tells nobody",
    ),
    "a route forgets who may call it": (
        "            Auth: { Authorizer: AWS_IAM }\n",
        "",
        "Manage.PutLink: names no authorizer",
    ),
    "a verb is a pattern": (
        "Action: dynamodb:Query",
        "Action: dynamodb:*",
        "ReconcileRole: dynamodb:* is no exact verb",
    ),
    "a verb reaches every table": (
        "Resource: !Sub ${Table.Arn}/index/waiting",
        'Resource: "*"',
        "ReconcileRole: dynamodb:Query on everything",
    ),
    "a resource is another stack's": (
        "Resource: !Sub ${Table.Arn}/index/waiting",
        "Resource: arn:aws:dynamodb:eu-central-1:123456789012:table/other",
        "ReconcileRole: arn:aws:dynamodb:eu-central-1:123456789012:table/other is nothing of the stack",
    ),
    "a wildcard has lost its reason": (
        "                  # X-Ray has no resources to name: these two verbs are granted on all or on nothing.\n",
        "",
        "a wildcard without its reason",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "fault"), BROKEN.values(), ids=BROKEN)
def test_a_broken_template_would_be_found(right: str, wrong: str, fault: str) -> None:
    assert right in TEXT, "the template has changed: break it in another way"
    found = faults(TEXT.replace(right, wrong, 1))
    assert any(fault in one for one in found), found


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


def test_cloudformation_takes_it_whole() -> None:
    assert len(TRANSFORMED["Resources"]) <= RESOURCES
    assert len(template()["Parameters"]) <= PARAMETERS
    assert max(len(TEXT), len(json.dumps(TRANSFORMED, indent=1))) < BYTES


# ── the Serverless Application Repository ────────────────────────────────────────────────────────────────────

LABEL = r"[a-zA-Z0-9+_:/@-]{1,127}"
SEMANTIC = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?"


def told() -> dict[str, Any]:
    found: dict[str, Any] = template()["Metadata"]["AWS::ServerlessRepo::Application"]
    return found


def test_it_can_be_published_as_an_application() -> None:
    assert {
        "Name",
        "Description",
        "Author",
        "SpdxLicenseId",
        "LicenseUrl",
        "ReadmeUrl",
        "SemanticVersion",
    } <= set(told())
    assert re.fullmatch(r"[a-zA-Z0-9-]{1,140}", told()["Name"])
    assert 1 <= len(told()["Description"]) <= 256
    assert re.fullmatch(r"[a-zA-Z0-9]([a-zA-Z0-9-]{0,125}[a-zA-Z0-9])?", told()["Author"])
    assert len(told()["Labels"]) <= 10
    assert all(re.fullmatch(LABEL, label) for label in told()["Labels"])


def test_its_version_is_the_projects() -> None:
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert told()["SemanticVersion"] == version[1]
    assert re.fullmatch(SEMANTIC, told()["SemanticVersion"])


def test_its_licence_and_readme_go_along() -> None:
    # `sam package` uploads what is named here, and fails where it is not.
    readme, licence = ROOT / told()["ReadmeUrl"], ROOT / told()["LicenseUrl"]
    assert readme.read_text().startswith("# ")
    assert told()["SpdxLicenseId"] == "Apache-2.0"
    assert re.search(r"Apache License\s+Version 2\.0", licence.read_text())
    assert max(readme.stat().st_size, licence.stat().st_size) < 5_000_000
    project = (ROOT / "pyproject.toml").read_text()
    assert f'license = "{told()["SpdxLicenseId"]}"' in project
