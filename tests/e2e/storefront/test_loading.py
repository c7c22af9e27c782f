"""How the script gets onto a page: as a module or a plain script, under the strictest policy, with a hash, twice."""

import re

import pytest
from playwright.sync_api import expect

from release_storefront import ASSETS, integrity_of, read_ledger, version_of

from .conftest import SIZES, listen
from .fake_api import API, BUTTON, GATEWAY, SHOP, SOURCE, TAG, FakeApi, at_the_gateway, press, standing
from .gateway_page import pay
from .stack import running_stack

pytestmark = [pytest.mark.browser]
RELEASE = read_ledger(ASSETS)[version_of(SOURCE.read_text("utf-8"))]
STRICTEST = (
    "default-src 'none'; script-src {script}; connect-src https://api.test; frame-src https://gateway.test; "
    "style-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@pytest.fixture(params=["source", "release"])
def script(request, api: FakeApi) -> bytes:
    """The script as it is in the checkout, and as it is released; the pages of the test get this one."""
    content = SOURCE.read_bytes() if request.param == "source" else (ASSETS / RELEASE.file).read_bytes()
    for place in (f"{SHOP}/paylink.js", f"{API}/assets/paylink-1.0.0.js"):
        api.page.route(
            place,
            lambda route: route.fulfill(
                body=content,
                content_type="text/javascript; charset=utf-8",
                headers={"access-control-allow-origin": SHOP},
            ),
        )
    return content


@pytest.fixture
def heard(api: FakeApi) -> list[str]:
    heard: list[str] = []
    listen(api.page.context, heard)
    return heard


TAGS = {
    "module": TAG,
    "deferred": f'<script defer src="paylink.js" data-api="{API}"></script>',
    "blocking": f'<script src="paylink.js" data-api="{API}"></script>',
    "async": f'<script async src="paylink.js" data-api="{API}/"></script>',
    "module from the stack": f'<script type="module" src="{API}/assets/paylink-1.0.0.js" crossorigin></script>',
    "plain from the stack": f'<script defer src="{API}/assets/paylink-1.0.0.js"></script>',
}


@pytest.mark.parametrize("tag", TAGS.values(), ids=TAGS.keys())
def test_a_tag_in_the_head_is_enough(api, script, heard, tag):
    page = api.open(head=tag)
    press(page)
    at_the_gateway(page)
    assert api.asked[0].url == f"{API}/payments"
    assert heard == []


def test_it_may_be_at_the_end_of_the_page_or_come_twice(api, script, heard):
    page = api.open(f'{BUTTON}<script src="paylink.js" data-api="{API}"></script>{TAG}', head="")
    press(page)
    at_the_gateway(page)
    assert heard == []


def test_elements_may_come_later_and_change(api, script, heard):
    page = api.open("<main></main>")
    page.evaluate("document.querySelector('main').innerHTML = '<paylink-button>Взять</paylink-button>'")
    page.evaluate("document.querySelector('paylink-button').setAttribute('link', 'tea')")
    page.get_by_role("button", name="Взять").click()
    at_the_gateway(page)
    assert api.bodies == [{"link": "tea"}]
    assert heard == []


def test_the_strictest_policy_is_kept_and_the_style_is_there(api, script, heard):
    hashed = f"'{integrity_of(script)}'"
    page = api.open(
        BUTTON + BUTTON.replace("link=", 'presentation="frame" link='),
        head=f'<script src="paylink.js" data-api="{API}" integrity="{integrity_of(script)}"></script>',
        **{"content-security-policy": STRICTEST.format(script=hashed)},
    )
    api.statuses = [standing("pending")]
    first, second = page.get_by_role("button").all()
    assert first.evaluate("button => getComputedStyle(button).backgroundColor") == "rgb(10, 107, 75)"
    second.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => getComputedStyle(dialog).padding") == "0px"
    expect(page.frame_locator("iframe").get_by_role("heading", name="Gateway")).to_be_visible()
    page.keyboard.press("Escape")
    first.click()
    at_the_gateway(page)
    assert heard == []


@pytest.mark.parametrize("kind", ['type="module"', "defer"])
def test_an_integrity_hash_lets_the_release_in_and_nothing_else(api, heard, kind):
    content = (ASSETS / RELEASE.file).read_bytes()
    src = f"{API}/assets/{RELEASE.file}"
    served = [content]
    api.page.route(
        src,
        lambda route: route.fulfill(
            body=served[-1],
            content_type="text/javascript; charset=utf-8",
            headers={"access-control-allow-origin": SHOP},
        ),
    )
    tag = f'<script {kind} src="{src}" integrity="{RELEASE.integrity}" crossorigin></script>'
    page = api.open(head=tag)
    press(page)
    at_the_gateway(page)
    assert heard == []
    served.append(content + b" ")
    page.goto(SHOP)
    expect(page.locator("paylink-button")).to_have_text("Купить")
    assert page.evaluate("typeof window.paylink") == "undefined"
    assert any("integrity" in text for text in heard)


def test_a_link_inside_is_the_way_without_scripts_and_the_label_with_them(api, script):
    page = api.open(
        f'<paylink-button link="coffee"><a href="{API}/pay/coffee">Купить <b>кофе</b></a></paylink-button>'
    )
    button = page.get_by_role("button", name="Купить кофе", exact=True)
    expect(button).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)
    button.click()
    at_the_gateway(page)


