"""The files of events/: one event per function and case, as API Gateway sends it, and what each is answered.

Everything in them is made up: the merchant 500001, its key (`MERCHANT_KEY` in tests/engines/embedded_aws.py), the
order, the buyer. Signatures are the stand-in gateway's, by the provider's rule. After a change of a case here,

    PYTHONPATH=tests .venv/bin/python -m integration.event_files

writes the files anew; a test holds them against this list.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from engines.places import EVENTS
from integration.api_event import BUYER_IP, DOMAIN, api_event
from integration.gateway_message import (
    CHECK,
    DELIVERIES,
    ORDER_ID,
    PAID,
    PAYMENT_ID,
    QUESTION,
    RESULT,
    UNPAID,
    changed,
    signed,
)
from integration.outlets import queue_record, stream_event
from integration.stored_orders import stored_order
from paylink.domain.delivery import Channel, Delivery, write_delivery
from paylink.domain.events import events_of
from paylink.domain.order import Order, Status

KEYS = "3f1d9c2e-6a51-4b8e-9c44-0000000000{:02}"
LINKS = (
    {"id": "coffee", "title": "Чашка кофе", "price": "1500", "currency": "KZT", "quantity": {"max": 5}},
    {
        "id": "donation",
        "title": "Помощь приюту",
        "amount": {"min": "100", "max": "500000"},
        "currency": "KZT",
    },
)
BROWSER = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36"
)
GATEWAY = "GuzzleHttp/7"
NO_REQUEST = 0
UNKNOWN_ORDER = "pl_7zzzzzzzzzzzzzzzzzzzzzzzzz"


@dataclass(frozen=True)
class Case:
    """An event, the status of the answer, what stands in its body, and whether it needs anything of AWS.

    Where the event is no request, the status is NO_REQUEST and the whole answer is its body.
    """

    event: dict[str, Any]
    status: int
    says: str
    asks_aws: bool = True

    def fits(self, answer: Mapping[str, Any]) -> bool:
        """Whether this is the answer."""
        if self.status == NO_REQUEST:
            return self.says in json.dumps(answer)
        return answer["statusCode"] == self.status and self.says in answer.get("body", "")


def payment(content: Mapping[str, object], *, key: int | None) -> dict[str, Any]:
    headers = {"origin": "https://shop.example", "user-agent": BROWSER, "accept": "*/*"}
    if key is not None:
        headers["idempotency-key"] = KEYS.format(key)
    body = json.dumps(content, ensure_ascii=False).encode()
    return api_event("POST", "/payments", body=body, content_type="application/json", headers=headers)


def message(script: str, fields: Mapping[str, str], delivery: str = "urlencoded-base64") -> dict[str, Any]:
    return DELIVERIES[delivery].event(script, signed(script, fields))


def forged() -> dict[str, Any]:
    pairs = signed(RESULT, PAID, key="another-made-up-key-of-a-forger")
    return DELIVERIES["urlencoded-base64"].event(RESULT, pairs)


def comes_back(script: str, order_id: str, *, method: str = "GET") -> dict[str, Any]:
    pairs = signed(script, {"pg_order_id": order_id, "pg_payment_id": PAYMENT_ID, "m_reference": "INV-42"})
    query = urlencode([(name, str(text)) for name, text in pairs])
    if method == "GET":
        return api_event("GET", f"/return/{script}", query=query, headers={"user-agent": BROWSER})
    return api_event(
        "POST",
        f"/return/{script}",
        body=query.encode(),
        content_type="application/x-www-form-urlencoded",
        headers={"user-agent": BROWSER},
    )


def question(order_id: str) -> dict[str, Any]:
    headers = {"origin": "https://shop.example", "user-agent": BROWSER, "accept": "application/json"}
    path = f"/payments/{order_id}"
    return api_event("GET", path, headers=headers, path_parameters={"order_id": order_id})


# Browsers take compressed pages too; without that an answer can be read where it is printed.
READABLE = {"user-agent": BROWSER, "accept": "text/html", "accept-encoding": "identity"}


def visit(path: str, *, query: str = "", **parameters: str) -> dict[str, Any]:
    headers = {**READABLE, "accept-language": "ru-KZ,ru;q=0.9,kk;q=0.8"}
    return api_event("GET", path, query=query, headers=headers, path_parameters=parameters)


def pressed(link: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The page's form as a browser sends it."""
    return api_event(
        "POST",
        f"/pay/{link}",
        body=urlencode(fields).encode(),
        content_type="application/x-www-form-urlencoded",
        headers={**READABLE, "origin": f"https://{DOMAIN}", "sec-fetch-site": "same-origin"},
        path_parameters={"link": link},
    )


