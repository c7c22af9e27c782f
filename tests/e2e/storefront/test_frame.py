"""The payment page inside the shop's own page."""

import pytest
from playwright.sync_api import Page, expect

from .fake_api import GATEWAY, ORDER_ID, FakeApi, created, press, standing
from .gateway_page import pay, there

pytestmark = [pytest.mark.browser]
BUTTON = '<paylink-button link="deposit" presentation="frame">Забронировать</paylink-button>'


@pytest.fixture
def book(shop: Page):
    return shop.get_by_role("button", name="Забронировать")


@pytest.fixture
def said(shop: Page):
    return shop.locator("paylink-button[link=deposit]").get_by_role("status")


def test_paid_in_a_dialog_without_leaving_the_page(shop, book, said, gateway, look):
    shop.evaluate("addEventListener('paylink:paid', (event) => (window.paid = event.detail))")
    book.click()
    dialog = shop.get_by_role("dialog", name="Оплата")
    expect(dialog).to_be_visible()
    frame = shop.frame_locator("iframe")
    there(frame)
    (payment,) = gateway.payments()
    assert payment["fields"]["pg_payment_route"] == "frame"
    look(shop, "frame", whole=False)
    pay(frame)
    expect(dialog).to_have_count(0, timeout=15_000)
    expect(said).to_have_text("Сумма удержана на карте.")
    order = shop.evaluate("window.paid")
    assert (order["status"], order["order_id"]) == ("authorized", payment["order_id"])
    assert shop.url == f"{gateway.shop}/"
    expect(book).to_be_focused()
    look(shop, "frame-paid")


@pytest.mark.parametrize("size", ["phone"])
@pytest.mark.parametrize("way", ["button", "escape"])
def test_closed_without_paying_the_same_payment_opens_again(shop, book, said, gateway, way):
    book.click()
    there(shop.frame_locator("iframe"))
    if way == "button":
        shop.get_by_role("button", name="Закрыть").click()
    else:
        shop.keyboard.press("Escape")
    expect(shop.get_by_role("dialog")).to_have_count(0)
    expect(book).to_have_attribute("aria-busy", "false")
    expect(said).to_be_empty()
    book.click()
    frame = shop.frame_locator("iframe")
    there(frame)
    pay(frame)
    expect(said).to_have_text("Сумма удержана на карте.", timeout=15_000)
    assert len(gateway.payments()) == 1


@pytest.mark.parametrize("size", ["phone"])
def test_a_page_of_its_own_is_offered_too(shop, book, gateway):
    book.click()
    link = shop.get_by_role("dialog").get_by_role("link")
    expect(link).to_be_visible()
    (payment,) = gateway.payments()
    expect(link).to_have_attribute("href", f"{gateway.sandbox}{payment['page']}")
    expect(link).to_contain_text(gateway.sandbox.removeprefix("http://"))
    link.click()
    there(shop)


@pytest.mark.parametrize("size", ["desktop"])
def test_the_dialog_keeps_the_keyboard_inside(shop, book):
    book.click()
    there(shop.frame_locator("iframe"))
    for _ in range(30):
        shop.keyboard.press("Tab")
        inside = shop.evaluate(
            "document.activeElement === document.body"
            " || Boolean(document.activeElement.shadowRoot?.querySelector('dialog'))"
        )
        assert inside


@pytest.mark.parametrize("size", ["desktop"])
def test_time_that_runs_out_closes_it(shop, book, said, gateway):
    book.click()
    there(shop.frame_locator("iframe"))
    (payment,) = gateway.payments()
    gateway.control("POST", f"payments/{payment['payment_id']}/expire")
    expect(shop.get_by_role("dialog")).to_have_count(0, timeout=10_000)
    expect(book).to_have_attribute("aria-busy", "false")


def test_the_call_gives_the_order_as_it_is_when_the_dialog_is_gone(api: FakeApi):
    page = api.open()
    api.statuses = [standing("pending"), standing("failed"), standing("paid")]
    page.evaluate(
        "void paylink.pay({link: 'coffee', presentation: 'frame'}).then((order) => (window.order = order))"
    )
    expect(page.get_by_role("dialog")).to_be_visible()
    # A declined card leaves it open: the page takes another one.
    page.wait_for_function("window.order", timeout=15_000)
    order = page.evaluate("window.order")
    assert (order["status"], order["description"], order["payment_id"]) == ("paid", "Чашка кофе", "1")
    assert len(api.looked) == 3


def test_paid_and_closed_by_hand_is_seen_all_the_same(api: FakeApi):
    page = api.open(BUTTON)
    api.creations = [created(redirect_url=f"{GATEWAY}/pay.html")]
    api.statuses = [standing("pending"), standing("paid")]
    with page.expect_response(f"**/payments/{ORDER_ID}") as look:
        press(page)
        expect(page.frame_locator("iframe").get_by_role("heading", name="Gateway")).to_be_visible()
    assert look.value.json()["status"] == "pending"
    page.get_by_role("button", name="Закрыть").click()
    expect(page.get_by_role("status")).to_have_text("Оплачено. Спасибо!")
    assert api.kept() == {}
