"""SIGINT and SIGTERM."""

import os
import signal
import threading

import pytest

from paylink_local.stopping import StopSignals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_noted_and_ends_the_wait(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with StopSignals() as signals:
        assert not signals.asked
        threading.Timer(0.05, os.kill, (os.getpid(), number)).start()
        signals.wait()
        assert signals.asked
    assert signal.getsignal(number) is before


def test_many_signals_are_as_one() -> None:
    with StopSignals() as signals:
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGTERM)
        signals.wait()
        assert signals.asked
