"""The functions: whether what serves is what was deployed last, and whether enough of them may run."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from paylink_cli.diagnosis.finding import Finding, fail, not_applicable, ok, warn
from paylink_cli.diagnosis.subject import Subject
from paylink_cli.reaching.stack import aws_errors

ALIAS: Final = "live"
NEW_ACCOUNT: Final = 10
"""Concurrent functions that a new account has; a handful of buyers and their callbacks fill them."""
_COMPARED: Final = (
    *("CodeSha256", "Handler", "Runtime", "Timeout", "MemorySize", "Role", "Environment", "Architectures"),
    *("TracingConfig", "LoggingConfig"),
)


def aliases(subject: Subject) -> Iterator[Finding]:
    """Whether each function's alias serves what was deployed last."""
    if subject.is_local:
        yield not_applicable("functions", "a local run has no versions")
        return
    client = subject.system.client("lambda")
    stale = 0
    for logical_id, name in sorted(subject.functions.items()):
        finding = _function(client, logical_id, name)
        if finding is not None:
            stale += 1
            yield finding
    if not subject.functions:
        yield fail("functions", "the stack has none", "deploy this version's template")
    elif not stale:
        yield ok("functions", f"{len(subject.functions)}, each serving what was deployed last")


def concurrency(subject: Subject) -> Iterator[Finding]:
    """How many functions may run at once in the account."""
    if subject.is_local:
        yield not_applicable("concurrency", "no account stands behind a local run")
        return
    with aws_errors():
        limits = subject.system.client("lambda").get_account_settings()["AccountLimit"]
    free = limits.get("UnreservedConcurrentExecutions", limits["ConcurrentExecutions"])
    if free <= NEW_ACCOUNT:
        yield warn(
            "concurrency",
            f"{free} functions at once for the whole account: callbacks may be turned away at a busy hour",
            "ask for 1000 in Service Quotas: Lambda, Concurrent executions",
        )
    else:
        yield ok("concurrency", f"{free} functions at once")


def _function(client: Any, logical_id: str, name: str) -> Finding | None:  # noqa: ANN401 - a client of boto3
    with aws_errors():
        try:
            served = client.get_function_configuration(FunctionName=name, Qualifier=ALIAS)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return fail(
                logical_id, f"it has no alias {ALIAS!r}: nothing reaches it", "deploy the stack again"
            )
        latest = client.get_function_configuration(FunctionName=name)
    if served.get("State", "Active") not in {"Active", "Inactive"}:
        return fail(
            logical_id, f"it is {served['State']}: {served.get('StateReason', '')}", "deploy the stack again"
        )
    differing = [part for part in _COMPARED if served.get(part) != latest.get(part)]
    if _layers(served) != _layers(latest):
        differing.append("Layers")
    if differing:
        return fail(
            logical_id,
            f"{ALIAS!r} serves version {served.get('Version')}, which differs from the latest in "
            f"{', '.join(differing)}",
            "deploy again; if that changes nothing, publish a version and point the alias at it",
        )
    return None


def _layers(configuration: Mapping[str, Any]) -> list[str]:
    return [layer["Arn"] for layer in configuration.get("Layers", [])]
