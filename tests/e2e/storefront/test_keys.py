"""The idempotency key: one for each content, kept until the order is paid, then forgotten."""

import re

import pytest
from playwright.sync_api import expect

from .fake_api import (
    API,
    BUTTON,
    GATEWAY,
    HELD,
    ORDER_ID,
    SHOP,
    TAG,
    FakeApi,
    at_the_gateway,
    created,
    press,
    problem,
    replayed,
    standing,
)

pytestmark = [pytest.mark.browser]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DAY = 86_400_000


def buy(api: FakeApi, page=None) -> None:
    press(page or api.page)
    at_the_gateway(page or api.page)


def test_a_key_is_random_and_stays_through_reload_and_the_way_back(api):
    page = api.open()
    buy(api)
    page.go_back()
    buy(api)
    page.go_back()
    page.reload()
    buy(api)
    assert len(api.keys) == 3
    assert len(set(api.keys)) == 1
    assert UUID.fullmatch(api.keys[0])
    page.goto(SHOP)
    ((kept, order_id, until),) = api.kept().values()
    assert (kept, order_id, until) == (api.keys[0], ORDER_ID, 32472144000000)


def test_each_content_has_its_own(api):
    page = api.open()
    calls = [
        "{link: 'coffee'}",
        "{link: 'coffee', quantity: 2}",
        "{link: 'tea'}",
        "{link: 'gift', amount: '500'}",
        "{link: 'gift', amount: '501'}",
        "{items: [{link: 'coffee'}, {link: 'tea'}]}",
        "{offer: 'token'}",
        "{link: 'coffee', reference: 'r1'}",
        "{link: 'coffee', customer: {email: 'a@example.com'}}",
        "{link: 'coffee', customer: {email: 'b@example.com'}}",
        "{link: 'coffee', api: 'https://other.test'}",
    ]
    page.route("https://other.test/payments", api._create)
    for call in calls:
        page.evaluate(f"paylink.pay({{...{call}, navigate: false}})")
    assert len(set(api.keys)) == len(calls)
    text = page.evaluate("JSON.stringify(Object.entries(localStorage))")
    assert "example.com" not in text
    assert "coffee" not in text


@pytest.mark.parametrize(
    "spellings",
    [
        ["{link: 'coffee'}", "{quantity: 1, link: 'coffee'}", "{link: 'coffee', quantity: '1', offer: null}"],
        ["{link: 'coffee', presentation: 'redirect'}", "{link: 'coffee', presentation: ''}"],
        ["{link: 'gift', amount: '1500,50'}", "{link: 'gift', amount: ' 1 500.50 '}"],
        ["{items: [{link: 'a'}, {link: 'b', quantity: '2'}]}", "{items: [{quantity: 2, link: 'b'}, {link: 'a'}]}"],
        ["{link: 'a', metadata: {x: '1', y: '2'}}", "{metadata: {y: '2', x: '1'}, link: 'a'}"],
        ["{link: 'a', success_url: '/done'}", "{link: 'a', success_url: 'https://shop.test/done'}"],
    ],
)  # fmt: skip
def test_the_same_content_written_differently_has_the_same(api, spellings):
    page = api.open()
    for spelling in spellings:
        page.evaluate(f"paylink.pay({{...{spelling}, navigate: false}})")
    assert len(api.keys) == len(spellings)
    assert len(set(api.keys)) == 1
    assert len({request.post_data for request in api.asked}) == 1


def test_two_tabs_share_it(api):
    page = api.open()
    other = page.context.new_page()
    api.watch(other)
    other.route(f"{SHOP}/", lambda route: route.fulfill(body=TAG + BUTTON, content_type="text/html"))
    other.goto(SHOP)
    buy(api)
    buy(api, other)
    assert len(set(api.keys)) == 1


def test_a_key_that_the_server_knows_for_another_content_is_replaced_once(api):
    page = api.open()
    api.creations = [problem(422, "idempotency_key_reused"), created()]
    buy(api)
    assert len(set(api.keys)) == 2
    page.goto(SHOP)
    ((kept, *_),) = api.kept().values()
    assert kept == api.keys[1]


def test_replaced_once_and_no_more(api):
    api.open()
    api.creations = [problem(422, "idempotency_key_reused")]
    press(api.page)
    expect(api.page.get_by_role("alert")).to_have_text(re.compile("Оплата не прошла"))
    assert len(set(api.keys)) == 2
    assert api.kept() == {}


@pytest.mark.parametrize("status", ["paid", "authorized", "partially_refunded"])
def test_a_replay_that_is_paid_is_said_and_ends_the_key(api, status):
    page = api.open()
    page.evaluate("addEventListener('paylink:paid', (event) => (window.heard = event.detail))")
    api.creations = [replayed(status), created()]
    press(page)
    expect(page.get_by_role("status")).to_have_text("Уже оплачено. Чтобы купить ещё раз, нажмите снова.")
    assert page.evaluate("window.heard.order_id") == ORDER_ID
    assert api.kept() == {}
    buy(api)
    assert api.keys[0] != api.keys[1]


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_an_order_that_is_over_gives_way_to_a_new_one_in_the_same_press(api, status):
    api.open()
    api.creations = [replayed(status), created()]
    buy(api)
    assert len(set(api.keys)) == 2


