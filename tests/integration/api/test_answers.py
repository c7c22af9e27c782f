"""The functions' own answers against docs/api/openapi.yaml: to the requests of events/, and of every state."""

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import ValidationError

from engines.places import ROOT
from freedompay_sandbox import Sandbox, running
from integration.as_told import check
from integration.deployment import Deployment
from integration.event_files import (
    CASES,
    LINKS,
    NO_REQUEST,
    asked,
    comes_back,
    file_of,
    message,
    offers,
    order_of_the_events,
    payment,
    question,
)
from integration.gateway_message import CHECK, ORDER_ID, QUESTION
from integration.lambda_function import LoadedFunction
from integration.outlets import Outlets
from integration.stored_orders import stored_order
from paylink.domain.operation import Kind, Operation, OperationState, Refund, Source
from paylink.domain.order import Attention, Payment, PaymentState, Status
from paylink.web.operation_response import operation_response
from unit.api.document import operations

REQUESTS = [name for name, case in CASES.items() if case.status != NO_REQUEST]
Load = Callable[..., LoadedFunction]
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
REFUND = Operation("op_1", "00", Kind.REFUND, NOW, "KZT", payment_id="1000000001", amount=50_000)


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    sandbox = Sandbox(merchant_id=Deployment.merchant_id, secret_key=Deployment.merchant_key)
    with running(sandbox) as url:
        yield url


@pytest.mark.parametrize("name", REQUESTS)
def test_each_event_is_answered_as_told(
    name: str, deployment: Deployment, load_function: Load, gateway: str
) -> None:
    for link in LINKS:
        deployment.put_link(link)
    deployment.put_order(order_of_the_events())
    event = json.loads(file_of(name).read_text())
    assert event["routeKey"] in operations()
    check(event["routeKey"], load_function(name.partition("/")[0], GatewayUrl=gateway)(event))


def test_each_route_has_an_event_or_is_tested_below() -> None:
    routes = {json.loads(file_of(name).read_text())["routeKey"] for name in REQUESTS}
    assert set(operations()) - routes <= BELOW


BELOW = {"GET /callbacks/paylink_check", "POST /return/failure", "POST /events/republish"}


def test_what_has_no_event_is_answered_as_told(
    deployment: Deployment, outlets: Outlets, load_function: Load
) -> None:
    deployment.put_order(order_of_the_events())
    asks = load_function("gateway_callback")(message(CHECK, QUESTION, "get"))
    assert asks["statusCode"] == 200
    check("GET /callbacks/paylink_check", asks)
    check(
        "POST /return/failure", load_function("return_page")(comes_back("failure", ORDER_ID, method="POST"))
    )
    told = load_function("manage")(asked("POST", "/events/republish"))
    assert told["statusCode"] == 200
    check("POST /events/republish", told)


def test_an_answer_that_is_not_told_is_found(deployment: Deployment, load_function: Load) -> None:
    deployment.put_order(order_of_the_events())
    answer = load_function("payment_status")(question(ORDER_ID))
    route = "GET /payments/{order_id}"
    check(route, answer)
    more = {**json.loads(answer["body"]), "email": "buyer@example.com"}
    for changed in (
        {**answer, "statusCode": 418},
        {**answer, "body": json.dumps(more)},
        {**answer, "body": answer["body"].replace('"pending"', '"waiting"')},
        {**answer, "headers": {**answer["headers"], "content-type": "text/plain"}},
        {**answer, "headers": {**answer["headers"], "retry-after": "5"}},
    ):
        with pytest.raises((AssertionError, ValidationError)):
            check(route, changed)


# ── what a page's request may meet ──────────────────────────────────────────────────────────────────────────

TEA = {"title": "Tea", "price": "900", "currency": "KZT"}
ON_SALE = {
    "off": {"active": False},
    "early": {"opens_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()},
    "late": {"closes_at": (datetime.now(UTC) - timedelta(days=1)).isoformat()},
    "few": {"limit": 1},
    "tea": {},
}
REFUSALS = {
    "link_off": {"link": "off"},
    "link_not_open": {"link": "early"},
    "link_closed": {"link": "late"},
    "sold_out": {"link": "few", "quantity": 2},
    "offer_altered": {"offer": "v1.e30.c2lnbmF0dXJl"},
    "body_too_large": {"link": "x" * 70_000},
    "invalid_body": None,
    "gateway_silent": {"link": "tea"},
    "payments_paused": {"link": "tea"},
    "not_configured": {"link": "tea"},
    "store_unavailable": {"link": "tea"},
}


@pytest.mark.parametrize("code", REFUSALS)
def test_a_payment_that_cannot_be_made_is_told(
    code: str, deployment: Deployment, load_function: Load, unused_port: int
) -> None:
    for name, more in ON_SALE.items():
        deployment.put_link({"id": name, **TEA, **more})
    if code == "not_configured":
        deployment.unset_merchant()
    paused = "false" if code == "payments_paused" else "true"
    create = load_function(
        "create_payment", GatewayUrl=f"http://127.0.0.1:{unused_port}", AcceptPayments=paused
    )
    if code == "store_unavailable":
        deployment.dynamodb.delete_table(TableName=deployment.table)
    event = payment(REFUSALS[code] or {}, key=20)
    if code == "invalid_body":
        event["body"] = "{"
    answer = create(event)
    assert json.loads(answer["body"])["code"] == code
    check("POST /payments", answer)


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port of this machine that nobody answers at: bound, and not listened to."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_key_used_for_another_payment_is_told(
    deployment: Deployment, load_function: Load, gateway: str
) -> None:
    deployment.put_link({"id": "tea", **TEA})
    create = load_function("create_payment", GatewayUrl=gateway)
    for content, status in (
        ({"link": "tea"}, 201),
        ({"link": "tea"}, 200),
        ({"link": "tea", "quantity": 2}, 422),
    ):
        answer = create(payment(content, key=21))
        assert answer["statusCode"] == status
        check("POST /payments", answer)


