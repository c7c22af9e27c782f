"""What buyers do: press twice, go back, reload, open a second tab, lose the network. One intent, one payment."""

import pytest
from playwright.sync_api import Page, expect

from .gateway_page import pay, there

pytestmark = [pytest.mark.browser]


@pytest.fixture
def buy(shop: Page):
    return coffee(shop)


def coffee(page: Page):
    card = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Чашка кофе"))
    return card.get_by_role("button", name="Купить")


def the_only_payment(gateway) -> str:
    (payment,) = gateway.payments()
    return payment["payment_id"]


def test_a_double_click_is_one_payment(shop, buy, gateway):
    buy.dblclick(force=True)
    there(shop)
    the_only_payment(gateway)
    pay(shop)
    expect(shop.get_by_role("status")).to_have_text("Оплачено. Спасибо!", timeout=15_000)
    the_only_payment(gateway)


def test_back_from_the_gateway_and_pressed_again_it_is_the_same_payment(shop, buy, gateway):
    buy.click()
    there(shop)
    first = the_only_payment(gateway)
    shop.go_back()
    expect(buy).not_to_have_attribute("aria-busy", "true")
    buy.click()
    there(shop)
    assert the_only_payment(gateway) == first
    pay(shop)
    expect(shop.get_by_role("status")).to_have_text("Оплачено. Спасибо!", timeout=15_000)
    the_only_payment(gateway)


def test_reloaded_while_the_gateway_is_slow_it_is_the_same_payment(shop, buy, gateway, look, complaints):
    gateway.control("POST", "faults", operation="create", kind="slow", seconds=4)
    buy.click()
    expect(buy).to_have_attribute("aria-busy", "true")
    shop.wait_for_timeout(700)
    look(shop, "pending")
    shop.reload()
    shop.wait_for_function("window.paylink")
    expect(buy).not_to_have_attribute("aria-busy", "true")
    # The first request still runs: this one is told to wait (409), waits, and gets the same payment.
    buy.click()
    there(shop)
    the_only_payment(gateway)
    assert [text for text in complaints if "409 (Conflict)" not in text] == []
    complaints.clear()


@pytest.mark.parametrize("size", ["phone"])
def test_a_gateway_that_drops_its_answer_is_asked_again_with_the_same_key(shop, buy, gateway, complaints):
    gateway.control("POST", "faults", operation="create", kind="drop_after")
    buy.click()
    there(shop)
    order_ids = {payment["order_id"] for payment in gateway.payments()}
    assert len(order_ids) == 1
    pay(shop)
    expect(shop.get_by_role("status")).to_have_text("Оплачено. Спасибо!", timeout=15_000)
    assert [payment["status"] for payment in gateway.payments()].count("success") == 1
    assert [text for text in complaints if "50" not in text] == []
    complaints.clear()


@pytest.mark.parametrize("size", ["phone"])
def test_an_answer_lost_on_its_way_to_the_page_is_asked_for_again(shop, buy, gateway, complaints):
    lost = []

    def lose_once(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort("connectionreset")

    shop.route(f"{gateway.api}/payments", lose_once)
    buy.click()
    there(shop)
    assert lost[0].status == 201
    the_only_payment(gateway)
    assert [text for text in complaints if "ERR_CONNECTION_RESET" not in text] == []
    complaints.clear()


@pytest.mark.parametrize("size", ["phone"])
def test_without_a_network_it_says_so_and_goes_on_later(shop, buy, gateway, look, complaints):
    shop.context.set_offline(True)
    buy.click()
    expect(shop.locator("paylink-button[link=coffee]").get_by_role("alert")).to_contain_text(
        "Ответа нет.", timeout=15_000
    )
    look(shop, "offline")
    shop.context.set_offline(False)
    buy.click()
    there(shop)
    the_only_payment(gateway)
    assert [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text] == []
    complaints.clear()


def test_two_tabs_are_one_payment_and_the_one_that_comes_late_is_told(shop, buy, buyer, gateway):
    other = buyer.new_page()
    other.goto(gateway.shop)
    buy.click()
    there(shop)
    coffee(other).click()
    there(other)
    the_only_payment(gateway)
    pay(shop)
    expect(shop.get_by_role("status")).to_have_text("Оплачено. Спасибо!", timeout=15_000)
    # The other tab's page belongs to the same payment, which is over.
    other.reload()
    expect(other.get_by_test_id("outcome")).to_have_text("Paid")


def test_two_tabs_pressed_at_once_are_one_payment(shop, buy, buyer, gateway, complaints):
    other = buyer.new_page()
    other.goto(gateway.shop)
    other.wait_for_function("window.paylink")
    gateway.control("POST", "faults", operation="create", kind="slow", seconds=2)
    for page in (shop, other):
        page.evaluate("document.querySelector('paylink-button[link=coffee]').click()")
    for page in (shop, other):
        there(page)
    the_only_payment(gateway)
    assert [text for text in complaints if "409 (Conflict)" not in text] == []
    complaints.clear()
