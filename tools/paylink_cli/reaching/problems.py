"""A problem document as one line that says what to do next."""

from collections.abc import Mapping
from typing import Any, Final

from paylink_cli.errors import AnswerLost, CommandError, Refused

_NEXT: Final = {
    "order_unknown": "`paylink orders list` shows the orders of a day",
    "link_unknown": "`paylink links list` shows those there are",
    "idempotency_key_reused": "leave --key out for a new operation, or repeat exactly what was asked for with it",
    "not_configured": "set the merchant key first",
    "gateway_misconfigured": "check the merchant number and key, then repeat it with the same --key",
    "store_unavailable": "try again in a moment",
}
"""What to do next, by the problem's code."""


class Later(Refused):
    """The API answered that the same request may be sent again after a while (`retry_after`, seconds)."""

    def __init__(self, message: str, *, status: int, problem: Mapping[str, Any], retry_after: float) -> None:
        super().__init__(message, status=status, problem=problem)
        self.retry_after = retry_after


def refusal(status: int, content: Mapping[str, Any] | None, retry_after: float | None) -> CommandError:
    """The error of an answer of 400 and above; `Later` where it says when to ask again."""
    problem = content or {}
    message = _message(status, problem)
    if status >= 500 and "code" not in problem:
        # API Gateway's own: the function behind it may have done its work.
        return AnswerLost(message)
    if retry_after is not None:
        return Later(message, status=status, problem=problem, retry_after=retry_after)
    return Refused(message, status=status, problem=problem)


def _message(status: int, problem: Mapping[str, Any]) -> str:
    if "code" not in problem:
        return _of_api_gateway(status, problem)
    entries = problem.get("errors")
    if isinstance(entries, list) and entries:
        text = "; ".join(f"{entry.get('field')}: {entry.get('detail')}" for entry in entries)
    else:
        text = str(problem.get("detail") or problem.get("title") or status)
    if problem.get("gateway_code") is not None:
        said = f"{problem['gateway_code']} {problem.get('gateway_description') or ''}".rstrip()
        text = f"{text.rstrip('.')}; the gateway said: {said}"
    following = _NEXT.get(str(problem["code"]))
    return f"{text.rstrip('.')}; {following}" if following else text


def _of_api_gateway(status: int, problem: Mapping[str, Any]) -> str:
    """API Gateway's own answers have a `message` alone."""
    if status == 403:
        return (
            "the operator's API refused these credentials; use --stack with an identity that may call "
            "execute-api:Invoke on it"
        )
    if status == 404:
        return "this API has no such route; is it a Paylink of this version?"
    if status == 429:
        return "too many requests; try again in a moment"
    return f"the API answered {status} {problem.get('message', '')}".rstrip() + "; try again in a moment"