def test_the_button_is_focused_and_pressed_through_its_element(api, script):
    page = api.open(f"<label>Оплата {BUTTON}</label>")
    page.evaluate("document.querySelector('paylink-button').focus()")
    expect(page.get_by_role("button")).to_be_focused()
    page.evaluate("document.querySelector('paylink-button').click()")
    at_the_gateway(page)
    assert len(api.asked) == 1


def test_the_shop_styles_it_from_outside(api, script):
    page = api.open(
        "<style>paylink-button { --paylink-color: rgb(1, 2, 3) } paylink-button::part(button) { padding: 7px }"
        "[hidden] { color: red }</style>" + BUTTON + BUTTON.replace("link=", "hidden link=")
    )
    button = page.get_by_role("button")
    expect(button).to_have_count(1)
    expect(button).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(button).to_have_css("padding", "7px")


def test_without_constructed_style_sheets_the_browser_s_own_button_works(api, script, heard):
    api.page.add_init_script("delete window.CSSStyleSheet")
    page = api.open()
    press(page)
    at_the_gateway(page)
    assert heard == []


def test_the_version_is_the_released_one(api, script):
    assert f"paylink-{api.open().evaluate('paylink.version')}.js" == RELEASE.file


def test_one_tag_on_an_empty_page_sells_something(browser, tmp_path, complaints):
    shop = tmp_path / "shop"
    shop.mkdir()
    src = f"https://pay.example.com/assets/{RELEASE.file}"
    (shop / "index.html").write_text(
        f'<script type="module" src="{src}" integrity="{RELEASE.integrity}" crossorigin></script>\n'
        '<paylink-button link="coffee">Buy</paylink-button>\n'
    )
    (shop / "_headers").write_text(
        "/*\n  Content-Security-Policy: default-src 'none'; script-src https://pay.example.com; "
        "connect-src https://pay.example.com\n"
    )
    with running_stack(tmp_path, shop) as stack:
        context = browser.new_context(viewport=SIZES["phone"])
        listen(context, complaints)
        page = context.new_page()
        page.goto(stack.shop)
        page.get_by_role("button", name="Buy").click()
        pay(page)
        # The folder has no page of its own for after payment: its first page is it.
        expect(page).to_have_url(re.compile(rf"^{re.escape(stack.shop)}/\?order_id=pl_"))
        (payment,) = stack.payments()
        assert stack.order(payment["order_id"])["status"] == "paid"
        context.close()
    # No icon is named, so the browser asks for one where the policy allows none.
    assert [text for text in complaints if "favicon" not in text] == []
    complaints.clear()


@pytest.mark.parametrize("name", ["", "thanks.html"])
def test_the_example_states_its_policy_in_the_page_and_in_a_header(browser, stack, complaints, name):
    context = browser.new_context()
    listen(context, complaints)
    page = context.new_page()
    answer = page.goto(f"{stack.shop}/{name}?order_id=pl_x")
    page.wait_for_function("window.paylink")
    stated = page.locator("meta[http-equiv]").get_attribute("content")
    for policy in (answer.headers["content-security-policy"], stated):
        assert f"connect-src {stack.api};" in policy
        assert "unsafe" not in policy
        assert GATEWAY not in policy
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    page.evaluate(
        "void document.body.append(Object.assign(document.createElement('script'), {text: 'window.x = 1'}))"
    )
    assert page.evaluate("window.x") is None
    context.close()
    assert [text for text in complaints if "policy script-src" in text or "Content Security Policy" in text]
    complaints.clear()
