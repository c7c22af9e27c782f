"""What a check found."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands. Only FAIL makes the diagnosis one of a sick deployment."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `advice` says what to do where it is not well."""

    name: str
    verdict: Verdict
    detail: str
    advice: str = ""


def ok(name: str, detail: str) -> Finding:
    """It is well."""
    return Finding(name, Verdict.OK, detail)


def warn(name: str, detail: str, advice: str) -> Finding:
    """It works, but somebody should look."""
    return Finding(name, Verdict.WARN, detail, advice)


def fail(name: str, detail: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(name, Verdict.FAIL, detail, advice)


def not_applicable(name: str, detail: str) -> Finding:
    """There is no such thing here, or what it needs was found wanting before."""
    return Finding(name, Verdict.NOT_APPLICABLE, detail)
