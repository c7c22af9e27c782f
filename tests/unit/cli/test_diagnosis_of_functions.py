"""What `paylink doctor` says of the functions and of how many may run."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from paylink_cli.diagnosis import (
    function_checks,
)
from paylink_cli.diagnosis.finding import Verdict
from paylink_cli.diagnosis.subject import Subject
from unit.cli.deployed import REGION
from unit.cli.diagnosed import DEPLOYED, Given, Outputs, of, verdicts

CONFIGURATION = {
    "CodeSha256": "abc",
    "Timeout": 20,
    "State": "Active",
    "Layers": [{"Arn": "arn:aws:lambda:eu-central-1:123456789012:layer:paylink:3"}],
    "Environment": {"Variables": {"LOG": "INFO"}},
}


@pytest.fixture
def functions() -> Iterator[tuple[Given, Stubber]]:
    client = boto3.client("lambda", region_name=REGION)
    with Stubber(client) as stub:
        yield Given(Outputs(**{"lambda": client}), functions={"Callback": "shop-callback"}), stub


def served_and_latest(stub: Stubber, served: dict[str, Any], latest: dict[str, Any]) -> None:
    alias = {"FunctionName": "shop-callback", "Qualifier": "live"}
    stub.add_response("get_function_configuration", {**CONFIGURATION, **served, "Version": "7"}, alias)
    own = {"FunctionName": "shop-callback"}
    stub.add_response("get_function_configuration", {**CONFIGURATION, **latest, "Version": "$LATEST"}, own)


def test_an_alias_that_serves_the_latest(functions: tuple[Given, Stubber]) -> None:
    subject, stub = functions
    served_and_latest(stub, {}, {})
    assert verdicts(function_checks.aliases(subject)) == {"functions": Verdict.OK}


@pytest.mark.parametrize(
    ("latest", "differs"),
    [
        ({"CodeSha256": "def"}, "CodeSha256"),
        ({"Environment": {"Variables": {"LOG": "DEBUG"}}}, "Environment"),
        ({"Layers": [{"Arn": "arn:aws:lambda:eu-central-1:123456789012:layer:paylink:4"}]}, "Layers"),
    ],
)
def test_an_alias_that_was_left_behind(
    functions: tuple[Given, Stubber], latest: dict[str, Any], differs: str
) -> None:
    subject, stub = functions
    served_and_latest(stub, {}, latest)
    finding = of(function_checks.aliases(subject), "Callback")
    assert finding.verdict is Verdict.FAIL
    assert f"version 7, which differs from the latest in {differs}" in finding.detail
    assert "DEBUG" not in finding.detail


def test_a_version_that_never_came_up(functions: tuple[Given, Stubber]) -> None:
    subject, stub = functions
    served_and_latest(stub, {"State": "Failed", "StateReason": "no role"}, {})
    assert verdicts(function_checks.aliases(subject)) == {"Callback": Verdict.FAIL}


def test_no_alias_and_no_function(functions: tuple[Given, Stubber]) -> None:
    subject, stub = functions
    stub.add_client_error("get_function_configuration", "ResourceNotFoundException", http_status_code=404)
    assert verdicts(function_checks.aliases(subject)) == {"Callback": Verdict.FAIL}
    assert verdicts(function_checks.aliases(Given(subject.system, functions={}))) == {
        "functions": Verdict.FAIL
    }


def test_the_functions_of_a_stack_are_found_by_its_resources() -> None:
    client = boto3.client("cloudformation", region_name=REGION)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    rows = [
        {"LogicalResourceId": logical, "PhysicalResourceId": physical, "ResourceType": kind}
        for logical, physical, kind in (
            ("Callback", "shop-callback", "AWS::Lambda::Function"),
            ("Table", "shop-table", "AWS::DynamoDB::Table"),
        )
    ]
    summaries = [{**row, "LastUpdatedTimestamp": at, "ResourceStatus": "CREATE_COMPLETE"} for row in rows]
    with Stubber(client) as stub:
        stub.add_response("list_stack_resources", {"StackResourceSummaries": summaries[:1], "NextToken": "t"})
        stub.add_response("list_stack_resources", {"StackResourceSummaries": summaries[1:]})
        assert Subject(DEPLOYED, Outputs(cloudformation=client)).functions == {"Callback": "shop-callback"}


@pytest.mark.parametrize(("free", "verdict"), [(10, Verdict.WARN), (11, Verdict.OK), (1000, Verdict.OK)])
def test_the_accounts_concurrency(functions: tuple[Given, Stubber], free: int, verdict: Verdict) -> None:
    subject, stub = functions
    limit = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": free}
    stub.add_response("get_account_settings", {"AccountLimit": limit})
    assert verdicts(function_checks.concurrency(subject)) == {"concurrency": verdict}
