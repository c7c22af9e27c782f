"""`paylink secret` against Secrets Manager: what is written, what is shown, and two who write at once."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from paylink.domain.clock import from_text, utc_now
from paylink.domain.credentials import parse_merchant_secret
from paylink_cli.errors import CommandError
from paylink_cli.merchant_document import OVERLAP, fingerprint, with_key
from paylink_cli.reaching.merchant_secret import ROUNDS, MerchantStore
from paylink_cli.reaching.stack import Stack
from unit.cli.deployed import TARGET, deploy, stored
from unit.cli.fake_api import run
from unit.cli.typing_in import run_with

OLD, TYPO, NEW = "the-real-old-key-1", "the-raal-new-key-2", "the-real-new-key-2"
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture
def stack() -> Iterator[Stack]:
    with mock_aws():
        yield deploy()


def put(command: str, key: str, *words: str) -> Any:
    return run_with(f"{key}\n", "secret", command, "--from-file", "-", *words, *TARGET)


def test_set_then_rotate_then_status(stack: Stack) -> None:
    assert put("set", OLD, "--merchant-id", "500001").exit_code == 0
    assert stored(stack) == {"merchant_id": "500001", "secret_key": OLD, "previous": []}
    rotated = put("rotate", NEW)
    assert rotated.exit_code == 0
    document = stored(stack)
    assert (document["merchant_id"], document["secret_key"]) == ("500001", NEW)
    (former,) = document["previous"]
    assert former["secret_key"] == OLD
    left = from_text(former["accept_until"]) - utc_now()
    assert OVERLAP - timedelta(minutes=1) < left <= OVERLAP
    shown = run("secret", "status", "--json", *TARGET)
    arn = stack.output("MerchantSecretArn")
    assert json.loads(shown.stdout) == {
        "merchant_id": "500001",
        "fingerprint": fingerprint(arn, NEW),
        "former": [{"fingerprint": fingerprint(arn, OLD), "accept_until": former["accept_until"]}],
    }


def test_a_typo_and_its_correction_keep_the_real_old_key(stack: Stack) -> None:
    put("set", OLD, "--merchant-id", "500001")
    put("rotate", TYPO)
    until = stored(stack)["previous"][0]["accept_until"]
    assert put("set", NEW).exit_code == 0
    document = stored(stack)
    assert document["secret_key"] == NEW
    assert {one["secret_key"]: one["accept_until"] for one in document["previous"]}[OLD] == until
    assert parse_merchant_secret(document).former(utc_now()) == (TYPO, OLD)


def test_no_key_is_ever_printed(stack: Stack) -> None:
    shown = [put("set", OLD, "--merchant-id", "500001"), put("rotate", TYPO), put("rotate", NEW)]
    shown += [run("secret", "status", *words, *TARGET) for words in ((), ("--json",))]
    shown.append(put("rotate", "changeme-" + NEW))
    shown.append(put("rotate", f"{NEW}\n{OLD}"))
    text = "".join(result.output + result.stderr for result in shown)
    assert "500001" in text
    for key in (OLD, TYPO, NEW):
        assert key not in text


@pytest.mark.parametrize(
    "key",
    [
        "",
        "short",
        "changeme",
        " padded-key-12 ",
        "aaaaaaaaaaaa",
        "<your key>",
        "two\nlines-of-text",
        "x" * 2000,
    ],
)
def test_what_is_no_key_is_refused_before_anything_is_written(stack: Stack, key: str) -> None:
    put("set", OLD, "--merchant-id", "500001")
    for command in ("set", "rotate"):
        result = put(command, key)
        assert result.exit_code == 2
        assert result.stderr.splitlines()[-1].startswith("Error: ")
        assert stored(stack)["secret_key"] == OLD


def test_a_file_may_end_its_line_as_it_likes(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "key.txt"
    for ending in (b"", b"\n", b"\r\n"):
        file.write_bytes(b"\xef\xbb\xbf" + NEW.encode() + ending)
        words = ("--merchant-id", "7", "--from-file", str(file))
        assert run("secret", "set", *words, *TARGET).exit_code == 0
        assert stored(stack)["secret_key"] == NEW


def test_a_file_that_is_not_there_or_no_text(stack: Stack, tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe-secret-bytes")
    for file in (tmp_path / "none", binary):
        result = run("secret", "set", "--merchant-id", "7", "--from-file", str(file), *TARGET)
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert "secret-bytes" not in result.stderr


def test_the_same_key_again_writes_nothing(stack: Stack) -> None:
    put("set", OLD, "--merchant-id", "500001")
    before = MerchantStore(stack).read()
    result = put("rotate", OLD)
    assert (result.exit_code, MerchantStore(stack).read()) == (0, before)
    assert "nothing was changed" in result.stderr


def test_forgetting_the_former_keys(stack: Stack) -> None:
    put("set", OLD, "--merchant-id", "500001")
    put("rotate", NEW)
    assert put("rotate", NEW, "--forget-former").exit_code == 0
    assert stored(stack) == {"merchant_id": "500001", "secret_key": NEW, "previous": []}


def test_rotate_needs_a_key_that_is_set(stack: Stack) -> None:
    result = put("rotate", NEW)
    assert result.exit_code == 1
    assert "paylink secret set" in result.stderr
    assert MerchantStore(stack).read() is None


def test_set_needs_the_number_where_none_stands(stack: Stack) -> None:
    result = put("set", NEW)
    assert (result.exit_code, "--merchant-id" in result.stderr) == (2, True)
    assert put("set", NEW, "--merchant-id", "shop").exit_code == 2
    assert MerchantStore(stack).read() is None


def test_nobody_there_to_ask(stack: Stack) -> None:
    result = run("secret", "set", "--merchant-id", "7", *TARGET)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_status_of_a_secret_without_a_usable_value(stack: Stack) -> None:
    result = run("secret", "status", *TARGET)
    assert (result.exit_code, "no key is set yet" in result.stderr) == (1, True)
    for text in ("no json", '{"merchant_id": "1", "secret_key": "changeme"}'):
        put_by_hand(stack, text)
        result = run("secret", "status", *TARGET)
        assert (result.exit_code, "paylink secret set" in result.stderr) == (1, True)
        assert "changeme" not in result.output


def test_a_slip_by_hand_is_mended_by_set(stack: Stack) -> None:
    put_by_hand(stack, "no json")
    result = put("set", NEW, "--merchant-id", "7")
    assert result.exit_code == 0
    assert "is replaced" in result.stderr
    assert stored(stack)["secret_key"] == NEW


def test_a_secret_that_is_not_there_at_all(stack: Stack) -> None:
    arn = stack.output("MerchantSecretArn")
    stack.client("secretsmanager").delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    result = run("secret", "status", *TARGET)
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)


def put_by_hand(stack: Stack, text: str) -> None:
    stack.client("secretsmanager").put_secret_value(
        SecretId=stack.output("MerchantSecretArn"), SecretString=text
    )


class Meddling:
    """Runs something of another person's just before or after a write reaches Secrets Manager."""

    def __init__(
        self, client: Any, *, before: list[Callable[[], object]], after: list[Callable[[], object]]
    ) -> None:
        self._client, self._before, self._after = client, before, after

    def put_secret_value(self, **request: Any) -> Any:
        if self._before:
            self._before.pop(0)()
        answer = self._client.put_secret_value(**request)
        if self._after:
            self._after.pop(0)()
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def meddled(
    stack: Stack,
    *,
    before: list[Callable[[], object]] | None = None,
    after: list[Callable[[], object]] | None = None,
) -> MerchantStore:
    store = MerchantStore(stack, now=lambda: NOW)
    store._client = Meddling(store._client, before=before or [], after=after or [])
    return store


