"""How long gateway calls may take within one call of a function."""

import time
from typing import Final

from paylink.domain.errors import GatewaySilent

LONGEST_CALL: Final = 12.0
"""Seconds for one gateway call."""

RESERVE: Final = 3.0
"""Seconds kept for writing down what the gateway said and for answering."""

_SHORTEST_CALL: Final = 1.5


class Deadline:
    """The moment by which the last gateway call has to end."""

    def __init__(self, seconds_left: float) -> None:
        self._end = time.monotonic() + seconds_left - RESERVE

    def seconds_left(self) -> float:
        """Seconds left of all, those for writing and answering included."""
        return self._end + RESERVE - time.monotonic()

    def next_call(self) -> float:
        """Seconds that the next call may take. Raises GatewaySilent where too little time is left for one."""
        left = min(LONGEST_CALL, self._end - time.monotonic())
        if left < _SHORTEST_CALL:
            raise GatewaySilent(
                "The gateway took too long. Send the same request with the same Idempotency-Key again."
            )
        return left