def signed_by_operator(event: dict[str, Any]) -> dict[str, Any]:
    """The event as API Gateway passes it on once IAM has let the caller in."""
    caller = {
        "accessKey": "AKIAMADEUPMADEUPMADE",
        "accountId": "123456789012",
        "callerId": "AIDAMADEUPMADEUPMADE",
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": "arn:aws:iam::123456789012:user/operator",
        "userId": "AIDAMADEUPMADEUPMADE",
    }
    return {**event, "requestContext": {**event["requestContext"], "authorizer": {"iam": caller}}}


def operated(method: str, link: str, content: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The operator's request about one link."""
    body = None if content is None else json.dumps(content, ensure_ascii=False).encode()
    kind = None if content is None else "application/json"
    path, names = f"/links/{link}", {"link_id": link}
    return signed_by_operator(api_event(method, path, body=body, content_type=kind, path_parameters=names))


def offers(*wanted: Mapping[str, object]) -> dict[str, Any]:
    body = json.dumps({"offers": wanted}, ensure_ascii=False).encode()
    return signed_by_operator(api_event("POST", "/offers", body=body, content_type="application/json"))


def asked(
    method: str,
    path: str,
    content: Mapping[str, object] | None = None,
    *,
    query: str = "",
    key: int | None = None,
    **parameters: str,
) -> dict[str, Any]:
    """The operator's request about orders or for an invoice."""
    body = None if content is None else json.dumps(content, ensure_ascii=False).encode()
    kind = None if content is None else "application/json"
    headers = {} if key is None else {"idempotency-key": KEYS.format(key)}
    return signed_by_operator(
        api_event(
            method,
            path,
            query=query,
            body=body,
            content_type=kind,
            headers=headers,
            path_parameters=parameters,
        )
    )


def operation(
    kind: str, content: Mapping[str, object] | None = None, *, key: int | None, order_id: str = ORDER_ID
) -> dict[str, Any]:
    return asked("POST", f"/orders/{order_id}/{kind}", content, key=key, order_id=order_id)


def scheduled() -> dict[str, Any]:
    """What the schedule's rule sends."""
    rule = "paylink-ReconcileEveryMinute-MADEUPMADEUP"
    return {
        "version": "0",
        "id": "00000000-0000-4000-8000-000000000001",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-03-01T09:00:00Z",
        "region": "eu-central-1",
        "resources": [f"arn:aws:events:eu-central-1:123456789012:rule/{rule}"],
        "detail": {},
    }


# 2026-03-01 09:00 UTC: the events of publish and deliver are always of then.
THEN = 1_772_355_600
STATES = (Status.CREATING, Status.PENDING, Status.PAID)


def changes(*, future: bool = False) -> dict[str, Any]:
    """The stream's batch about an order that was made, could be paid, and was."""
    versions = [
        replace(stored_order(status), sequence=number) for number, status in enumerate(STATES, start=1)
    ]
    event = stream_event(list(zip([None, *versions], versions, strict=False)), at=THEN)
    if future:
        event["Records"][2]["dynamodb"]["NewImage"]["status"] = {"S": "a-state-of-a-later-version"}
    return event


def messages(*bodies: object) -> dict[str, Any]:
    """The delivery queue's batch."""
    attributes = {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": str(THEN * 1000),
        "SenderId": "AROAMADEUPMADEUPMADE:publish",
        "ApproximateFirstReceiveTimestamp": str(THEN * 1000),
    }
    queued = [
        {
            "MessageId": f"00000000-0000-4000-8000-{number:012}",
            "ReceiptHandle": f"made-up-receipt-{number}",
            "Body": json.dumps(body, ensure_ascii=False),
            "MD5OfBody": hashlib.md5(json.dumps(body).encode(), usedforsecurity=False).hexdigest(),
            "Attributes": attributes,
        }
        for number, body in enumerate(bodies, start=1)
    ]
    return {"Records": [queue_record(message) for message in queued]}


def delivery(channel: Channel) -> dict[str, object]:
    paid = replace(stored_order(Status.PAID), sequence=3)
    [event] = events_of(stored_order(Status.PENDING), paid, datetime.fromtimestamp(THEN, UTC))
    return write_delivery(Delivery(channel, event))


TEA = {"title": "Чай", "price": "900", "currency": "KZT"}
CUSTOMER = {"email": "buyer@example.com", "phone": "77771234567"}
CASES: Mapping[str, Case] = {
    "create_payment/link": Case(
        payment({"link": "coffee", "quantity": 2, "customer": CUSTOMER, "reference": "INV-42"}, key=1),
        201,
        '"amount": "3000.00"',
    ),
    "create_payment/cart": Case(
        payment({"items": [{"link": "coffee"}], "metadata": {"campaign": "spring"}, "language": "kz"}, key=2),
        201,
        '"amount": "1500.00"',
    ),
    "create_payment/chosen_amount": Case(
        payment({"link": "donation", "amount": "750.50"}, key=3), 201, '"amount": "750.50"'
    ),
    "create_payment/without_key": Case(payment({"link": "coffee"}, key=None), 400, '"title":'),
    "create_payment/own_price": Case(payment({"link": "coffee", "amount": "1"}, key=4), 400, '"title":'),
    "create_payment/unknown_link": Case(payment({"link": "tea"}, key=5), 404, '"title":'),
    "gateway_callback/result_paid": Case(message(RESULT, PAID), 200, "<pg_status>ok</pg_status>"),
    "gateway_callback/result_paid_multipart": Case(
        message(RESULT, PAID, "multipart-base64"), 200, "<pg_status>ok</pg_status>"
    ),
    "gateway_callback/result_paid_get": Case(message(RESULT, PAID, "get"), 200, "<pg_status>ok</pg_status>"),
    "gateway_callback/result_paid_xml": Case(
        message(RESULT, PAID, "pg_xml-base64"), 200, "<pg_status>ok</pg_status>"
    ),
    "gateway_callback/result_paid_raw_xml": Case(
        message(RESULT, PAID, "raw-xml"), 200, "<pg_status>ok</pg_status>"
    ),
    "gateway_callback/result_unpaid": Case(message(RESULT, UNPAID), 200, "<pg_status>ok</pg_status>"),
    "gateway_callback/result_other_amount": Case(
        message(RESULT, changed(PAID, pg_amount="15")), 200, "<pg_status>rejected</pg_status>"
    ),
    "gateway_callback/result_unknown_order": Case(
        message(RESULT, changed(PAID, pg_order_id=UNKNOWN_ORDER)), 404, "<pg_sig>"
    ),
    "gateway_callback/result_forged": Case(forged(), 403, "<pg_status>error</pg_status>"),
    "gateway_callback/check": Case(message(CHECK, QUESTION), 200, "<pg_status>ok</pg_status>"),
    "gateway_callback/check_other_amount": Case(
        message(CHECK, changed(QUESTION, pg_amount="1.00")), 200, "<pg_status>rejected</pg_status>"
    ),
    "return_page/success": Case(comes_back("success", ORDER_ID), 303, ""),
    "return_page/success_by_post": Case(comes_back("success", ORDER_ID, method="POST"), 303, ""),
    "return_page/failure": Case(comes_back("failure", ORDER_ID), 303, ""),
    "return_page/unknown_order": Case(comes_back("success", UNKNOWN_ORDER), 303, ""),
    "payment_status/known": Case(question(ORDER_ID), 200, '"status": "pending"'),
    "payment_status/unknown": Case(question(UNKNOWN_ORDER), 404, '"title":'),
    "link_page/page": Case(visit("/pay/coffee", link="coffee"), 200, '<html lang="ru">'),
    "link_page/page_in_kazakh": Case(
        visit("/pay/donation", query="lang=kz", link="donation"), 200, '<html lang="kk">'
    ),
    "link_page/unknown_link": Case(visit("/pay/tea", link="tea"), 404, "<h1>"),
    "link_page/pay": Case(pressed("coffee", {"key": KEYS.format(6), "lang": "ru", "quantity": "2"}), 303, ""),
    "link_page/pay_too_little": Case(
        pressed("donation", {"key": KEYS.format(7), "lang": "ru", "amount": "1"}), 400, 'aria-invalid="true"'
    ),
    "link_page/qr_svg": Case(visit("/pay/coffee/qr.svg", link="coffee"), 200, ""),
    "link_page/qr_png": Case(visit("/pay/coffee/qr.png", link="coffee"), 200, ""),
    "link_page/unknown_asset": Case(
        visit("/assets/paylink-0.0.0.js", file="paylink-0.0.0.js"), 404, "", asks_aws=False
    ),
    "manage/put_link": Case(operated("PUT", "tea", {**TEA, "limit": 20}), 200, '/pay/tea"'),
    "manage/put_link_without_price": Case(
        operated("PUT", "tea", {"title": "Чай", "currency": "KZT"}), 400, '"price"'
    ),
    "manage/get_link": Case(operated("GET", "coffee"), 200, '"title": "Чашка кофе"'),
    "manage/get_unknown_link": Case(operated("GET", "no-such-link"), 404, '"code": "link_unknown"'),
    "manage/switch_link_off": Case(operated("DELETE", "coffee"), 200, '"active": false'),
    "manage/list_links": Case(signed_by_operator(api_event("GET", "/links")), 200, '"cursor": null'),
    # An offer's end lies at most 90 days ahead, which no file can keep up with: this one is refused.
    "manage/offer_in_the_past": Case(
        offers({**TEA, "expires_at": "2026-03-01T00:00:00Z"}), 400, '"offers[0].expires_at"'
    ),
    "manage/make_invoice": Case(
        asked("POST", "/invoices", {"title": "Ремонт", "amount": "12500", "currency": "KZT"}, key=8),
        201,
        '"url": "https://',
    ),
    "manage/invoice_without_amount": Case(
        asked("POST", "/invoices", {"title": "Ремонт", "currency": "KZT"}), 400, '"amount"'
    ),
    "manage/list_orders": Case(
        asked("GET", "/orders", query="status=pending&limit=20"), 200, f'"order_id": "{ORDER_ID}"'
    ),
    "manage/list_orders_of_a_day": Case(
        asked("GET", "/orders", query="day=2026-03-01&attention=true"), 200, '"orders": []'
    ),
    "manage/list_orders_of_no_day": Case(asked("GET", "/orders", query="day=today"), 400, '"day"'),
    "manage/get_order": Case(
        asked("GET", f"/orders/{ORDER_ID}", order_id=ORDER_ID), 200, '"status": "pending"'
    ),
    "manage/get_unknown_order": Case(
        asked("GET", f"/orders/{UNKNOWN_ORDER}", order_id=UNKNOWN_ORDER), 404, '"code": "order_unknown"'
    ),
    "manage/refund_unpaid": Case(
        operation("refund", {"amount": "500"}, key=9), 409, '"code": "operation_not_allowed"'
    ),
    "manage/refund_without_key": Case(
        operation("refund", {"amount": "500"}, key=None), 400, '"code": "invalid_idempotency_key"'
    ),
    "manage/capture_unpaid": Case(operation("capture", key=10), 409, '"code": "operation_not_allowed"'),
    "manage/cancel": Case(operation("cancel", key=11), 200, '"status": "cancelled"'),
    "manage/sync": Case(operation("sync", key=12), 200, '"order": {'),
    "manage/resolve_without_note": Case(operation("resolve", {}, key=13), 400, '"note"'),
    "reconcile/schedule": Case(scheduled(), NO_REQUEST, '"ran": true'),
    "publish/paid": Case(changes(), NO_REQUEST, '{"batchItemFailures": []}'),
    "publish/row_of_a_later_version": Case(changes(future=True), NO_REQUEST, '{"batchItemFailures": []}'),
    "deliver/email": Case(messages(delivery(Channel.EMAIL)), NO_REQUEST, '{"batchItemFailures": []}'),
    "deliver/unreadable": Case(messages({"channel": "pigeon"}), NO_REQUEST, '{"batchItemFailures": []}'),
}


def order_of_the_events() -> Order:
    """The order that the callbacks, the returns and the questions speak of: a minute old, open for an hour."""
    now = datetime.now(UTC)
    return stored_order(created_at=now - timedelta(minutes=1), expires_at=now + timedelta(hours=1))


def captured(name: str, case: Case) -> dict[str, Any]:
    """The event with the headers and ids of a real one, always the same."""
    event = json.loads(json.dumps(case.event))
    if "requestContext" not in event:
        return event
    number = list(CASES).index(name) + 1
    body = event.get("body", "")
    sent = base64.b64decode(body) if event["isBase64Encoded"] else body.encode()
    headers = {
        "accept-encoding": "gzip, deflate",
        "content-length": str(len(sent)),
        "x-amzn-trace-id": f"Root=1-69a40de0-{number:024x}",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
        **event["headers"],
        "host": DOMAIN,
        "x-forwarded-for": BUYER_IP,
    }
    if name.startswith("gateway_callback/"):
        headers["user-agent"] = GATEWAY
    event["headers"] = dict(sorted(headers.items()))
    event["requestContext"]["requestId"] = f"MadeUp{number:04}oAMEc_Q="
    event["requestContext"]["http"]["userAgent"] = headers["user-agent"]
    return event


def logical_id(name: str) -> str:
    """The function of template.yaml that a file is for."""
    return "".join(word.capitalize() for word in name.partition("/")[0].split("_"))


def file_of(name: str) -> Path:
    return EVENTS / f"{name}.json"


def text_of(name: str) -> str:
    return json.dumps(captured(name, CASES[name]), indent=2, ensure_ascii=False) + "\n"


def write_files() -> None:
    for name in CASES:
        file_of(name).parent.mkdir(parents=True, exist_ok=True)
        file_of(name).write_text(text_of(name))


if __name__ == "__main__":
    write_files()
