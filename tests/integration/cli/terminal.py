"""The command line as a person runs it: a process of its own, at a terminal or in a pipe."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60.0
CTRL_C = "\x03"
_IN_SESSION = "import os, sys; os.login_tty(int(sys.argv[1])); os.execv(sys.argv[2], sys.argv[2:])"


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str = ""


def piped(*words: str, api: str | None = None, folder: Path | None = None, stdin: str = "") -> Ended:
    """Run a command with its output in a pipe."""
    done = subprocess.run(
        command(words),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        cwd=folder,
        env=environment(api),
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def at_terminal(
    *words: str, api: str | None = None, typed: Sequence[tuple[str, str]] = (), **variables: str
) -> Ended:
    """Run a command at a terminal of eighty columns; each of `typed` is what to wait for and what to type then."""
    ours, theirs = pty.openpty()
    # Its own terminal, so that Ctrl-C reaches it as it would a person's command.
    process = subprocess.Popen(
        [sys.executable, "-c", _IN_SESSION, str(theirs), *command(words)],
        pass_fds=[theirs],
        env={**environment(api), "TERM": "xterm-256color", **variables},
    )
    os.close(theirs)
    until = time.monotonic() + SECONDS
    shown = b""
    waiting = list(typed)
    last = ""
    try:
        while True:
            ready, _, _ = select.select([ours], [], [], 2.0)
            if not ready:
                assert time.monotonic() < until, f"nothing more was shown in time: {shown!r}"
                if last == CTRL_C:
                    # One that meets Python just before it reads is not seen until the next key; so is a person's.
                    os.write(ours, CTRL_C.encode())
                continue
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
            while waiting and waiting[0][0].encode() in shown:
                last = waiting.pop(0)[1]
                os.write(ours, last.encode())
        return Ended(process.wait(SECONDS), shown.decode().replace("\r\n", "\n"))
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)


def command(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "paylink_cli", *words]


def environment(api: str | None) -> Mapping[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PAYLINK_", "NO_COLOR"))
    }
    named = {} if api is None else {"PAYLINK_API": api}
    return {**inherited, "COLUMNS": "80", "PYTHONWARNINGS": "error", **named}
