"""GET|POST /return/success and /return/failure: the buyer comes back, and is sent on whatever they bring."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from freedompay_sandbox.signing import Pair
from integration.api_event import api_event
from integration.aws_failures import DYNAMODB_FAILURES, NO_ANSWER, SECRETS_FAILURES, Failing
from integration.deployment import Deployment
from integration.gateway_message import (
    FORM,
    MULTIPART,
    ORDER_ID,
    PAID,
    PAYMENT_ID,
    RESULT,
    changed,
    multipart,
    raw_xml,
    signed,
    urlencoded,
    xml_in_form,
)
from integration.lambda_function import SHOP_URL, LoadedFunction
from integration.metrics_printed import counted
from integration.stored_orders import FAILURE_URL, stored_order
from paylink.adapters.aws import impatient_dynamodb
from paylink.domain.order import Status

# What the browser brings (Redirect back).
BROUGHT = {"m_reference": "INV-42", "pg_order_id": ORDER_ID, "pg_payment_id": PAYMENT_ID}
STRANGER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"
SUCCESS = f"https://shop.example/ok?from=cart&tab=2&order_id={ORDER_ID}#top"
FAILURE = f"{FAILURE_URL}?order_id={ORDER_ID}"
SCRIPTS = ("success", "failure")

SendBack = Callable[..., str]


@pytest.fixture
def send_back(load_function: Callable[..., LoadedFunction], deployment: Deployment) -> Iterator[SendBack]:
    """Opens a return page and tells where it sends the browser; nothing that is stored may change by it."""
    function = load_function("return_page")
    deployment.put_order(stored_order())
    before = orders_and_all(deployment)

    def open_page(script: str, pairs: Sequence[Pair] = (), method: str = "GET", **event: Any) -> str:
        more: dict[str, Any] = {"query": urlencode(list(pairs))} if method == "GET" else {}
        if method == "POST" and "body" not in event:
            more["body"], more["content_type"] = urlencoded(pairs)
        answer = function(api_event(method, f"/return/{script}", **{**more, **event}))
        assert answer["statusCode"] == 303
        assert not answer.get("body")
        assert answer["headers"]["cache-control"] == "no-store"
        location = answer["headers"]["location"]
        assert location.isascii()
        assert location.isprintable()
        assert urlsplit(location).netloc == "shop.example"
        return str(location)

    yield open_page
    assert orders_and_all(deployment) == before


def orders_and_all(deployment: Deployment) -> list[dict[str, Any]]:
    """The whole table but for the notes beside its orders."""
    return [item for item in deployment.items() if item["sk"]["S"] != "watch"]


def notes(deployment: Deployment) -> list[dict[str, Any]]:
    return [row for row in deployment.rows() if row["sk"] == "watch"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("script", "address"), [("success", SUCCESS), ("failure", FAILURE)])
def test_known_order_goes_to_its_own_page(
    script: str, address: str, method: str, send_back: SendBack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send_back(script, signed(script, BROUGHT), method) == address
    assert counted(capsys.readouterr().out) == {}


def test_known_order_in_every_encoding(send_back: SendBack) -> None:
    message = signed("success", BROUGHT)
    for encode in (urlencoded, multipart, xml_in_form, raw_xml):
        for in_base64 in (True, False):
            body, content_type = encode(message)
            how: dict[str, Any] = {"body": body, "content_type": content_type, "in_base64": in_base64}
            assert send_back("success", method="POST", **how) == SUCCESS


PAGES = {
    "https://shop.example": f"https://shop.example?order_id={ORDER_ID}",
    "https://shop.example/": f"https://shop.example/?order_id={ORDER_ID}",
    "https://shop.example/a?": f"https://shop.example/a?order_id={ORDER_ID}",
    "https://shop.example/a#part": f"https://shop.example/a?order_id={ORDER_ID}#part",
    "https://shop.example/#/thanks?x=1": f"https://shop.example/?order_id={ORDER_ID}#/thanks?x=1",
    "https://shop.example/a?x=1": f"https://shop.example/a?x=1&order_id={ORDER_ID}",
    "https://shop.example/a?x=1&x=2": f"https://shop.example/a?x=1&x=2&order_id={ORDER_ID}",
    "https://shop.example/a?order_id=old&x=1": f"https://shop.example/a?x=1&order_id={ORDER_ID}",
    "https://shop.example/a?order%5Fid=old": f"https://shop.example/a?order_id={ORDER_ID}",
    "https://shop.example/a?flag": f"https://shop.example/a?flag&order_id={ORDER_ID}",
    "https://shop.example/a?empty=": f"https://shop.example/a?empty=&order_id={ORDER_ID}",
    "https://shop.example/a?q=a%20b+c": f"https://shop.example/a?q=a%20b+c&order_id={ORDER_ID}",
    "https://shop.example/a?to=/x,y;z:@!$'()*": f"https://shop.example/a?to=/x,y;z:@!$'()*&order_id={ORDER_ID}",
    "https://shop.example/a?q=%D0%BA%ff": f"https://shop.example/a?q=%D0%BA%ff&order_id={ORDER_ID}",
    "https://shop.example/%D0%B0/b%20c?x=1#y": f"https://shop.example/%D0%B0/b%20c?x=1&order_id={ORDER_ID}#y",
}


@pytest.mark.parametrize("stored", PAGES)
def test_page_s_own_query_and_fragment_stay_as_they_are(
    stored: str, load_function: Callable[..., LoadedFunction], deployment: Deployment
) -> None:
    function = load_function("return_page")
    deployment.put_order(stored_order(success_url=stored, failure_url=stored))
    for script in SCRIPTS:
        event = api_event("GET", f"/return/{script}", query=urlencode(signed(script, BROUGHT)))
        assert function(event)["headers"]["location"] == PAGES[stored]


def test_order_in_any_state_without_a_page_of_its_own(
    load_function: Callable[..., LoadedFunction], deployment: Deployment
) -> None:
    """What the buyer is told is the shop's page's matter, which asks for the status."""
    function = load_function("return_page", ShopUrl="https://shop.example/?shop=1#end")
    for status, script in itertools.product(Status, SCRIPTS):
        deployment.put_order(stored_order(status, success_url=None, failure_url=None))
        before = orders_and_all(deployment)
        event = api_event("GET", f"/return/{script}", query=urlencode(signed(script, BROUGHT)))
        location = f"https://shop.example/?shop=1&order_id={ORDER_ID}#end"
        assert function(event)["headers"]["location"] == location
        assert orders_and_all(deployment) == before


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    "order_id", [STRANGER, "130", "", ORDER_ID.upper(), f"{ORDER_ID}\n", "links", "unknown", "../x"]
)
def test_unknown_order_goes_to_the_shop(order_id: str, script: str, send_back: SendBack) -> None:
    for method in ("GET", "POST"):
        brought = signed(script, {**BROUGHT, "pg_order_id": order_id})
        assert send_back(script, brought, method) == SHOP_URL


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "brought",
    [
        signed("success", BROUGHT, key="a key of somebody else"),
        signed("success", BROUGHT, key=""),
        signed(RESULT, BROUGHT),
        signed("failure", BROUGHT),
        list(BROUGHT.items()),
        [("pg_order_id", ORDER_ID), ("pg_sig", "0" * 32)],
        [*signed("success", BROUGHT), ("utm_source", "mail")],
    ],
)
def test_wrong_signature_is_counted_and_nothing_else(
    brought: list[Pair],
    method: str,
    send_back: SendBack,
    deployment: Deployment,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert send_back("success", brought, method) == SUCCESS
    assert counted(capsys.readouterr().out) == {"ReturnSignatureRefused": 1}
    assert notes(deployment) == []


EVIL = "https://evil.example/phish"
ADDRESSES = (
    "pg_redirect_url",
    "pg_success_url",
    "pg_failure_url",
    "success_url",
    "url",
    "return",
    "next",
    "pg_site_url",
)


@pytest.mark.parametrize("known", [True, False])
def test_address_in_the_message_is_never_followed(known: bool, send_back: SendBack) -> None:
    order_id = ORDER_ID if known else STRANGER
    for name in ADDRESSES:
        for evil in (EVIL, "//evil.example", "javascript:alert(1)", "\r\nlocation: https://evil.example"):
            for key in ("a key of somebody else", None):
                fields = {**BROUGHT, "pg_order_id": order_id, name: evil}
                brought = signed("success", fields, **({"key": key} if key else {}))
                assert send_back("success", brought) == (SUCCESS if known else SHOP_URL)
                assert send_back("success", brought, "POST") == (SUCCESS if known else SHOP_URL)
    for evil in (
        EVIL,
        f"{ORDER_ID}@evil.example",
        f"{ORDER_ID}\r\nlocation:{EVIL}",
        f"{ORDER_ID}&x=1",
        f"{ORDER_ID}#",
    ):
        assert send_back("success", signed("success", {**BROUGHT, "pg_order_id": evil})) == SHOP_URL


def test_headers_of_the_browser_are_never_followed(send_back: SendBack) -> None:
    headers = {"host": "evil.example", "x-forwarded-host": "evil.example", "referer": EVIL, "origin": EVIL}
    assert send_back("success", signed("success", BROUGHT), headers=headers) == SUCCESS
    assert send_back("success", [], headers=headers) == SHOP_URL


JUNK: dict[str, dict[str, Any]] = {
    "nothing": {"method": "GET"},
    "an empty form": {"method": "POST", "body": b"", "content_type": FORM},
    "no body": {"method": "POST", "body": None},
    "JSON": {"method": "POST", "body": b'{"pg_order_id": "x"}', "content_type": "application/json"},
    "not UTF-8": {"method": "POST", "body": b"pg_order_id=%FF", "content_type": FORM},
    "not UTF-8, in the address": {"method": "GET", "query": "pg_order_id=%FF"},
    "broken parts": {"method": "POST", "body": b"--x", "content_type": MULTIPART},
    "a bomb": {
        "method": "POST",
        "body": b'<!DOCTYPE r [<!ENTITY a "x">]><request><pg_order_id>&a;</pg_order_id></request>',
        "content_type": "application/xml",
    },
    "too large": {"method": "POST", "body": b"a=" + b"x" * 70_000, "content_type": FORM},
    "far too large": {"method": "POST", "body": b"a=" + b"x" * 4_400_000, "content_type": FORM},
    "a nested id": {"method": "GET", "query": f"pg_order_id%5Ba%5D={ORDER_ID}"},
    "a script": {"method": "GET", "query": "pg_order_id=" + quote("<script>alert(1)</script>")},
    "another method": {"method": "DELETE"},
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_never_shows_an_error(name: str, send_back: SendBack) -> None:
    for script in (*SCRIPTS, "other", ""):
        assert send_back(script, **JUNK[name]) == SHOP_URL


def test_base64_that_is_none(load_function: Callable[..., LoadedFunction]) -> None:
    event = api_event("POST", "/return/success", body=b"a=1", content_type=FORM)
    answer = load_function("return_page")({**event, "isBase64Encoded": True, "body": "#"})
    assert (answer["statusCode"], answer["headers"]["location"]) == (303, SHOP_URL)


@pytest.mark.parametrize("name", [*DYNAMODB_FAILURES, *NO_ANSWER])
def test_table_cannot_be_reached(
    name: str, send_back: SendBack, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        failing = Failing(patched, deployment.dynamodb, "get_item")
        failing.failure = {**DYNAMODB_FAILURES, **NO_ANSWER}[name]
        assert send_back("success", signed("success", BROUGHT)) == f"{SHOP_URL}?order_id={ORDER_ID}"
    assert send_back("success", signed("success", BROUGHT)) == SUCCESS


@pytest.mark.parametrize("name", [*SECRETS_FAILURES, *NO_ANSWER, "no key"])
def test_secret_cannot_be_reached(
    name: str, send_back: SendBack, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a key no signature can be judged, and none has to be."""
    if name == "no key":
        deployment.set_merchant("{}")
    else:
        failing = Failing(monkeypatch, deployment.secrets, "get_secret_value")
        failing.failure = {**SECRETS_FAILURES, **NO_ANSWER}[name]
    assert send_back("failure", signed("failure", BROUGHT)) == FAILURE


