"""Requests out of API Gateway's events (payload format 2.0), and the bounds of their bodies."""

import base64
from typing import Any

import pytest

from paylink.domain.errors import BodyTooLarge, InvalidBody
from paylink.web.request import LARGEST_BODY, Request

EVENT: dict[str, Any] = {
    "version": "2.0",
    "routeKey": "POST /payments",
    "rawPath": "/payments",
    "rawQueryString": "a=1&a=2",
    "headers": {"content-type": "application/json", "idempotency-key": "k"},
    "requestContext": {
        "domainName": "abc.execute-api.eu-central-1.amazonaws.com",
        "http": {"method": "POST", "path": "/payments", "sourceIp": "198.51.100.7"},
        "requestId": "JKJaXmPLvHcESHA=",
    },
    "pathParameters": {"order_id": "pl_1"},
    "body": '{"link": "coffee"}',
    "isBase64Encoded": False,
}


def with_body(body: str | None, *, is_base64: bool = False) -> Request:
    return Request.from_event({**EVENT, "body": body, "isBase64Encoded": is_base64})


def encoded(body: bytes) -> Request:
    return with_body(base64.b64encode(body).decode(), is_base64=True)


def test_an_event_is_read() -> None:
    request = Request.from_event(EVENT)
    assert (request.method, request.path, request.query) == ("POST", "/payments", "a=1&a=2")
    assert request.headers["idempotency-key"] == "k"
    assert request.content_type == "application/json"
    assert request.path_parameters == {"order_id": "pl_1"}
    assert request.domain == "abc.execute-api.eu-central-1.amazonaws.com"
    assert request.request_id == "JKJaXmPLvHcESHA="
    assert request.buyer_ip == "198.51.100.7"
    assert request.body() == b'{"link": "coffee"}'


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"headers": None, "pathParameters": None, "body": None},
        {"requestContext": {}},
        {"requestContext": {"http": {}}},
    ],
)
def test_an_event_that_lacks_what_is_optional_is_read_too(event: dict[str, Any]) -> None:
    request = Request.from_event(event)
    assert (request.method, request.path, request.query, request.headers) == ("GET", "/", "", {})
    assert (request.path_parameters, request.body(), request.buyer_ip) == ({}, b"", None)
    assert request.content_type is None


def test_names_of_headers_are_read_in_lower_case() -> None:
    request = Request.from_event({**EVENT, "headers": {"Content-Type": "text/plain", "IDEMPOTENCY-KEY": "K"}})
    assert request.headers == {"content-type": "text/plain", "idempotency-key": "K"}


@pytest.mark.parametrize(
    ("path", "script"),
    [
        ("/callbacks/paylink_result", "paylink_result"),
        ("/live/callbacks/paylink_check", "paylink_check"),
        ("/callbacks/paylink_result/", ""),
        ("/", ""),
    ],
)
def test_the_script_is_the_last_segment_of_the_path(path: str, script: str) -> None:
    assert Request.from_event({**EVENT, "rawPath": path}).script == script


@pytest.mark.parametrize(
    ("source", "buyer"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8::7", None),
        ("::ffff:198.51.100.7", None),
        ("198.51.100.7, 10.0.0.1", None),
        ("198.51.100.007", None),
        ("", None),
        (None, None),
    ],
)
def test_only_an_ipv4_address_is_told_to_the_gateway(source: str | None, buyer: str | None) -> None:
    context = {"http": {"method": "POST", "sourceIp": source}}
    assert Request.from_event({**EVENT, "requestContext": context}).buyer_ip == buyer


@pytest.mark.parametrize(
    "body", [b"", b"x", b"xy", b"xyz", b"pg_sig=1&pg_salt=%3B", bytes(range(256)), "кофе".encode()]
)
def test_base64_is_decoded(body: bytes) -> None:
    assert encoded(body).body() == body


@pytest.mark.parametrize("body", ["", "{}", "кофе ☕", '{"a":"\x00"}'])
def test_text_is_bytes_in_utf_8(body: str) -> None:
    assert with_body(body).body() == body.encode()


def test_a_lone_surrogate_is_no_crash() -> None:
    assert with_body("\ud800").body() == b"\xed\xa0\x80"


@pytest.mark.parametrize(
    "body", ["!", "a", "abc", "YWJj\nYWJj", "YWJj=", "YW Jj", "=", "YQ==YQ==", "кофе", "YWJj-_"]
)
def test_what_is_no_base64_is_refused(body: str) -> None:
    request = with_body(body, is_base64=True)
    with pytest.raises(InvalidBody, match="no base64"):
        request.body()
    assert request.body_or_nothing() == b""


def test_the_limit_is_64_kb() -> None:
    assert LARGEST_BODY == 65_536


@pytest.mark.parametrize("size", [LARGEST_BODY - 2, LARGEST_BODY - 1, LARGEST_BODY])
def test_a_body_up_to_the_limit_is_taken(size: int) -> None:
    assert len(encoded(b"x" * size).body()) == size
    assert len(with_body("x" * size).body()) == size
    assert len(with_body("ж" * (size // 2)).body()) == size // 2 * 2


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, LARGEST_BODY + 2, LARGEST_BODY + 3, 10 * LARGEST_BODY])
def test_a_body_over_the_limit_is_not(size: int) -> None:
    for request in (encoded(b"x" * size), with_body("x" * size), with_body("ж" * (size // 2 + 1))):
        with pytest.raises(BodyTooLarge, match="65536"):
            request.body()
        assert request.body_or_nothing() == b""


def test_a_body_far_over_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(BodyTooLarge):
        with_body("!" * 200_000, is_base64=True).body()


def test_no_text_of_a_request_shows_the_buyer_or_the_body() -> None:
    shown = repr(Request.from_event(EVENT))
    assert "198.51.100.7" not in shown
    assert "coffee" not in shown