def test_a_refusal_that_the_server_remembers_ends_the_key(api):
    api.open()
    api.creations = [problem(502, "gateway_refused", gateway_code=711), created()]
    press(api.page)
    expect(api.page.get_by_role("alert")).not_to_be_empty()
    buy(api)
    assert len(set(api.keys)) == 2


def test_sold_out_before_any_page_was_given_out_ends_the_key(api):
    """The server's order keeps the price and the limit of its first press; a later one is to meet today's."""
    api.open()
    api.creations = [problem(409, "sold_out"), created()]
    press(api.page)
    expect(api.page.get_by_role("alert")).to_have_text("Всё распродано.")
    assert api.kept() == {}
    buy(api)
    assert len(set(api.keys)) == 2


def test_sold_out_after_a_page_was_given_out_keeps_it(api):
    page = api.open()
    api.creations = [created(), problem(409, "sold_out"), created()]
    for _ in range(3):
        page.evaluate("paylink.pay({link: 'coffee', navigate: false}).catch(() => 0)")
    assert len(api.keys) == 3
    assert len(set(api.keys)) == 1


@pytest.mark.parametrize(("age", "same_key"), [(DAY - 60_000, True), (DAY + 1000, False)])
def test_a_key_that_never_brought_a_page_is_used_for_a_day(api, age, same_key):
    page = api.open()
    api.creations = [problem(504, "gateway_silent"), created()]
    page.evaluate("paylink.pay({link: 'coffee', navigate: false}).catch(() => 0)")
    page.evaluate(
        "(age) => { for (const name of Object.keys(localStorage)) { const kept = JSON.parse(localStorage[name]);"
        "kept[2] -= age; localStorage[name] = JSON.stringify(kept); } }",
        age,
    )
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    assert api.looked == []
    assert len(api.keys) == 2
    assert (len(set(api.keys)) == 1) is same_key


@pytest.mark.parametrize("code", ["link_off", "invalid_request", "gateway_misconfigured"])
def test_any_other_refusal_keeps_it(api, code):
    api.open()
    api.creations = [problem(400, code), created()]
    press(api.page)
    expect(api.page.get_by_role("alert")).not_to_be_empty()
    buy(api)
    assert len(api.keys) == 2
    assert len(set(api.keys)) == 1


@pytest.mark.parametrize("status", ["paid", "authorized", "refunded", "cancelled"])
def test_a_status_that_is_over_ends_the_key_of_its_order_alone(api, status):
    page = api.open()
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    api.creations = [created(order_id="pl_other")]
    page.evaluate("paylink.pay({link: 'tea', navigate: false})")
    api.statuses = [standing(status)]
    page.evaluate(f"paylink.status('{ORDER_ID}')")
    ((key, order_id, _),) = api.kept().values()
    assert (key, order_id) == (api.keys[1], "pl_other")


@pytest.mark.parametrize("status", ["creating", "pending", "failed", "expired", "refused"])
def test_any_other_status_keeps_it(api, status):
    page = api.open()
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    api.statuses = [standing(status)]
    page.evaluate(f"paylink.status('{ORDER_ID}')")
    assert [kept[0] for kept in api.kept().values()] == api.keys


@pytest.mark.parametrize(
    ("found", "same_key", "asked"),
    [
        ([standing("expired")], False, 1),
        ([standing("failed")], False, 1),
        ([problem(404, "order_unknown")], False, 1),
        ([standing("paid")], True, 0),
        ([problem(503, "store_unavailable")], True, 0),
    ],
    ids=["expired", "failed", "unknown", "paid", "no answer"],
)
def test_a_day_after_its_page_closed_a_key_is_used_no_more_unless_it_was_paid(api, found, same_key, asked):
    page = api.open()
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    page.evaluate(
        "for (const name of Object.keys(localStorage)) { const kept = JSON.parse(localStorage[name]);"
        f"localStorage[name] = JSON.stringify([kept[0], kept[1], Date.now() - {DAY} - 1000]); }}"
    )
    api.statuses = found
    page.evaluate("paylink.pay({link: 'coffee', navigate: false}).catch(() => 0)")
    assert api.looked == [ORDER_ID]
    assert len(api.keys) == 1 + asked
    assert (len(set(api.keys)) == 1) is same_key


def test_within_that_day_the_same_order_is_tried_again(api):
    page = api.open()
    api.creations = [created(expires_at="2020-01-01T00:00:00Z"), created()]
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    page.evaluate(
        "for (const name of Object.keys(localStorage)) { const kept = JSON.parse(localStorage[name]);"
        f"localStorage[name] = JSON.stringify([kept[0], kept[1], Date.now() - {DAY} + 60000]); }}"
    )
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    assert api.looked == []
    assert len(set(api.keys)) == 1


