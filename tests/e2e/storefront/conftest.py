"""Buyers on phones and desktops, in the example shop or in a made-up one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from .fake_api import FakeApi
from .stack import ROOT, Stack, running_stack

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
ARTIFACTS = ROOT / "test-artifacts" / "storefront"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack"), ROOT / "storefront" / "example") as running:
        yield running


@pytest.fixture
def gateway(stack: Stack) -> Stack:
    """The stack with a gateway that knows no payment and plans no fault."""
    stack.control("POST", "reset")
    return stack


@pytest.fixture(params=[*SIZES])
def size(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the browser complains about; at the end there must be nothing left that the test did not take out."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def buyer(browser: Browser, size: str, complaints: list[str]) -> Iterator[BrowserContext]:
    """A browser of its own, of the size asked for, whose complaints are heard."""
    context = browser.new_context(viewport=SIZES[size], locale="ru-KZ")
    listen(context, complaints)
    yield context
    context.close()


def listen(context: BrowserContext, heard: list[str]) -> None:
    context.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => "
        "console.error('policy', event.violatedDirective, event.blockedURI))"
    )
    context.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: heard.append(str(error.error)))
    context.set_default_timeout(15_000)


@pytest.fixture
def shop(buyer: BrowserContext, gateway: Stack) -> Page:
    """The example shop's first page."""
    page = buyer.new_page()
    page.goto(gateway.shop)
    page.wait_for_function("window.paylink")
    return page


@pytest.fixture
def api(browser: Browser) -> Iterator[FakeApi]:
    """A made-up shop on a phone, whose API answers as the test says."""
    context = browser.new_context(viewport=SIZES["phone"], locale="ru-KZ")
    yield FakeApi(context.new_page())
    context.close()


@pytest.fixture
def look(size: str) -> Callable[[Page, str], None]:
    """Keep a screenshot, and hold the page against the width of the screen."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)

    def look(page: Page, name: str, *, whole: bool = True) -> None:
        page.screenshot(path=ARTIFACTS / f"{name}-{size}.png", full_page=whole)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]

    return look


def artifact(name: str) -> Path:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    return ARTIFACTS / f"{name}.png"
