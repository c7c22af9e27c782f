"""What an error of an operation's one call means: nothing was sent, it was refused, or nobody knows."""

import pytest

from paylink.app.operations.calling import Outcome, outcome_of
from paylink.freedompay.errors import (
    AmbiguousMessage,
    ForgedAnswer,
    FreedomPayError,
    NoAnswer,
    NotReached,
    UnreadableAnswer,
    gateway_error,
)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (AmbiguousMessage(()), Outcome.NOT_SENT),
        (NotReached("x"), Outcome.NOT_SENT),
        (NoAnswer("x"), Outcome.UNKNOWN),
        (UnreadableAnswer("x"), Outcome.UNKNOWN),
        (ForgedAnswer("x"), Outcome.UNKNOWN),
        *((gateway_error(code), Outcome.NOT_SENT) for code in (100, 101, 1100, 9998)),
        *(
            (gateway_error(code), Outcome.SAID_NO)
            for code in (110, 120, 200, 340, 350, 4003, 4005, 4006, 11068)
        ),
        *(
            (gateway_error(code), Outcome.UNKNOWN)
            for code in (0, 490, 600, 1000, 4001, 4004, 4007, 9999, 10000, 77)
        ),
    ],
    ids=str,
)
def test_what_an_error_means(error: FreedomPayError, outcome: Outcome) -> None:
    assert outcome_of(error) is outcome
