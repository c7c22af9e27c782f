"""Bodies of every kind: only a JSON object in UTF-8 is read, and nothing else raises anything but InvalidBody."""

import sys

import pytest

from paylink.domain.errors import InvalidBody, InvalidRequest
from paylink.domain.payment_request import parse_payment_request
from paylink.web.json_body import read_json_object


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b"{}", {}),
        (b' \r\n\t{"link": "coffee"} \n', {"link": "coffee"}),
        ('{"link": "кофе ☕"}'.encode(), {"link": "кофе ☕"}),
        (b'{"link": "\\u043a\\u043e\\u0444\\u0435"}', {"link": "кофе"}),
        (b'{"a": {"a": 1}, "b": [{"a": 2}]}', {"a": {"a": 1}, "b": [{"a": 2}]}),
        (b'{"link": null, "n": -0, "t": true}', {"link": None, "n": 0, "t": True}),
        (b'{"x": "\\ud83d\\ude00"}', {"x": "\U0001f600"}),
    ],
)
def test_an_object_is_read(body: bytes, content: dict[str, object]) -> None:
    assert read_json_object(body) == content


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "JSON object"),
        (b"   \n", "JSON object"),
        (b"[]", "JSON object"),
        (b'["link", "coffee"]', "JSON object"),
        (b'"coffee"', "JSON object"),
        (b"7", "JSON object"),
        (b"7.5", "JSON object"),
        (b"null", "JSON object"),
        (b"true", "JSON object"),
        (b"link=coffee&quantity=2", "line 1, column 1"),
        (b"<xml/>", "line 1"),
        (b"{'link': 'coffee'}", "line 1, column 2"),
        (b'{"link": "coffee"', "line 1"),
        (b'{"link": "coffee",}', "line 1"),
        (b'{"link": "coffee"} {}', "column 20"),
        (b'{"link": "coffee"}\x00', "line 1"),
        (b'{"link": "cof\nfee"}', "line 1"),
        (b'{"link": "cof\x00fee"}', "line 1"),
        (b'{"link": "\\x41"}', "line 1"),
        (b'{\n"link": coffee}', "line 2, column 9"),
        (b'{"amount": 0500}', "line 1"),
        (b'{"amount": +5}', "line 1"),
        (b'{"amount": .5}', "line 1"),
        (b'{"amount": 0x10}', "line 1"),
        (b"// comment\n{}", "line 1"),
        (b'\xef\xbb\xbf{"link": "coffee"}', "line 1"),
        (b'{"link": "caf\xe9"}', "UTF-8"),
        ('{"link": "кофе"}'.encode("utf-16"), "UTF-8"),
        ('{"link": "кофе"}'.encode("cp1251"), "UTF-8"),
        (b'{"link": "\xc0\xaf"}', "UTF-8"),
        (b'{"link": "\xed\xa0\x80"}', "UTF-8"),
        (b'{"link": "coffee", "link": "tea"}', "'link' twice"),
        (b'{"link": "coffee", "\\u006cink": "tea"}', "'link' twice"),
        (b'{"items": [{"link": "tea", "link": "tea"}]}', "'link' twice"),
        (b'{"amount": NaN}', "NaN"),
        (b'{"amount": Infinity}', "Infinity"),
        (b'{"amount": [-Infinity]}', "-Infinity"),
        (b'{"li\\nnk": 1}', "name cannot be printed"),
        (b'{"\\ud800": 1}', "name cannot be printed"),
        (b'{"\\u0000": 1}', "name cannot be printed"),
        pytest.param(b'{"quantity": ' + b"9" * 5000 + b"}", "valid JSON", id="5000 digits"),
        pytest.param(b"[" * 60_000, "nested too deeply", id="60000 lists open"),
        pytest.param(b'{"a":' * 12_000, "nested too deeply", id="12000 objects open"),
        pytest.param(b"[" * 30_000 + b"]" * 30_000, "nested too deeply", id="30000 lists"),
        pytest.param(
            b'{"' + b"x" * 300 + b'": 1, "' + b"x" * 300 + b'": 1}',
            "'" + "x" * 80 + "' twice",
            id="long name",
        ),
    ],
)
def test_anything_else_is_refused_with_what_to_change(body: bytes, detail: str) -> None:
    with pytest.raises(InvalidBody) as refused:
        read_json_object(body)
    (entry,) = refused.value.entries
    assert entry.field == "body"
    assert detail in entry.detail


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"link": "coffee", "quantity": 2.0}', "quantity"),
        (b'{"link": "coffee", "quantity": 1e2}', "quantity"),
        (b'{"link": "coffee", "quantity": 1e400}', "quantity"),
        (b'{"link": "donation", "amount": 500.00}', "amount"),
        (b'{"link": "donation", "amount": 5e2}', "amount"),
        pytest.param(b'{"link": "donation", "amount": ' + b"9" * 4000 + b"}", "amount", id="4000 digits"),
        (b'{"link": "\\ud800"}', "link"),
        (b'{"link": "coffee", "metadata": {"a": "\\udfff"}}', "metadata"),
        (b'{"link": "coffee", "fields": {"name": "a\\u0000b"}}', "fields.name"),
        pytest.param(
            b'{"link": "coffee", "metadata": ' + b'{"a":' * 500 + b"1" + b"}" * 501, "metadata", id="500 deep"
        ),
        pytest.param(b'{"link": "coffee", "x": ' + b"[" * 500 + b"]" * 500 + b"}", "x", id="500 lists deep"),
    ],
)
def test_what_json_allows_and_the_contract_does_not_is_told_of_its_field(body: bytes, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        parse_payment_request(read_json_object(body))
    assert [entry.field for entry in refused.value.entries] == [field]


def test_reading_leaves_the_interpreters_limits_alone() -> None:
    before = sys.getrecursionlimit()
    with pytest.raises(InvalidBody):
        read_json_object(b"[" * 60_000)
    assert sys.getrecursionlimit() == before
