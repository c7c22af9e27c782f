"""Each function: its time, its logs, its role, and what its role may do."""

import re
from datetime import timedelta
from typing import Any

import pytest

from engines.places import ROOT, TEMPLATE
from engines.template import functions, resources, template
from paylink.app.asking import LEASE
from paylink.app.reconcile import TURN

FUNCTIONS = functions()
# CodeDeploy's role is no function's; test_house_rules.py holds it.
ROLES = {name: one for name, one in resources("AWS::IAM::Role").items() if name != "DeploymentRole"}
LOGS = {name: one for name, one in resources("AWS::Logs::LogGroup").items() if name != "AccessLogs"}
API_SECONDS = 29
RUN_SECONDS = 55

TABLE = {"Fn::GetAtt": ["Table", "Arn"]}
BY_DAY = {"Fn::Sub": "${Table.Arn}/index/by_day"}
WAITING = {"Fn::Sub": "${Table.Arn}/index/waiting"}
BUS = {"Fn::Sub": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${EventBus}"}
UNPUBLISHED = {"Fn::GetAtt": ["UnpublishedQueue", "Arn"]}
DELIVERY = {"Fn::GetAtt": ["DeliveryQueue", "Arn"]}
FAILURES = {"Fn::GetAtt": ["StreamFailures", "Arn"]}
STREAM = {"Fn::GetAtt": ["Table", "StreamArn"]}
SECRETS = ("MERCHANT_SECRET", "STACK_SECRET", "WEBHOOK_SECRET", "TELEGRAM_SECRET")
MERCHANT, STACK = {"Ref": "MerchantSecret"}, {"Ref": "StackSecret"}

# What each function may do beside writing its own log: the verbs that its code calls, on the things it calls them on.
ALLOWED: dict[str, dict[str, list[dict[str, Any]]]] = {
    "CreatePayment": {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:BatchGetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
        "dynamodb:UpdateItem": [TABLE],
        "secretsmanager:GetSecretValue": [MERCHANT, STACK],
    },
    "LinkPage": {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
        "dynamodb:UpdateItem": [TABLE],
        "secretsmanager:GetSecretValue": [MERCHANT, STACK],
    },
    "GatewayCallback": {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
        "dynamodb:UpdateItem": [TABLE],
        "secretsmanager:GetSecretValue": [MERCHANT],
    },
    "ReturnPage": {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:UpdateItem": [TABLE],
        "secretsmanager:GetSecretValue": [MERCHANT],
    },
    "PaymentStatus": {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:UpdateItem": [TABLE],
        "secretsmanager:GetSecretValue": [MERCHANT],
    },
    "Reconcile": {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:BatchGetItem": [TABLE],
        "dynamodb:UpdateItem": [TABLE],
        "dynamodb:Query": [WAITING],
        "secretsmanager:GetSecretValue": [MERCHANT, STACK],
    },
    "Manage": {
        "dynamodb:GetItem": [TABLE],
        "dynamodb:BatchGetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
        "dynamodb:UpdateItem": [TABLE],
        "dynamodb:Query": [TABLE, BY_DAY],
        "secretsmanager:GetSecretValue": [MERCHANT, STACK],
        "events:PutEvents": [BUS],
        "sqs:SendMessage": [DELIVERY, UNPUBLISHED],
        "sqs:ReceiveMessage": [UNPUBLISHED, FAILURES],
        "sqs:DeleteMessage": [UNPUBLISHED, FAILURES],
        "sqs:GetQueueAttributes": [UNPUBLISHED, FAILURES],
        "dynamodb:GetRecords": [STREAM],
        "dynamodb:GetShardIterator": [STREAM],
    },
    "Publish": {
        "dynamodb:DescribeStream": [STREAM],
        "dynamodb:GetRecords": [STREAM],
        "dynamodb:GetShardIterator": [STREAM],
        "dynamodb:ListStreams": [STREAM],
        "events:PutEvents": [BUS],
        "sqs:SendMessage": [DELIVERY, UNPUBLISHED, FAILURES],
    },
    "Deliver": {
        "sqs:ReceiveMessage": [DELIVERY],
        "sqs:DeleteMessage": [DELIVERY],
        "sqs:GetQueueAttributes": [DELIVERY],
        "sqs:ChangeMessageVisibility": [DELIVERY],
        "sqs:SendMessage": [{"Fn::GetAtt": ["DeadLetters", "Arn"]}],
        "sns:Publish": [{"Ref": "MessageTopic"}],
        "dynamodb:GetItem": [TABLE],
        "dynamodb:PutItem": [TABLE],
        "dynamodb:UpdateItem": [TABLE],
        "secretsmanager:GetSecretValue": [{"Ref": "WebhookSecret"}, {"Ref": "TelegramSecret"}],
    },
}
TRACES = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]


