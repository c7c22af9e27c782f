"""What the button does while the API is slow, busy, failing or not there, and what it tells the buyer."""

import re
import time

import pytest
from playwright.sync_api import expect

from .fake_api import BUTTON, DROPPED, HELD, SOURCE, Answer, FakeApi, at_the_gateway, created, press, problem

pytestmark = [pytest.mark.browser]
BUSY = re.compile("Ответа нет")
HEARD = """
window.heard = [];
for (const name of ["pending", "redirect", "error", "paid"])
  addEventListener(`paylink:${name}`, ({ detail }) => heard.push([name, detail]));
"""


def hearing(api: FakeApi, body: str = BUTTON):
    page = api.open(body)
    page.evaluate(HEARD)
    return page


def names(page) -> list[str]:
    return page.evaluate("heard.map(([name]) => name)")


def test_while_it_waits_the_button_is_busy_and_keeps_the_focus(api):
    page = hearing(api)
    api.creations = [HELD]
    button = page.get_by_role("button", name="Купить")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-busy", "true")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Подождите…")
    page.keyboard.press("Space")
    button.dblclick(force=True)
    assert names(page) == ["pending"]
    api.let_go(created())
    at_the_gateway(page)
    assert len(api.asked) == 1


def test_the_events_of_a_purchase_reach_the_page_and_the_shop_may_go_to_the_gateway_itself(api):
    page = hearing(api, f"<main>{BUTTON}</main>")
    page.evaluate("addEventListener('paylink:redirect', (event) => event.preventDefault())")
    press(page)
    page.wait_for_function("heard.length === 2")
    (pending, nothing), (redirect, order) = page.evaluate("heard")
    assert (pending, nothing, redirect, order["amount"]) == ("pending", None, "redirect", "1500.00")
    expect(page.get_by_role("button")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize(
    ("answers", "requests"),
    [
        ([DROPPED, created()], 2),
        ([DROPPED, DROPPED, created()], 3),
        ([problem(409, "still_running", 1), created()], 2),
        ([problem(502, "gateway_unclear", 1), created()], 2),
        ([Answer(429, '{"message":"Too Many Requests"}'), created()], 2),
        ([problem(503, "store_unavailable", 1), problem(504, "gateway_silent", 1), created()], 3),
    ],
    ids=["dropped", "dropped twice", "409", "502", "429", "503 and 504"],
)
def test_what_passes_is_asked_again_with_the_same_key(api, answers, requests):
    page = api.open()
    api.creations = answers
    started = time.monotonic()
    press(page)
    at_the_gateway(page)
    assert time.monotonic() - started >= requests - 1
    assert len(api.asked) == requests
    assert len(set(api.keys)) == 1
    assert len({request.post_data for request in api.asked}) == 1


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (problem(400, "invalid_request", errors=[]), "invalid_request", "Проверьте сумму и количество."),
        (problem(404, "link_unknown"), "link_unknown", "Сейчас это купить нельзя."),
        (problem(409, "sold_out"), "sold_out", "Всё распродано."),
        (problem(410, "link_off"), "link_off", "Сейчас это купить нельзя."),
        (problem(410, "offer_expired"), "offer_expired", "Сейчас это купить нельзя."),
        (problem(413, "body_too_large", 1), "body_too_large", None),
        (problem(500, "internal", 1), "internal", None),
        (problem(502, "gateway_refused"), "gateway_refused", None),
        (problem(502, "gateway_misconfigured", 60), "gateway_misconfigured", None),
        (problem(503, "payments_paused", 300), "payments_paused", "Сейчас это купить нельзя."),
        (problem(503, "not_configured", 300), "not_configured", "Сейчас это купить нельзя."),
        (Answer(503, "<h1>Service Unavailable</h1>"), "http_503", None),
        (Answer(200, "not JSON"), "network", "Ответа нет."),
    ],
)
def test_what_does_not_pass_is_asked_once_and_told(api, answer, code, words):
    page = hearing(api)
    api.creations = [answer]
    once = answer.status != 200
    press(page)
    page.wait_for_function("heard.length === 2", timeout=20_000)
    said = page.get_by_role("alert")
    expect(said).to_contain_text(words or re.compile("Оплата не прошла|Ответа нет"))
    assert len(api.asked) == (1 if once else 4)
    name, detail = page.evaluate("heard[1]")
    assert (name, detail["code"], detail["text"]) == ("error", code, said.inner_text())
    if isinstance(answer.body, dict):
        assert (detail["detail"], detail["problem"]) == (f"{code}, in words", answer.body)
    expect(page.get_by_role("button")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("button")).to_have_accessible_description(said.inner_text())


def test_after_four_tries_it_gives_up_and_the_next_press_goes_on_with_the_same_key(api):
    page = hearing(api)
    api.creations = [*[DROPPED] * 4, created()]
    press(page)
    expect(page.get_by_role("alert")).to_have_text(BUSY, timeout=15_000)
    assert len(api.asked) == 4
    assert page.evaluate("heard[1][1].code") == "network"
    press(page)
    at_the_gateway(page)
    assert len(set(api.keys)) == 1


