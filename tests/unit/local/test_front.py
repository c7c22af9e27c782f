"""The front over real HTTP, before a real function."""

import base64
import http.client
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from paylink_local.console import Console
from paylink_local.environment import function_environment
from paylink_local.front import LARGEST_BODY, Front
from paylink_local.listening import address, bind, serving
from paylink_local.payload import Api
from paylink_local.routes import Routes
from paylink_local.template import Template
from paylink_local.thanks import THANKS_PATH, thanks_page
from paylink_local.workers import Workers

SHOP = "http://shop.example"
JSON = {"content-type": "application/json"}


class Client:
    """Sends exactly what it is told to, and keeps repeated headers apart."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._where = (parts.hostname, parts.port)

    def send(
        self, method: str, target: str, body: bytes = b"", headers: object = ()
    ) -> tuple[int, dict, bytes]:
        connection = http.client.HTTPConnection(*self._where, timeout=20)
        connection.putrequest(method, target)
        for name, value in headers.items() if isinstance(headers, dict) else headers:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        found = (answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return found


@pytest.fixture
def front(project: Path) -> Iterator[Client]:
    template = Template(project, {"Greeting": "hello", "Origins": SHOP})
    (function,) = template.functions
    environment = function_environment(function, template.environment(function), "http://x", "http://x")
    console = Console()
    workers = Workers(function, environment, console.log, most=2, longest_wait=0.3)
    application = Front(
        Routes(template.routes()),
        template.cors(),
        {function.logical_id: workers.invoke},
        Api("123456789012", "local", "eu-central-1"),
        pages={THANKS_PATH: thanks_page},
        access=console.access,
        log=console.log,
    )
    listener = bind("127.0.0.1", 0, "--port")
    url = address(listener)
    with serving(application, listener):
        yield Client(url)
    workers.close()


def event_of(front: Client, *request: object) -> dict:
    status, _, body = front.send(*request)
    assert status == 200, body
    return json.loads(body)["event"]


def test_a_request_becomes_an_event_over_the_wire(front: Client) -> None:
    headers = [("X-A", "1"), ("x-a", "2"), ("Cookie", "a=1"), ("Cookie", "b=2; c=3")]
    event = event_of(front, "GET", "/echo/%D0%B6%20b?q=%D0%B6&q=2", b"", headers)
    assert event["routeKey"] == "GET /echo/{name}"
    assert event["rawPath"] == "/echo/ж b"
    assert event["rawQueryString"] == "q=%D0%B6&q=2"
    assert event["queryStringParameters"] == {"q": "ж,2"}
    assert event["pathParameters"] == {"name": "ж b"}
    assert event["headers"]["x-a"] == "1,2"
    assert event["cookies"] == ["a=1", "b=2", "c=3"]
    assert event["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert "body" not in event


def test_a_form_arrives_as_base64(front: Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    status, _, body = front.send("POST", "/echo", b"pg_result=1", form)
    # The function reads its body as JSON, so base64 text makes it fail: that is what the event must hold.
    assert (status, json.loads(body)) == (500, {"message": "Internal Server Error"})
    plain = event_of(front, "POST", "/echo", b'{"k": 1}', JSON)
    assert (plain["body"], plain["isBase64Encoded"]) == ('{"k": 1}', False)


def test_a_chunked_body_is_read_whole(front: Client) -> None:
    chunked = b'4\r\n{"a"\r\n5\r\n: 12}\r\n0\r\n\r\n'
    connection = http.client.HTTPConnection(*front._where, timeout=20)
    connection.putrequest("POST", "/echo")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders(chunked)
    event = json.loads(connection.getresponse().read())["event"]
    connection.close()
    assert event["body"] == '{"a": 12}'
    assert event["headers"]["content-length"] == "9"
    assert "transfer-encoding" not in event["headers"]


def test_a_result_becomes_a_response_over_the_wire(front: Client) -> None:
    result = {
        "statusCode": 201,
        "headers": {"content-type": "image/png", "x-one": "1"},
        "cookies": ["a=1"],
        "body": base64.b64encode(b"\x89PNG").decode(),
        "isBase64Encoded": True,
    }
    status, headers, body = front.send("POST", "/echo", json.dumps({"result": result}).encode(), JSON)
    assert (status, body) == (201, b"\x89PNG")
    assert headers["content-type"] == "image/png"
    assert headers["content-length"] == "4"
    assert headers["set-cookie"] == "a=1"
    assert headers["apigw-requestid"]


@pytest.mark.parametrize(
    "todo", [{"raise": 1}, {"exit": 1}, {"result": {"statusCode": "x"}}, {"unserialisable": 1}]
)
def test_a_failed_invocation_is_500(front: Client, todo: dict) -> None:
    status, headers, body = front.send("POST", "/echo", json.dumps(todo).encode(), JSON)
    assert (status, json.loads(body)) == (500, {"message": "Internal Server Error"})
    assert headers["content-type"] == "application/json"


def test_the_apis_own_limit_is_503(front: Client) -> None:
    status, _, body = front.send("POST", "/short", b'{"sleep": 1}', JSON)
    assert (status, json.loads(body)) == (503, {"message": "Service Unavailable"})


def test_too_many_at_once_are_503(front: Client) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = threads.map(lambda _: front.send("POST", "/echo", b'{"sleep": 1.2}', JSON)[0], range(4))
        assert sorted(answers) == [200, 200, 503, 503]


@pytest.mark.parametrize(
    ("method", "target"),
    [("GET", "/"), ("HEAD", "/echo/a"), ("DELETE", "/echo"), ("GET", "/echo/a/b"), ("POST", THANKS_PATH)],
)
def test_what_has_no_route_is_404(front: Client, method: str, target: str) -> None:
    status, headers, body = front.send(method, target)
    assert status == 404
    assert headers["content-length"] == str(len(b'{"message":"Not Found"}'))
    assert body == (b"" if method == "HEAD" else b'{"message":"Not Found"}')


def test_a_body_over_the_limit_is_413(front: Client) -> None:
    status, _, body = front.send("POST", "/echo", b"x" * (LARGEST_BODY + 1), JSON)
    assert (status, json.loads(body)) == (413, {"message": "Request Entity Too Large"})


def test_a_preflight_is_answered_without_the_function(front: Client) -> None:
    asked = {"Origin": SHOP, "Access-Control-Request-Method": "POST"}
    status, headers, body = front.send("OPTIONS", "/echo", b"", asked)
    assert (status, body) == (204, b"")
    assert headers["access-control-allow-origin"] == SHOP
    assert headers["access-control-allow-methods"] == "GET,POST"
    assert "content-length" not in headers
    assert "apigw-requestid" not in headers


@pytest.mark.parametrize(("origin", "allowed"), [(SHOP, SHOP), ("http://evil.example", None), (None, None)])
def test_answers_carry_the_apis_cors_headers(front: Client, origin: str | None, allowed: str | None) -> None:
    result = {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": "x"}
    sent = {**JSON, **({"Origin": origin} if origin else {})}
    _, headers, _ = front.send("POST", "/echo", json.dumps({"result": result}).encode(), sent)
    assert headers.get("access-control-allow-origin") == allowed
    assert headers["vary"] == "origin"


def test_the_thanks_page_names_the_order_and_nothing_else(front: Client) -> None:
    status, headers, body = front.send("GET", f"{THANKS_PATH}?order_id=pl_0abc")
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert b'data-order="pl_0abc"' in body
    assert b'<noscript><p>This page asks by script. Without one: <a href="/payments/pl_0abc">' in body
    _, _, hostile = front.send("GET", f"{THANKS_PATH}?order_id=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert b'data-order=""' in hostile
    assert b"alert(1)" not in hostile
