"""Waiting for the final status, by call and by the element of the return page."""

import pytest
from playwright.sync_api import Route, expect

from .fake_api import DROPPED, ORDER_ID, SHOP, TAG, Answer, FakeApi, problem, standing

pytestmark = [pytest.mark.browser]
BACK = f"/thanks?order_id={ORDER_ID}"
STATUS = """<paylink-status><p slot="paid">Ждём вас</p><p slot="failed">Вернуться</p></paylink-status>"""
ONE_REQUEST = 15_000
"""Milliseconds that one request may take."""
WAIT = (
    "paylink.wait({id}, {options})"
    ".then((order) => order.status, (error) => error.problem === undefined ? error.name : error.code)"
)


def wait(page, order_id: str = "undefined", options: str = "{}") -> None:
    page.evaluate(
        f"window.ended = undefined; void {WAIT.format(id=order_id, options=options)}.then((word) => (ended = word))"
    )


def settle(api: FakeApi, looks: int) -> None:
    """Let the page's clock go on until the API was asked so often."""
    for _ in range(400):
        if len(api.looked) >= looks:
            api.page.wait_for_timeout(50)
            return
        api.page.clock.run_for(200)
    raise AssertionError(f"asked {len(api.looked)} times, not {looks}")


def test_it_asks_until_the_order_is_paid(api):
    api.page.clock.install()
    page = api.open(path=BACK)
    api.statuses = [standing("creating"), standing("pending"), standing("pending"), standing("paid")]
    wait(page)
    settle(api, 4)
    page.wait_for_function("ended === 'paid'")
    assert api.looked == [ORDER_ID] * 4


def test_it_waits_longer_each_time_up_to_a_bound(api):
    page = api.open(path=BACK)
    page.clock.install()
    # What it asks the clock for: how long that took would tell of the machine as well.
    pauses = page.evaluate_handle("window.pauses = []")
    page.evaluate(
        "const real = setTimeout; window.setTimeout = (work, ms) => (pauses.push(ms), real(work, ms)); 0"
    )
    api.statuses = [standing("pending")]
    wait(page, options="{timeout: 600000}")
    settle(api, 8)
    asked = [pause / 1000 for pause in pauses.json_value() if pause != ONE_REQUEST]
    assert asked[:7] == [1, 2, 3, 5, 8, 13, 13]


def test_when_time_is_up_it_gives_the_order_as_it_was_seen(api):
    api.page.clock.install()
    page = api.open(path=BACK)
    api.statuses = [standing("pending")]
    wait(page, options="{timeout: 2500}")
    settle(api, 2)
    page.clock.run_for(3000)
    page.wait_for_function("ended === 'pending'")


def test_when_time_is_up_and_nothing_was_seen_it_fails(api):
    api.page.clock.install()
    page = api.open(path=BACK)
    api.statuses = [problem(503, "store_unavailable", 1)]
    wait(page, options="{timeout: 2500}")
    settle(api, 2)
    page.clock.run_for(3000)
    page.wait_for_function("ended === 'store_unavailable'")


def test_a_status_that_cannot_be_had_just_now_is_asked_for_again(api):
    api.page.clock.install()
    page = api.open(path=BACK)
    api.statuses = [DROPPED, problem(503, "x"), Answer(200, "no JSON"), problem(429, "x"), standing("paid")]
    wait(page)
    settle(api, 5)
    page.wait_for_function("ended === 'paid'")


def test_a_mistake_in_the_shops_own_code_does_not_keep_a_paid_order_from_being_told(api):
    api.page.clock.install()
    page = api.open(path=BACK)
    wait(page, options="{onchange() { throw new Error('of the shop') }}")
    settle(api, 2)
    page.wait_for_function("ended === 'paid'")


def test_an_unknown_order_ends_it_at_once(api):
    page = api.open(path=BACK)
    api.statuses = [problem(404, "order_unknown")]
    wait(page, "'pl_other'")
    page.wait_for_function("ended === 'order_unknown'")
    assert api.looked == ["pl_other"]


def test_it_can_be_called_off(api):
    page = api.open(path=BACK)
    api.statuses = [standing("pending")]
    page.evaluate("window.calls = new AbortController()")
    wait(page, options="{signal: calls.signal}")
    page.wait_for_timeout(300)
    page.evaluate("calls.abort()")
    page.wait_for_function("ended === 'AbortError'")
    asked = len(api.looked)
    page.wait_for_timeout(1500)
    assert len(api.looked) == asked


def test_a_failure_is_believed_when_seen_three_times(api):
    api.page.clock.install()
    page = api.open(path=BACK)
    api.statuses = [standing("failed"), standing("failed"), standing("failed")]
    wait(page)
    settle(api, 3)
    page.wait_for_function("ended === 'failed'")
    api.looked.clear()
    api.statuses = [standing("failed"), standing("paid")]
    wait(page)
    settle(api, 2)
    page.wait_for_function("ended === 'paid'")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "Подождите…"),
        ("paid", "Оплачено. Спасибо!"),
        ("authorized", "Сумма удержана на карте."),
        ("failed", "Оплата не прошла. Попробуйте снова."),
        ("refused", "Оплата не прошла. Попробуйте снова."),
        ("expired", "Время оплаты вышло."),
        ("cancelled", "Заказ отменён."),
        ("partially_refunded", "Деньги возвращены."),
        ("refunded", "Деньги возвращены."),
    ],
)
def test_the_element_tells_each_status(api, status, words):
    api.statuses = [standing(status)]
    page = api.open(STATUS, path=BACK)
    element = page.locator("paylink-status")
    expect(element).to_have_attribute("status", status)
    expect(page.get_by_role("status")).to_have_text(words)
    expect(element.locator("[part=sum]")).to_have_text("Чашка кофе, 1\u00a0500\u00a0₸")
    for name, text in (("paid", "Ждём вас"), ("failed", "Вернуться")):
        expect(page.get_by_text(text)).to_be_visible(visible=status == name)


