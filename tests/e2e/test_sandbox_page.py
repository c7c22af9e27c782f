"""The stand-in gateway's payment page in a real browser, on a phone and on a desktop."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from freedompay_sandbox import Sandbox, State, running
from freedompay_sandbox.reading import read_form
from freedompay_sandbox.signing import signed, verify
from freedompay_sandbox.writing import write_xml

pytestmark = [pytest.mark.browser]

KEY = "a key made up for tests"
ARTIFACTS = Path(__file__).parents[2] / "test-artifacts" / "sandbox"
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}
PAYS, DECLINED, ASKS_3DS = "4716047261941981", "5335215945367703", "4916307416334310"


class Shop:
    """A shop on loopback: takes results, and notes how buyers come back."""

    def __init__(self):
        self.results = []
        self.returned = []
        self.url = ""

    def order(self, **changes):
        fields = {
            "pg_merchant_id": "500001",
            "pg_order_id": "pl_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "pg_amount": "1500.00",
            "pg_currency": "KZT",
            "pg_description": "Кофе в зёрнах, 1 кг",
            "pg_testing_mode": "1",
            "pg_result_url": f"{self.url}/result",
            "pg_success_url": f"{self.url}/success",
            "pg_failure_url": f"{self.url}/failure",
            **changes,
        }
        return [(name, value) for name, value in fields.items() if value]


def shop_handler(shop):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path != "/favicon.ico":
                self.came_back("GET", urlsplit(self.path).query)
            self.show()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path == "/result":
                shop.results.append(fields_of(body))
                reply = write_xml(signed("result", [("pg_status", "ok")], KEY), "response")
                self.send(reply, "application/xml")
            else:
                self.came_back("POST", body)
                self.show()

        def came_back(self, method, text):
            path = urlsplit(self.path).path
            message = read_form(fields_of(text).items())
            shop.returned.append((method, path, verify(path.strip("/"), message, KEY), fields_of(text)))

        def show(self):
            self.send(b"<!doctype html><title>Shop</title><h1>The shop</h1>", "text/html")

        def send(self, body, content_type):
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Handler


def fields_of(text):
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}


@pytest.fixture
def shop():
    shop = Shop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), shop_handler(shop))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    shop.url = f"http://127.0.0.1:{server.server_port}"
    yield shop
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def sandbox():
    return Sandbox(merchant_id="500001", secret_key=KEY, callback_timeout=5)


@pytest.fixture
def base_url(sandbox):
    with running(sandbox) as url:
        yield url


@pytest.fixture(params=[*SIZES])
def size(request):
    return request.param


@pytest.fixture
def open_page(browser, sandbox, shop, base_url, size):
    """Open the page of a new payment; its console, its requests and its errors are watched to the end."""
    contexts, complaints = [], []

    def open_page(*, scheme="light", scripts=True, any_amount=False, **changes):
        payment = sandbox.create(
            signed("any_amount" if any_amount else "init_payment.php", shop.order(**changes), KEY),
            any_amount=any_amount,
        )
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: note_foreign(request.url))
        page.goto(f"{base_url}/pay.html?customer={payment.customer}")
        return page, payment.payment_id

    def note_foreign(url):
        if not url.startswith((base_url, shop.url)):
            complaints.append(f"the page asked for {url}")

    yield open_page
    for context in contexts:
        context.close()
    # A form answered with 422 is noted by the browser as a failed load; that answer is meant.
    assert [text for text in complaints if "422" not in text and "favicon" not in text] == []


@pytest.fixture
def look(size):
    """Keep a screenshot and hold the page against the width of the screen."""
    ARTIFACTS.mkdir(parents=True, exist_ok=True)

    def look(page, name):
        page.screenshot(path=ARTIFACTS / f"{name}-{size}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]

    return look


def test_pay(open_page, look, sandbox, shop):
    page, payment_id = open_page()
    expect(page.get_by_role("heading", level=1)).to_have_text("Кофе в зёрнах, 1 кг")
    expect(page.get_by_test_id("amount")).to_have_text("1 500.00 KZT")
    look(page, "new")
    page.locator(f'[data-card="{PAYS}"]').click()
    expect(page.get_by_label("Card number")).to_have_value("4716 0472 6194 1981")
    look(page, "filled")
    page.get_by_role("button", name="Pay 1 500.00 KZT").click()
    expect(page.get_by_role("heading")).to_have_text("The shop")
    assert sandbox.payment(payment_id).state is State.PAID
    ((method, path, verifies, fields),) = shop.returned
    assert (method, path, verifies, fields["pg_payment_id"]) == ("GET", "/success", True, payment_id)
    (result,) = shop.results
    assert (result["pg_result"], result["pg_amount"], result["pg_testing_mode"]) == ("1", "1500", "1")


def test_typed_by_hand_with_mistakes_first(open_page, look, sandbox):
    page, payment_id = open_page()
    page.get_by_label("Card number").fill("4716 0472 6194 1982")
    page.get_by_label("Valid until").fill("1230")
    page.get_by_label("Name on the card").fill("BUYER")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_text("Check the card number.")).to_be_visible()
    look(page, "mistakes")
    assert sandbox.payment(payment_id).state is State.NEW
    page.get_by_label("Card number").fill("4716 0472 6194 1981")
    page.get_by_label("Valid until").fill("12/30")
    page.get_by_label("CVV").fill("123")
    page.get_by_label("Name on the card").fill("TEST BUYER")
    page.get_by_label("Name on the card").press("Enter")
    expect(page.get_by_role("heading")).to_have_text("The shop")
    assert sandbox.payment(payment_id).state is State.PAID


def test_decline_then_pay_with_another_card(open_page, look, sandbox, shop):
    page, payment_id = open_page()
    page.locator(f'[data-card="{DECLINED}"]').click()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("alert")).to_contain_text("Insufficient funds")
    look(page, "declined")
    assert sandbox.payment(payment_id).state is State.DECLINED
    assert shop.returned == []
    page.locator(f'[data-card="{ASKS_3DS}"]').click()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_text("4916-30XX-XXXX-4310")).to_be_visible()
    look(page, "3d-secure")
    page.get_by_role("button", name="Yes, pay").click()
    expect(page.get_by_role("heading")).to_have_text("The shop")
    assert [result["pg_result"] for result in shop.results] == ["0", "1"]
    assert shop.returned[0][1:3] == ("/success", True)


def test_decline_by_button_and_return(open_page, sandbox, shop):
    page, payment_id = open_page()
    page.get_by_role("button", name="Decline").click()
    page.get_by_role("link", name="Return to the shop").click()
    expect(page.get_by_role("heading")).to_have_text("The shop")
    ((_, path, verifies, fields),) = shop.returned
    assert (path, verifies, fields["pg_error_code"]) == ("/failure", True, "10010")
    assert sandbox.payment(payment_id).state is State.DECLINED


def test_let_it_expire(open_page, look, sandbox, shop):
    page, payment_id = open_page()
    page.get_by_role("button", name="Let it expire").click()
    expect(page.get_by_test_id("outcome")).to_have_text("Time is up")
    look(page, "expired")
    assert sandbox.payment(payment_id).state is State.EXPIRED
    assert [result["pg_failure_code"] for result in shop.results] == ["101"]
    page.get_by_role("link", name="Back to the shop").click()
    expect(page.get_by_role("heading")).to_have_text("The shop")
    assert shop.returned[0][1:3] == ("/failure", True)


def test_walk_away_and_come_back(open_page, look, sandbox, shop):
    page, payment_id = open_page()
    page.get_by_role("link", name="Walk away").click()
    expect(page.get_by_test_id("outcome")).to_have_text("You walked away")
    look(page, "left")
    assert sandbox.payment(payment_id).state is State.NEW
    assert (shop.results, shop.returned) == ([], [])
    page.get_by_role("link", name="Come back to the payment").click()
    expect(page.get_by_label("Card number")).to_be_visible()


def test_any_amount(open_page, look, shop):
    page, _ = open_page(
        any_amount=True, pg_amount="", pg_amount_interval_from="100", pg_amount_interval_to="5000"
    )
    page.get_by_label("Amount, KZT").fill("50")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("The amount is outside what the shop accepts.")).to_be_visible()
    look(page, "amount")
    page.get_by_label("Amount, KZT").fill("250,50")
    page.get_by_role("button", name="Continue").click()
    page.locator(f'[data-card="{PAYS}"]').click()
    page.get_by_role("button", name="Pay 250.50 KZT").click()
    expect(page.get_by_role("heading")).to_have_text("The shop")
    assert shop.results[0]["pg_amount"] == "250.5"


@pytest.mark.parametrize("scripts", [True, False])
def test_return_by_post_with_and_without_scripts(open_page, look, shop, scripts):
    page, _ = open_page(scripts=scripts, pg_success_url_method="POST")
    page.locator(f'[data-card="{PAYS}"]').click()
    page.get_by_role("button", name="Pay").click()
    if not scripts:
        page.screenshot(path=ARTIFACTS / "return.png", full_page=True)
        page.get_by_role("button", name="Back to the shop").click()
    expect(page.get_by_role("heading")).to_have_text("The shop")
    ((method, path, verifies, _),) = shop.returned
    assert (method, path, verifies) == ("POST", "/success", True)


def test_dark(open_page, look):
    page, _ = open_page(scheme="dark")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "dark")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(",")) < 64


def test_a_long_description_and_order_id_fit(open_page, look):
    page, _ = open_page(pg_description="Подарочный набор " * 12 + "x" * 120, pg_order_id="o" * 50)
    look(page, "long")


def test_everything_is_reached_by_keyboard(open_page):
    page, _ = open_page()
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    order = [
        "number",
        "expiry",
        "cvv",
        "owner",
        "Pay 1\u00a0500.00\u00a0KZT",
        "Decline",
        "Let it expire",
        "Walk away",
    ]
    positions = [names.index(name) for name in order]
    assert positions == sorted(positions)
