"""The link page as it is deployed: its table and secrets in moto, the sandbox as its gateway."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from freedompay_sandbox import Payment, Sandbox, running
from integration.api_event import DOMAIN, api_event
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from paylink.domain.order import Order

BASE = f"https://{DOMAIN}"
KEY = "3f1d9c2e-6a51-4b8e-9c44-000000000001"
SELLER = {
    "SellerName": "Coffee Shop LLP",
    "SellerBin": "123456789012",
    "SellerAddress": "Almaty, 10 Abai Ave",
    "SellerPhone": "+7 727 123 45 67",
    "SellerTerms": "https://shop.example/terms",
    "SellerRefundTerms": "https://shop.example/refund",
}
COFFEE = {"id": "coffee", "title": "Coffee", "price": "1500", "currency": "KZT", "quantity": {"max": 5}}
Answer = dict[str, Any]


@dataclass
class Shop:
    """The deployed page and its shop. `function` can be loaded anew with other parameters."""

    load: Callable[..., LoadedFunction]
    deployment: Deployment
    sandbox: Sandbox
    gateway: str

    def __post_init__(self) -> None:
        self.function = self.deploy()

    def deploy(self, name: str = "link_page", **parameters: str) -> LoadedFunction:
        """The function as a cold start loads it, with every seller's detail told."""
        seller = SELLER if name == "link_page" else {}
        self.function = self.load(name, **{"GatewayUrl": self.gateway, **seller, **parameters})
        return self.function

    def sell(self, **link: Any) -> None:
        self.deployment.put_link({**COFFEE, **link})

    def get(self, path: str = "/pay/coffee", *, cookies: Sequence[str] = (), **headers: str) -> Answer:
        """A request as a browser makes it, `/pay/coffee?lang=kz`."""
        bare, _, query = path.partition("?")
        parts = bare.split("/")
        name = "file" if parts[1] == "assets" else "link"
        event = api_event("GET", bare, query=query, headers=headers, path_parameters={name: parts[2]})
        return self.function({**event, "cookies": [*cookies]} if cookies else event)

    def post(
        self,
        form: Mapping[str, str] | None = None,
        link: str = "coffee",
        *,
        cookies: Sequence[str] = (),
        **more: Any,
    ) -> Answer:
        """The form as a browser sends it."""
        content = {"key": KEY, "lang": "ru", **(form or {})}
        event = form_event(content, link)
        return self.function({**event, "cookies": [*cookies]} if cookies else event, **more)

    def orders(self) -> list[Order]:
        return self.deployment.orders()

    def payments(self) -> list[Payment]:
        return self.sandbox.payments()


def form_event(content: Mapping[str, str], link: str) -> dict[str, Any]:
    return api_event(
        "POST",
        f"/pay/{link}",
        body=urlencode(content).encode(),
        content_type="application/x-www-form-urlencoded",
        headers={"origin": BASE, "sec-fetch-site": "same-origin"},
        path_parameters={"link": link},
    )


@pytest.fixture(scope="module")
def gateway() -> Iterator[tuple[Sandbox, str]]:
    sandbox = Sandbox(merchant_id=Deployment.merchant_id, secret_key=Deployment.merchant_key)
    with running(sandbox) as url:
        yield sandbox, url


@pytest.fixture
def shop(
    load_function: Callable[..., LoadedFunction], deployment: Deployment, gateway: tuple[Sandbox, str]
) -> Shop:
    """The page of a shop that sells coffee."""
    sandbox, url = gateway
    sandbox.reset()
    made = Shop(load_function, deployment, sandbox, url)
    made.sell()
    return made
