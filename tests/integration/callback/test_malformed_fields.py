"""Rightly signed messages whose fields cannot be relied on: given twice, missing, or not in their format."""

from collections.abc import Sequence

import pytest

from engines.embedded_aws import MERCHANT_ID
from freedompay_sandbox.signing import Pair
from integration.callback.conftest import Callback
from integration.deployment import Deployment
from integration.gateway_message import (
    CHECK,
    DELIVERIES,
    ORDER_ID,
    PAID,
    QUESTION,
    RESULT,
    Delivery,
    changed,
    signed,
    urlencoded,
)
from integration.stored_orders import stored_order
from paylink.domain.order import Status

IDS = ("pg_order_id", "pg_payment_id")
READ = {
    CHECK: (*IDS, "pg_amount", "pg_currency", "pg_testing_mode"),
    RESULT: (
        *IDS,
        *("pg_amount", "pg_currency", "pg_testing_mode", "pg_result", "pg_captured", "pg_can_reject"),
        "pg_failure_code",
    ),
}
REQUIRED = {
    CHECK: (*IDS, "pg_amount", "pg_currency"),
    RESULT: (*IDS, "pg_amount", "pg_currency", "pg_result"),
}
NOTICE = {CHECK: {**QUESTION, "pg_testing_mode": "1"}, RESULT: {**PAID, "pg_failure_code": "10010"}}

NUMBERS = (
    "",
    " ",
    "abc",
    "-1",
    "+1",
    "1e3",
    "0x10",
    "1 000",
    "1,5",
    "NaN",
    "Infinity",
    "\u0661",
    "1\n",
    " 1",
)
BAD: dict[str, tuple[str, ...]] = {
    "pg_order_id": ("", " ", "a b", "a;b", "заказ", "x" * 51, "a\n", "a\x00", "\x7f"),
    "pg_payment_id": (*NUMBERS, "0", "01", "1.0", "1" * 21, "1;2"),
    "pg_amount": (
        *NUMBERS,
        "01",
        "1.",
        ".5",
        "1.005",
        "1.00000001",
        "1.5.0",
        "1" * 11,
        "1500 KZT",
        "1\u00a0500",
    ),
    "pg_currency": ("", "kzt", "KZ", "KZTT", "398", "K T", "\u041aZT", "KZT\n"),
    "pg_result": ("", "3", "-1", "01", "1.0", "true", "ok", "1 ", "\u0661", "11"),
    "pg_captured": ("", "2", "true", "-1", "1 ", "yes"),
    "pg_can_reject": ("", "2", "false", "00", " 0"),
    "pg_testing_mode": ("", "2", "on", "01"),
    "pg_failure_code": (" ", "x", "-1", "1" * 11, "1.5"),
    "pg_salt": ("", "x" * 129, "a\nb", "a\x00", "\x1b[0m", "\x7f", "a\ufffe", "\uffff"),
}
# XML cannot carry these at all, or not as they are.
NOT_IN_XML = frozenset("\x00\x1b\ufffe\uffff")


def must_be_malformed(
    callback: Callback, script: str, message: Sequence[Pair], delivery: Delivery, hint: str
) -> None:
    reply = callback.send(script, message, delivery)
    assert (reply.status, reply.word, reply.content_type) == (400, "error", "application/xml"), hint
    assert reply.unsigned
    assert hint in (reply.text("pg_error_description") or "")


@pytest.mark.parametrize(("script", "name"), [(script, name) for script in READ for name in READ[script]])
def test_field_given_twice(script: str, name: str, callback: Callback, deployment: Deployment) -> None:
    """The same or another value: which of them would count is nobody's guess."""
    deployment.put_order(stored_order())
    before = deployment.items()
    fields: list[Pair] = list(NOTICE[script].items())
    for second in (NOTICE[script][name], "1", ""):
        for delivery in DELIVERIES.values():
            for message in ([*fields, (name, second)], [(name, second), *fields]):
                must_be_malformed(callback, script, signed(script, message), delivery, name)
    assert deployment.items() == before


@pytest.mark.parametrize("script", [CHECK, RESULT])
@pytest.mark.parametrize("name", ["pg_salt", "pg_merchant_id"])
def test_salt_or_merchant_given_twice(
    script: str, name: str, callback: Callback, deployment: Deployment
) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    more: list[Pair] = [("pg_salt", "one"), ("pg_salt", "two")]
    if name == "pg_merchant_id":
        more = [("pg_merchant_id", MERCHANT_ID)] * 2
    for delivery in DELIVERIES.values():
        message = signed(script, [*NOTICE[script].items(), *more], salt=None)
        must_be_malformed(callback, script, message, delivery, name)
    assert deployment.items() == before


