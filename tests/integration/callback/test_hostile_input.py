"""Whatever a stranger may send: the answer is quick, unsigned, tells nothing, and nothing is stored."""

import base64
import itertools
import json
import time
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freedompay_sandbox.writing import write_xml
from integration.api_event import api_event
from integration.callback.conftest import Callback
from integration.deployment import Deployment
from integration.gateway_message import (
    BOUNDARY,
    CHECK,
    FORM,
    MULTIPART,
    ORDER_ID,
    PAID,
    RESULT,
    Delivery,
    Reply,
    multipart,
    raw_xml,
    signed,
    urlencoded,
    xml_in_form,
)
from integration.stored_orders import stored_order
from paylink.domain.order import Status

PATH = f"/callbacks/{RESULT}"
XML = "application/xml"
MESSAGE = signed(RESULT, PAID)
GENUINE = urlencoded(MESSAGE)[0]
PARTS = multipart(MESSAGE)[0]
DOCUMENT = write_xml(MESSAGE, "request")

LAUGHS = b'<!DOCTYPE r [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10 if level else b"&a;" * 10)
    for level in range(9)
)
BOMBS = {
    "a billion laughs": LAUGHS + b"]><request><pg_order_id>&a8;</pg_order_id></request>",
    "quadratic": b'<!DOCTYPE r [<!ENTITY a "'
    + b"x" * 9_000
    + b'">]><request>'
    + b"&a;" * 9_000
    + b"</request>",
    "a file": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><request><pg_order_id>&x;</pg_order_id></request>',
    "an address": b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><request><a>1</a></request>',
    "a parameter entity": b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]><request><a>1</a></request>',
    "a plain document type": b"<!DOCTYPE request><request><pg_sig>1</pg_sig></request>",
    "an unknown entity": b"<request><pg_sig>&nbsp;</pg_sig></request>",
    "deep": b"<request>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</request>",
    "wide": b"<request>" + b"<a/>" * 15_000 + b"</request>",
    "many attributes": b"<request " + b" ".join(b'a%d=""' % n for n in range(6_000)) + b"/>",
    "inclusion": b'<request xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="file:///etc/passwd"/></request>',
    "a stylesheet": b'<?xml-stylesheet href="http://127.0.0.1:9/x"?><request><a>1</a></request>',
}
UNREADABLE: dict[str, tuple[bytes | None, str | None]] = {
    "no body": (None, FORM),
    "an empty body": (b"", FORM),
    "an empty body without a type": (b"", None),
    "nothing but separators": (b"&&&", FORM),
    "JSON": (json.dumps(dict(MESSAGE)).encode(), "application/json"),
    "JSON's empty object": (b"{}", "application/json"),
    "plain text": (GENUINE, "text/plain"),
    "a form without a type": (GENUINE, None),
    "a form of an unknown type": (GENUINE, "application/x-www-form-urlencode"),
    "two types at once": (GENUINE, f"{FORM}, application/json"),
    "not UTF-8, escaped": (b"pg_sig=1&pg_description=%FF%FE", FORM),
    "not UTF-8, plain": ("pg_sig=1&pg_description=Кофе".encode("cp1251"), FORM),
    "half a character": (b"pg_sig=1&a=%D0", FORM),
    "a surrogate": (b"pg_sig=1&a=%ED%A0%80", FORM),
    "a broken escape": (b"pg_sig=1&a=%", FORM),
    "a broken escape in a name": (b"pg_sig=1&%G0=1", FORM),
    "a field without a name": (b"pg_sig=1&=x", FORM),
    "brackets that do not pair": (b"pg_sig=1&a[b=1", FORM),
    "brackets too deep": (b"pg_sig=1&a" + b"[b]" * 500 + b"=1", FORM),
    "numbers beside words": (b"pg_sig=1&a[0]=1&a[b]=2", FORM),
    "too many fields": (b"&".join(b"a%d=1" % number for number in range(5_000)), FORM),
    "parts cut off": (PARTS[:-8], MULTIPART),
    "parts without a boundary": (PARTS, "multipart/form-data"),
    "parts with another boundary": (PARTS, "multipart/form-data; boundary=other"),
    "parts with an endless boundary": (PARTS, f"multipart/form-data; boundary={'b' * 5_000}"),
    "parts with a header": (
        b"--" + BOUNDARY.encode() + b"\r\n\r\nx\r\n--" + BOUNDARY.encode() + b"--",
        MULTIPART,
    ),
    "parts with a file": (PARTS.replace(b'name="pg_sig"', b'name="pg_sig"; filename="a"'), MULTIPART),
    "parts not in UTF-8": (PARTS.replace("Чашка".encode(), "Чашка".encode("cp1251")), MULTIPART),
    "parts of nothing": (f"--{BOUNDARY}--\r\n".encode(), MULTIPART),
    "XML cut off": (DOCUMENT[:-12], XML),
    "XML with another root": (write_xml(MESSAGE, "response"), XML),
    "XML with a second root": (DOCUMENT + b"<request><a>1</a></request>", XML),
    "XML of nothing": (b"<request></request>", XML),
    "XML of text": (b"<request>text</request>", XML),
    "XML in another encoding": (
        '<?xml version="1.0" encoding="windows-1251"?><request><a>Кофе</a></request>'.encode("cp1251"),
        XML,
    ),
    "XML in UTF-16": (DOCUMENT.decode().encode("utf-16"), XML),
    "XML with namespaces": (b'<request xmlns="a"><pg_sig>1</pg_sig></request>', XML),
    "an empty pg_xml": (b"pg_xml=", FORM),
    "pg_xml that is no XML": (b"pg_xml=hello", FORM),
    "pg_xml beside fields": (xml_in_form(MESSAGE)[0] + b"&pg_result=1", FORM),
    "pg_xml given twice": (xml_in_form(MESSAGE)[0] + b"&" + xml_in_form(MESSAGE)[0], FORM),
    "pg_xml with parts": (b"pg_xml[a]=1", FORM),
    **{f"XML: {name}": (document, XML) for name, document in BOMBS.items()},
    **{f"pg_xml: {name}": (b"pg_xml=" + quote(doc[:20_000]).encode(), FORM) for name, doc in BOMBS.items()},
}
SECONDS = 1.0
"""Far above what an answer takes here, far below what a bomb that went off would."""


