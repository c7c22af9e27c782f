"""Sign and verify: the published vectors, script names, and hostile input as a table."""

import hashlib
import hmac
import json
from collections import UserList
from pathlib import Path

import pytest

from paylink.freedompay.signature import MAX_DEPTH, covered, script_name, sign, signed, verify

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
KEY = "a-made-up-secret-key"
FIELDS = [("pg_order_id", "7"), ("pg_amount", "20.00"), ("pg_salt", "abc")]
SIGNED = signed("result", FIELDS, KEY)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _fields(params: list) -> list:
    return [(name, value if isinstance(value, str) else _fields(value)) for name, value in params]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_published_vectors_sign_and_verify(vector):
    fields = _fields(vector["params"])
    assert sign(vector["script"], fields, vector["secret"]) == vector["expected_sig"]
    received = [*fields, ("pg_sig", vector["expected_sig"])]
    assert verify(vector["script"], received, ["another", vector["secret"]])
    assert not verify(vector["script"], received, ["another"])
    assert not verify(vector["script"] + "x", received, [vector["secret"]])


def test_there_are_vectors():
    assert len(VECTORS) == 8


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.freedompay.kz/init_payment.php", "init_payment.php"),
        ("https://api.freedompay.kz/init_payment", "init_payment"),
        ("https://api.freedompay.kz/g2g/status_v2", "status_v2"),
        ("https://shop/callback/result?x=1", "result"),
        ("https://shop/callback/result?next=/a/b", "result"),
        ("https://shop/ru/module/freedompay/callback?session_token=a#b", "callback"),
        ("https://shop/result#/fragment", "result"),
        ("https://shop/index.php?dispatch=x/y", "index.php"),
        ("https://api.freedompay.kz/g2g/payment_page/", ""),
        ("https://shop/a/?x=1", ""),
        ("https://shop/", ""),
        ("https://shop", ""),
        ("https://shop?x=/y", ""),
        ("/callbacks/paylink_result", "paylink_result"),
        ("/callbacks/paylink_result?return=https://shop/x", "paylink_result"),
        ("init_payment.php", "init_payment.php"),
        ("", ""),
        ("https://shop/%D0%B0", "%D0%B0"),
    ],
)
def test_script_name_is_the_last_segment_of_the_path(url, name):
    assert script_name(url) == name


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ([("b", "2"), ("a", "1")], "s;1;2;k"),
        ([("a", ""), ("b", "2")], "s;;2;k"),
        ([], "s;k"),
        # Upper case before lower case, names that are not the gateway's before and after pg_.
        ([("pg_a", "3"), ("client_name", "2"), ("Z", "1"), ("session_token", "4")], "s;1;2;3;4;k"),
        # The bytes of UTF-8, beyond the basic plane too.
        ([("\U0001f600", "3"), ("\uffee", "2"), ("я", "1")], "s;1;2;3;k"),
        # Repeated names keep the order of the message.
        ([("x", "b"), ("a", "0"), ("x", "a")], "s;0;b;a;k"),
        # A list of nested values keeps its order, the names within each are sorted.
        (
            [("r", [("name", "n0"), ("count", "c0")]), ("a", "0"), ("r", [("price", "p1"), ("count", "c1")])],
            "s;0;c0;n0;c1;p1;k",
        ),
        # pg_sig is left out at every level.
        ([("a", [("pg_sig", "no"), ("b", "1")]), ("pg_sig", "no")], "s;1;k"),
        ([("a", [])], "s;k"),
    ],
)
def test_the_signed_text(fields, text):
    assert sign("s", fields, "k") == _md5(text)


def test_text_is_signed_as_it_stands():
    signatures = {
        sign("s", [("a", value)], "k") for value in ("20", "20.00", " 20", "20 ", "20\n", "", "%32%30")
    }
    assert len(signatures) == 7


