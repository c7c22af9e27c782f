"""What a command says when it cannot be done, in a process of its own."""

import subprocess

import pytest

from integration.cli.terminal import command, environment, piped
from integration.test_local import Local


def test_nobody_listening(local: Local) -> None:
    done = piped("orders", "list", "--local", "--port", "1")
    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "Error: http://127.0.0.1:1 cannot be reached; is it running? start one with `paylink local`\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("orders", "list"),
        ("orders", "lst"),
        ("orders", "refund"),
        ("orders", "refund", "pl_1", "-5"),
        ("links", "list", "--stack", "x", "--local"),
        ("report", "--from", "yesterday"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_and_exit_code_2(words: tuple[str, ...]) -> None:
    done = piped(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: ")
    assert done.err.count("\n") == 1


def test_a_reader_that_goes_away_is_no_fault(local: Local) -> None:
    process = subprocess.Popen(
        command(("links", "list", "--json")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(local.url),
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) in {0, 1}