@pytest.mark.parametrize("status", Status)
def test_an_order_of_every_state_is_told(status: Status, deployment: Deployment, load_function: Load) -> None:
    order = stored_order(status, attention=tuple(Attention))
    kinds = {str(number): Payment(state, 100, 100) for number, state in enumerate(PaymentState, start=1)}
    done = replace(
        REFUND,
        state=OperationState.DONE,
        finished_at=NOW,
        refund_id="77",
        gateway_code=1,
        gateway_description="said",
        note="n",
        by="someone",
        reasons=("oversold",),
    )
    foreign = Payment(PaymentState.PAID, currency="XXX", foreign="12.345")
    order = replace(
        order,
        payments={**kinds, "99": foreign},
        refunds={"77": Refund("1", 50, Source.PAYLINK), "78": Refund("99", 50, Source.EXTERNAL, failed=True)},
        operations={"op_1": done},
        operation=replace(REFUND, id="op_2", owner="0a1b2c3d", lease_until=NOW + timedelta(seconds=30)),
    )
    deployment.put_order(order)
    manage = load_function("manage")
    one = manage(asked("GET", f"/orders/{ORDER_ID}", order_id=ORDER_ID))
    assert one["statusCode"] == 200
    check("GET /orders/{order_id}", one)
    listed = manage(asked("GET", "/orders", query=f"day={order.created_at.date()}"))
    assert len(json.loads(listed["body"])["orders"]) == 1
    check("GET /orders", listed)
    check("GET /payments/{order_id}", load_function("payment_status")(question(ORDER_ID)))


@pytest.mark.parametrize("state", OperationState)
@pytest.mark.parametrize("kind", ["refund", "capture", "cancel"])
def test_every_end_of_an_operation_is_told(kind: str, state: OperationState) -> None:
    done = replace(REFUND, kind=Kind(kind), state=state, gateway_code=340, gateway_description="No.")
    for replayed in (False, True):
        answer = operation_response(stored_order(Status.PAID), done, "request-1", replayed=replayed)
        check(f"POST /orders/{{order_id}}/{kind}", answer)


def test_every_link_of_the_example_shop_is_told(deployment: Deployment, load_function: Load) -> None:
    manage = load_function("manage")
    links = json.loads((ROOT / "storefront" / "example-links.json").read_text())
    for link in links if isinstance(links, list) else links["links"]:
        content = {name: entry for name, entry in link.items() if name != "id"}
        put = asked("PUT", f"/links/{link['id']}", content, link_id=link["id"])
        answer = manage({**put, "routeKey": "PUT /links/{link_id}"})
        assert answer["statusCode"] == 200
        check("PUT /links/{link_id}", answer)
    row = {"pk": {"S": "links"}, "sk": {"S": "by-hand"}, "link": {"S": "no JSON"}}
    deployment.dynamodb.put_item(TableName=deployment.table, Item=row)
    listed = manage(asked("GET", "/links"))
    assert {"id", "unreadable", "detail"} in [set(one) for one in json.loads(listed["body"])["links"]]
    check("GET /links", listed)
    broken = manage({**asked("GET", "/links/by-hand", link_id="by-hand"), "routeKey": "GET /links/{link_id}"})
    assert broken["statusCode"] == 409
    check("GET /links/{link_id}", broken)


def test_signed_offers_and_repeated_invoices_are_told(deployment: Deployment, load_function: Load) -> None:
    manage = load_function("manage")
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    signed = manage(offers({"title": "Tea", "price": 900, "currency": "KZT", "expires_at": later}))
    assert signed["statusCode"] == 200
    check("POST /offers", signed)
    invoice = asked("POST", "/invoices", {"title": "Repair", "amount": "12500", "currency": "KZT"}, key=8)
    for status in (201, 200):
        made = manage(invoice)
        assert made["statusCode"] == status
        check("POST /invoices", made)
    reused = manage(asked("POST", "/invoices", {"title": "Other", "amount": "1", "currency": "KZT"}, key=8))
    assert reused["statusCode"] == 422
    check("POST /invoices", reused)
