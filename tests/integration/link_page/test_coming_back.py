"""Back, reload and another visit: what a browser was given before decides whether a press is the same order."""

import re
from dataclasses import replace

import pytest

from integration.link_page.conftest import BASE, Answer, Shop
from paylink.domain.order import Order, Status


class Browser:
    """One buyer's browser: it keeps the cookies of the page, and presses the form that it was given last."""

    def __init__(self, shop: Shop, path: str = "/pay/coffee") -> None:
        self.shop = shop
        self.path = path
        self.cookies: list[str] = []
        self.key = ""

    def opens(self) -> Answer:
        return self.notes(self.shop.get(self.path, cookies=self.cookies))

    def presses(self, **form: str) -> Answer:
        content = {"key": self.key, **form}
        return self.notes(self.shop.post(content, self.path.rpartition("/")[2], cookies=self.cookies))

    def notes(self, answer: Answer) -> Answer:
        for cookie in answer.get("cookies", ()):
            self.cookies = [cookie.partition(";")[0]]
        if found := re.search(r'name="key" value="([^"]+)"', answer.get("body", "")):
            self.key = found[1]
        return answer


@pytest.fixture
def buyer(shop: Shop) -> Browser:
    return Browser(shop)


def the_order(shop: Shop) -> Order:
    (order,) = shop.orders()
    return order


def test_the_cookie_goes_to_this_links_page_alone_and_to_no_script(buyer: Browser) -> None:
    (cookie,) = buyer.opens()["cookies"]
    name, *attributes = cookie.split("; ")
    assert name == f"paylink={buyer.key}"
    assert set(attributes) == {"Path=/pay/coffee", "Max-Age=86400", "HttpOnly", "SameSite=Lax", "Secure"}


def test_reloaded_the_page_has_the_same_key_and_another_browser_another(shop: Shop, buyer: Browser) -> None:
    buyer.opens()
    first = buyer.key
    buyer.opens()
    assert buyer.key == first
    stranger = Browser(shop)
    stranger.opens()
    assert stranger.key != first


def test_back_from_the_gateway_and_pressed_again_it_is_the_same_payment(shop: Shop, buyer: Browser) -> None:
    buyer.opens()
    page = buyer.presses()["headers"]["location"]
    buyer.opens()
    assert buyer.presses()["headers"]["location"] == page
    assert len(shop.orders()) == len(shop.payments()) == 1


def test_declined_and_back_it_is_a_further_try_of_the_same_order(shop: Shop, buyer: Browser) -> None:
    buyer.opens()
    buyer.presses()
    shop.sandbox.decline(shop.payments()[0].payment_id)
    buyer.opens()
    assert buyer.presses()["statusCode"] == 303
    assert len(shop.orders()) == 1


@pytest.mark.parametrize("end", ["paid", "expired", "refused"])
def test_what_is_over_is_not_gone_on_with(shop: Shop, buyer: Browser, end: str) -> None:
    buyer.opens()
    if end == "refused":
        shop.sandbox.faults.add("create", "error", code="9996")
    buyer.presses()
    status = {"paid": Status.PAID, "expired": Status.EXPIRED, "refused": Status.REFUSED}[end]
    if end != "refused":
        shop.deployment.put_order(replace(the_order(shop), status=status))
    first = buyer.key
    buyer.opens()
    assert buyer.key != first
    buyer.presses()
    assert len(shop.orders()) == 2


def test_another_content_warns_and_begins_anew(shop: Shop, buyer: Browser) -> None:
    buyer.opens()
    buyer.presses()
    buyer.opens()
    first = buyer.key
    assert buyer.presses(quantity="2")["statusCode"] == 422
    assert buyer.key != first
    assert buyer.cookies == [f"paylink={buyer.key}"]
    assert buyer.presses(quantity="2")["statusCode"] == 303


def test_who_holds_the_last_place_is_not_told_that_it_is_sold_out(shop: Shop, buyer: Browser) -> None:
    shop.sell(limit=1)
    buyer.opens()
    page = buyer.presses()["headers"]["location"]
    assert Browser(shop).opens()["statusCode"] == 409
    assert buyer.opens()["statusCode"] == 200
    assert buyer.presses()["headers"]["location"] == page


@pytest.mark.parametrize(
    "cookie",
    ["paylink=short", "paylink=" + "x" * 300, 'paylink="quoted-and-long-enough"', "other=1", "paylink"],
)
def test_a_cookie_that_is_none_of_ours_is_nothing(shop: Shop, buyer: Browser, cookie: str) -> None:
    buyer.cookies = [cookie]
    assert buyer.opens()["statusCode"] == 200
    assert re.fullmatch(r"[\w-]{43}", buyer.key)


def test_a_key_of_somebody_elses_making_is_not_put_in_a_cookie(shop: Shop) -> None:
    answer = shop.post({"key": "a key; Domain=example.com; \x21\x21", "quantity": "77"})
    assert answer["statusCode"] == 400
    assert all("Domain" not in cookie for cookie in answer.get("cookies", ()))
    assert BASE not in "".join(answer.get("cookies", ()))


def test_before_the_merchants_key_is_set_the_page_still_shows(shop: Shop, buyer: Browser) -> None:
    buyer.opens()
    shop.deployment.unset_merchant()
    shop.deploy()
    assert buyer.opens()["statusCode"] == 200
