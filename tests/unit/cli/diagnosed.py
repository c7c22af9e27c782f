"""A deployment of which a test says what it is, for the checks of `paylink doctor`."""

from collections.abc import Iterator, Mapping
from typing import Any

from paylink_cli.diagnosis.finding import Finding, Verdict
from paylink_cli.diagnosis.subject import Subject
from paylink_cli.errors import Unreachable
from paylink_cli.reaching.target import Target
from unit.cli.deployed import NAME, REGION

DEPLOYED = Target(stack_name=NAME, region=REGION)


def of(findings: Iterator[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


def verdicts(findings: Iterator[Finding]) -> dict[str, Verdict]:
    found = list(findings)
    # Whatever is not well says what to do.
    assert all(finding.advice for finding in found if finding.verdict in {Verdict.WARN, Verdict.FAIL})
    return {finding.name: finding.verdict for finding in found}


class Given(Subject):
    """A deployment of which a test says what it is."""

    def __init__(self, system: Any, *, parameters: Mapping[str, str] | None = None, **known: Any) -> None:
        super().__init__(DEPLOYED, system)
        self.__dict__["parameters"] = dict(parameters or {})
        self.__dict__.update(known)


class Outputs:
    """A system of outputs and stubbed clients."""

    region = REGION

    def __init__(self, outputs: Mapping[str, str] | None = None, **clients: Any) -> None:
        self.outputs = dict(outputs or {})
        self.clients = clients

    def output(self, name: str) -> str:
        try:
            return self.outputs[name]
        except KeyError:
            raise Unreachable(f"no output {name}") from None

    def client(self, service: str) -> Any:
        return self.clients[service]
