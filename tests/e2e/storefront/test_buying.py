"""The example shop, from the first page to the order's page, on a phone and on a desktop."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import SIZES, artifact, listen
from .gateway_page import PAYS, decline_and_return, pay, there

pytestmark = [pytest.mark.browser]


def card(page: Page, name: str):
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=name))


def order_id(page: Page) -> str:
    expect(page).to_have_url(re.compile(r"/thanks\.html\?order_id=pl_"), timeout=15_000)
    return page.url.partition("order_id=")[2]


def expect_paid(page: Page, gateway, amount: str, description: str) -> dict:
    """The return page says paid; the order and the gateway agree."""
    order = gateway.order(order_id(page))
    expect(page.get_by_role("status")).to_have_text("Оплачено. Спасибо!", timeout=15_000)
    expect(page.locator("paylink-status [part=sum]")).to_contain_text(description)
    assert (order["status"], order["amount"]) == ("paid", amount)
    (payment,) = gateway.payments(order["order_id"])
    assert payment["status"] == "success"
    return order


def test_one_press_and_a_card(shop, gateway, look):
    look(shop, "shop")
    card(shop, "Чашка кофе").get_by_role("button", name="Купить").click()
    there(shop)
    pay(shop)
    expect_paid(shop, gateway, "1500.00", "Чашка кофе, 1\u00a0500\u00a0₸")
    expect(shop.get_by_text("Покажите эту страницу")).to_be_visible()
    expect(shop.get_by_text("Банк отвечает")).to_be_hidden()
    look(shop, "paid")
    # The intent has ended: the next press is another order.
    shop.goto(gateway.shop)
    card(shop, "Чашка кофе").get_by_role("button", name="Купить").click()
    there(shop)
    assert len(gateway.payments()) == 2


@pytest.mark.parametrize("size", ["phone"])
def test_several_of_one(shop, gateway):
    shirt = card(shop, "Футболка")
    shirt.get_by_label("Сколько").fill("3")
    shirt.get_by_role("button", name="Купить").click()
    pay(shop)
    expect_paid(shop, gateway, "26700.00", "Футболка × 3")


def test_a_cart_of_several_links_is_emptied_once_it_is_paid(shop, gateway, look):
    card(shop, "Чашка кофе").get_by_role("button", name="корзину").click()
    shirt = card(shop, "Футболка")
    shirt.get_by_label("Сколько").fill("2")
    shirt.get_by_role("button", name="корзину").click()
    cart = shop.get_by_role("region", name="Корзина")
    more = cart.get_by_role("button", name="Футболка: ещё одна")
    more.focus()
    shop.keyboard.press("Enter")
    expect(more).to_be_focused()
    expect(cart.locator("#total")).to_have_text("28\u00a0200\u00a0₸")
    expect(shop.locator("#count")).to_have_text("4")
    expect(cart.get_by_role("button", name="Чашка кофе: ещё одна")).to_be_disabled()
    look(shop, "cart")
    shop.reload()
    expect(cart.locator("#total")).to_have_text("28\u00a0200\u00a0₸")
    cart.get_by_role("button", name="Оплатить всё").click()
    pay(shop)
    order = expect_paid(shop, gateway, "28200.00", "Футболка × 3")
    assert order["reference"].startswith("cart-")
    shop.goto(gateway.shop)
    expect(cart.get_by_text("Пока пусто")).to_be_visible()


@pytest.mark.parametrize("size", ["phone"])
def test_a_paid_cart_is_emptied_on_a_line_that_brings_the_shops_script_late(shop, gateway):
    card(shop, "Чашка кофе").get_by_role("button", name="корзину").click()
    shop.get_by_role("region", name="Корзина").get_by_role("button", name="Оплатить всё").click()
    there(shop)

    def late(route: Route) -> None:
        time.sleep(2)  # longer than the answer about the order takes
        route.continue_()

    shop.route(f"{gateway.shop}/shop.js", late)
    pay(shop)
    expect_paid(shop, gateway, "1500.00", "Чашка кофе")
    assert shop.evaluate("JSON.parse(localStorage.getItem('cart')).lines") == {}


@pytest.mark.parametrize("size", ["desktop"])
def test_another_purchase_leaves_the_cart_as_it_is(shop, gateway):
    card(shop, "Футболка").get_by_role("button", name="корзину").click()
    card(shop, "Чашка кофе").get_by_role("button", name="Купить").click()
    pay(shop)
    expect_paid(shop, gateway, "1500.00", "Чашка кофе")
    shop.goto(gateway.shop)
    expect(shop.locator("#count")).to_have_text("1")


@pytest.mark.parametrize("size", ["phone"])
@pytest.mark.parametrize(
    ("choose", "amount"),
    [
        (lambda _: None, "1000.00"),
        (lambda form: form.get_by_role("radio", name="5\u00a0000").check(), "5000.00"),
        (lambda form: form.get_by_label("Другая сумма").fill("2 500,5"), "2500.50"),
    ],
    ids=["suggested", "offered", "own"],
)
def test_a_donation_with_a_chosen_amount(shop, gateway, choose, amount):
    choose(shop.locator("#donation"))
    shop.get_by_role("button", name="Помочь").click()
    pay(shop)
    expect_paid(shop, gateway, amount, "Помощь приюту")


def test_a_donation_by_the_enter_key_and_first_too_small(shop, gateway, look, complaints):
    own = shop.get_by_label("Другая сумма")
    own.fill("5")
    own.press("Enter")
    expect(shop.locator("paylink-button[link=donation]").get_by_role("alert")).to_have_text(
        "Проверьте сумму и количество."
    )
    look(shop, "error")
    own.fill("150")
    own.press("Enter")
    pay(shop)
    expect_paid(shop, gateway, "150.00", "Помощь приюту")
    assert [text for text in complaints if "400 (Bad Request)" not in text] == []
    complaints.clear()


def test_a_signed_offer(shop, gateway):
    card(shop, "Дегустация").get_by_role("button", name="Записаться").click()
    pay(shop)
    expect_paid(shop, gateway, "990.00", "Дегустация")


def test_declined_and_tried_again_it_is_the_same_order(shop, gateway, look):
    keys = []
    shop.on("request", lambda one: keys.append(one.headers["idempotency-key"]) if one.method == "POST" and
            one.url == f"{gateway.api}/payments" else None)  # fmt: skip
    buy = card(shop, "Чашка кофе").get_by_role("button", name="Купить")
    buy.click()
    decline_and_return(shop)
    first = order_id(shop)
    expect(shop.get_by_role("status")).to_contain_text("Оплата не прошла.")
    look(shop, "failed")
    shop.get_by_role("link", name="Вернуться и попробовать снова").click()
    buy.click()
    pay(shop, PAYS)
    second = order_id(shop)
    expect(shop.get_by_role("status")).to_have_text("Оплачено. Спасибо!", timeout=15_000)
    assert first == second
    assert len(set(keys)) == 1
    assert len(keys) == 2
    assert gateway.order(first)["status"] == "paid"
    assert [payment["status"] for payment in gateway.payments(first)].count("success") == 1


@pytest.mark.parametrize("size", ["phone"])
def test_paid_on_a_page_that_never_came_back_is_said_at_the_next_press(shop, gateway):
    buy = card(shop, "Чашка кофе").get_by_role("button", name="Купить")
    buy.click()
    there(shop)
    (payment,) = gateway.payments()
    gateway.control("POST", f"payments/{payment['payment_id']}/pay")
    shop.goto(gateway.shop)
    buy.click()
    said = card(shop, "Чашка кофе").get_by_role("status")
    expect(said).to_have_text("Уже оплачено. Чтобы купить ещё раз, нажмите снова.")
    buy.click()
    there(shop)
    assert len(gateway.payments()) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768])
def test_every_width_in_light_and_dark(browser, gateway, complaints, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
    listen(context, complaints)
    page = context.new_page()
    for name in ("", "thanks.html"):
        page.goto(f"{gateway.shop}/{name}?order_id=pl_unknown")
        page.wait_for_function("window.paylink")
        if not name:
            card(page, "Футболка").get_by_role("button", name="корзину").click()
        else:
            expect(page.get_by_role("status")).to_have_text("Такого заказа нет.")
        page.screenshot(path=artifact(f"{name or 'shop'}-{width}-{scheme}"), full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert [text for text in complaints if "404 (Not Found)" not in text] == []
    complaints.clear()


def test_without_scripts_links_lead_to_the_stack_s_own_pages(browser, gateway, size, look):
    context = browser.new_context(viewport=SIZES[size], java_script_enabled=False)
    page = context.new_page()
    page.goto(gateway.shop)
    for name, link in (("Чашка кофе", "coffee"), ("Футболка", "tshirt"), ("Столик", "deposit")):
        plain = card(page, name).get_by_role("link")
        expect(plain).to_be_visible()
        expect(plain).to_have_attribute("href", f"{gateway.api}/pay/{link}")
    expect(page.get_by_role("link", name="Помочь")).to_have_attribute("href", f"{gateway.api}/pay/donation")
    expect(page.get_by_role("heading", name="Корзина")).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    look(page, "without-scripts")
    page.goto(f"{gateway.shop}/thanks.html?order_id=pl_x")
    assert page.evaluate("document.querySelector('noscript p').checkVisibility()")
    look(page, "thanks-without-scripts")
    context.close()
