"""The command line: help, version, and faults in one line."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from paylink_cli.root import paylink


def invoke(*words: str) -> Result:
    return CliRunner().invoke(paylink, words, prog_name="paylink")


@pytest.mark.parametrize("words", [["--help"], ["local", "--help"]])
def test_help_fits_a_terminal_and_shows_an_example(words: list[str]) -> None:
    result = invoke(*words)
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert "paylink local" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_help_names_every_flag_and_the_variable() -> None:
    text = invoke("local", "--help").output
    flags = (
        "--port --host --allow-any-host --gateway-url --sandbox-port --dynamodb-endpoint --merchant-id "
        "--secret-key --public-url --origin --shop-url --check-call --seed --test-mode --live --json-logs "
        "PAYLINK_SECRET_KEY"
    )
    for flag in flags.split():
        assert flag in text


def test_the_version_is_the_packages() -> None:
    result = invoke("--version")
    assert result.exit_code == 0
    assert result.output.startswith("paylink 1.")


def test_another_gateway_needs_the_shops_key() -> None:
    result = invoke("local", "--gateway-url", "https://api.example.kz")
    assert result.exit_code == 2
    assert "--secret-key" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "192.0.2.1"], "--allow-any-host"),
        (["--seed", "nowhere.json"], "nowhere.json cannot be read"),
        (["--merchant-id", "x"], "--merchant-id"),
    ],
)
def test_a_fault_is_one_line_and_exit_code_2(words: list[str], said: str) -> None:
    result = invoke("local", *words)
    assert result.exit_code == 2
    assert result.output.startswith("Error: ")
    assert said in result.output
    assert result.output.count("\n") == 1


def test_a_port_in_use_says_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = invoke("local", "--port", str(port))
    assert result.exit_code == 2
    assert result.output == (
        f"Error: port {port} on 127.0.0.1 is in use; "
        "end the program that has it, or pick another with --port\n"
    )


def test_a_sandbox_port_in_use_names_its_own_flag() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = invoke("local", "--port", "0", "--sandbox-port", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert result.output.endswith("or pick another with --sandbox-port\n")
    assert result.output.count("\n") == 1


def test_without_click_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text(
        "raise ModuleNotFoundError('no click', name='click')\n", encoding="utf-8"
    )
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from paylink_cli.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert (
        done.stderr
        == "paylink: the command line needs more packages; in its checkout run: pip install '.[local]'\n"
    )