@pytest.mark.parametrize("key", ["", " ", "\n\t"])
def test_an_empty_key_never_signs(key):
    with pytest.raises(ValueError, match="secret key is empty"):
        sign("s", FIELDS, key)
    with pytest.raises(ValueError, match="secret key is empty"):
        signed("s", FIELDS, key)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ([("a", 1)], TypeError),
        ([("a", 1.5)], TypeError),
        ([("a", None)], TypeError),
        ([("a", b"x")], TypeError),
        ([("a", b"")], TypeError),
        ([("a", {"b": "c"})], TypeError),
        ({"a": "b"}, TypeError),
        ([("a", "\ud800")], ValueError),
    ],
)
def test_what_is_no_text_is_not_signed(fields, error):
    with pytest.raises(error):
        sign("s", fields, "k")


def test_an_error_of_signing_holds_neither_key_nor_value():
    with pytest.raises(TypeError) as caught:
        sign("s", [("a", [("b", 77771234567)])], "the-secret-key-of-this-test")
    assert "77771234567" not in str(caught.value)
    assert "the-secret-key" not in str(caught.value)


def test_nesting_is_signed_to_its_limit_and_refused_beyond():
    value = "x"
    for _ in range(MAX_DEPTH):
        value = [("a", value)]
    assert verify("s", signed("s", [("a", value)], KEY), [KEY])
    with pytest.raises(ValueError, match="levels deep"):
        sign("s", [("a", [("a", value)])], KEY)


def test_signed_adds_salt_and_signature_once():
    message = signed("s", [("a", "1")], KEY)
    assert [name for name, _ in message] == ["a", "pg_salt", "pg_sig"]
    assert message[1][1].isalnum()
    assert len(message[1][1]) == 16
    assert signed("s", [("a", "1")], KEY)[1] != message[1]
    again = signed("other", message, KEY)
    assert [name for name, _ in again] == ["a", "pg_salt", "pg_sig"]
    assert again[1] == message[1]
    assert verify("other", again, [KEY])


def test_one_of_several_keys_fits():
    assert verify("result", SIGNED, ["x", "", KEY, "y"])
    assert verify("result", iter(SIGNED), iter([KEY]))
    assert not verify("result", SIGNED, ["x", "y"])


def test_a_key_that_cannot_be_used_does_not_spoil_the_others():
    assert verify("result", SIGNED, [None, 5, "\ud800", b"bytes", KEY])


class _Exploding:
    def __iter__(self):
        raise KeyboardInterrupt  # would pass every `except Exception`: it must never be reached

    def __eq__(self, other):
        raise ZeroDivisionError

    __hash__ = object.__hash__


def _deep(levels: int) -> object:
    value: object = "x"
    for _ in range(levels):
        value = [("a", value)]
    return value


def _replaced(signature: object) -> list:
    return [*SIGNED[:-1], ("pg_sig", signature)]


GOOD = SIGNED[-1][1]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        pytest.param(FIELDS, [KEY], id="no signature"),
        pytest.param([*SIGNED, SIGNED[-1]], [KEY], id="signature twice"),
        pytest.param([*SIGNED, ("pg_sig", "x")], [KEY], id="a second signature"),
        pytest.param([*FIELDS, ("a", [("pg_sig", GOOD)])], [KEY], id="signature nested elsewhere"),
        pytest.param(_replaced([("pg_sig", GOOD)]), [KEY], id="signature as nested value"),
        pytest.param(_replaced(GOOD.upper()), [KEY], id="upper case"),
        pytest.param(_replaced(f" {GOOD}"), [KEY], id="space before"),
        pytest.param(_replaced(f"{GOOD}\n"), [KEY], id="line end after"),
        pytest.param(_replaced(GOOD[:-1]), [KEY], id="cut off"),
        pytest.param(_replaced(""), [KEY], id="empty"),
        pytest.param(_replaced("é" * 32), [KEY], id="not ASCII"),
        pytest.param(_replaced("\ud800" * 32), [KEY], id="surrogates"),
        pytest.param(_replaced(None), [KEY], id="none"),
        pytest.param(_replaced(GOOD.encode()), [KEY], id="bytes"),
        pytest.param(_replaced(0), [KEY], id="number"),
        pytest.param(SIGNED, [], id="no keys"),
        pytest.param(SIGNED, None, id="keys are none"),
        pytest.param(SIGNED, [[KEY]], id="a key in a list"),
        pytest.param(signed("result", FIELDS, "a"), "abc", id="a string is not a set of keys of one letter"),
        pytest.param(signed("result", FIELDS, "a"), b"abc", id="bytes are not keys"),
        pytest.param(None, [KEY], id="no fields"),
        pytest.param(5, [KEY], id="a number for fields"),
        pytest.param(dict(SIGNED), [KEY], id="a mapping"),
        pytest.param([("a",)], [KEY], id="a name alone"),
        pytest.param([("a", "b", "c"), *SIGNED], [KEY], id="three in a pair"),
        pytest.param([(5, "b"), *SIGNED], [KEY], id="a name that is a number"),
        pytest.param([("a", _Exploding()), *SIGNED], [KEY], id="an object for a value"),
        pytest.param([("a", "\ud800"), *SIGNED], [KEY], id="surrogates in a value"),
        pytest.param([("a", _deep(100_000)), *SIGNED], [KEY], id="nested beyond any stack"),
    ],
)
def test_verify_is_total_and_fails_closed(fields, keys):
    assert verify("result", fields, keys) is False