@pytest.fixture
def stands(deployment: Deployment) -> Any:
    """An order that nothing in these tests may change."""
    deployment.put_order(stored_order())
    before = deployment.items()
    yield
    assert deployment.items() == before


def answered(callback: Callback, event: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    started = time.perf_counter()
    answer = callback.function(event)
    assert time.perf_counter() - started < SECONDS
    return answer["statusCode"], answer


@pytest.mark.usefixtures("stands")
@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable(name: str, callback: Callback) -> None:
    body, content_type = UNREADABLE[name]
    is_text = body is None or body.decode("utf-8", "ignore").encode() == body
    # As text, what is not UTF-8 would arrive with other characters in its place.
    for script, in_base64 in itertools.product((CHECK, RESULT), (True, False) if is_text else (True,)):
        event = api_event(
            "POST", f"/callbacks/{script}", body=body, content_type=content_type, in_base64=in_base64
        )
        status, answer = answered(callback, event)
        assert status == 400
        reply = Reply.of(answer)
        assert (reply.word, reply.content_type, reply.unsigned) == ("error", "application/xml", True)
        assert len(reply.body) < 300


@pytest.mark.usefixtures("stands")
@pytest.mark.parametrize(
    "query", ["", "&", "pg_sig=%FF", "%zz=1", "pg_xml=%3Crequest/%3E", "a[=1", "=1", "\ud800=1"]
)
def test_unreadable_address(query: str, callback: Callback) -> None:
    event = {**api_event("GET", PATH), "rawQueryString": query}
    status, answer = answered(callback, event)
    assert (status, Reply.of(answer).unsigned) == (400, True)


@pytest.mark.usefixtures("stands")
@pytest.mark.parametrize("body", [b"a=1", b"pg_order_id=1&pg_result=1", b"pg_sig_=1", b"x" * 1000])
def test_readable_without_a_signature(body: bytes, callback: Callback) -> None:
    status, answer = answered(callback, api_event("POST", PATH, body=body, content_type=FORM))
    assert (status, Reply.of(answer).unsigned) == (403, True)
    status, _ = answered(callback, api_event("GET", PATH, query=body.decode()))
    assert status == 403


@pytest.mark.usefixtures("stands")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "", "get\n", "ПОСТ"])
def test_other_methods(method: str, callback: Callback) -> None:
    event = Delivery(urlencoded).event(RESULT, MESSAGE)
    event["requestContext"]["http"]["method"] = method
    status, _ = answered(callback, event)
    assert status == 400