def test_no_answer_ends_after_forty_seconds(api):
    api.page.clock.install()
    page = hearing(api)
    api.creations = [HELD]
    press(page)
    expect(page.get_by_role("status")).to_have_text("Подождите…")
    api.until_held()
    page.clock.run_for(39_000)
    assert names(page) == ["pending"]
    page.clock.run_for(1_500)
    expect(page.get_by_role("alert")).to_have_text(BUSY)
    assert page.evaluate("heard[1][1].code") == "timeout"
    assert len(api.asked) == 1


def test_a_wait_that_would_end_too_late_is_not_begun(api):
    page = hearing(api)
    api.creations = [problem(504, "gateway_silent", 41)]
    press(page)
    expect(page.get_by_role("alert")).to_have_text(BUSY)
    assert len(api.asked) == 1


def test_a_call_can_be_called_off_while_it_runs_and_while_it_pauses(api):
    page = api.open()
    for answers in ([HELD], [problem(503, "store_unavailable", 30)]):
        api.creations = answers
        started = time.monotonic()
        name = page.evaluate(
            "(() => { const calls = new AbortController(); setTimeout(() => calls.abort(), 300);"
            "return paylink.pay({link: 'coffee', signal: calls.signal}).catch((error) => error.name) })()"
        )
        assert name == "AbortError"
        assert time.monotonic() - started < 15
    asked = len(api.asked)
    name = page.evaluate(
        "paylink.pay({link: 'coffee', signal: AbortSignal.abort()}).catch((error) => error.name)"
    )
    assert (name, len(api.asked)) == ("AbortError", asked)


def test_a_page_that_comes_back_from_the_back_cache_is_ready_again(api):
    page = hearing(api)
    api.creations = [HELD, created()]
    press(page)
    expect(page.get_by_role("button")).to_have_attribute("aria-busy", "true")
    api.until_held()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_role("button")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("status")).to_be_empty()
    expect(page.get_by_role("alert")).to_be_empty()
    press(page)
    at_the_gateway(page)
    assert len(set(api.keys)) == 1


def test_where_the_way_to_the_gateway_is_blocked_the_button_works_again(api):
    api.page.clock.install()
    page = hearing(api)
    api.page.route("https://gateway.test/**", lambda route: route.fulfill(status=204))
    press(page)
    page.wait_for_function("heard.length === 2")
    page.clock.run_for(9_000)
    expect(page.get_by_role("button")).to_have_attribute("aria-busy", "true")
    page.clock.run_for(2_000)
    expect(page.get_by_role("button")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "/relative"])
def test_an_address_that_is_no_web_address_is_not_opened(api, address):
    page = hearing(api)
    api.creations = [created(redirect_url=address)]
    press(page)
    expect(page.get_by_role("alert")).not_to_be_empty()
    assert page.evaluate("heard.at(-1)[1].code") == "bad_address"
    assert page.url == "https://shop.test/"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (BUTTON, "Всё распродано."),
        (BUTTON.replace(" link", ' language="en" link'), "Sold out."),
        (BUTTON.replace(" link", ' language="kz" link'), "Бәрі сатылып кетті."),
        (BUTTON.replace(" link", ' language="uz" link'), "Hammasi sotilgan."),
        (BUTTON.replace(" link", ' language="kg" link'), "Баары сатылып кетти."),
        (f"<script>document.documentElement.lang = 'kk-KZ'</script>{BUTTON}", "Бәрі сатылып кетті."),
        (f"<script>document.documentElement.lang = 'ky'</script>{BUTTON}", "Баары сатылып кетти."),
        (f"<script>document.documentElement.lang = 'EN-us'</script>{BUTTON}", "Sold out."),
        (f"<script>document.documentElement.lang = ''</script>{BUTTON}", "Всё распродано."),
        (f"<script>document.documentElement.lang = 'de'</script>{BUTTON}", "Всё распродано."),
    ],
)
def test_the_buyer_is_told_in_the_language_of_the_button_the_page_or_the_browser(api, body, words):
    page = api.open(body)
    api.creations = [problem(409, "sold_out")]
    press(page)
    expect(page.get_by_role("alert")).to_have_text(words)


def test_every_language_has_every_text(api):
    page = api.open()
    codes = ["sold_out", "invalid_request", "order_unknown", "network", "timeout", "link_off", "other"]
    said = page.evaluate(
        "(codes) => ['ru', 'en', 'kz', 'uz', 'kg'].map((language) =>"
        "codes.map((code) => paylink.explain({ code }, language)))",
        codes,
    )
    for texts in said:
        assert all(texts)
        # network and timeout are told alike, all else differs
        assert len(set(texts)) == len(codes) - 1
    assert len({texts[0] for texts in said}) == 5
    lists = re.findall(r'^    (?:ru|en|kz|uz|kg): "(.*)",$', SOURCE.read_text(), re.MULTILINE)
    names = re.search(r'const NAMES =\s+"([a-z,]+)"', SOURCE.read_text())
    assert [text.count("|") for text in lists] == [names[1].count(",")] * 5


def test_attributes_that_are_no_json_are_told_too(api):
    page = hearing(api, "<paylink-button items='[{'>Купить</paylink-button>")
    press(page)
    expect(page.get_by_role("alert")).to_contain_text("Оплата не прошла")
    assert page.evaluate("heard[1][1].code") == "script"
    assert api.asked == []