@pytest.mark.parametrize("script", [None, 5, b"result", ["result"], "\ud800"])
def test_a_script_name_that_is_no_text_never_fits(script):
    assert verify(script, SIGNED, [KEY]) is False


@pytest.mark.parametrize("key", ["", " ", "\t\n"])
def test_an_empty_key_never_matches_even_its_own_signature(key):
    forged = _md5(f"result;20.00;7;abc;{key}")
    assert verify("result", [*FIELDS, ("pg_sig", forged)], [key]) is False


def test_no_field_of_the_message_chooses_the_algorithm_or_the_key():
    chosen = [*FIELDS, ("alg", "none"), ("pg_sig_alg", "plain"), ("secret_key", "mine"), ("pg_key", "mine")]
    assert not verify("result", signed("result", chosen, "mine"), [KEY])
    assert not verify("result", [*chosen, ("pg_sig", "")], [KEY])


def test_every_key_is_tried_in_constant_time(monkeypatch):
    compared = []
    real = hmac.compare_digest

    def counting(a, b):
        compared.append((a, b))
        return real(a, b)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    assert verify("result", SIGNED, [KEY, "second", "third"])
    assert len(compared) == 3
    assert all(isinstance(a, bytes) and isinstance(b, bytes) for a, b in compared)


def test_covered_is_what_is_signed():
    message = [
        ("b", [("y", "3"), ("x", "2"), ("pg_sig", "no")]),
        ("pg_sig", "no"),
        ("c", "4;5"),
        ("a", "1"),
        ("pg_z", "6"),
    ]
    assert covered(message) == [("a", "1"), ("b", "2"), ("b", "3"), ("c", "4;5"), ("pg_z", "6")]
    joined = ";".join(text for _, text in covered(message))
    assert sign("result", message, KEY) == _md5(f"result;{joined};{KEY}")


def test_covered_leaves_out_the_signature_by_its_name_alone():
    flat = [("pg_sig", "no"), ("b", "pg_sig"), ("a", "1")]
    assert covered(flat) == [("a", "1"), ("b", "pg_sig")]
    assert covered([]) == []


def test_covered_goes_as_deep_as_the_signature():
    value = "x"
    for _ in range(32):
        value = [("a", value)]
    assert MAX_DEPTH == 32
    assert covered([("a", value)]) == [("a", "x")]
    with pytest.raises(ValueError, match="levels deep"):
        covered([("a", [("a", value)])])


@pytest.mark.parametrize("value", [b"1", bytearray(b"1"), memoryview(b"1"), 1, None, {("a", "1")}])
def test_a_value_is_text_or_fields(value):
    with pytest.raises(TypeError, match="it must be text or nested fields"):
        sign("s", [("a", value)], KEY)


def test_any_sequence_of_fields_is_nested():
    nested = [("b", "2"), ("a", "1")]
    for fields in (nested, tuple(nested), UserList(nested)):
        assert sign("s", [("a", fields)], KEY) == _md5(f"s;1;2;{KEY}")
