"""The whole stack in this process: the functions behind the local front, the table in moto, the sandbox as gateway."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws
from playwright.sync_api import Browser, BrowserContext, Page

from engines.places import ROOT
from freedompay_sandbox import Sandbox, running
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction, forget_powertools, load
from paylink.adapters import aws
from paylink_local.cors import Cors
from paylink_local.front import Front
from paylink_local.listening import address, bind, serving
from paylink_local.payload import Api
from paylink_local.routes import Routes
from paylink_local.template import Template

from .stack import SELLER, SIZES, Stack, pictures_and_thanks

FUNCTIONS = ("create_payment", "link_page", "gateway_callback", "return_page", "payment_status")
ARTIFACTS = ROOT / "test-artifacts" / "pages"

MakeStack = Callable[..., Stack]


@pytest.fixture
def make_stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeStack]:
    """Deploys a stack and serves it: `make_stack(AcceptPayments="false")`."""
    with ExitStack() as stack:
        stack.enter_context(mock_aws())
        stack.callback(forget_powertools)
        stack.callback(forget_clients)
        forget_clients()

        def make(**parameters: str) -> Stack:
            deployment = Deployment.make(aws.dynamodb(), aws.secrets_manager())
            sandbox = Sandbox(merchant_id=deployment.merchant_id, secret_key=deployment.merchant_key)
            gateway = stack.enter_context(running(sandbox))
            listener = stack.enter_context(bind("127.0.0.1", 0, "--port"))
            url = address(listener)
            chosen = {
                "AllowedOrigins": url,
                "ShopUrl": f"{url}/thanks",
                "PublicUrl": url,
                "GatewayUrl": gateway,
                **SELLER,
                **parameters,
            }
            template = Template(ROOT, chosen)
            functions: dict[str, LoadedFunction] = {}
            for name in FUNCTIONS:
                logical_id = "".join(word.capitalize() for word in name.split("_"))
                functions[logical_id] = load(name, deployment, monkeypatch, **chosen)
            routes = [route for route in template.routes() if route.function in functions]
            front = Front(
                Routes(routes),
                Cors(),
                functions,
                Api("123456789012", "local", "eu-central-1"),
                pages=pictures_and_thanks(),
                access=lambda *_: None,
                log=print,
            )
            stack.enter_context(serving(front, listener))
            return Stack(url, gateway, deployment, sandbox, functions)

        yield make


def forget_clients() -> None:
    for client in (aws.dynamodb, aws.secrets_manager, aws._session):
        client.cache_clear()


@pytest.fixture
def stack(make_stack: MakeStack) -> Stack:
    """A stack in test mode with every seller's detail told."""
    return make_stack()


@pytest.fixture(params=[*SIZES])
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_page(browser: Browser, size: str) -> Iterator[Callable[..., Page]]:
    """A fresh browser's page at an address; what it complains about fails the test at its end."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(url: str, *, scheme: str = "light", scripts: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            viewport=SIZES[size],
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale=options.pop("locale", "ru-RU"),
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    # The browser notes an answer of 4xx or 5xx as a failed load; those answers are meant.
    assert [text for text in complaints if "Failed to load resource" not in text] == []


@pytest.fixture
def look(size: str) -> Callable[..., None]:
    """Keeps a screenshot and holds the page against the width of the screen."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)

    def look(page: Page, name: str) -> None:
        page.screenshot(path=Path(ARTIFACTS / f"{name}-{size}.png"), full_page=True)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= SIZES[size]["width"], f"{name} is {width} pixels wide"

    return look
