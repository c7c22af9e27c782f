"""Sends an operation on an order, and waits while nobody knows how it ended."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from paylink_cli.errors import AnswerLost, OutcomeUnknown, Refused, Unreachable
from paylink_cli.reaching.api import Answer, Api
from paylink_cli.reaching.problems import Later
from paylink_cli.showing.terminal import Terminal

PAUSE: Final = 2.0
"""Seconds between two questions where the API does not say."""
SHORTEST_PAUSE: Final = 0.2
_OWNERS_WORK: Final = frozenset({"gateway_misconfigured", "not_configured"})
_NOTHING_SENT: Final = frozenset({"gateway_silent", "gateway_unclear"})
"""The gateway could not be read beforehand, so that nothing was sent to it."""
_UNSETTLED: Final = frozenset({"running", "unknown"})


@dataclass(frozen=True)
class Asked:
    """What is sent: the same again and again, so that it is done once."""

    path: str
    body: Mapping[str, Any]
    key: str


def new_key() -> str:
    """An Idempotency-Key of 128 random bits."""
    return secrets.token_hex(16)


class Operator:
    """Sends operations, each until its outcome is known or the time is over."""

    def __init__(
        self,
        api: Api,
        terminal: Terminal,
        *,
        wait: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`wait`: the longest that the outcome is waited for, in seconds."""
        self._api = api
        self._terminal = terminal
        self._wait = wait
        self._clock = clock
        self._sleep = sleep

    def run(self, asked: Asked) -> Answer:
        """The answer once it settles the operation; `replayed` where an earlier run with this key had sent it.

        Raises OutcomeUnknown, Refused, Unreachable.
        """
        # Before it is sent: whatever becomes of this process, the person can ask again.
        self._terminal.note(
            f"Key {asked.key} (should the answer be lost, repeat with --key {asked.key})", "dim"
        )
        until = self._clock() + self._wait
        with self._terminal.progress("asking") as tell:
            try:
                return self._settled(asked, until, tell)
            except KeyboardInterrupt:
                raise self._unknown(asked, "interrupted; the outcome is not known here") from None

    def _settled(self, asked: Asked, until: float, tell: Callable[[str], None]) -> Answer:
        # Whether an earlier try may have begun the operation.
        begun = False
        while True:
            pause, harmless = PAUSE, None
            try:
                answer = self._api.request("POST", asked.path, asked.body, key=asked.key)
            except Unreachable as error:
                # What never connected the first time has done nothing; later on that says nothing.
                if not begun and not isinstance(error, AnswerLost):
                    raise
                begun, known = True, str(error)
            except Refused as error:
                if isinstance(error, Later) and _passes(error):
                    pause, known = error.retry_after, str(error)
                    harmless = error if error.code in _NOTHING_SENT else None
                    begun = begun or harmless is None
                elif error.code or not begun:
                    raise
                else:
                    # Not the operation's own answer (a throttle, credentials that ended), and it may have begun.
                    raise self._unknown(asked, str(error)) from error
            else:
                if not _is_unsettled(answer):
                    return replace(answer, replayed=answer.replayed and not begun)
                begun, known = True, "the outcome is not known yet"
                pause = PAUSE if answer.retry_after is None else answer.retry_after
            left = until - self._clock()
            if left <= 0:
                raise harmless if harmless is not None and not begun else self._unknown(asked, known)
            tell(f"{known.rstrip('.')}; waiting {left:.0f} s more at most")
            self._sleep(min(max(pause, SHORTEST_PAUSE), left))

    @staticmethod
    def _unknown(asked: Asked, known: str) -> OutcomeUnknown:
        return OutcomeUnknown(
            f"{known.rstrip('.')}; run the same command again with --key {asked.key} to learn how it ended"
        )


def require_done(answer: Answer) -> None:
    """Raises Refused where a replay shows that the operation was refused."""
    operation = answer.content.get("operation")
    if isinstance(operation, Mapping) and operation.get("status") == "refused":
        said = operation.get("gateway_description") or "no reason given"
        code = operation.get("gateway_code")
        raise Refused(
            f"the gateway refused it ({said if code is None else f'{code}: {said}'})",
            status=answer.status,
            problem=answer.content,
        )


def _passes(error: Later) -> bool:
    """Whether the same request is worth repeating at once: this key is at work, or a fault that passes by itself."""
    return error.code == "still_running" or (error.status >= 500 and error.code not in _OWNERS_WORK)


def _is_unsettled(answer: Answer) -> bool:
    operation = answer.content.get("operation")
    status = operation.get("status") if isinstance(operation, Mapping) else None
    return answer.status == 202 or status in _UNSETTLED
