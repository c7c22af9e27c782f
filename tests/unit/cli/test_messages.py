"""`paylink sign`, `verify` and `explain`: a message in each form, and the key from each place but an argument."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from moto import mock_aws

from paylink.freedompay.messages import read_request, read_xml, write_xml
from paylink.freedompay.signature import sign as signature_of
from paylink.freedompay.signature import verify as fits
from paylink_cli.merchant_document import with_key
from paylink_cli.reaching.merchant_secret import MerchantStore
from paylink_cli.root import paylink
from unit.cli.deployed import TARGET, deploy
from unit.cli.fake_api import run
from unit.cli.typing_in import run_with

KEY, OTHER = "the-made-up-key-1", "the-made-up-key-2"
SCRIPT = "paylink_result"
FIELDS = [
    ("pg_order_id", "pl_1"),
    ("pg_amount", "500.00"),
    ("pg_salt", "abc"),
    ("pg_description", "Чай; 2 шт."),
]
SIGNED = [*FIELDS, ("pg_sig", signature_of(SCRIPT, FIELDS, KEY))]
WORDS = [f"{name}={value}" for name, value in SIGNED]
FORM = (
    "pg_order_id=pl_1&pg_amount=500.00&pg_salt=abc&pg_description=%D0%A7%D0%B0%D0%B9%3B+2+%D1%88%D1%82."
    f"&pg_sig={SIGNED[-1][1]}"
).encode()
MULTIPART = (
    b"".join(
        b'--edge-1\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value.encode())
        for name, value in SIGNED
    )
    + b"--edge-1--\r\n"
)
SENT = {
    "form": FORM,
    "form with the file's last line end": FORM + b"\n",
    "xml request": write_xml(SIGNED, "request"),
    "xml response": write_xml(SIGNED, "response"),
    "multipart": MULTIPART,
    "multipart saved by an editor": MULTIPART.replace(b"\r\n", b"\n"),
}


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    return str(file)


@pytest.fixture
def other_file(tmp_path: Path) -> str:
    file = tmp_path / "other"
    file.write_text(OTHER)
    return str(file)


@pytest.mark.parametrize("raw", SENT.values(), ids=SENT)
def test_a_message_verifies_in_every_encoding(tmp_path: Path, key_file: str, raw: bytes) -> None:
    file = tmp_path / "message"
    file.write_bytes(raw)
    words = ("verify", "--script", SCRIPT, "--key-file", key_file)
    assert run(*words, "--file", str(file)).stdout == "The signature fits.\n"
    assert run_with(raw, *words, "--file", "-").exit_code == 0


def test_words_and_an_address_will_do(key_file: str) -> None:
    words = ("verify", "--key-file", key_file)
    assert run(*words, "--script", SCRIPT, *WORDS).exit_code == 0
    address = f"https://pay.shop.example/callbacks/{SCRIPT}"
    assert run(*words, "--script", address, *WORDS).exit_code == 0
    assert run(*words, "--script", f"{address}?{FORM.decode()}").exit_code == 0


def test_another_key_or_script_does_not_fit(key_file: str, other_file: str) -> None:
    for words in (
        ("--script", SCRIPT, "--key-file", other_file),
        ("--script", "check", "--key-file", key_file),
    ):
        result = run("verify", *words, *WORDS)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "paylink explain" in result.stderr
        assert json.loads(run("verify", *words, *WORDS, "--json").stdout) == {"fits": False}


def test_signing_in_each_form(key_file: str) -> None:
    words = ("sign", "--script", SCRIPT, "--key-file", key_file, *WORDS[:-1])
    form = run(*words).stdout.strip()
    fields = read_request("POST", "", "application/x-www-form-urlencoded", form.encode())
    assert fields == SIGNED
    assert read_xml(run(*words, "--as", "xml").stdout.strip(), "request") == SIGNED
    assert run(*words, "--as", "signature").stdout == f"{SIGNED[-1][1]}\n"
    assert json.loads(run(*words, "--json").stdout)["pg_sig"] == SIGNED[-1][1]


def test_signing_adds_a_salt_and_replaces_a_signature(key_file: str) -> None:
    line = run("sign", "--script", "x", "--key-file", key_file, "pg_amount=1", "pg_sig=0").stdout.strip()
    fields = read_request("POST", "", "application/x-www-form-urlencoded", line.encode())
    assert [name for name, _ in fields] == ["pg_amount", "pg_salt", "pg_sig"]
    assert fits("x", fields, [KEY])


def test_nested_names_are_signed_as_the_gateway_does(key_file: str) -> None:
    words = ("pg_items[0][name]=Tea", "pg_items[0][count]=2", "pg_salt=s")
    line = run("sign", "--script", "x", "--key-file", key_file, *words).stdout.strip()
    assert fits("x", read_request("POST", "", "application/x-www-form-urlencoded", line.encode()), [KEY])


@pytest.mark.parametrize(
    ("script", "words", "cause"),
    [
        ("check", WORDS, "script_name"),
        (SCRIPT, [*WORDS[:-1], "utm_source=mail", WORDS[-1]], "unsigned_field"),
        (SCRIPT, WORDS[:-1], "no_signature"),
        (SCRIPT, [*WORDS[:-1], "pg_sig=zz"], "malformed_signature"),
        (SCRIPT, [*WORDS[:-1], f"pg_sig={SIGNED[-1][1].upper()}"], "signature_form"),
    ],
)
def test_the_known_mistakes_are_named(key_file: str, script: str, words: list[str], cause: str) -> None:
    command = ("explain", "--script", script, "--key-file", key_file, *words)
    result = run(*command)
    assert result.exit_code == 1
    told = json.loads(run(*command, "--json").stdout)
    assert cause in {finding["cause"] for finding in told["findings"]}
    assert told["findings"][0]["detail"] == result.stdout.splitlines()[0]
    for secret in (KEY, "500.00", SIGNED[-1][1]):
        assert secret not in result.output


def test_what_fits_needs_no_explanation(key_file: str) -> None:
    result = run("explain", "--script", SCRIPT, "--key-file", key_file, *WORDS)
    assert (result.exit_code, result.stdout) == (0, "It fits key number 1.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--script", "x"), "which message"),
        (("--script", "x", "a"), "NAME=VALUE"),
        (("--script", "x", "a=1", "--file", "f"), "exclude each other"),
        (("--script", "x", "--file", "-", "--key-file", "-"), "input"),
        (("--script", "x", "--file", "/none/such"), "cannot be read"),
        (("--script", "x", "a=1"), "nobody is here"),
        (("--script", "x", "a=1", "--key-file", "k", "--stack", "s"), "exclude each other"),
        (
            (
                "--script",
                "x",
                "a[0=1",
            ),
            "cannot be read",
        ),
        (("a=1",), "--script"),
    ],
)
@pytest.mark.parametrize("command", ["sign", "verify", "explain"])
def test_wrong_use_is_one_line(command: str, words: tuple[str, ...], said: str) -> None:
    result = run(command, *words)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


@pytest.mark.parametrize(
    "raw", [b"", b"<a", b"--\r\n", b"a=%zz", b"<!DOCTYPE x><request/>", b"x=1&" * 20_000]
)
@pytest.mark.parametrize("command", ["verify", "sign", "explain"])
def test_what_is_no_message_is_wrong_use(command: str, raw: bytes, key_file: str) -> None:
    result = run_with(raw, command, "--script", "x", "--key-file", key_file, "--file", "-")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["sign", "verify", "explain", "secret set", "secret rotate"])
def test_no_command_takes_the_key_itself(command: str) -> None:
    found: click.Command = paylink
    for name in command.split():
        assert isinstance(found, click.Group)
        found = found.commands[name]
    options = {option for parameter in found.params for option in parameter.opts}
    assert not options & {"--key", "--secret", "--secret-key"}
    assert all(getattr(parameter, "envvar", None) is None for parameter in found.params)


@pytest.fixture
def stack() -> Iterator[None]:
    with mock_aws():
        store = MerchantStore(deploy())
        for key in (OTHER, KEY):
            store.change(lambda document, now, key=key: with_key(document, "500001", key, now))
        yield


def test_a_stacks_own_keys_sign_and_verify(stack: None) -> None:
    assert (
        run("sign", "--script", SCRIPT, *TARGET, *WORDS[:-1], "--as", "signature").stdout
        == f"{SIGNED[-1][1]}\n"
    )
    assert run("verify", "--script", SCRIPT, *TARGET, *WORDS).exit_code == 0
    formerly = [*WORDS[:-1], f"pg_sig={signature_of(SCRIPT, FIELDS, OTHER)}"]
    assert run("verify", "--script", SCRIPT, *TARGET, *formerly).exit_code == 0
    assert run("explain", "--script", SCRIPT, *TARGET, *formerly).stdout == "It fits key number 2.\n"
