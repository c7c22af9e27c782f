"""The deployment itself: the stack, its outputs, its settings, the merchant's secret."""

from collections.abc import Iterator
from typing import Final

from paylink.domain.clock import to_text, utc_now
from paylink.domain.errors import NotConfigured
from paylink_cli.diagnosis.finding import Finding, fail, not_applicable, ok, warn
from paylink_cli.diagnosis.subject import Subject
from paylink_cli.merchant_document import fingerprint
from paylink_cli.showing.values import moment

NEEDED: Final = ("ApiUrl", "CheckUrl", "ResultUrl", "MerchantSecretArn", "TableName")
_AT_WORK: Final = "_IN_PROGRESS"
_WELL: Final = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})


def stack_state(subject: Subject) -> Iterator[Finding]:
    """Whether the last deployment ended well."""
    if subject.is_local:
        yield not_applicable("stack", "a local system has none")
        return
    status = str(subject.stack["StackStatus"])
    if status in _WELL:
        yield ok("stack", status)
    elif status.endswith(_AT_WORK):
        yield warn("stack", f"{status}: it is being deployed", "wait for its end, then run this again")
    else:
        yield warn(
            "stack",
            f"{status}: the last deployment did not end well",
            "look at the stack's events, mend the cause, deploy again",
        )


def outputs(subject: Subject) -> Iterator[Finding]:
    """Whether the outputs are there that everything else is found by."""
    missing = [name for name in NEEDED if not subject.system.outputs.get(name)]
    if missing:
        yield fail("outputs", f"{', '.join(missing)} missing", "deploy this version's template")
    else:
        yield ok("outputs", f"the API is {subject.api_url}")


def settings(subject: Subject) -> Iterator[Finding]:
    """What of the parameters decides whether money comes in."""
    if subject.parameters.get("AcceptPayments") == "false":
        yield warn(
            "new payments", "AcceptPayments is false: none is started", "deploy with AcceptPayments=true"
        )
    else:
        yield ok("new payments", "accepted")
    yield ok("mode", "test: no money moves" if subject.test_mode else "live: real money")


def secret(subject: Subject) -> Iterator[Finding]:
    """Whether the merchant's key is there and usable."""
    try:
        keys = subject.keys
    except NotConfigured as error:
        yield fail("secret", str(error).rstrip("."), "put the key in with `paylink secret set`")
        return
    mark = fingerprint(subject.system.output("MerchantSecretArn"), keys.secret_key)
    now = utc_now()
    former = [key for key in keys.previous if now < key.accept_until]
    until = (
        f"; {len(former)} former until {moment(to_text(max(key.accept_until for key in former)))}"
        if former
        else ""
    )
    yield ok("secret", f"merchant {keys.merchant_id}, key {mark}{until}")
