"""The gateway's own signer, against published messages and against the shape of the PHP reference."""

import json
from pathlib import Path

import pytest

from freedompay_sandbox.signing import SALT_LENGTH, flatten, script_name, sign, signed, verify

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))


def pairs(raw):
    return [(name, value if isinstance(value, str) else pairs(value)) for name, value in raw]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_published_messages_verify(vector):
    message = pairs(vector["params"])
    assert sign(vector["script"], message, vector["secret"]) == vector["expected_sig"]
    assert verify(vector["script"], [*message, ("pg_sig", vector["expected_sig"])], vector["secret"])


def test_flat_names_carry_positions_and_parents():
    message = [
        ("pg_salt", "s"),
        ("pg_receipt_positions", [("0", [("count", "1"), ("name", "tea")]), ("1", [("count", "2")])]),
    ]
    assert flatten(message) == {
        "pg_salt001": "s",
        "pg_receipt_positions002pg_receipt_positions001count001": "1",
        "pg_receipt_positions002pg_receipt_positions001name002": "tea",
        "pg_receipt_positions002pg_receipt_positions002count001": "2",
    }


def test_more_than_nine_list_items_stay_in_list_order():
    items = [(str(number), [("count", f"n{number}")]) for number in range(12)]
    values = [value for _, value in sorted(flatten([("list", items)]).items())]
    assert values == [f"n{number}" for number in range(12)]


def test_a_form_and_an_xml_list_sign_the_same():
    form = [("list", [("0", [("a", "1")]), ("1", [("a", "2")])])]
    xml = [("list", [("a", "1")]), ("list", [("a", "2")])]
    assert sign("s", form, "k") == sign("s", xml, "k")


def test_names_sort_by_their_position_suffix_where_one_continues_the_other_in_digits():
    first_sent_last = [("x10", "ten"), ("x1", "one")]
    assert list(dict(sorted(flatten(first_sent_last).items())).values()) == ["ten", "one"]


def test_signatures_are_left_out_at_every_level_but_keep_their_place():
    inner = [("pg_sig", "?"), ("a", "1")]
    assert flatten([("pg_sig", "?"), ("box", inner)]) == {"box002a002": "1"}


def test_an_empty_value_is_an_empty_item():
    with_empty = [("pg_a", ""), ("pg_b", "1")]
    assert sign("s", with_empty, "k") != sign("s", [("pg_b", "1")], "k")


@pytest.mark.parametrize(
    ("url", "script"),
    [
        ("https://shop.example/callbacks/result?x=/y", "result"),
        ("https://shop.example/callbacks/result#part", "result"),
        ("https://shop.example/callbacks/", ""),
        ("https://shop.example", ""),
        ("/g2g/status_v2", "status_v2"),
        ("https://shop.example/index.php?dispatch=pay", "index.php"),
    ],
)
def test_script_name_is_the_last_segment(url, script):
    assert script_name(url) == script


@pytest.mark.parametrize(
    "message",
    [
        [("a", "1")],
        [("a", "1"), ("pg_sig", "")],
        [("a", "1"), ("pg_sig", [("x", "y")])],
        [("a", "1"), ("pg_sig", "é" * 32)],
    ],
)
def test_a_message_without_one_fitting_signature_does_not_verify(message):
    assert not verify("s", message, "k")


def test_a_second_signature_does_not_verify():
    message = signed("s", [("a", "1")], "k")
    assert verify("s", message, "k")
    assert not verify("s", [*message, message[-1]], "k")


def test_upper_case_and_other_keys_do_not_verify():
    *rest, (_, signature) = signed("s", [("a", "1")], "k")
    assert not verify("s", [*rest, ("pg_sig", signature.upper())], "k")
    assert not verify("s", [*rest, ("pg_sig", signature)], "other")
    assert not verify("t", [*rest, ("pg_sig", signature)], "k")


def test_salts_are_fresh_letters_and_digits():
    salts = {dict(signed("s", [], "k"))["pg_salt"] for _ in range(50)}
    assert len(salts) == 50
    assert all(len(salt) == SALT_LENGTH and salt.isalnum() and salt.isascii() for salt in salts)
