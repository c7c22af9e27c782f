"""A buyer with a link in a real browser, on a phone and on a desktop: to the gateway, paid, and back at the shop."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from freedompay_sandbox import State
from paylink.domain.order import Status
from paylink.web.pages.languages import TAGS
from paylink.web.pages.texts import TEXTS

from .stack import BEANS, COFFEE, DONATION, Stack, pay_at_gateway

pytestmark = [pytest.mark.browser]

LANGUAGES = [TEXTS[language].own_name for language in TAGS]
OpenPage = Callable[..., Page]
Look = Callable[[Page, str], None]


def press(page: Page) -> None:
    page.get_by_role("main").get_by_role("button").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_link_to_paid(stack: Stack, open_page: OpenPage, scripts: bool) -> None:
    page = open_page(stack.sell(**COFFEE), scripts=scripts)
    expect(page.get_by_role("heading", level=1)).to_have_text("Чашка кофе")
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    (order,) = stack.orders()
    assert page.url == f"{stack.url}/thanks?order_id={order.order_id}"
    assert order.status is Status.PAID
    assert [payment.state for payment in stack.payments()] == [State.PAID]


def test_everything_that_a_link_asks_for(stack: Stack, open_page: OpenPage, look: Look) -> None:
    page = open_page(stack.sell(**BEANS))
    press(page)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Ошибка: "))
    page.get_by_role("link", name="Телефон: заполните это поле").click()
    expect(page.get_by_label("Телефон")).to_be_in_viewport()
    page.get_by_label("Имя").fill("Алия")
    page.get_by_label("Телефон").fill("123")
    page.get_by_label("Адрес").fill("Абая 10\nкв. 5")
    page.get_by_label("Количество").fill("2")
    press(page)
    look(page, "one-mistake")
    expect(page.get_by_label("Телефон")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Телефон")).to_have_accessible_description(re.compile("Введите номер"))
    expect(page.get_by_label("Имя")).to_have_value("Алия")
    expect(page.get_by_label("Адрес")).to_have_value("Абая 10\nкв. 5")
    page.get_by_label("Телефон").fill("+7 777 123 45 67")
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    (payment,) = stack.payments()
    assert payment.text("pg_amount") == "25800.00"
    assert dict(payment.fields)["m_address"] == "Абая 10 кв. 5"


def test_a_chosen_amount(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**DONATION))
    expect(page.get_by_label("Сумма, ₸")).to_have_value("5 000")
    page.get_by_label("Сумма, ₸").fill("1 250,50")
    press(page)
    expect(page.get_by_label("Card number")).to_be_visible()
    assert [payment.text("pg_amount") for payment in stack.payments()] == ["1250.50"]


def test_a_double_click(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**COFFEE))
    stack.sandbox.faults.add("create", "slow", seconds=0.7)
    page.get_by_role("main").get_by_role("button").dblclick()
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert [payment.state for payment in stack.payments()] == [State.PAID]


def test_reloading_the_page_that_says_the_gateway_was_silent(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**COFFEE))
    stack.sandbox.faults.add("create", "http_500", created=True)
    press(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Платёжная система не отвечает")
    page.reload()
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert len(stack.payments()) == len(stack.orders()) == 1


def test_trying_again_after_the_gateway_was_silent(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**BEANS))
    for name, text in (("Имя", "Алия"), ("Телефон", "+77771234567"), ("Адрес", "Абая 10\nкв. 5")):
        page.get_by_label(name).fill(text)
    stack.sandbox.faults.add("create", "http_500")
    press(page)
    page.get_by_role("button", name="Попробовать снова").click()
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert len(stack.payments()) == len(stack.orders()) == 1


def test_going_back_from_the_gateway_and_forth(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**COFFEE))
    press(page)
    expect(page.get_by_label("Card number")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Чашка кофе")
    page.go_forward()
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert len(stack.payments()) == 1


def test_going_back_and_pressing_again_pays_once(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**COFFEE))
    press(page)
    expect(page.get_by_label("Card number")).to_be_visible()
    page.go_back()
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert len(stack.payments()) == len(stack.orders()) == 1


def test_reloading_while_pending_and_pressing_again_is_one_payment(stack: Stack, open_page: OpenPage) -> None:
    """On a link with one place, which the buyer's own first press holds."""
    page = open_page(stack.sell(**COFFEE, limit=1))
    stack.sandbox.faults.add("create", "slow", seconds=1.5)
    page.get_by_role("button").click(no_wait_after=True)
    while not stack.orders():
        page.wait_for_timeout(50)
    page.goto(f"{stack.url}/pay/coffee")
    expect(page.get_by_role("heading", level=1)).to_have_text("Чашка кофе")
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert len(stack.payments()) == len(stack.orders()) == 1


