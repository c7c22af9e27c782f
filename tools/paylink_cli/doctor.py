"""`paylink doctor`: looks at a deployment from end to end."""

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import click
from rich.text import Text

from paylink_cli.diagnosis.finding import Finding, Verdict, fail, warn
from paylink_cli.errors import CommandError
from paylink_cli.reaching.target import Target, target_options
from paylink_cli.showing.terminal import Column, Terminal, terminal_options
from paylink_cli.showing.text import printable

_STYLES: Final = {
    Verdict.OK: "green",
    Verdict.WARN: "yellow",
    Verdict.FAIL: "bold red",
    Verdict.NOT_APPLICABLE: "dim",
}
_FORBIDDEN: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
)
_WORDS: Final = {Verdict.NOT_APPLICABLE: "-"}


@click.command(
    epilog="""\b
Example:
  paylink doctor --stack my-shop
  paylink doctor --stack my-shop --pay coffee
  paylink doctor --local --json

The exit code is 1 where something fails; a warning alone leaves it 0.
Nothing is changed, but that --pay makes an order and nobody pays it.
"""
)
@click.option("--pay", metavar="LINK", help="Make a payment of this link too, in test mode alone.")
@target_options
@terminal_options
def doctor(*, target: Target, terminal: Terminal, pay: str | None) -> None:
    """Check a deployment from end to end."""
    findings: list[Finding] = []
    with terminal.progress("looking") as tell:
        for name, check in _checks(target, pay):
            tell(f"looking at {name}")
            findings += _looked(name, check)
    counts = Counter(finding.verdict for finding in findings)
    if terminal.as_json:
        terminal.json(
            {
                "healthy": not counts[Verdict.FAIL],
                "findings": [
                    {
                        "name": one.name,
                        "verdict": one.verdict.value,
                        "detail": one.detail,
                        "advice": one.advice or None,
                    }
                    for one in findings
                ],
            }
        )
    else:
        _show(terminal, findings)
    if counts[Verdict.FAIL]:
        raise CommandError(
            f"{counts[Verdict.FAIL]} of {len(findings)} checks failed; do what stands below each"
        )


def _checks(target: Target, link: str | None) -> Iterator[tuple[str, Callable[[], Iterator[Finding]]]]:
    # They load the AWS SDK and the HTTP client, which `--help` need not wait for.
    from paylink_cli.diagnosis import (  # noqa: PLC0415
        api_checks,
        function_checks,
        gateway_checks,
        queue_checks,
        stack_checks,
        table_checks,
    )
    from paylink_cli.diagnosis.subject import Subject  # noqa: PLC0415

    # A deployment that is not there at all is the command's own error.
    subject = Subject(target)
    _ = subject.system.outputs
    checks = {
        "stack": stack_checks.stack_state,
        "outputs": stack_checks.outputs,
        "settings": stack_checks.settings,
        "secret": stack_checks.secret,
        "table": table_checks.table,
        "functions": function_checks.aliases,
        "concurrency": function_checks.concurrency,
        "queues": queue_checks.queues,
        "clock": api_checks.clock,
        "operator": api_checks.operator,
        "callbacks": api_checks.callbacks,
        "origins": api_checks.origins,
        "gateway": gateway_checks.host,
        "key": gateway_checks.key,
    }
    for name, check in checks.items():
        yield name, functools.partial(check, subject)
    yield "test payment", functools.partial(gateway_checks.test_payment, subject, link)


def _looked(name: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The check's findings; where it cannot look at all, that is the finding."""
    # Loaded by the checks anyway.
    import requests  # noqa: PLC0415
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        yield from check()
    except CommandError as error:
        cause = error.__cause__
        if isinstance(cause, ClientError) and cause.response["Error"]["Code"] in _FORBIDDEN:
            advice = f"allow {cause.operation_name}, or have somebody look who may"
            yield warn(name, "these credentials may not look at it", advice)
        else:
            yield fail(name, str(error), "see to that, then run this again")
    except requests.RequestException as error:
        advice = "look at the network, then run this again"
        yield fail(name, f"the API gave no answer ({type(error).__name__})", advice)


def _show(terminal: Terminal, findings: list[Finding]) -> None:
    rows: list[tuple[Text | str, str, Text | str]] = []
    for finding in findings:
        style = _STYLES[finding.verdict]
        word = _WORDS.get(finding.verdict, finding.verdict.value)
        rows.append((Text(word, style), finding.name, Text(printable(finding.detail), style)))
        if finding.advice:
            rows.append(("", "", Text(f"-> {printable(finding.advice)}")))
    terminal.table([Column(""), Column("CHECK"), Column("FOUND", folds=True)], rows)
