"""The operator's requests write down no key, no signature and nothing of the buyer, and tell none of it either."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from freedompay_sandbox import Sandbox, running
from integration import recognisable as known
from integration.api_event import api_event
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from integration.leak_scene import COMPLAINT, CUSTOMER, EVERYTHING, ORDERED, Scene, make_scene
from integration.watching import root_logging
from paylink.domain.order import Status


@pytest.fixture
def known_gateway() -> Iterator[tuple[Sandbox, str]]:
    sandbox = Sandbox(merchant_id=known.MERCHANT_ID, secret_key=known.KEY)
    with running(sandbox) as url:
        yield sandbox, url


@pytest.fixture
def scene(
    known_gateway: tuple[Sandbox, str],
    deployment: Deployment,
    load_function: Callable[..., LoadedFunction],
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Scene]:
    made = make_scene(known_gateway, deployment, load_function, capsys, LogLevel="DEBUG")
    manage = load_function("manage", GatewayUrl=known_gateway[1], LogLevel="DEBUG")
    made.functions = {**made.functions, "manage": manage}
    made.sandbox.faults.add("result", "lost", times=None)
    end = root_logging(made.watch.collector, "DEBUG")
    yield made
    end()


def ask(scene: Scene, route: str, path: str, body: object = None, **names: str) -> tuple[int, Any]:
    """One request of the operator, watched; its status and its document, which tells nothing either."""
    scene.number += 1
    headers = {"idempotency-key": f"{known.IDEMPOTENCY_KEY}-{scene.number}"}
    sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    kind = None if body is None else "application/json"
    method = route.partition(" ")[0]
    event = api_event(method, path, body=sent, content_type=kind, headers=headers, path_parameters=names)
    answer = scene.watch.run(
        f"manage: {route} {scene.number}", scene.functions["manage"], {**event, "routeKey": route}
    )
    assert answer is not None
    assert EVERYTHING.found(json.dumps(answer, ensure_ascii=False)) == []
    return answer["statusCode"], json.loads(answer["body"])


def operate(scene: Scene, kind: str, order_id: str, body: object = None) -> tuple[int, Any]:
    route = f"POST /orders/{{order_id}}/{kind}"
    return ask(scene, route, f"/orders/{order_id}/{kind}", body, order_id=order_id)


def sold(scene: Scene) -> str:
    """An order that was paid and that its callback never told of."""
    made = scene.create("sold", ORDERED)
    assert made["statusCode"] == 201
    scene.sandbox.pay(made["payment_id"])
    order_id: str = made["order_id"]
    return order_id


def test_orders_and_their_money(scene: Scene) -> None:
    order_id = sold(scene)
    assert operate(scene, "sync", order_id)[1]["order"]["status"] == Status.PAID
    assert operate(scene, "refund", order_id, {"amount": "100"})[0] == 200
    assert ask(scene, "GET /orders/{order_id}", f"/orders/{order_id}", order_id=order_id)[0] == 200
    status, listed = ask(scene, "GET /orders", "/orders")
    assert (status, [order["order_id"] for order in listed["orders"]]) == (200, [order_id])


@pytest.mark.parametrize("code", ["4005", "9999", "1100", "424242"])
def test_a_gateway_that_quotes_the_buyer(scene: Scene, code: str) -> None:
    order_id = sold(scene)
    scene.sandbox.faults.add("status", "error", code=code, description=COMPLAINT)
    assert operate(scene, "sync", order_id)[0] == 502
    assert operate(scene, "sync", order_id)[0] == 200
    scene.sandbox.faults.add("refund", "error", code=code, description=COMPLAINT)
    status, _ = operate(scene, "refund", order_id)
    assert status in {202, 502}
    ask(scene, "GET /orders/{order_id}", f"/orders/{order_id}", order_id=order_id)


@pytest.mark.parametrize("fault", ["drop_after", "garbage", "wrong_signature", "http_500"])
def test_an_answer_that_cannot_be_read(scene: Scene, fault: str) -> None:
    order_id = sold(scene)
    operate(scene, "sync", order_id)
    scene.sandbox.faults.add("refund", fault, description=COMPLAINT, created=True)
    assert operate(scene, "refund", order_id)[0] == 202
    assert operate(scene, "sync", order_id)[1]["order"]["status"] == Status.REFUNDED


def test_an_invoice_for_someone(scene: Scene) -> None:
    wanted = {"title": "Repair", "amount": "500", "currency": "KZT"}
    assert ask(scene, "POST /invoices", "/invoices", {**wanted, "customer": CUSTOMER})[0] == 201
    for customer in ({"email": f"{known.EMAIL} {known.NAME}"}, {"phone": f"{known.PHONE}{known.PHONE}"}):
        assert ask(scene, "POST /invoices", "/invoices", {**wanted, "customer": customer})[0] == 400