def test_declined_going_back_and_pressing_again_pays_the_same_order(
    stack: Stack, open_page: OpenPage
) -> None:
    page = open_page(stack.sell(**COFFEE))
    press(page)
    expect(page.get_by_label("Card number")).to_be_visible()
    stack.sandbox.decline(stack.payments()[0].payment_id)
    page.goto(f"{stack.url}/pay/coffee")
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert len(stack.orders()) == 1
    assert [payment.state for payment in stack.payments()].count(State.PAID) == 1


def test_paid_and_back_on_the_page_the_next_press_is_a_new_purchase(
    stack: Stack, open_page: OpenPage
) -> None:
    page = open_page(stack.sell(**COFFEE))
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    page.goto(f"{stack.url}/pay/coffee")
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert len(stack.orders()) == 2


def test_sending_an_old_form_once_more_leads_to_the_shop_once_it_is_paid(
    stack: Stack, open_page: OpenPage
) -> None:
    page = open_page(stack.sell(**COFFEE))
    key = page.locator("[name=key]").input_value()
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    page.goto(f"{stack.url}/pay/coffee")
    page.evaluate("key => { document.querySelector('[name=key]').value = key }", key)
    press(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert len(stack.payments()) == 1


def test_a_payment_page_on_a_host_that_the_policy_does_not_name(stack: Stack, open_page: OpenPage) -> None:
    port = stack.gateway.rpartition(":")[2]
    stack.sandbox.settings.update({"public_url": f"http://localhost:{port}"})
    page = open_page(stack.sell(**COFFEE), scripts=False)
    press(page)
    pay_at_gateway(page)
    expect(page.get_by_role("heading")).to_have_text("Thanks")
    assert [payment.state for payment in stack.payments()] == [State.PAID]


def test_the_keyboard_alone_is_enough(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**DONATION))
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", f"{reached[-1]} shows no focus"
        if reached[-1] == "Перейти к оплате":
            break
    assert reached == [*LANGUAGES, "amount", "Перейти к оплате"]
    page.keyboard.press("Enter")
    expect(page.get_by_label("Card number")).to_be_visible()


def test_another_language_is_one_click_away(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**COFFEE))
    page.get_by_role("link", name="Қазақша").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Бір кесе кофе")
    assert page.evaluate("document.documentElement.lang") == "kk"
    press(page)
    expect(page.get_by_label("Card number")).to_be_visible()
    assert [payment.text("pg_language") for payment in stack.payments()] == ["kz"]


@pytest.mark.parametrize("size", ["phone"])
def test_everything_that_is_touched_is_large_enough(stack: Stack, open_page: OpenPage) -> None:
    page = open_page(stack.sell(**BEANS), has_touch=True, is_mobile=True)
    targets = page.evaluate(
        "[...document.querySelectorAll('a, button, input:not([type=hidden]), textarea')].map(one => {"
        " const box = one.getBoundingClientRect(); return [one.textContent || one.id, box.width, box.height] })"
    )
    assert [target for target in targets if min(target[1:]) < 44] == []


@pytest.mark.parametrize("size", ["phone"])
def test_it_fits_the_narrowest_screen_and_large_type(stack: Stack, open_page: OpenPage) -> None:
    title = "Сверхдлинноесловобезпробелов" * 3
    page = open_page(stack.sell(**{**BEANS, "title": title, "price": "12345678.90"}))
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