def statements(role: str) -> list[dict[str, Any]]:
    return [
        statement
        for policy in ROLES[role]["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_these_are_the_functions() -> None:
    assert set(FUNCTIONS) == set(ALLOWED)


CALLED_BY_HTTP = [
    name
    for name, one in FUNCTIONS.items()
    if any(event["Type"] == "HttpApi" for event in one["Events"].values())
]


@pytest.mark.parametrize("name", CALLED_BY_HTTP)
def test_it_ends_before_the_api_gives_up(name: str) -> None:
    assert FUNCTIONS[name]["Timeout"] == 20
    for event in FUNCTIONS[name]["Events"].values():
        assert event["Type"] == "HttpApi", "a function of the API is nothing else"
        assert event["Properties"]["TimeoutInMillis"] == API_SECONDS * 1000


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_code_is_there(name: str) -> None:
    assert FUNCTIONS[name]["Handler"] == "app.handler"
    assert FUNCTIONS[name]["Runtime"] == "python3.13"
    assert (ROOT / FUNCTIONS[name]["CodeUri"] / "app.py").is_file()
    assert FUNCTIONS[name]["Layers"] == [{"Ref": "PaylinkLayer"}]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_logs_json_to_a_group_of_its_own_that_forgets(name: str) -> None:
    logging = FUNCTIONS[name]["LoggingConfig"]
    assert logging["LogFormat"] == "JSON"
    group = template()["Resources"][logging["LogGroup"]["Ref"]]
    assert group["Type"] == "AWS::Logs::LogGroup"
    assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_no_two_functions_share_a_log_group_or_a_role() -> None:
    groups = [one["LoggingConfig"]["LogGroup"]["Ref"] for one in FUNCTIONS.values()]
    roles = [one["Role"]["Fn::GetAtt"][0] for one in FUNCTIONS.values()]
    names = [one["Properties"]["LogGroupName"]["Fn::Sub"] for one in LOGS.values()]
    assert sorted(groups) == sorted(LOGS)
    assert sorted(roles) == sorted(ROLES)
    assert len(set(groups)) == len(set(roles)) == len(set(names)) == len(FUNCTIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_role_is_lambdas_alone(name: str) -> None:
    role = ROLES[FUNCTIONS[name]["Role"]["Fn::GetAtt"][0]]["Properties"]
    assert set(role) == {"AssumeRolePolicyDocument", "Policies"}, "no managed policy, no boundary by accident"
    trust = role["AssumeRolePolicyDocument"]["Statement"]
    assert [one["Principal"] for one in trust] == [{"Service": "lambda.amazonaws.com"}]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_its_role_allows_exactly_what_it_does(name: str) -> None:
    logs = FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]
    expected = {
        **ALLOWED[name],
        "logs:CreateLogStream": [{"Fn::GetAtt": [logs, "Arn"]}],
        "logs:PutLogEvents": [{"Fn::GetAtt": [logs, "Arn"]}],
    }
    found: dict[str, list[Any]] = {}
    for statement in statements(FUNCTIONS[name]["Role"]["Fn::GetAtt"][0]):
        if "Fn::If" in statement:
            continue
        assert set(statement) == {"Effect", "Action", "Resource"}
        assert statement["Effect"] == "Allow"
        for action in listed(statement["Action"]):
            found.setdefault(action, []).extend(listed(statement["Resource"]))
    assert found == expected


@pytest.mark.parametrize("role", ROLES)
def test_traces_are_the_only_grant_on_all_resources(role: str) -> None:
    conditional = [one["Fn::If"] for one in statements(role) if "Fn::If" in one]
    assert conditional == [
        ["Traced", {"Effect": "Allow", "Action": TRACES, "Resource": "*"}, {"Ref": "AWS::NoValue"}]
    ]


def test_a_star_stands_beside_its_reason() -> None:
    lines = TEMPLATE.read_text().splitlines()
    stars = [
        number for number, line in enumerate(lines) if re.search(r"(Action|Resource):.*\*(\"|'|$)", line)
    ]
    assert stars, "the traces' grant is written with a star"
    for number in stars:
        assert lines[number - 1].lstrip().startswith("# "), f"line {number + 1} gives no reason"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_reads_only_the_secrets_that_it_is_told_of(name: str) -> None:
    variables = FUNCTIONS[name]["Environment"]["Variables"]
    told = [variables[key] for key in SECRETS if key in variables]
    assert ALLOWED[name].get("secretsmanager:GetSecretValue", []) == told


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_can_use_all_of_the_accounts_concurrency(name: str) -> None:
    # New accounts have ten in all: a reservation would fail the deployment, or starve the callbacks.
    assert "ReservedConcurrentExecutions" not in FUNCTIONS[name]


def test_reconcile_runs_every_minute_and_ends_before_the_next_begins() -> None:
    reconcile = FUNCTIONS["Reconcile"]
    (event,) = reconcile["Events"].values()
    assert event["Type"] == "Schedule"
    assert event["Properties"]["Schedule"] == "rate(1 minute)"
    assert reconcile["Timeout"] == RUN_SECONDS
    assert timedelta(seconds=RUN_SECONDS) < TURN < timedelta(minutes=1)
    assert timedelta(seconds=RUN_SECONDS) < LEASE


def test_a_run_that_failed_is_left_to_the_next() -> None:
    reconcile = FUNCTIONS["Reconcile"]
    assert reconcile["EventInvokeConfig"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    assert reconcile["Events"]["EveryMinute"]["Properties"]["RetryPolicy"] == {"MaximumRetryAttempts": 0}
