"""Every page there is: what it looks like, whether it fits, and what axe-core says of it, in light and dark."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from integration.declined_first import declined_first, with_stray_money
from paylink.domain.order import Order, Status
from paylink.web.pages.texts import TEXTS, State

from .conftest import MakeStack
from .stack import BEANS, COFFEE, DONATION, Stack

pytestmark = [pytest.mark.browser, pytest.mark.page_checkers, pytest.mark.slow]

RU = TEXTS["ru"]
OpenPage = Callable[..., Page]
Look = Callable[[Page, str], None]
Axe = Callable[[Page], list[str]]
ILLUSTRATED = {**COFFEE, "id": "illustrated", "image_url": "/picture.png"}
HELD = {**COFFEE, "id": "held", "capture": "manual", "closes_at": "2100-01-01T00:00:00+05:00"}


@dataclass(frozen=True)
class Visit:
    """A browser at a stack; each step of it leads to one page."""

    stack: Stack
    page: Page

    def at(self, path: str) -> None:
        self.page.goto(f"{self.stack.url}{path}")

    def sells(self, **link: object) -> None:
        self.page.goto(self.stack.sell(**link))

    def press(self) -> None:
        self.page.get_by_role("main").get_by_role("button").click()

    def press_with(self, key: str) -> None:
        self.page.evaluate("key => { document.querySelector('[name=key]').value = key }", key)
        self.press()

    def key(self) -> str:
        return self.page.locator("[name=key]").input_value()

    def fault(self, kind: str, **more: object) -> None:
        self.sells(**COFFEE)
        self.stack.sandbox.faults.add("create", kind, **more)  # type: ignore[arg-type]
        self.press()

    def as_another_buyer(self) -> None:
        """Whose browser keeps no key of an earlier press."""
        self.page.context.clear_cookies()

    def order(self) -> Order:
        """The order that the last press made."""
        return max(self.stack.orders(), key=lambda order: order.created_at)

    def alert(self, text: str) -> None:
        expect(self.page.get_by_role("alert")).to_contain_text(text, ignore_case=True)

    def again(self, link: str, change: Callable[[Order], Order]) -> None:
        """The same form sent twice, the order changed in between."""
        self.sells(**{**COFFEE, "id": link})
        key = self.key()
        self.press()
        expect(self.page.get_by_label("Card number")).to_be_visible()
        self.stack.deployment.put_order(change(self.order()))
        self.as_another_buyer()
        self.at(f"/pay/{link}")
        self.press_with(key)

    def mistakes(self) -> None:
        self.sells(**{**BEANS, "id": "mistakes"})
        self.press()

    def amount_too_small(self) -> None:
        self.sells(**DONATION)
        self.page.get_by_label("Сумма").fill("1")
        self.press()

    def not_enough_left(self) -> None:
        self.sells(**{**COFFEE, "id": "few", "quantity": {"max": 5}, "limit": 3})
        self.page.get_by_label("Количество").fill("2")
        self.press()
        expect(self.page.get_by_label("Card number")).to_be_visible()
        self.as_another_buyer()
        self.at("/pay/few")
        self.page.get_by_label("Количество").fill("3")
        self.press()
        self.alert(RU.too_many.format(count=1))

    def sold_out(self) -> None:
        self.sells(**{**COFFEE, "id": "last", "limit": 1})
        self.press()
        expect(self.page.get_by_label("Card number")).to_be_visible()
        self.as_another_buyer()
        self.at("/pay/last")

    def other_content(self) -> None:
        self.sells(**{**COFFEE, "id": "many", "quantity": {"max": 5}})
        key = self.key()
        self.press()
        expect(self.page.get_by_label("Card number")).to_be_visible()
        self.at("/pay/many")
        self.page.get_by_label("Количество").fill("3")
        self.press_with(key)
        self.alert(RU.reused)

    def stale(self) -> None:
        self.sells(**COFFEE)
        self.press_with("short")
        self.alert(RU.stale)

    def misfit(self) -> None:
        self.sells(**COFFEE)
        self.page.evaluate("document.querySelector('[name=lang]').name = 'price'")
        self.press()
        self.alert(RU.form_wrong)

    def running(self) -> None:
        self.sells(**COFFEE)
        use_case = self.stack.functions["LinkPage"].parts.page
        use_case._pause, pause = (lambda _: None), use_case._pause
        self.stack.sandbox.faults.add("create", "slow", seconds=2)
        known = len(self.stack.orders())
        self.page.evaluate(
            "() => { fetch(location.href, {method: 'POST', redirect: 'manual',"
            " body: new URLSearchParams(new FormData(document.querySelector('form')))}) }"
        )
        while len(self.stack.orders()) == known:
            self.page.wait_for_timeout(50)
        self.press()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(RU.running.title)
        use_case._pause = pause

    def cancelled(self) -> None:
        self.again("cancelled", lambda order: order.moved(Status.CANCELLED, order.created_at))

    def stray(self) -> None:
        self.again("stray", with_stray_money)

    def unpaid(self) -> None:
        self.sells(**{**COFFEE, "id": "unpaid"})
        with declined_first(self.stack.functions["LinkPage"], self.stack.deployment):
            self.press()
            expect(self.page.get_by_role("heading", level=1)).to_have_text(RU.unpaid.title)

    def paid(self) -> None:
        # Where the link led after payment when it was bought; it does not any more.
        left = "https://elsewhere.example/thanks"
        self.page.route("https://elsewhere.example/**", lambda route: route.fulfill(status=204))
        self.again("paid", lambda order: order.moved(Status.PAID, order.created_at, success_url=left))

    def onward(self) -> None:
        self.sells(**{**COFFEE, "id": "onward"})
        self.stack.sandbox.settings.update({"public_url": "http://localhost:9"})
        # An answer without content leaves the browser where it is, as a slow one does for a while.
        self.page.route("http://localhost:9/**", lambda route: route.fulfill(status=204))
        self.press()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(RU.onward.title)
        self.stack.sandbox.settings.update({"public_url": None})

    def too_large(self) -> None:
        self.sells(**COFFEE)
        self.press_with("x" * 70_000)

    def not_configured(self) -> None:
        self.sells(**COFFEE)
        self.stack.deployment.set_merchant("{}")
        # As five minutes later; the refused key above has used up this minute's fetch.
        self.stack.functions["LinkPage"].parts.page._create._merchant._provider.clear_cache()
        self.press()

    def unavailable(self) -> None:
        self.stack.deployment.dynamodb.delete_table(TableName=self.stack.deployment.table)
        self.at("/pay/coffee")


# In this order: the last two leave a stack of which no other page can be had.
PAGES: Mapping[str, tuple[str, Callable[[Visit], None]]] = {
    "coffee": ("Чашка кофе", lambda visit: visit.sells(**COFFEE)),
    "illustrated": ("Чашка кофе", lambda visit: visit.sells(**ILLUSTRATED)),
    "beans": ("Кофе в зёрнах, 1 кг", lambda visit: visit.sells(**BEANS)),
    "donation": ("Помощь приюту для собак", lambda visit: visit.sells(**DONATION)),
    "donation-at-gateway": (
        "Помощь приюту для собак",
        lambda visit: visit.sells(
            **{**DONATION, "id": "later", "amount": {**DONATION["amount"], "chosen_at": "gateway"}}
        ),
    ),
    "held": ("Чашка кофе", lambda visit: visit.sells(**HELD)),
    "mistakes": ("Кофе в зёрнах, 1 кг", Visit.mistakes),
    "amount-too-small": ("Помощь приюту для собак", Visit.amount_too_small),
    "not-enough-left": ("Чашка кофе", Visit.not_enough_left),
    "other-content": ("Чашка кофе", Visit.other_content),
    "stale": ("Чашка кофе", Visit.stale),
    "misfit": ("Чашка кофе", Visit.misfit),
    "unknown": (RU.unknown.title, lambda visit: visit.at("/pay/nothing")),
    "off": (RU.off.title, lambda visit: visit.sells(**{**COFFEE, "id": "off", "active": False})),
    "off-in-own-words": (
        RU.off.title,
        lambda visit: visit.sells(
            **{**ILLUSTRATED, "id": "words", "active": False, "inactive_text": "Закрыты на ремонт до мая."}
        ),
    ),
    "not-open": (
        RU.not_open.title,
        lambda visit: visit.sells(**{**COFFEE, "id": "early", "opens_at": "2100-01-01T00:00:00Z"}),
    ),
    "closed": (
        RU.closed.title,
        lambda visit: visit.sells(**{**COFFEE, "id": "over", "closes_at": "2020-01-01T00:00:00Z"}),
    ),
    "sold-out": (RU.sold_out.title, Visit.sold_out),
    "gateway-unclear": (RU.silent.title, lambda visit: visit.fault("http_500")),
    "gateway-refused": (RU.refused.title, lambda visit: visit.fault("error", code="850")),
    "gateway-misconfigured": (RU.misconfigured.title, lambda visit: visit.fault("error", code="9998")),
    "running": (RU.running.title, Visit.running),
    "cancelled": (RU.cancelled.title, Visit.cancelled),
    "stray-money": (RU.unavailable.title, Visit.stray),
    "unpaid": (RU.unpaid.title, Visit.unpaid),
    "onward": (RU.onward.title, Visit.onward),
    "paid": (RU.paid.title, Visit.paid),
    "too-large": (RU.too_large.title, Visit.too_large),
    "not-configured": (RU.not_configured.title, Visit.not_configured),
    "unavailable": (RU.unavailable.title, Visit.unavailable),
}


# Each size and each scheme once: colours do not depend on the size, nor what fits on the colours.
@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_every_page(stack: Stack, open_page: OpenPage, look: Look, axe: Axe, scheme: str) -> None:
    page = open_page(f"{stack.url}/thanks", scheme=scheme, bypass_csp=True)
    visit = Visit(stack, page)
    found: dict[str, list[str]] = {}
    for name, (heading, go) in PAGES.items():
        visit.as_another_buyer()
        go(visit)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, f"{name}-{scheme}")
        found[name] = axe(page)
    assert {name: violations for name, violations in found.items() if violations} == {}


def test_no_state_is_left_out() -> None:
    """`paused` is how a whole shop stands, and has its test below."""
    titles = {heading for heading, _ in PAGES.values()} | {RU.paused.title}
    states = [getattr(RU, entry.name) for entry in dataclasses.fields(RU)]
    assert [state for state in states if isinstance(state, State) and state.title not in titles] == []


@pytest.mark.parametrize("size", ["phone"])
def test_a_shop_that_takes_no_payments(
    make_stack: MakeStack, open_page: OpenPage, look: Look, axe: Axe
) -> None:
    stack = make_stack(AcceptPayments="false", SellerEmail="")
    page = open_page(stack.sell(**COFFEE), bypass_csp=True)
    expect(page.get_by_role("heading", level=1)).to_have_text(RU.paused.title)
    look(page, "paused")
    assert axe(page) == []


@pytest.mark.parametrize("size", ["phone"])
def test_a_shop_that_has_told_nothing_yet(
    make_stack: MakeStack, open_page: OpenPage, look: Look, axe: Axe
) -> None:
    nothing = dict.fromkeys(
        (
            "SellerName",
            "SellerBin",
            "SellerAddress",
            "SellerPhone",
            "SellerEmail",
            "SellerTerms",
            "SellerRefundTerms",
        ),
        "",
    )
    stack = make_stack(**nothing)
    page = open_page(stack.sell(**COFFEE), bypass_csp=True)
    look(page, "untold")
    assert axe(page) == []


@pytest.mark.parametrize("size", ["phone"])
def test_every_language(stack: Stack, open_page: OpenPage, look: Look, axe: Axe) -> None:
    for language in ("kz", "kg", "uz", "en"):
        page = open_page(stack.sell(**BEANS) + f"?lang={language}", bypass_csp=True)
        page.get_by_role("main").get_by_role("button").click()
        expect(page.get_by_role("alert")).to_be_visible()
        look(page, f"beans-{language}")
        assert axe(page) == []


@pytest.mark.parametrize("size", ["phone"])
def test_the_checker_finds_what_is_wrong(stack: Stack, open_page: OpenPage, axe: Axe) -> None:
    page = open_page(stack.sell(**DONATION), bypass_csp=True)
    page.evaluate("document.querySelector('label').remove()")
    assert any(violation.startswith("label:") for violation in axe(page))