@pytest.mark.parametrize(("script", "name"), [(script, name) for script in READ for name in READ[script]])
def test_field_with_parts(script: str, name: str, callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    rest = [(other, value) for other, value in NOTICE[script].items() if other != name]
    nested: Pair = (name, [("a", NOTICE[script][name])])
    for delivery in DELIVERIES.values():
        must_be_malformed(callback, script, signed(script, [*rest, nested]), delivery, name)
    listed = signed(script, [*rest, (name, [("0", NOTICE[script][name]), ("1", "1")])])
    must_be_malformed(callback, script, listed, Delivery(urlencoded), name)
    assert deployment.items() == before


@pytest.mark.parametrize(
    ("script", "name"), [(script, name) for script in REQUIRED for name in REQUIRED[script]]
)
def test_field_is_missing(script: str, name: str, callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    for delivery in DELIVERIES.values():
        message = signed(script, changed(NOTICE[script], **{name: None}))
        must_be_malformed(callback, script, message, delivery, name)
        message = signed(script, {**changed(NOTICE[script], **{name: None}), name.upper(): "1"})
        must_be_malformed(callback, script, message, delivery, name)
    assert deployment.items() == before


@pytest.mark.parametrize("name", BAD)
def test_field_is_not_in_its_format(name: str, callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    for script in (CHECK, RESULT):
        if name not in (*READ[script], "pg_salt"):
            continue
        for value in BAD[name]:
            message = signed(script, {**NOTICE[script], "pg_salt": "s", name: value}, salt=None)
            ways = ["urlencoded-base64", "multipart", "get"]
            if not NOT_IN_XML & set(value):
                ways += ["pg_xml", "raw-xml"]
            for way in ways:
                must_be_malformed(callback, script, message, DELIVERIES[way], name)
    assert deployment.items() == before


def test_an_empty_failure_code_counts_as_absent(callback: Callback, deployment: Deployment) -> None:
    """The gateway writes some optional fields though they are empty."""
    deployment.put_order(stored_order())
    assert callback.result({**PAID, "pg_failure_code": ""}).word == "ok"
    assert deployment.order(stored_order().order_id).status is Status.PAID


def test_value_is_never_told_back(callback: Callback) -> None:
    """The gateway's own people read these answers; what was wrong stays with whoever sent it."""
    for name, values in BAD.items():
        for value in [text for text in values if len(text) > 3]:
            reply = callback.result({**NOTICE[RESULT], name: value}, salt=None)
            assert value not in reply.body


@pytest.mark.parametrize("query", ["", "pg_result=0", "pg_amount=1&pg_order_id=130", "a=1&b=2", "pg_sig=0"])
def test_query_of_the_address_is_no_part_of_a_body(
    query: str, callback: Callback, deployment: Deployment
) -> None:
    """The gateway repeats the address's query inside a POST: there it counts, and there alone."""
    for way in ("urlencoded-base64", "multipart-base64", "pg_xml", "raw-xml"):
        deployment.put_order(stored_order())
        reply = callback.send(RESULT, signed(RESULT, PAID), DELIVERIES[way], rawQueryString=query)
        assert (reply.status, reply.word) == (200, "ok")
        assert deployment.order(ORDER_ID).status is Status.PAID


def test_fields_in_the_address_do_not_complete_a_post(callback: Callback, deployment: Deployment) -> None:
    deployment.put_order(stored_order())
    before = deployment.items()
    whole = signed(RESULT, PAID)
    event = DELIVERIES["get"].event(RESULT, whole)
    for name in ("pg_sig", "pg_salt", "pg_amount", "m_reference"):
        there = [pair for pair in whole if pair[0] == name]
        rest = [pair for pair in whole if pair[0] != name]
        query = DELIVERIES["get"].event(RESULT, there)["rawQueryString"]
        assert callback.send(RESULT, rest, rawQueryString=query).status == 403
    posted = {**event["requestContext"], "http": {**event["requestContext"]["http"], "method": "POST"}}
    assert callback.send(RESULT, whole, DELIVERIES["get"], requestContext=posted).status == 400
    assert deployment.items() == before
