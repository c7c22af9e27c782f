"""What can go wrong in an exchange with Freedom Pay.

    FreedomPayError
    |- AmbiguousMessage       ours, not sent: it could be read in two ways
    |- UnreadableMessage      theirs: no message of the protocol can be read from it
    |- GatewayError           the gateway said "error"; one subclass for each documented code
    `- GatewayUnclear         nobody knows what became of the request
       |- NotReached          no connection was made, nothing was sent: safe to send again
       |- NoAnswer            sent, and no whole answer came back
       |- UnreadableAnswer    an answer that cannot be understood
       `- ForgedAnswer        an answer other than "error" whose signature does not fit

No message, `str` or `repr` here holds a key, a signature or a field's value, but for the gateway's own
description of an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from .codes import CODES, Advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .lint import Finding

__all__ = [
    "ERRORS",
    "Advice",
    "AmbiguousMessage",
    "ForgedAnswer",
    "FreedomPayError",
    "GatewayError",
    "GatewayUnclear",
    "NoAnswer",
    "NotReached",
    "UnreadableAnswer",
    "UnreadableMessage",
    "gateway_error",
]

MAX_DESCRIPTION = 300


class FreedomPayError(Exception):
    """The base of every error of this package."""


class AmbiguousMessage(FreedomPayError):
    """A message was not sent because it could be read in two ways; `findings` say what to change."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "the message was not sent: " + "; ".join(str(finding) for finding in self.findings)


class UnreadableMessage(FreedomPayError):
    """A request or a document is not a message of the protocol. The text says why and quotes nothing of
    it."""


class GatewayError(FreedomPayError):
    """The gateway answered `pg_status=error`. A code that no table documents is this class itself.

    `description` is the gateway's own text, `signed` tells whether a valid signature stood under the
    answer: many errors come without one (Freedom Pay protocol, "Error response").
    """

    code: int = 0
    meaning: ClassVar[str] = "an error that is not documented"
    advice: ClassVar[Advice] = Advice.UNKNOWN

    def __init__(
        self, code: int, description: str = "", *, http_status: int | None = None, signed: bool = False
    ) -> None:
        self.code = code
        self.description = "".join(c if c.isprintable() else " " for c in description[:MAX_DESCRIPTION])
        self.http_status = http_status
        self.signed = signed
        super().__init__(code, self.description)

    def __str__(self) -> str:
        said = f" ({self.description})" if self.description else ""
        return f"gateway error {self.code}: {self.meaning}{said}"


class GatewayUnclear(FreedomPayError):
    """Nobody knows what became of the request; only a later status can tell, but after NotReached."""


class NotReached(GatewayUnclear):
    """No connection was made and not a byte of the request was sent: sending it again is safe."""


class NoAnswer(GatewayUnclear):
    """The request was sent, at least in part, and no whole answer came back in time."""


class UnreadableAnswer(GatewayUnclear):
    """An answer came that is no message of the protocol or lacks what it must hold."""

    def __init__(self, reason: str, http_status: int | None = None) -> None:
        self.reason = reason
        self.http_status = http_status
        super().__init__(reason, http_status)

    def __str__(self) -> str:
        return f"unreadable answer, HTTP status {self.http_status}: {self.reason}"


class ForgedAnswer(GatewayUnclear):
    """An answer other than an error whose signature does not fit, or that is about another payment."""


def _subclass(number: int) -> type[GatewayError]:
    code = CODES[number]
    return type(
        code.name,
        (GatewayError,),
        {
            "__doc__": f"Code {code.number}: {code.meaning}.",
            "__module__": __name__,
            "code": code.number,
            "meaning": code.meaning,
            "advice": code.advice,
        },
    )


ERRORS: Mapping[int, type[GatewayError]] = {number: _subclass(number) for number in CODES}
"""The error class of each documented code. Every class is an attribute of this module too, by its name."""
globals().update({error.__name__: error for error in ERRORS.values()})


def gateway_error(
    code: int, description: str = "", *, http_status: int | None = None, signed: bool = False
) -> GatewayError:
    """Return the error of the class that documents `code`, or a plain GatewayError for an unknown one."""
    return ERRORS.get(code, GatewayError)(code, description, http_status=http_status, signed=signed)
