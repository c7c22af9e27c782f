"""Other machines, other encodings, missing packages, and answers of something that is no Paylink."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from unit.cli.fake_api import ORDER, FakeApi


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("GET /orders", ("orders", "list")),
        ("GET /orders", ("report",)),
        ("GET /links", ("links", "list")),
        ("GET /links/x", ("links", "qr", "x")),
        ("POST /invoices", ("invoice", "create", "--title", "T", "--amount", "1", "--currency", "KZT")),
        (
            "POST /offers",
            ("offer", "sign", "--title", "T", "--price", "1", "--currency", "KZT", "--expires", "1d"),
        ),
        ("POST /events/republish", ("events", "republish")),
    ],
)
def test_json_of_something_else_is_one_line(api: FakeApi, route: str, words: tuple[str, ...]) -> None:
    api.answers(route, {"hello": "world"})
    result = api.run(*words)
    assert result.exit_code == 3
    assert "is this a Paylink API" in result.stderr.splitlines()[-1]


def test_a_proxy_of_the_environment_is_not_for_this_machine(
    api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    api.answers("GET /links", {"links": [], "cursor": None})
    assert api.run("links", "list").exit_code == 0


def test_a_netrc_adds_no_password(api: FakeApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    api.answers("GET /links", {"links": [], "cursor": None})
    assert api.run("links", "list").exit_code == 0
    assert "authorization" not in api.asked[0].headers


@pytest.mark.parametrize("words", [("orders", "show", "x"), ("orders", "show", "x", "--json")])
def test_an_encoding_without_the_letters_is_no_fault(api: FakeApi, words: tuple[str, ...]) -> None:
    api.answers("GET /orders/x", ORDER)
    done = subprocess.run(
        [sys.executable, "-m", "paylink_cli", *words, "--api", api.url],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ("\\u0427" in done.stdout) == ("--json" in words)


@pytest.mark.parametrize("package", ["click", "rich"])
def test_without_its_packages_it_says_what_to_install(tmp_path: Path, package: str) -> None:
    (tmp_path / f"{package}.py").write_text(
        f"raise ModuleNotFoundError('none', name={package!r})\n", encoding="utf-8"
    )
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from paylink_cli.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert (
        done.stderr
        == "paylink: the command line needs more packages; in its checkout run: pip install '.[local]'\n"
    )


def test_help_loads_no_aws_sdk() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom paylink_cli.root import paylink\n"
        "assert CliRunner().invoke(paylink, ['--help']).exit_code == 0\n"
        "assert not {'boto3', 'botocore', 'moto', 'flask'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