BLOCKED = "Object.defineProperty(window, '{name}', {{get() {{ throw new Error('blocked') }}}});"
FROZEN = "Object.defineProperty(window, '{name}', {{value: Object.freeze({{}})}});"
BOTH = ("localStorage", "sessionStorage")


@pytest.mark.parametrize(
    ("blocked", "kept_over_a_reload"),
    [
        (BLOCKED.format(name="localStorage"), True),
        ("".join(BLOCKED.format(name=name) for name in BOTH), False),
        ("".join(FROZEN.format(name=name) for name in BOTH), False),
    ],
    ids=["session storage instead", "memory instead", "memory where nothing can be written"],
)
def test_without_storage_the_next_best_keeps_it(api, blocked, kept_over_a_reload):
    api.page.add_init_script(blocked)
    page = api.open()
    for _ in range(2):
        page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    assert len(set(api.keys)) == 1
    page.reload()
    page.wait_for_function("window.paylink")
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    assert (len(set(api.keys)) == 1) is kept_over_a_reload


def test_a_storage_that_fills_up_later_does_not_stop_a_purchase(api):
    page = api.open()
    page.evaluate(
        "for (let size = 2 ** 22; size > 0; size >>= 1)"
        " try { for (;;) localStorage['x' + Math.random()] = 'x'.repeat(size); } catch {}"
    )
    for _ in range(2):
        page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    assert len(api.keys) == 2
    assert len(set(api.keys)) == 1


@pytest.mark.parametrize("text", ["{", "null", "[]", "5", '{"a":1}'])
def test_an_entry_that_cannot_be_read_is_replaced(api, text):
    page = api.open()
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    # For a moment the key stands in a lock's name too, from where it would be found again.
    page.evaluate(
        "async () => { while ((await navigator.locks.query()).held.length)"
        " await new Promise((goOn) => setTimeout(goOn, 50)); }"
    )
    page.evaluate(
        "(text) => { for (const name of Object.keys(localStorage)) localStorage[name] = text }", text
    )
    page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    assert len(set(api.keys)) == 2
    assert UUID.fullmatch(api.keys[1])


def test_without_random_uuid_and_locks_the_key_is_as_good(api):
    api.page.add_init_script(
        "delete Crypto.prototype.randomUUID;"
        "Object.defineProperty(Navigator.prototype, 'locks', {get: () => undefined})"
    )
    page = api.open()
    for _ in range(2):
        page.evaluate("paylink.pay({link: 'coffee', navigate: false})")
    page.evaluate("paylink.pay({link: 'tea', navigate: false})")
    first, again, other = api.keys
    assert first == again != other
    assert re.fullmatch(r"[!-~]{24,255}", first)


def test_one_content_is_asked_for_once_at_a_time(api):
    page = api.open(BUTTON + BUTTON)
    api.creations = [HELD, created()]
    page.evaluate("void paylink.pay({link: 'coffee'})")
    page.evaluate("void paylink.pay({quantity: 1, link: 'coffee'})")
    for button in page.get_by_role("button").all():
        button.click(force=True)
        button.click(force=True)
    api.until_held()
    page.wait_for_timeout(300)
    assert len(api.asked) == 1
    api.let_go(created(redirect_url=f"{GATEWAY}/pay.html"))
    at_the_gateway(page)
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("{link: 'coffee', price: '1'}", "price"),
        ("{link: 'coffee', currency: 'KZT'}", "currency"),
        ("{link: 'coffee', discount: 5}", "discount"),
    ],
)
def test_a_price_is_not_sent(api, call, name):
    page = api.open(
        '<paylink-button link="coffee" price="1" currency="KZT" discount="5">Купить</paylink-button>'
    )
    said = page.evaluate(f"paylink.pay({call}).catch((error) => error.code + ' ' + error.message)")
    assert said == f"invalid_option paylink takes no {name}"
    assert api.asked == []
    buy(api)
    assert api.bodies == [{"link": "coffee"}]


def test_what_the_attributes_say_is_sent(api):
    page = api.open(
        """<paylink-button items='[{"link":"tea","quantity":2},{"link":"coffee"}]' language="kz" reference="r-1"
        success-url="done.html" failure-url="/no" customer='{"email":"a@example.com"}' fields='{"name":"A"}'
        metadata='{"table":"5"}' lifetime="900" presentation="redirect">Купить</paylink-button>""",
    )
    press(page)
    at_the_gateway(page)
    assert api.bodies == [
        {
            "items": [{"link": "coffee"}, {"link": "tea", "quantity": 2}],
            "language": "kz",
            "reference": "r-1",
            "success_url": f"{SHOP}/done.html",
            "failure_url": f"{SHOP}/no",
            "customer": {"email": "a@example.com"},
            "fields": {"name": "A"},
            "metadata": {"table": "5"},
            "lifetime": 900,
        }
    ]
    (request,) = api.asked
    assert request.headers["content-type"] == "application/json"
    assert "cookie" not in request.headers
    assert request.url == f"{API}/payments"
