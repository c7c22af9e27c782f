"""The hosted page without a browser: what each form does, and where the buyer ends up."""

from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from freedompay_sandbox import State

CARD = {"number": "4716 0472 6194 1981", "expiry": "12/30", "cvv": "123", "owner": "TEST BUYER"}


class Buyer:
    """A browser without scripts, at one payment's page."""

    def __init__(self, merchant, shop, payment_id):
        self.http = merchant.http
        self.sandbox = merchant.sandbox
        self.payment_id = payment_id
        self.page = f"/pay.html?customer={self.payment.customer}"

    @property
    def payment(self):
        return self.sandbox.payment(self.payment_id)

    def look(self, more="") -> TestResponse:
        return self.http.get(self.page + more)

    def press(self, action, **form) -> TestResponse:
        return self.http.post(self.page, data={"action": action, **form})

    def text(self, more=""):
        response = self.look(more)
        assert response.status_code == 200
        return response.text


@pytest.fixture
def arrive(merchant, shop):
    def at_the_page(path="/init_payment.php", **changes):
        urls = {"pg_success_url": shop.at("/thanks?a=1"), "pg_failure_url": shop.at("/sorry")}
        answer = merchant.create(path, **{**urls, **changes})
        return Buyer(merchant, shop, answer["pg_payment_id"])

    return at_the_page


def flat_query(response):
    assert response.status_code == 303, response.text
    parts = urlsplit(response.headers["Location"])
    return parts.path, {
        name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()
    }


def test_the_page_shows_the_order_and_every_test_card(arrive):
    text = arrive(pg_description="Кофе <b>& чай</b>").text()
    assert "Кофе &lt;b&gt;&amp; чай&lt;/b&gt;" in text
    assert "20.00\N{NO-BREAK SPACE}KZT" in text
    assert "Order order-1" in text
    assert "4716 0472 6194 1981" in text
    assert text.count("data-card=") == 11


def test_the_page_loads_nothing_and_is_not_kept(arrive):
    response = arrive().look()
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "<script" not in response.text
    assert "http://" not in response.text.replace("http://127.0.0.1", "")


def test_a_link_fills_the_form_in(arrive):
    text = arrive().text("&card=5335215945367703")
    assert 'value="5335 2159 4536 7703"' in text
    assert 'value="12/30"' in text
    assert 'value="123"' in text
    assert 'value=""' in arrive().text("&card=4444444444446666")


def test_paying_returns_the_buyer_with_signed_fields(arrive, shop, sandbox, signature_of):
    buyer = arrive(m_ref="A-1")
    path, fields = flat_query(buyer.press("pay", **CARD))
    assert path == "/thanks"
    assert fields["pg_sig"] == signature_of("thanks", fields)
    assert (fields["a"], fields["m_ref"], fields["pg_order_id"]) == ("1", "A-1", "order-1")
    assert fields["pg_payment_id"] == buyer.payment_id
    assert len(shop.results()) == 1
    assert buyer.payment.card_owner == "TEST BUYER"


def test_paying_returns_by_post_as_a_form_with_a_button(arrive, shop):
    response = arrive(pg_success_url_method="POST").press("pay", **CARD)
    assert response.status_code == 200
    assert f'action="{shop.at("/thanks")}"' in response.text
    assert 'name="pg_sig"' in response.text
    assert '<input type="hidden" name="a" value="1">' in response.text
    assert '<button class="main-button">Back to the shop</button>' in response.text


def test_wrong_card_fields_are_named_and_the_cvv_is_not_repeated(arrive, shop):
    buyer = arrive()
    response = buyer.press("pay", **{**CARD, "number": "1234", "cvv": "987", "owner": "<x>"})
    assert response.status_code == 422
    assert "Check the card number." in response.text
    assert "At least two words" in response.text
    assert "987" not in response.text
    assert 'value="&lt;x&gt;"' in response.text
    assert buyer.payment.state is State.NEW
    assert shop.received == []


def test_a_decline_shows_why_and_lets_the_buyer_try_again(arrive, shop):
    buyer = arrive()
    response = buyer.press("pay", **{**CARD, "number": "5335 2159 4536 7703"})
    assert response.status_code == 303
    assert response.headers["Location"] == f"?customer={buyer.payment.customer}"
    assert "Not paid: Insufficient funds" in buyer.text()
    path, fields = flat_query(buyer.look("&return=1"))
    assert (path, fields["pg_error_code"], fields["pg_error_description"]) == (
        "/sorry",
        "10009",
        "Insufficient funds",
    )
    path, fields = flat_query(buyer.press("pay", **CARD))
    assert path == "/thanks"
    assert "pg_error_code" not in fields


def test_a_final_decline_returns_the_buyer(arrive, sandbox):
    sandbox.settings.update({"retry_same_page": False})
    path, fields = flat_query(arrive().press("decline"))
    assert (path, fields["pg_error_code"]) == ("/sorry", "10010")


def test_3d_secure_asks_on_a_page_of_its_own(arrive):
    buyer = arrive()
    assert buyer.press("pay", **{**CARD, "number": "4916307416334310"}).status_code == 303
    text = buyer.text()
    assert "3D Secure" in text
    assert "4916-30XX-XXXX-4310" in text
    assert flat_query(buyer.press("confirm"))[0] == "/thanks"


