"""SIGINT and SIGTERM end the local run in order, at whatever moment they come."""

import os
import select
import signal
from types import FrameType
from typing import Self


class StopSignals:
    """Takes the two signals for the length of a block.

    The handler only writes to a pipe: taking a lock there, as an event object does, can wait for itself.
    """

    _SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __enter__(self) -> Self:
        """Install the handlers; main thread only."""
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        self._former = {number: signal.signal(number, self._note) for number in self._SIGNALS}
        return self

    def __exit__(self, *error: object) -> None:
        """Put back the handlers that were there before."""
        for number, handler in self._former.items():
            signal.signal(number, handler)
        os.close(self._reading)
        os.close(self._writing)

    @property
    def asked(self) -> bool:
        """Whether a signal has come."""
        return bool(select.select([self._reading], [], [], 0)[0])

    def wait(self) -> None:
        """Return when a signal has come."""
        select.select([self._reading], [], [])

    def _note(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the shape of a handler
        try:
            os.write(self._writing, b"!")
        except BlockingIOError:
            # The pipe is full of earlier signals: they say the same.
            return
