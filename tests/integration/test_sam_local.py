"""`sam local invoke` and `sam local start-api`, for real: built functions in containers, a layer, the API's routes."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from engines.embedded_aws import DeployedStack
from engines.sam_local import SamLocal, api_port
from engines.template import functions
from integration.emulated_stack import ORIGIN, EmulatedStack, emulated_stack
from integration.event_files import CASES, KEYS, file_of, logical_id

# Docker's name for what the engine is; building its image takes most of a minute, once.
pytestmark = [pytest.mark.containers, pytest.mark.slow, pytest.mark.timeout(600)]

SECONDS = 30
# Of each function the event that takes it furthest.
INVOKED = (
    "create_payment/link",
    "gateway_callback/result_paid_multipart",
    "return_page/success",
    "payment_status/known",
    "link_page/pay",
    "manage/put_link",
    "reconcile/schedule",
    "publish/paid",
    "deliver/email",
)


@pytest.fixture(scope="module")
def stack(deployed_stack: Callable[[], DeployedStack]) -> Iterator[EmulatedStack]:
    with emulated_stack(deployed_stack()) as running:
        yield running


@pytest.fixture(scope="module")
def sam_local(
    stack: EmulatedStack,
    sam_build: Callable[[str], Path],
    container_engine: dict[str, str],
    lend_ports: Callable[[Iterable[int]], None],
    tmp_path_factory: pytest.TempPathFactory,
) -> SamLocal:
    lend_ports(stack.ports)
    return SamLocal(
        folder=tmp_path_factory.mktemp("sam-local"),
        build=sam_build("x86_64"),
        environment={**container_engine, **stack.deployed.endpoint_variables},
        parameters={
            "Architecture": "x86_64",
            "AllowedOrigins": f"{ORIGIN},https://www.shop.example",
            "ShopUrl": f"{ORIGIN}/thanks",
        },
    )


def variables(stack: EmulatedStack, **parameters: str) -> dict[str, dict[str, str]]:
    return {function: stack.variables(function, **parameters) for function in functions()}


def test_one_event_of_every_function_is_invoked() -> None:
    assert {logical_id(name) for name in INVOKED} == set(functions())


@pytest.mark.parametrize("name", INVOKED)
def test_sam_local_invoke(name: str, stack: EmulatedStack, sam_local: SamLocal) -> None:
    stack.prepare()
    answer = sam_local.invoke(logical_id(name), file_of(name), variables(stack))
    assert CASES[name].fits(answer), answer


@dataclass(frozen=True)
class Api:
    url: str
    stack: EmulatedStack

    def pay(self, key: str, content: dict[str, object]) -> requests.Response:
        headers = {"idempotency-key": key, "origin": ORIGIN}
        return requests.post(f"{self.url}/payments", json=content, headers=headers, timeout=SECONDS)


@pytest.fixture(scope="module")
def api(stack: EmulatedStack, sam_local: SamLocal) -> Iterator[Api]:
    stack.prepare()
    port = api_port()
    with sam_local.api(variables(stack, PublicUrl=f"http://127.0.0.1:{port}"), port) as url:
        yield Api(url, stack)


def test_an_order_from_the_page_to_paid(api: Api) -> None:
    created = api.pay(KEYS.format(90), {"link": "coffee", "quantity": 2})
    assert created.status_code == 201, created.text
    order = created.json()
    assert (order["status"], order["amount"]) == ("pending", "3000.00")
    assert requests.get(order["redirect_url"], timeout=SECONDS).status_code == 200

    api.stack.sandbox.pay(order["payment_id"])
    told = api.stack.sandbox.callbacks[-1]
    assert told.url == f"{api.url}/callbacks/paylink_result"
    assert told.reply.says("ok")

    status = requests.get(order["status_url"], timeout=SECONDS)
    assert (status.status_code, status.json()["status"]) == (200, "paid")

    again = api.pay(KEYS.format(90), {"link": "coffee", "quantity": 2})
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json()["order_id"] == order["order_id"]
    assert len(api.stack.sandbox.payments(order["order_id"])) == 1


def test_a_returning_buyer_is_sent_to_the_shop(api: Api) -> None:
    event = json.loads(file_of("return_page/success").read_text())
    address = f"{api.url}{event['rawPath']}?{event['rawQueryString']}"
    answer = requests.get(address, allow_redirects=False, timeout=SECONDS)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(ORIGIN)


@pytest.mark.parametrize(("method", "path"), [("GET", "/payments"), ("POST", "/orders"), ("GET", "/")])
def test_other_routes_lead_nowhere(api: Api, method: str, path: str) -> None:
    answer = requests.request(method, f"{api.url}{path}", timeout=SECONDS)
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize("origin", [ORIGIN, "https://www.shop.example"])
def test_the_shops_pages_may_call(api: Api, origin: str) -> None:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,idempotency-key",
    }
    answer = requests.options(f"{api.url}/payments", headers=asked, timeout=SECONDS)
    assert answer.headers["access-control-allow-origin"] == origin
    allowed = {name.strip() for name in answer.headers["access-control-allow-headers"].lower().split(",")}
    assert {"content-type", "idempotency-key"} <= allowed


def test_other_pages_may_not(api: Api) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = requests.options(f"{api.url}/payments", headers=asked, timeout=SECONDS)
    assert "evil.example" not in answer.headers.get("access-control-allow-origin", "")
