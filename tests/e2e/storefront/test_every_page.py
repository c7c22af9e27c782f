"""What axe-core says of the example's pages in each of their states, and the HTML checker of their markup."""

import re

import pytest
import requests
from playwright.sync_api import Page, expect

from .conftest import SIZES
from .gateway_page import decline_and_return, pay, there

pytestmark = [pytest.mark.browser, pytest.mark.page_checkers, pytest.mark.slow]


@pytest.fixture(params=[("phone", "light"), ("desktop", "dark")], ids=" ".join)
def page(browser, gateway, request) -> Page:
    """Each size and each scheme once: colours do not depend on the size, nor what fits on the colours."""
    size, scheme = request.param
    # axe is put into the page, whose own policy would keep it out.
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(gateway.shop)
    page.wait_for_function("window.paylink")
    yield page
    context.close()


def test_the_shop_in_each_state(page, gateway, axe):
    found = {"first": axe(page)}
    for button in page.get_by_role("button", name="корзину").all():
        button.click()
    # What fades in under the pointer is not looked at half way.
    page.mouse.move(0, 0)
    found["cart"] = axe(page)
    page.get_by_label("Другая сумма").fill("1")
    page.get_by_role("button", name="Помочь").click()
    expect(page.get_by_text("Проверьте сумму")).to_be_visible()
    found["error"] = axe(page)
    gateway.control("POST", "faults", operation="create", kind="slow", seconds=5)
    buy = page.locator("paylink-button[link=coffee]")
    buy.get_by_role("button").click()
    expect(buy.get_by_role("status")).to_have_text("Подождите…")
    # A button that is held up is pale for half of the time, and exempt: it is disabled.
    found["pending"] = axe(page)
    there(page)
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_the_dialog(page, axe):
    page.get_by_role("button", name="Забронировать").click()
    there(page.frame_locator("iframe"))
    assert axe(page) == []


def test_the_order_in_each_state(page, gateway, axe):
    buy = page.locator("paylink-button[link=coffee]").get_by_role("button")
    found = {}
    buy.click()
    decline_and_return(page)
    expect(page.get_by_role("status")).to_contain_text("Оплата не прошла")
    found["failed"] = axe(page)
    page.goto(gateway.shop)
    buy.click()
    pay(page)
    expect(page.get_by_role("status")).to_contain_text("Оплачено", timeout=15_000)
    found["paid"] = axe(page)
    page.goto(f"{gateway.shop}/thanks.html?order_id=pl_unknown")
    expect(page.get_by_role("status")).to_contain_text("Такого заказа нет")
    found["unknown"] = axe(page)
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_the_markup(stack, check_html):
    pages = {
        name: requests.get(f"{stack.shop}/{name}.html", timeout=20).content.decode("utf-8")
        for name in ("index", "thanks")
    }
    # The checker reads files, to which 'self' in their policy is another place.
    found = [text for text in check_html(pages) if "violates Content Security Policy" not in text]
    assert [re.sub(r"\s+", " ", text) for text in found] == []
