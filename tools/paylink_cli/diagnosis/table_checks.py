"""The table: there, followed, recoverable, cleaned up."""

from collections.abc import Iterator
from typing import Any

from paylink_cli.diagnosis.finding import Finding, fail, not_applicable, ok, warn
from paylink_cli.diagnosis.subject import Subject
from paylink_cli.reaching.stack import aws_errors

_REDEPLOY = "deploy the stack again; its template sets this"


def table(subject: Subject) -> Iterator[Finding]:
    """Whether it is active and has its stream, and cannot be deleted by a slip."""
    name = subject.system.output("TableName")
    client = subject.system.client("dynamodb")
    with aws_errors():
        found = client.describe_table(TableName=name)["Table"]
    status = found["TableStatus"]
    yield (
        ok("table", f"{name} is active")
        if status == "ACTIVE"
        else fail("table", f"{name} is {status}", "wait until it is active, then run this again")
    )
    stream = found.get("StreamSpecification", {})
    if not stream.get("StreamEnabled"):
        yield fail("stream", "the table has none: nothing is published", _REDEPLOY)
    elif stream.get("StreamViewType") != "NEW_AND_OLD_IMAGES":
        yield fail("stream", f"it holds {stream.get('StreamViewType')} alone", _REDEPLOY)
    else:
        yield ok("stream", "new and old images")
    yield from _expiry(client, name)
    if subject.is_local:
        yield not_applicable("backups", "a local table lives as long as the run")
        return
    yield from _recovery(client, name)
    if not found.get("DeletionProtectionEnabled"):
        yield warn("deletion", "one wrong click deletes the table", _REDEPLOY)


def _expiry(client: Any, name: str) -> Iterator[Finding]:  # noqa: ANN401 - a client of boto3
    with aws_errors():
        expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if expiry.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"} and expiry.get("AttributeName") == "ttl":
        yield ok("expiry", "rows end at their ttl")
    else:
        yield warn("expiry", "rows that are over are kept for ever, personal data too", _REDEPLOY)


def _recovery(client: Any, name: str) -> Iterator[Finding]:  # noqa: ANN401 - as above
    with aws_errors():
        backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") == "ENABLED":
        yield ok("backups", "point-in-time recovery is on")
    else:
        yield fail("backups", "point-in-time recovery is off: a slip cannot be undone", _REDEPLOY)
