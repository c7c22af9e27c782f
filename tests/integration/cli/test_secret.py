"""The key typed at a terminal: asked for twice, shown never; and the commands that only look at it."""

import json
import re
from pathlib import Path

from integration.cli.terminal import at_terminal, piped
from integration.test_local import KEY, Local

FINGERPRINT = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}")


def test_how_the_key_stands(local: Local) -> None:
    told = json.loads(piped("secret", "status", "--json", api=local.url).out)
    assert (told["merchant_id"], told["former"]) == ("500001", [])
    assert FINGERPRINT.fullmatch(told["fingerprint"])
    shown = piped("secret", "status", api=local.url)
    assert shown.out.splitlines() == [
        "Merchant     500001",
        f"Key          set, fingerprint {told['fingerprint']}",
        "Former keys  0",
    ]


def test_the_same_key_typed_in_changes_nothing_and_is_not_shown(local: Local) -> None:
    typed = [("Secret key: ", f"{KEY}\n"), ("Repeat for confirmation: ", f"{KEY}\n")]
    done = at_terminal("secret", "set", "--api", local.url, typed=typed)
    assert done.code == 0
    assert "nothing was changed" in done.out
    assert KEY not in done.out


def test_a_short_key_typed_in_is_refused_and_not_shown(local: Local) -> None:
    typed = [("Secret key: ", "hunter2\n"), ("Repeat for confirmation: ", "hunter2\n")]
    done = at_terminal("secret", "rotate", "--api", local.url, typed=typed)
    assert done.code == 2
    assert "hunter2" not in done.out
    assert json.loads(piped("secret", "status", "--json", api=local.url).out)["former"] == []


def test_ctrl_c_at_the_prompt_changes_nothing(local: Local) -> None:
    done = at_terminal("secret", "rotate", "--api", local.url, typed=[("Secret key: ", "\x03")])
    assert done.code == 130
    assert "Traceback" not in done.out


def test_a_message_signed_with_the_systems_own_key(local: Local, tmp_path: Path) -> None:
    port = ("--local", "--port", local.url.rpartition(":")[2])
    signed = piped("sign", "--script", "paylink_result", *port, "pg_order_id=pl_1", "pg_amount=500.00")
    assert (signed.code, signed.err) == (0, "")
    message = tmp_path / "message"
    message.write_text(signed.out)
    words = ("--script", "paylink_result", "--file", str(message))
    assert piped("verify", *words, *port).out == "The signature fits.\n"
    other = piped("explain", "--script", "result", "--file", "-", *port, stdin=signed.out)
    assert other.code == 1
    assert "script name is 'paylink_result'" in other.out
    key = tmp_path / "key"
    key.write_text(KEY)
    assert piped("verify", *words, "--key-file", str(key)).code == 0


def test_the_key_is_asked_for_where_nothing_names_one() -> None:
    typed = [("Secret key: ", f"{KEY}\n")]
    done = at_terminal("sign", "--script", "x", "--as", "signature", "pg_salt=s", typed=typed)
    assert done.code == 0
    assert re.fullmatch(r"[0-9a-f]{32}", done.out.splitlines()[-1])
    assert KEY not in done.out