def changed_to(key: str) -> Callable[..., dict]:
    return lambda document, now: with_key(document, "500001", key, now)


def test_a_change_between_reading_and_writing_loses_no_key(stack: Stack) -> None:
    MerchantStore(stack, now=lambda: NOW).change(changed_to(OLD))
    others = MerchantStore(stack, now=lambda: NOW)
    mine = meddled(stack, before=[lambda: others.change(changed_to(TYPO))])
    written = mine.change(changed_to(NEW))
    assert written == stored(stack)
    keys = parse_merchant_secret(written)
    assert keys.secret_key == NEW
    assert set(keys.former(NOW + OVERLAP - timedelta(milliseconds=1))) == {OLD, TYPO}


def test_the_same_at_the_very_first_key(stack: Stack) -> None:
    others = MerchantStore(stack, now=lambda: NOW)
    meddled(stack, before=[lambda: others.change(changed_to(OLD))]).change(changed_to(NEW))
    assert set(parse_merchant_secret(stored(stack)).verifying(NOW)) == {OLD, NEW}


def test_a_change_right_after_is_told_and_both_keys_verify(stack: Stack) -> None:
    MerchantStore(stack, now=lambda: NOW).change(changed_to(OLD))
    others = MerchantStore(stack, now=lambda: NOW)
    mine = meddled(stack, after=[lambda: others.change(changed_to(TYPO))])
    with pytest.raises(CommandError, match="verifies as a former key") as raised:
        mine.change(changed_to(NEW))
    assert NEW not in str(raised.value)
    assert set(parse_merchant_secret(stored(stack)).verifying(NOW)) == {OLD, NEW, TYPO}


def test_a_change_right_after_by_hand_is_told_as_it_is(stack: Stack) -> None:
    mine = meddled(
        stack, after=[lambda: put_by_hand(stack, json.dumps({"merchant_id": "1", "secret_key": OLD}))]
    )
    with pytest.raises(CommandError, match="not among its keys"):
        mine.change(changed_to(NEW))


def test_somebody_who_never_stops_is_given_up_on(stack: Stack) -> None:
    def again(number: int) -> Callable[[], object]:
        return lambda: put_by_hand(
            stack, json.dumps({"merchant_id": "1", "secret_key": f"other-key-no-{number}"})
        )

    mine = meddled(stack, before=[again(number) for number in range(ROUNDS + 1)])
    with pytest.raises(CommandError, match="again and again"):
        mine.change(changed_to(NEW))
    assert parse_merchant_secret(stored(stack)).secret_key == NEW


def test_a_version_does_not_show_its_text(stack: Stack) -> None:
    put("set", OLD, "--merchant-id", "7")
    assert OLD not in repr(MerchantStore(stack).read())