def test_a_paid_result_at_the_return_page_pays_nothing(send_back: SendBack, deployment: Deployment) -> None:
    for script in SCRIPTS:
        for message in (signed(RESULT, PAID), signed(script, changed(PAID, pg_description=None))):
            assert send_back(script, message, "POST").startswith("https://shop.example/")
    assert deployment.order(ORDER_ID).status is Status.PENDING


def test_table_is_read_as_the_last_write_left_it(
    send_back: SendBack, deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = Failing(monkeypatch, deployment.dynamodb, "get_item")
    send_back("success", signed("success", BROUGHT))
    assert [call["ConsistentRead"] for call in reads.calls] == [True]


def test_a_return_is_noted_beside_an_order_that_waits(send_back: SendBack, deployment: Deployment) -> None:
    send_back("success", signed("success", BROUGHT))
    (note,) = notes(deployment)
    assert note["pk"] == ORDER_ID
    assert note["created_at"] > note["returned_at"]
    send_back("failure", signed("failure", BROUGHT))
    assert notes(deployment) == [note], "at most once in three minutes"


@pytest.mark.parametrize("status", list(Status))
def test_it_is_noted_only_where_something_waits(
    status: Status, load_function: Callable[..., LoadedFunction], deployment: Deployment
) -> None:
    """A paid order is the usual case: its return costs a read and no write."""
    order = stored_order(status)
    deployment.put_order(order)
    event = api_event("GET", "/return/success", query=urlencode(signed("success", BROUGHT)))
    assert load_function("return_page")(event)["headers"]["location"] == SUCCESS
    assert len(notes(deployment)) == order.waiting


@pytest.mark.parametrize("name", [*DYNAMODB_FAILURES, *NO_ANSWER])
def test_a_return_that_cannot_be_noted_goes_on_all_the_same(
    name: str, send_back: SendBack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = Failing(monkeypatch, impatient_dynamodb(), "update_item")
    failing.failure = {**DYNAMODB_FAILURES, **NO_ANSWER}[name]
    assert send_back("success", signed("success", BROUGHT)) == SUCCESS
    assert len(failing.calls) == 1
    assert counted(capsys.readouterr().out) == {"ReturnUnmarked": 1}


def test_noting_it_gives_up_within_a_second() -> None:
    config = impatient_dynamodb().meta.config
    assert config.connect_timeout + config.read_timeout <= 1
    assert config.retries["total_max_attempts"] == 1