@pytest.mark.usefixtures("stands")
@pytest.mark.parametrize("length", [65 * 1024, 64 * 1024 + 1, 1_000_000, 4_400_000])
def test_too_large(length: int, callback: Callback) -> None:
    """Refused before anything is decoded or parsed: what is inside does not matter."""
    kinds = (FORM, MULTIPART, XML, "application/json", "text/plain", "")
    for filler, kind, in_base64 in itertools.product((b"<a>", b"%41"), kinds, (True, False)):
        body = (filler * (length // 3 + 1))[:length]
        event = api_event("POST", PATH, body=body, content_type=kind, in_base64=in_base64)
        status, answer = answered(callback, event)
        assert status == 413
        assert len(json.dumps(answer)) < 2000


@pytest.mark.parametrize("in_base64", [True, False])
def test_largest_that_is_read(*, in_base64: bool, callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    bare = len(urlencoded(signed(RESULT, {**PAID, "pg_filler": ""}))[0])
    for length, status in ((64 * 1024, 200), (64 * 1024 + 1, 413)):
        message = signed(RESULT, {**PAID, "pg_filler": "x" * (length - bare)})
        body, _ = urlencoded(message)
        assert len(body) == length
        event = api_event("POST", PATH, body=body, content_type=FORM, in_base64=in_base64)
        assert answered(callback, event)[0] == status
    assert deployment.order(ORDER_ID).status is Status.PAID


@pytest.mark.usefixtures("stands")
@pytest.mark.parametrize(
    "body", ["#", "YQ", "YQ=", "Y Q==", "YQ==\n", "YQ==YQ==", "-_==", "й" * 8, GENUINE.decode()]
)
def test_base64_that_is_none(body: str, callback: Callback) -> None:
    event = {**Delivery(urlencoded).event(RESULT, MESSAGE), "isBase64Encoded": True, "body": body}
    assert answered(callback, event)[0] == 400


@pytest.mark.usefixtures("stands")
@pytest.mark.parametrize(
    "changes",
    [
        {"headers": None},
        {"headers": {}},
        {"body": None},
        {"body": ""},
        {"requestContext": {}},
        {"requestContext": {"http": {}}},
        {"rawPath": "/callbacks/"},
        {"rawPath": ""},
        {"headers": {"content-type": ""}},
        {"headers": {"content-type": ";;;;"}},
        {"headers": {"content-type": "\ud800"}},
        {"headers": {"content-type": "multipart/form-data; boundary=" + '"' * 900}},
    ],
)
def test_events_as_no_gateway_of_amazon_sends_them(changes: dict[str, Any], callback: Callback) -> None:
    event = {**Delivery(urlencoded, in_base64=True).event(RESULT, MESSAGE), **changes}
    assert answered(callback, event)[0] in {400, 403}


def test_header_names_in_any_case(callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    event = Delivery(urlencoded, in_base64=True).event(RESULT, MESSAGE)
    event["headers"] = {name.title(): value for name, value in event["headers"].items()}
    assert answered(callback, event)[0] == 200


@pytest.mark.usefixtures("stands")
def test_genuine_messages_with_a_few_bytes_changed(callback: Callback) -> None:
    """Cut, doubled, overwritten at any place, in any encoding: refused, or the very same message."""
    bodies = [encode(MESSAGE) for encode in (urlencoded, multipart, raw_xml, xml_in_form)]

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(bodies), st.integers(0, 2_000), st.integers(0, 40), st.binary(max_size=6))
    def never_taken(sent: tuple[bytes, str], start: int, length: int, put: bytes) -> None:
        body, content_type = sent
        start %= len(body)
        altered = body[:start] + put + body[start + length :]
        # What the change leaves in force, if it was made outside of what is signed, is the unsigned test's matter.
        event = api_event("POST", PATH, body=altered[:-1], content_type=content_type, in_base64=True)
        assert answered(callback, event)[0] in {400, 403}

    never_taken()


@pytest.mark.usefixtures("stands")
def test_noise(callback: Callback) -> None:
    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(
        st.one_of(
            st.binary(max_size=300), st.text(max_size=100).map(lambda text: text.encode("utf-8", "ignore"))
        ),
        st.sampled_from([FORM, MULTIPART, XML, "text/xml", "application/json", "", "x"]),
        st.booleans(),
        st.sampled_from(["GET", "POST"]),
    )
    def never_taken(body: bytes, content_type: str, in_base64: bool, method: str) -> None:
        query = urlencode({"pg_sig": body}) if method == "GET" else ""
        event = api_event(
            method, PATH, query=query, body=body, content_type=content_type, in_base64=in_base64
        )
        assert answered(callback, event)[0] in {400, 403}

    never_taken()


def test_encoding_in_base64_is_undone_once(callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    twice = base64.b64encode(GENUINE)
    event = api_event("POST", PATH, body=twice, content_type=FORM, in_base64=True)
    assert answered(callback, event)[0] == 403  # one field without a value, unsigned
