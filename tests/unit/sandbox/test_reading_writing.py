"""Messages in and out: the four encodings, nesting, and what is refused."""

from io import BytesIO

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from freedompay_sandbox.reading import UnreadableMessageError, read_form, read_request, read_xml, text_of
from freedompay_sandbox.writing import form_fields, split_query, with_query, write_xml

NESTED = [("a", "1 & <2>"), ("list", [("0", [("x", "Кофе")]), ("1", [("x", "")])])]


def request(**parts):
    return Request(EnvironBuilder(path="/init_payment.php", **parts).get_environ())


@pytest.mark.parametrize(
    "parts",
    [
        {"method": "POST", "data": dict(form_fields(NESTED))},
        {"method": "POST", "data": dict(form_fields(NESTED)), "content_type": "multipart/form-data"},
        {"method": "GET", "query_string": dict(form_fields(NESTED))},
    ],
    ids=["urlencoded", "multipart", "GET"],
)
def test_forms_carry_nested_values(parts):
    assert read_request(request(**parts)) == NESTED


def test_xml_carries_nested_values_and_untrimmed_text():
    document = "<request><a> 1 &amp; 2\t</a><box><x>1</x><x>2</x></box><empty/></request>"
    expected = [("a", " 1 & 2\t"), ("box", [("x", "1"), ("x", "2")]), ("empty", "")]
    assert read_request(request(method="POST", data={"pg_xml": document})) == expected
    assert read_request(request(method="GET", query_string={"pg_xml": document})) == expected


def test_written_xml_reads_back_the_same_line_ends_included():
    message = [("a", "1 & <2> \r\n ]]>"), ("box", [("x", "Қазақ"), ("x", "")])]
    assert read_xml(write_xml(message, "response"), "response") == message


@pytest.mark.parametrize("value", ["\x00", "a\x0bb", "\ufffe", "\ud800"])
def test_xml_refuses_what_it_can_not_hold(value):
    with pytest.raises(ValueError, match="character"):
        write_xml([("a", value)], "response")


def test_xml_refuses_a_name_that_is_no_element():
    with pytest.raises(ValueError, match="element"):
        write_xml([("a[b]", "1")], "response")


@pytest.mark.parametrize(
    "received",
    [
        [("a", "1"), ("a", "2")],
        [("a", "1"), ("a[b]", "2")],
        [("a[b]", "1"), ("a", "2")],
        [("a[b]", "1"), ("a[b][c]", "2")],
        [("", "1")],
        [("[a]", "1")],
        [("a[b", "1")],
        [("a[b]c", "1")],
    ],
)
def test_ambiguous_names_are_refused(received):
    with pytest.raises(UnreadableMessageError):
        read_form(received)


def test_empty_brackets_count_up():
    assert read_form([("a[]", "x"), ("a[]", "y")]) == [("a", [("0", "x"), ("1", "y")])]


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><request><x>&b;</x></request>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/hostname">]><request><x>&f;</x></request>'


@pytest.mark.parametrize(
    "document",
    [
        "",
        "text",
        "<request><a>",
        "<other><a>1</a></other>",
        "<request><a>1</a><a>2</a></request>",
        BOMB,
        OUTSIDE,
    ],
)
def test_hostile_and_broken_xml_is_refused(document):
    with pytest.raises(UnreadableMessageError):
        read_xml(document, "request")


@pytest.mark.parametrize(
    "parts",
    [
        {"method": "POST", "data": b"{}", "content_type": "application/json"},
        {"method": "POST", "data": b""},
        {"method": "POST", "data": b"<request/>", "content_type": "text/xml"},
        {"method": "POST", "data": {"pg_xml": "<request><a>1</a></request>", "b": "2"}},
        {"method": "GET"},
    ],
    ids=["json", "empty", "raw xml", "xml beside a field", "GET without a query"],
)
def test_other_messages_are_refused(parts):
    with pytest.raises(UnreadableMessageError):
        read_request(request(**parts))


def test_a_file_is_refused():
    upload = request(method="POST", data={"a": (BytesIO(b"x"), "a.txt")})
    with pytest.raises(UnreadableMessageError, match="file"), upload:
        read_request(upload)


def test_addresses_lose_and_regain_their_query():
    assert split_query("https://shop.example/r?a=1&b=%D0%96&c=#frag") == (
        "https://shop.example/r",
        [("a", "1"), ("b", "Ж"), ("c", "")],
    )
    assert with_query("https://shop.example/r", [("a", "1 2"), ("n", [("x", "é")])]) == (
        "https://shop.example/r?a=1+2&n%5Bx%5D=%C3%A9"
    )


def test_text_of_reads_single_values_alone():
    assert text_of(NESTED, "a") == "1 & <2>"
    assert text_of(NESTED, "list") is None
    assert text_of(NESTED, "absent") is None
