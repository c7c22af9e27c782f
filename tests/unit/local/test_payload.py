"""Payload format 2.0, both ways."""

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from paylink_local.payload import Api, HttpRequest, MalformedResultError, event_of, response_of
from paylink_local.routes import Match, Route

API = Api("123456789012", "local", "eu-central-1")
NOW = datetime(2026, 3, 7, 9, 5, 2, 123000, tzinfo=UTC)
MATCH = Match(Route("POST", "/payments/{order_id}", "Create"), {"order_id": "pl_1"})
REQUEST = HttpRequest(
    method="POST",
    path="/payments/pl_1",
    query="a=1&b=x%20y&a=2&c=",
    headers=(
        ("Host", "127.0.0.1:8080"),
        ("Content-Type", "application/json; charset=utf-8"),
        ("X-Many", "one"),
        ("x-many", "two"),
        ("Cookie", "a=1; b=2"),
        ("Cookie", "c=3"),
        ("User-Agent", "curl/8"),
        ("Connection", "keep-alive"),
        ("Content-Length", "9"),
    ),
    body='{"a":"ж"}'.encode(),
    source_ip="127.0.0.9",
    port="8080",
)


def test_an_event_has_the_documented_shape() -> None:
    event = event_of(REQUEST, MATCH, API, NOW)
    trace = event["headers"].pop("x-amzn-trace-id")
    request_id = event["requestContext"].pop("requestId")
    assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace)
    assert request_id
    assert event == {
        "version": "2.0",
        "routeKey": "POST /payments/{order_id}",
        "rawPath": "/payments/pl_1",
        "rawQueryString": "a=1&b=x%20y&a=2&c=",
        "cookies": ["a=1", "b=2", "c=3"],
        "headers": {
            "host": "127.0.0.1:8080",
            "content-type": "application/json; charset=utf-8",
            "x-many": "one,two",
            "user-agent": "curl/8",
            "content-length": "10",
            "x-forwarded-for": "127.0.0.9",
            "x-forwarded-port": "8080",
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"a": "1,2", "b": "x y", "c": ""},
        "pathParameters": {"order_id": "pl_1"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": "127.0.0.1",
            "domainPrefix": "127",
            "http": {
                "method": "POST",
                "path": "/payments/pl_1",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.9",
                "userAgent": "curl/8",
            },
            "routeKey": "POST /payments/{order_id}",
            "stage": "$default",
            "time": "07/Mar/2026:09:05:02 +0000",
            "timeEpoch": 1772874302123,
        },
        "body": '{"a":"ж"}',
        "isBase64Encoded": False,
    }


def test_what_a_request_lacks_the_event_lacks() -> None:
    bare = HttpRequest("GET", "/x", "", (("Host", "pay.example.kz"),), b"", "127.0.0.1", "80")
    event = event_of(bare, Match(Route("GET", "/x", "X")), API, NOW)
    assert not {"body", "cookies", "queryStringParameters", "pathParameters"} & set(event)
    assert event["isBase64Encoded"] is False
    assert event["rawQueryString"] == ""
    assert event["headers"]["content-length"] == "0"
    assert event["requestContext"]["domainName"] == "pay.example.kz"
    assert event["requestContext"]["domainPrefix"] == "pay"
    assert event["requestContext"]["http"]["userAgent"] == ""


@pytest.mark.parametrize(
    ("content_type", "is_text"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/xml", True),
        ("application/javascript", True),
        ("text/xml", True),
        ("text/plain;charset=utf-8", True),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data; boundary=x", False),
        ("application/problem+json", False),
        ("image/png", False),
        (None, False),
    ],
)
def test_only_some_content_types_travel_as_text(content_type: str | None, is_text: bool) -> None:
    headers = () if content_type is None else (("Content-Type", content_type),)
    event = event_of(replace(REQUEST, headers=headers, body=b"a=1&b=2"), MATCH, API, NOW)
    assert event["isBase64Encoded"] is not is_text
    assert event["body"] == ("a=1&b=2" if is_text else base64.b64encode(b"a=1&b=2").decode())


def test_a_chain_of_proxies_is_kept() -> None:
    request = replace(REQUEST, headers=(("X-Forwarded-For", "10.0.0.1"), ("Host", "[::1]:8080")))
    event = event_of(request, MATCH, API, NOW)
    assert event["headers"]["x-forwarded-for"] == "10.0.0.1,127.0.0.9"
    assert event["requestContext"]["domainName"] == "[::1]"


def test_a_full_result_becomes_a_response() -> None:
    response = response_of(
        {
            "statusCode": 201,
            "headers": {"Content-Type": "application/json", "X-Number": 3, "X-Flag": True},
            "cookies": ["a=1", "b=2; Path=/"],
            "body": "тенге",
        }
    )
    assert response.status == 201
    assert response.headers == (
        ("content-type", "application/json"),
        ("x-number", "3"),
        ("x-flag", "true"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2; Path=/"),
    )
    assert response.body == "тенге".encode()


def test_a_base64_body_is_decoded() -> None:
    body = base64.b64encode(b"\x89PNG").decode()
    result = {
        "statusCode": "200",
        "headers": {"content-type": "image/png"},
        "body": body,
        "isBase64Encoded": True,
    }
    assert response_of(result).body == b"\x89PNG"
    assert response_of(result).status == 200


def test_a_body_without_a_type_is_plain_text_and_none_has_none() -> None:
    assert dict(response_of({"statusCode": 200, "body": "x"}).headers) == {
        "content-type": "text/plain;charset=UTF-8"
    }
    assert response_of({"statusCode": 303, "headers": {"location": "/x"}}).headers == (("location", "/x"),)


@pytest.mark.parametrize(
    ("result", "body"),
    [({"a": 1}, b'{"a":1}'), ("hello", b"hello"), ([1, 2], b"[1,2]"), (None, b"null")],
)
def test_a_result_without_a_status_is_the_body(result: object, body: bytes) -> None:
    response = response_of(result)
    assert (response.status, response.body) == (200, body)
    assert dict(response.headers) == {"content-type": "application/json"}


@pytest.mark.parametrize(
    "result",
    [
        {"statusCode": "ok"},
        {"statusCode": True},
        {"statusCode": None},
        {"statusCode": 99},
        {"statusCode": 600},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"a": ["b"]}},
        {"statusCode": 200, "headers": {"a": "b\r\nc: d"}},
        {"statusCode": 200, "cookies": "a=1"},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": "%%%", "isBase64Encoded": True},
    ],
)
def test_a_malformed_result_is_told_apart(result: object) -> None:
    with pytest.raises(MalformedResultError):
        response_of(result)
