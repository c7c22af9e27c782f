"""What `paylink doctor` says of a stack, its secret, its table and its queues, well and not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from paylink_cli.diagnosis import (
    queue_checks,
    stack_checks,
    table_checks,
)
from paylink_cli.diagnosis.finding import Finding, Verdict, ok
from paylink_cli.diagnosis.subject import Subject
from paylink_cli.doctor import _looked
from paylink_cli.merchant_document import with_key
from paylink_cli.reaching.merchant_secret import MerchantStore
from paylink_cli.reaching.stack import Stack, aws_errors
from unit.cli.deployed import deploy
from unit.cli.diagnosed import DEPLOYED, Given, Outputs, of, verdicts

KEY = "the-made-up-key-1"


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("CREATE_COMPLETE", Verdict.OK),
        ("UPDATE_COMPLETE", Verdict.OK),
        ("UPDATE_IN_PROGRESS", Verdict.WARN),
        ("UPDATE_ROLLBACK_COMPLETE", Verdict.WARN),
        ("UPDATE_FAILED", Verdict.WARN),
    ],
)
def test_how_the_last_deployment_ended(status: str, verdict: Verdict) -> None:
    subject = Given(Outputs(), stack={"StackStatus": status})
    assert verdicts(stack_checks.stack_state(subject)) == {"stack": verdict}


def test_outputs_that_are_missing_are_named() -> None:
    outputs = {name: "x" for name in stack_checks.NEEDED if name != "ResultUrl"}
    finding = of(stack_checks.outputs(Given(Outputs(outputs))), "outputs")
    assert finding.verdict is Verdict.FAIL
    assert "ResultUrl" in finding.detail


def test_a_pause_and_the_mode_are_told() -> None:
    paused = Given(Outputs(), parameters={"AcceptPayments": "false", "TestMode": "false"})
    assert verdicts(stack_checks.settings(paused)) == {"new payments": Verdict.WARN, "mode": Verdict.OK}
    assert "live" in of(stack_checks.settings(paused), "mode").detail


def test_the_secret_without_a_value_a_placeholder_and_a_key(aws: None) -> None:
    stack = deploy()
    secret = stack.output("MerchantSecretArn")
    assert verdicts(stack_checks.secret(Subject(DEPLOYED, stack))) == {"secret": Verdict.FAIL}
    text = json.dumps({"merchant_id": "500001", "secret_key": "changeme"})
    stack.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=text)
    assert verdicts(stack_checks.secret(Subject(DEPLOYED, stack))) == {"secret": Verdict.FAIL}
    for key in (KEY, KEY[::-1]):
        MerchantStore(stack).change(lambda document, now, key=key: with_key(document, "500001", key, now))
    finding = of(stack_checks.secret(Subject(DEPLOYED, stack)), "secret")
    assert finding.verdict is Verdict.OK
    assert "1 former until" in finding.detail
    assert KEY not in finding.detail


def table(stack: Stack, **changes: Any) -> dict[str, Verdict]:
    client = stack.client("dynamodb")
    name = stack.output("TableName")
    if changes:
        client.update_table(TableName=name, **changes)
    return verdicts(table_checks.table(Subject(DEPLOYED, stack)))


def test_a_table_as_the_template_makes_it(aws: None) -> None:
    stack = deploy()
    client, name = stack.client("dynamodb"), stack.output("TableName")
    assert table(stack) == {
        "table": Verdict.OK,
        "stream": Verdict.OK,
        "expiry": Verdict.WARN,
        "backups": Verdict.FAIL,
        "deletion": Verdict.WARN,
    }
    client.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    well = dict.fromkeys(("table", "stream", "expiry", "backups"), Verdict.OK)
    assert table(stack, DeletionProtectionEnabled=True) == well
    assert table(stack, StreamSpecification={"StreamEnabled": False})["stream"] is Verdict.FAIL


def test_messages_that_nobody_took_are_told(aws: None) -> None:
    stack = deploy()
    assert set(verdicts(queue_checks.queues(Subject(DEPLOYED, stack))).values()) == {Verdict.OK}
    stack.client("sqs").send_message(QueueUrl=stack.output("UnpublishedQueueUrl"), MessageBody="x")
    finding = of(queue_checks.queues(Subject(DEPLOYED, stack)), "unpublished")
    assert (finding.verdict, "paylink events republish" in finding.advice) == (Verdict.WARN, True)
    assert verdicts(queue_checks.queues(Given(Outputs()))) == {
        "unpublished": Verdict.NOT_APPLICABLE,
        "undelivered": Verdict.NOT_APPLICABLE,
    }


@pytest.mark.parametrize(
    ("code", "verdict"), [("AccessDeniedException", Verdict.WARN), ("InternalFailure", Verdict.FAIL)]
)
def test_what_these_credentials_may_not_see_is_no_fault_of_the_deployment(
    code: str, verdict: Verdict
) -> None:
    def check() -> Iterator[Finding]:
        with aws_errors():
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribeTable")
        yield ok("table", "never reached")

    (finding,) = _looked("table", check)
    assert (finding.verdict, bool(finding.advice)) == (verdict, True)