def test_3d_secure_refused_is_a_decline(arrive):
    buyer = arrive()
    buyer.press("pay", **{**CARD, "number": "4916307416334310"})
    buyer.press("refuse")
    assert "3D Secure authentication failed" in buyer.text()


def test_letting_it_expire(arrive, shop):
    buyer = arrive()
    assert buyer.press("expire").status_code == 303
    assert "Time is up" in buyer.text()
    assert shop.results()[0].fields["pg_failure_code"] == "101"
    path, fields = flat_query(buyer.look("&return=1"))
    assert (path, fields["pg_error_code"]) == ("/sorry", "101")


def test_a_page_past_its_time_is_not_payable_even_before_the_clock_ran_its_event(
    arrive, sandbox, shop, monkeypatch
):
    buyer = arrive(pg_lifetime="300")
    monkeypatch.setattr(sandbox.clock, "_origin", sandbox.clock.now().replace(year=2027))
    assert "Time is up" in buyer.text()
    assert shop.results()[0].fields["pg_failure_code"] == "101"


def test_walking_away_changes_nothing(arrive, shop, sandbox):
    buyer = arrive()
    text = buyer.text("&left=1")
    assert "You walked away" in text
    assert buyer.payment.state is State.NEW
    assert shop.received == []
    path, fields = flat_query(buyer.look("&return=1"))
    assert path == "/sorry"
    assert "pg_error_code" not in fields
    assert flat_query(buyer.press("pay", **CARD))[0] == "/thanks"


def test_a_check_refusal_shows_the_shops_words_and_takes_nothing(arrive, shop, sandbox):
    sandbox.settings.update({"check_call": True})
    shop.answers["/shop/check"] = "rejected"
    shop.description = "Sold <out>"
    buyer = arrive(pg_check_url=shop.at("/shop/check"))
    assert buyer.press("pay", **CARD).status_code == 303
    assert "Sold &lt;out&gt;" in buyer.text()
    assert buyer.payment.state is State.NEW


def test_a_rejected_result_sends_the_buyer_to_the_failure_address(arrive, shop):
    shop.answers["/shop/result"] = "rejected"
    shop.description = "Too late"
    buyer = arrive()
    path, fields = flat_query(buyer.press("pay", **CARD))
    assert (path, fields["pg_error_description"]) == ("/sorry", "Too late")
    assert "Money returned" in buyer.text()


def test_an_unreachable_shop_does_not_keep_the_buyer(arrive, shop):
    shop.answers["/shop/result"] = 500
    assert flat_query(arrive().press("pay", **CARD))[0] == "/thanks"


def test_without_return_addresses_the_outcome_stays_on_the_page(arrive):
    buyer = arrive(pg_success_url=None, pg_failure_url=None)
    response = buyer.press("pay", **CARD)
    assert response.status_code == 200
    assert "The payment went through." in response.text
    assert "Back to the shop" not in response.text


def test_the_page_asks_for_patience_while_the_shop_is_asked(arrive, shop, sandbox):
    sandbox.settings.update({"check_call": True})
    buyer = arrive(pg_check_url=shop.at("/shop/check"))
    seen = []
    reply = shop.reply
    shop.reply = lambda path: (seen.append(buyer.text() if path == "/shop/check" else ""), reply(path))[1]
    buyer.press("pay", **CARD)
    assert "One moment" in seen[0]
    assert 'http-equiv="refresh"' in seen[0]


def test_pressing_twice_shows_how_it_stands(arrive, shop):
    buyer = arrive()
    buyer.press("pay", **CARD)
    for action in ("pay", "decline", "expire", "confirm", "nonsense"):
        assert buyer.press(action, **CARD).status_code == 303
    assert "The payment went through." in buyer.text()
    assert len(shop.results()) == 1


def test_a_chosen_amount_must_fit(arrive, shop):
    buyer = arrive(
        "/g2g/any_amount", pg_amount=None, pg_amount_interval_from="100", pg_amount_interval_to="500"
    )
    assert "From 100.00\N{NO-BREAK SPACE}KZT up to 500.00\N{NO-BREAK SPACE}KZT" in buyer.text()
    for amount, problem in (
        ("", "An amount like"),
        ("abc", "An amount like"),
        ("99.99", "outside"),
        ("500.01", "outside"),
    ):
        response = buyer.press("amount", amount=amount)
        assert response.status_code == 422
        assert problem in response.text
    assert buyer.press("amount", amount=" 250,50 ").status_code == 303
    assert "Pay 250.50" in buyer.text()
    assert buyer.press("amount", amount="300").status_code == 303
    flat_query(buyer.press("pay", **CARD))
    assert shop.results()[0].fields["pg_amount"] == "250.5"


def test_a_card_before_the_amount_is_not_charged(arrive, shop):
    buyer = arrive("/g2g/any_amount", pg_amount=None)
    assert buyer.press("pay", **CARD).status_code == 303
    assert buyer.payment.state is State.NEW


def test_an_unknown_page_is_404(merchant):
    for address in ("/pay.html", "/pay.html?customer=nobody"):
        response = merchant.http.get(address)
        assert response.status_code == 404
        assert "No such payment" in response.text