def test_the_element_goes_from_pending_to_paid_and_says_so(api):
    api.page.add_init_script(
        "window.heard = [];"
        "for (const name of ['status', 'paid'])"
        " addEventListener('paylink:' + name, ({ detail }) => heard.push([name, detail.status]))"
    )
    api.statuses = [standing("pending"), standing("pending"), standing("paid")]
    page = api.open(STATUS, path=BACK)
    expect(page.get_by_role("status")).to_have_text("Подождите…")
    expect(page.get_by_role("status")).to_have_text("Оплачено. Спасибо!", timeout=10_000)
    assert page.evaluate("heard") == [["status", "pending"], ["status", "paid"], ["paid", "paid"]]


@pytest.mark.parametrize(
    ("answer", "words", "heard"),
    [
        (standing("paid"), "Оплачено. Спасибо!", [["status", "paid"], ["paid", "paid"]]),
        (problem(404, "order_unknown"), "Такого заказа нет.", [["error", "order_unknown"]]),
    ],
    ids=["paid", "unknown"],
)
def test_a_script_that_loads_after_the_answer_hears_it_still(api, answer, words, heard):
    listens = (
        "window.heard = [];"
        "for (const name of ['status', 'paid', 'error'])"
        " addEventListener('paylink:' + name, ({ detail }) => heard.push([name, detail.status || detail.code]))"
    )
    late = []

    def hold(route: Route) -> None:
        late.append(route)

    api.page.route(f"{SHOP}/late.js", hold)
    api.statuses = [answer]
    page = api.open(
        STATUS, head=f'{TAG}<script type="module" src="late.js"></script>', path=BACK, whole=False
    )
    expect(page.get_by_role("status")).to_have_text(words)
    late.pop().fulfill(body=listens, content_type="text/javascript")
    page.wait_for_function(f"window.heard?.length === {len(heard)}")
    assert page.evaluate("heard") == heard


def test_a_script_that_hangs_keeps_the_news_for_ten_seconds_at_most(api):
    api.page.clock.install()
    api.page.add_init_script("addEventListener('paylink:paid', () => (window.heard = true))")
    late = []

    def hold(route: Route) -> None:
        late.append(route)

    api.page.route(f"{SHOP}/late.js", hold)
    page = api.open(
        STATUS, head=f'{TAG}<script type="module" src="late.js"></script>', path=BACK, whole=False
    )
    expect(page.get_by_role("status")).to_have_text("Оплачено. Спасибо!")
    assert page.evaluate("window.heard") is None
    page.clock.run_for(10_000)
    page.wait_for_function("window.heard")
    late.pop().abort()


def test_the_element_says_when_no_confirmation_came(api):
    api.page.clock.install()
    api.statuses = [standing("pending")]
    page = api.open(STATUS, path=BACK)
    for _ in range(14):
        page.clock.run_for(10_000)
        page.wait_for_timeout(50)
    expect(page.get_by_role("status")).to_have_text("Подтверждения ещё нет. Не платите снова.")  # noqa: RUF001


def test_the_element_never_says_to_pay_again_where_it_could_not_ask(api):
    api.page.clock.install()
    api.statuses = [DROPPED]
    page = api.open(STATUS, path=BACK)
    for _ in range(14):
        page.clock.run_for(10_000)
        page.wait_for_timeout(50)
    expect(page.get_by_role("status")).to_contain_text("Не платите снова")  # noqa: RUF001
    expect(page.locator("paylink-status")).to_have_attribute("status", "unknown")


@pytest.mark.parametrize("path", ["/thanks?order_id=pl_unknown", "/thanks"])
def test_the_element_says_that_there_is_no_such_order(api, path):
    api.statuses = [problem(404, "order_unknown")]
    page = api.open(STATUS, path=path)
    expect(page.get_by_role("status")).to_have_text("Такого заказа нет.")
    expect(page.locator("paylink-status")).to_have_attribute("status", "unknown")


def test_the_element_takes_an_order_and_a_language_of_its_own_and_stops_when_removed(api):
    api.statuses = [standing("pending")]
    page = api.open('<paylink-status order="pl_mine" language="en"></paylink-status>', path=BACK)
    expect(page.get_by_role("status")).to_have_text("Please wait…")
    page.wait_for_timeout(200)
    page.evaluate("document.querySelector('paylink-status').remove()")
    asked = len(api.looked)
    page.wait_for_timeout(1500)
    assert len(api.looked) == asked
    assert set(api.looked) == {"pl_mine"}


def test_paid_on_the_return_page_ends_the_key(api):
    page = api.open(path="/")
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    assert len(api.kept()) == 1
    api.open(STATUS, path=BACK)
    expect(page.get_by_role("status")).to_have_text("Оплачено. Спасибо!")
    assert api.kept() == {}
