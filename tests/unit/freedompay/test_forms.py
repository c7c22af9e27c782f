"""Urlencoded text and bracketed names: decoded once, nested as the signature needs it."""

import pytest

from paylink.freedompay.errors import UnreadableMessage
from paylink.freedompay.forms import MAX_BRACKETS, MAX_DEPTH, bracketed, nested, read_form


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"a=1&a=2&b=3&a=4", [("a", "1"), ("a", "2"), ("b", "3"), ("a", "4")]),
        (b"a", [("a", "")]),
        (b"a=", [("a", "")]),
        (b"a==&b=c=d", [("a", "="), ("b", "c=d")]),
        (b"&a=1&&b=2&", [("a", "1"), ("b", "2")]),
        (b"a=1+2%2B3%20", [("a", "1+2+3 ".replace("+2", " 2", 1))]),
        (b"%61=%26%3D%3b", [("a", "&=;")]),
        (b"a=1;b=2", [("a", "1;b=2")]),
        ("имя=зна+чение".encode(), [("имя", "зна чение")]),
        (b"a=%D0%B0%00%0D%0A", [("a", "а\x00\r\n")]),  # noqa: RUF001  a Cyrillic letter is meant
        (b"a=2015-10-28+00%3A16%3A09", [("a", "2015-10-28 00:16:09")]),
    ],
)
def test_decoded_once_and_otherwise_untouched(body, fields):
    assert read_form(body) == fields


@pytest.mark.parametrize(
    ("names", "fields"),
    [
        (["p[sub]"], [("p", (("sub", "0"),))]),
        (["p[0]"], [("p", "0")]),
        (["p[0][c]", "p[1][c]"], [("p", (("c", "0"),)), ("p", (("c", "1"),))]),
        # By number and not by text, nor by the order of the message.
        (["p[10]", "p[2]", "p[0]"], [("p", "2"), ("p", "1"), ("p", "0")]),
        (["p[10][c]", "x", "p[2][c]"], [("p", (("c", "2"),)), ("p", (("c", "0"),)), ("x", "1")]),
        (["p[]", "p[]", "x"], [("p", "0"), ("p", "1"), ("x", "2")]),
        (["p[5]", "p[]"], [("p", "0"), ("p", "1")]),
        (["p[a][b][c]"], [("p", (("a", (("b", (("c", "0"),)),)),))]),
        (["p[0][m][]", "p[0][m][]"], [("p", (("m", "0"), ("m", "1")))]),
        (["p[0][0]", "p[0][1]", "p[1][0]"], [("p", "0"), ("p", "1"), ("p", "2")]),
        (["p[007]"], [("p", (("007", "0"),))]),
        (["p[-1]"], [("p", (("-1", "0"),))]),
        (["p[9999999999]"], [("p", (("9999999999", "0"),))]),
        (["p", "p[a]", "p"], [("p", "0"), ("p", (("a", "1"),)), ("p", "2")]),
        (["p[a]", "p[a]"], [("p", (("a", "0"), ("a", "1")))]),
        (["p[a]", "p[a][b]"], [("p", (("a", "0"), ("a", (("b", "1"),))))]),
        (["p[ x ]"], [("p", ((" x ", "0"),))]),
    ],
)
def test_bracketed_names_become_nested_values(names, fields):
    assert nested([(name, str(number)) for number, name in enumerate(names)]) == fields


@pytest.mark.parametrize(
    "names",
    [
        *(["["], ["]"], ["[a]"], ["p["], ["p]"], ["p[a"], ["p[a]]"], ["p[[a]]"], ["p[a]b"], ["p[a][b"]),
        *(["p[a]", "p[0]"], ["p[]", "p[x]"], ["p[0][a]", "p[0][0]"]),
        *([""], ["p" + "[a]" * (MAX_DEPTH + 1)]),
    ],
)
def test_brackets_that_make_no_sense(names):
    with pytest.raises(UnreadableMessage):
        nested([(name, "1") for name in names])


def test_the_deepest_brackets_are_read():
    (field,) = nested([("p" + "[a]" * MAX_DEPTH, "1")])
    assert bracketed([field]) == [("p" + "[a]" * MAX_DEPTH, "1")]


def test_as_many_brackets_as_are_read():
    pairs = [(f"p{number}[a][b][c][d][e]", "1") for number in range(MAX_BRACKETS // 5)]
    assert bracketed(nested(pairs)) == pairs
    with pytest.raises(UnreadableMessage, match=f"{MAX_BRACKETS} brackets"):
        nested([*pairs, ("q[a]", "1")])


@pytest.mark.parametrize(
    ("fields", "flat"),
    [
        ([("a", "1")], ["a"]),
        ([("a", "1"), ("a", "2")], ["a[0]", "a[1]"]),
        ([("param", (("sub", "v"),))], ["param[sub]"]),
        ([("pg_receipt_positions", (("count", "2"),))], ["pg_receipt_positions[0][count]"]),
        (
            [("pg_receipt_positions", (("mark_list", "m"), ("name", "x")))],
            ["pg_receipt_positions[0][mark_list][0]", "pg_receipt_positions[0][name]"],
        ),
    ],
)
def test_nested_values_become_bracketed_names(fields, flat):
    assert [name for name, _ in bracketed(fields)] == flat
