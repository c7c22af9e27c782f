"""Any message, in any encoding: the same fields come out, and no bytes make the readers raise anything else."""

from collections.abc import Callable
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from hypothesis import example, given
from hypothesis import strategies as st
from requests import Request
from urllib3.filepost import encode_multipart_formdata

from paylink.freedompay.errors import UnreadableMessage
from paylink.freedompay.forms import bracketed, nested, read_form, write_form
from paylink.freedompay.messages import read_request, read_xml, write_xml
from paylink.freedompay.multipart import read_multipart
from paylink.freedompay.signature import sign

FORM = "application/x-www-form-urlencoded"
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXT = st.text(CHARACTERS, max_size=20)
# What XML 1.0 can carry.
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\r\n"),
    max_size=20,
)
NAMES = st.sampled_from(["pg_order_id", "pg_amount", "m_note", "a", "Ab", "z_"])
FORM_NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="[]"), min_size=1, max_size=8
)
# RFC 7578 leaves open how these are written in a name.
MULTIPART_NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='[]"\\%'), min_size=1, max_size=8
)


def _unique(inner: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(st.tuples(NAMES, inner), min_size=1, max_size=3, unique_by=lambda field: field[0]).map(
        tuple
    )


def _lists(inner: st.SearchStrategy) -> st.SearchStrategy:
    """Fields in which the items of a list stand together, as every writer puts them."""
    runs = st.dictionaries(NAMES, st.lists(inner, min_size=1, max_size=2), min_size=1, max_size=2)
    return runs.map(lambda found: tuple((name, value) for name, values in found.items() for value in values))


def _nested(
    text: st.SearchStrategy, kind: Callable[[st.SearchStrategy], st.SearchStrategy]
) -> st.SearchStrategy:
    """Two levels within the message's own: small enough that no limit of fields or depth is met."""
    return text | kind(text | kind(text))


NESTED = _nested(XML_TEXT, _lists)
MESSAGES = _lists(NESTED).map(list)


@given(MESSAGES)
def test_the_same_fields_come_out_of_every_encoding(fields):
    flat = bracketed(fields)
    body, content_type = encode_multipart_formdata(flat)
    document = write_xml(fields, "request")
    read = {
        "urlencoded": read_request("POST", "x=1", FORM, write_form(fields).encode()),
        "query": read_request("GET", write_form(fields), None, b""),
        "multipart": read_request("POST", "", content_type, body),
        "raw XML": read_request("POST", "", "text/xml", document),
        "XML in a form": read_request("POST", "", FORM, urlencode({"pg_xml": document}).encode()),
        "XML in a query": read_request("GET", urlencode({"pg_xml": document}), None, b""),
    }
    assert read == dict.fromkeys(read, fields)
    assert {sign("s", found, "k") for found in read.values()} == {sign("s", fields, "k")}


@given(st.lists(st.tuples(FORM_NAMES, TEXT), min_size=1, max_size=8))
def test_flat_forms_are_read_as_the_standard_library_reads_them(fields):
    text = urlencode(fields)
    assert read_form(text.encode()) == fields
    assert read_form(text.encode()) == parse_qsl(text, keep_blank_values=True, strict_parsing=True)


@given(st.binary(max_size=60))
@example(b"a=\t %20 \r\n=\n_=0A")
def test_escapes_are_decoded_as_the_standard_library_decodes_them(raw):
    raw = raw.replace(b"&", b"")
    try:
        ((name, value),) = read_form(b"x=" + raw)
    except UnreadableMessage:
        return
    assert name == "x"
    assert value.encode() == unquote_to_bytes(raw.replace(b"+", b" "))


@given(
    st.lists(
        st.sampled_from(["%41", "%e2%82%ac", "=", "%3D", "+", "_", "\t", " ", "\r\n", "=\n", "é", "."]),
        max_size=20,
    )
)
def test_no_rule_of_quoted_printable_shows_through(pieces):
    raw = "".join(pieces).encode()
    assert read_form(b"x=" + raw) == [("x", unquote_to_bytes(raw.replace(b"+", b" ")).decode())]


@given(st.lists(st.tuples(MULTIPART_NAMES, TEXT), min_size=1, max_size=8))
def test_multipart_of_urllib3_is_read_byte_for_byte(fields):
    body, content_type = encode_multipart_formdata(fields)
    assert read_multipart(content_type, body) == fields


@given(st.lists(st.tuples(MULTIPART_NAMES, TEXT), min_size=1, max_size=4))
def test_multipart_of_requests_is_read_byte_for_byte(fields):
    parts = [(name, (None, value)) for name, value in fields]
    prepared = Request("POST", "http://127.0.0.1/", files=parts).prepare()
    assert read_request("POST", "", prepared.headers["Content-Type"], prepared.body) == fields


@given(st.lists(st.tuples(NAMES, NESTED), min_size=1, max_size=6))
def test_xml_is_read_as_it_was_written(fields):
    assert read_xml(write_xml(fields), "response") == fields


@given(_lists(_nested(TEXT, _lists)).map(list))
def test_brackets_come_back_as_the_same_fields(fields):
    assert nested(bracketed(fields)) == fields


@given(_unique(_nested(TEXT, _unique)))
def test_brackets_hold_every_value_in_its_order(fields):
    assert sign("s", nested(bracketed(fields)), "k") == sign("s", fields, "k")


HOSTILE = st.one_of(
    st.binary(max_size=200),
    st.lists(
        st.sampled_from(
            [
                *(
                    b"--b",
                    b"--b--",
                    b"\r\n",
                    b"\n",
                    b"Content-Disposition: form-data; ",
                    b'name="a"',
                    b";",
                    b'"',
                ),
                *(
                    b"a",
                    b"=",
                    b"&",
                    b"%",
                    b"%41",
                    b"%ff",
                    b"[",
                    b"]",
                    b"[0]",
                    b"[a]",
                    b"[]",
                    b"pg_xml",
                    b"\xff",
                ),
                *(
                    b"<request>",
                    b"</request>",
                    b"<a>",
                    b"</a>",
                    b"<a/>",
                    b"<!DOCTYPE a>",
                    b"<![CDATA[",
                    b"]]>",
                ),
                *(b"&amp;", b"&x;", b"<!--", b"-->", b"<?x ?>", b"\x00", b"\xef\xbb\xbf", b"filename=", b"1"),
            ]
        ),
        max_size=25,
    ).map(b"".join),
)


def _is_message(fields: object) -> bool:
    return isinstance(fields, list | tuple) and all(
        isinstance(name, str) and (isinstance(value, str) or _is_message(value)) for name, value in fields
    )


@given(
    st.sampled_from(["POST", "GET", "post", "PUT", ""]),
    st.text(max_size=50),
    st.none()
    | st.sampled_from(
        [FORM, "multipart/form-data; boundary=b", "text/xml", "application/xml", "application/json"]
    )
    | st.text(max_size=40).map(lambda text: f"multipart/form-data;{text}")
    | st.text(max_size=20),
    HOSTILE,
)
def test_reading_gives_fields_or_one_error(method, query, content_type, body):
    try:
        fields = read_request(method, query, content_type, body)
    except UnreadableMessage:
        return
    assert fields
    assert _is_message(fields)
    for name, value in fields:
        (name if isinstance(value, str) else "").encode()


@given(st.text(max_size=80) | HOSTILE, st.sampled_from(["request", "response", "a"]))
def test_xml_gives_fields_or_one_error(document, root):
    try:
        fields = read_xml(document, root)
    except UnreadableMessage:
        return
    assert fields
    assert _is_message(fields)
