"""Execution environments as Lambda keeps them: started by an event, one event at a time, more when all are busy."""

import contextlib
import json
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from paylink_local.template import ACCOUNT_ID, REGION, Function

# What a function may return: anything that JSON can hold.
Json = Any
LogLine = Callable[[str, str], None]

_WORKER = Path(__file__).with_name("worker.py")
# Lambda gives a function ten seconds to load.
_INIT_SECONDS = 10.0
# What a worker that got no further event may take to end by itself.
_GRACE_SECONDS = 1.0


class InvocationError(Exception):
    """An invocation that gave no result; API Gateway answers 500."""


class ThrottledError(InvocationError):
    """Every environment stayed busy for as long as an event may wait; API Gateway answers 503."""


class Worker:
    """One process that runs one function."""

    def __init__(self, function: Function, environment: Mapping[str, str], log: LogLine) -> None:
        """Start the process; it loads the function's code at once."""
        self._function = function
        self._arn = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{function.lambda_name}"
        # A session of its own: Ctrl-C at the terminal is for the local run alone, which ends its workers.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-P", "-u", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            cwd=function.code,
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
        self._events = _open(self._process.stdin)
        self._outcomes: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._readers = (
            threading.Thread(target=self._read_outcomes, args=(_open(self._process.stdout),), daemon=True),
            threading.Thread(target=self._read_log, args=(_open(self._process.stderr), log), daemon=True),
        )
        for reader in self._readers:
            reader.start()

    def wait_until_ready(self) -> None:
        """Return when the function's code is loaded; raises InvocationError when it cannot be."""
        outcome = self._next_outcome(_INIT_SECONDS)
        if outcome is None or "failed" in outcome:
            raise InvocationError(f"{self._function.name} could not be loaded")

    def invoke(self, event: Mapping[str, Any], ahead: float = 0.0) -> Json:
        """Return the handler's result; raises InvocationError, after which `alive` tells if it may go on.

        `ahead`: seconds by which the function's clock is ahead of this machine's.
        """
        message = {
            "event": event,
            "request_id": str(uuid.uuid4()),
            "deadline": time.time() + self._function.timeout,
            "arn": self._arn,
            "ahead": ahead,
        }
        line = json.dumps(message) + "\n"
        try:
            self._events.write(line)
            self._events.flush()
        except (OSError, ValueError) as error:  # a ValueError where `release` has just closed the pipe
            raise InvocationError(f"{self._function.name} ended before it took the event") from error
        outcome = self._next_outcome(self._function.timeout)
        if outcome is None:
            code = self._process.wait(_GRACE_SECONDS)
            raise InvocationError(f"{self._function.name} ended with exit code {code}")
        if "error" in outcome:
            raise InvocationError(f"{self._function.name} raised {outcome['error']}")
        return outcome["result"]

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def release(self) -> None:
        """Tell the worker that no further event comes, so that it ends when it is idle."""
        with contextlib.suppress(OSError):
            self._events.close()

    def end(self, grace: float = 0.0) -> None:
        """End the process, by force after `grace` seconds, and wait until it and its readers are gone."""
        self.release()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join(_GRACE_SECONDS)

    def _next_outcome(self, seconds: float) -> dict[str, Any] | None:
        try:
            return self._outcomes.get(timeout=seconds)
        except queue.Empty:
            self.end()
            raise InvocationError(f"{self._function.name} timed out after {seconds:.2f} seconds") from None

    def _read_outcomes(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._outcomes.put(json.loads(line))
        self._outcomes.put(None)

    def _read_log(self, stream: IO[str], log: LogLine) -> None:
        with stream:
            for line in stream:
                log(self._function.name, line.rstrip("\n"))


class Workers:
    """All environments of one function: an idle one is reused, else one is started, else the event waits."""

    def __init__(
        self,
        function: Function,
        environment: Mapping[str, str],
        log: LogLine,
        *,
        most: int = 8,
        longest_wait: float = 10.0,
        ahead: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Take the most environments at a time and the longest wait for one, in seconds.

        `ahead` tells by how many seconds the functions' clock is ahead of this machine's.
        """
        self._function = function
        self._environment = environment
        self._log = log
        self._most = most
        self._longest_wait = longest_wait
        self._ahead = ahead
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._starting = 0
        self._closed = False

    def invoke(self, event: Mapping[str, Any]) -> Json:
        """Return the handler's result; raises InvocationError or ThrottledError."""
        worker = self._take()
        try:
            return worker.invoke(event, self._ahead())
        finally:
            self._give_back(worker)

    def close(self) -> None:
        """End every environment; those at work get a moment to finish."""
        with self._changed:
            self._closed = True
            workers = list(self._all)
            self._changed.notify_all()
        for worker in workers:
            worker.release()
        deadline = time.monotonic() + _GRACE_SECONDS
        for worker in workers:
            worker.end(max(0.0, deadline - time.monotonic()))

    def _take(self) -> Worker:
        deadline = time.monotonic() + self._longest_wait
        with self._changed:
            while not self._idle and len(self._all) + self._starting >= self._most and not self._closed:
                if not self._changed.wait(deadline - time.monotonic()):
                    raise ThrottledError(f"{self._function.name} is busy in all {self._most} environments")
            if self._closed:
                raise InvocationError("the local run is ending")
            if self._idle:
                return self._idle.pop()
            self._starting += 1
        return self._start()

    def _start(self) -> Worker:
        worker: Worker | None = None
        try:
            worker = Worker(self._function, self._environment, self._log)
        finally:
            with self._changed:
                self._starting -= 1
                if worker is not None:
                    self._all.add(worker)
                too_late = self._closed
        if too_late:
            self._drop(worker)
            raise InvocationError("the local run is ending")
        try:
            worker.wait_until_ready()
        except InvocationError:
            self._drop(worker)
            raise
        return worker

    def _give_back(self, worker: Worker) -> None:
        if not worker.alive:
            self._drop(worker)
            return
        with self._changed:
            self._idle.append(worker)
            self._changed.notify()

    def _drop(self, worker: Worker) -> None:
        worker.end()
        with self._changed:
            self._all.discard(worker)
            self._changed.notify()


def _open(stream: IO[str] | None) -> IO[str]:
    # Popen opens every stream that was asked for as a pipe.
    if stream is None:  # pragma: no cover
        raise RuntimeError("a worker's stream is not a pipe")
    return stream
