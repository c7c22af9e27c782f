"""Creating a payment: every address and encoding, who is let in, and what comes back."""

import re
from base64 import b64decode
from urllib.parse import parse_qs, urlsplit

import pytest

from freedompay_sandbox.signing import signed
from freedompay_sandbox.writing import form_fields, write_xml

ADDRESSES = [
    "/init_payment.php",
    "/init_payment",
    "/g2g/payment_page",
    "/g2g/payment_page/",
    "/g2g/any_amount",
]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def key(sandbox):
    return sandbox.settings.secret_key


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_address_creates(merchant, sandbox, path):
    answer = merchant.create(path)
    (payment,) = sandbox.payments()
    assert answer["pg_payment_id"] == payment.payment_id
    assert answer["pg_redirect_url"] == f"http://localhost/pay.html?customer={payment.customer}"
    assert answer["pg_redirect_url_type"] == "need data"
    assert re.fullmatch(r"[1-9][0-9]{9}", answer["pg_payment_id"])
    assert re.fullmatch(r"[A-Za-z0-9]{16}", answer["pg_salt"])
    assert ("pg_redirect_qr" in answer) == (path == "/g2g/any_amount")


@pytest.mark.parametrize("encoding", ["urlencoded", "multipart", "GET", "pg_xml"])
def test_every_encoding_creates(merchant, sandbox, key, encoding):
    receipt = [("0", [("count", "2"), ("name", "Кофе"), ("price", "10.00"), ("tax_type", "0")])]
    message = signed(
        "init_payment.php",
        [*merchant.order(client_name="Айгуль").items(), ("pg_receipt_positions", receipt)],
        key,
    )
    form = dict(form_fields(message))
    if encoding == "GET":
        response = merchant.http.get("/init_payment.php", query_string=form)
    elif encoding == "multipart":
        response = merchant.http.post("/init_payment.php", data=form, content_type="multipart/form-data")
    elif encoding == "pg_xml":
        from_xml = [(name, value) for name, value in message if name not in {"pg_salt", "pg_sig"}]
        in_xml = [
            (name, value[0][1] if name == "pg_receipt_positions" else value) for name, value in from_xml
        ]
        document = write_xml(signed("init_payment.php", in_xml, key), "request").decode()
        response = merchant.http.post("/init_payment.php", data={"pg_xml": document})
    else:
        response = merchant.http.post("/init_payment.php", data=form)
    assert response.status_code == 200
    assert b"<pg_status>ok</pg_status>" in response.data
    assert sandbox.payments()[0].extras == (("client_name", "Айгуль"),)


def test_the_slashed_address_also_takes_the_empty_script(merchant, sandbox, key):
    message = dict(signed("", merchant.order().items(), key))
    response = merchant.http.post("/g2g/payment_page/", data=message)
    assert b"<pg_status>ok</pg_status>" in response.data
    assert len(sandbox.payments()) == 1


def test_a_qr_code_comes_when_asked(merchant):
    prefix, _, data = merchant.create(pg_generate_qr="1")["pg_redirect_qr"].partition(",")
    assert prefix == "data:image/png;base64"
    assert b64decode(data).startswith(PNG)
    assert "pg_redirect_qr" not in merchant.create(pg_generate_qr="0")


def test_the_public_address_is_used_for_the_page(merchant, sandbox):
    sandbox.settings.update({"public_url": "https://pay.example/box/"})
    assert merchant.create()["pg_redirect_url"].startswith("https://pay.example/box/pay.html?customer=")


def test_a_wrong_signature_is_refused_unsigned_with_401(merchant, sandbox):
    response = merchant.send("/init_payment.php", merchant.order(), key="another key")
    assert response.status_code == 401
    assert b"<pg_error_code>1100</pg_error_code>" in response.data
    assert b"pg_sig" not in response.data
    assert sandbox.payments() == []


def test_a_field_changed_after_signing_is_refused(merchant, sandbox, key):
    message = dict(signed("init_payment.php", merchant.order().items(), key))
    response = merchant.http.post("/init_payment.php", data={**message, "pg_amount": "1.00"})
    assert response.status_code == 401
    response = merchant.http.post("/init_payment.php", data={**message, "added": ""})
    assert response.status_code == 401
    assert sandbox.payments() == []


def test_another_scripts_signature_is_refused(merchant, key):
    message = dict(signed("init_payment", merchant.order().items(), key))
    assert merchant.http.post("/init_payment.php", data=message).status_code == 401


@pytest.mark.parametrize(("path", "code"), [("/init_payment.php", "101"), ("/g2g/payment_page", "9998")])
def test_another_merchant_is_refused_unsigned(merchant, sandbox, path, code):
    answer = merchant.create(path, pg_merchant_id="500002")
    assert answer["pg_status"] == "error"
    assert answer["pg_error_code"] == code
    assert "pg_sig" not in answer
    assert sandbox.payments() == []


def test_a_broken_limit_is_a_signed_error_naming_the_parameter(merchant, sandbox):
    answer = merchant.create(pg_order_id="x" * 51)
    assert (answer["pg_status"], answer["pg_error_code"]) == ("error", "200")
    assert "pg_order_id" in answer["pg_error_description"]
    assert answer["pg_datetime"] == "2026-03-02T09:30:00+00:00"
    assert "pg_sig" in answer
    assert sandbox.payments() == []


@pytest.mark.parametrize(
    "sent",
    [
        {"data": b"{}", "content_type": "application/json"},
        {"data": b"a=1&a=2", "content_type": "application/x-www-form-urlencoded"},
        {"data": {"pg_xml": "<request>"}},
    ],
)
def test_an_unreadable_message_is_an_unsigned_error(merchant, sandbox, sent):
    response = merchant.http.post("/init_payment.php", **sent)
    assert response.status_code == 200
    assert b"<pg_error_code>200</pg_error_code>" in response.data
    assert b"pg_sig" not in response.data
    assert sandbox.requests[-1].signature_valid is None


def test_a_repeated_order_id_makes_a_new_payment(merchant, sandbox):
    first, second = merchant.created(), merchant.created()
    assert first != second
    assert [payment.payment_id for payment in sandbox.payments("order-1")] == [first, second]
    assert sandbox.payments("order-2") == []


def test_the_lifetime_is_as_asked_or_a_day(merchant, sandbox):
    merchant.create(pg_lifetime="300")
    merchant.create()
    lifetimes = [(payment.expires_at - payment.created_at).total_seconds() for payment in sandbox.payments()]
    assert lifetimes == [300, 86_400]


@pytest.mark.parametrize(
    ("default", "sent", "held"),
    [(False, None, False), (True, None, True), (True, "1", False), (False, "0", True)],
)
def test_two_steps_are_asked_for_or_the_shops_default(merchant, sandbox, default, sent, held):
    sandbox.settings.update({"two_step": default})
    payment_id = merchant.created(pg_auto_clearing=sent)
    assert sandbox.payment(payment_id).two_step is held


def test_the_browser_variant_redirects_to_the_page(merchant, sandbox, key):
    message = dict(signed("payment.php", merchant.order().items(), key))
    for response in (
        merchant.http.get("/payment.php", query_string=message),
        merchant.http.post("/payment.php", data=message),
    ):
        assert response.status_code == 303
        address = urlsplit(response.headers["Location"])
        assert address.path == "/pay.html"
        customer = parse_qs(address.query)["customer"][0]
        assert sandbox.payment_of_page(customer).order_id == "order-1"


def test_the_browser_variant_shows_an_error_as_a_page(merchant, sandbox, key):
    message = dict(signed("payment.php", merchant.order(pg_amount="0").items(), key))
    response = merchant.http.get("/payment.php", query_string=message)
    assert response.status_code == 400
    assert response.mimetype == "text/html"
    assert b"200: pg_amount" in response.data
    assert sandbox.payments() == []


def test_unknown_addresses_and_methods_are_errors(merchant):
    assert merchant.http.post("/init_payment.html").status_code == 404
    assert merchant.http.put("/init_payment.php").status_code == 405
    assert b"<pg_status>error</pg_status>" in merchant.http.get("/g2g/nothing").data


def test_a_huge_body_is_refused(merchant, sandbox):
    response = merchant.http.post("/init_payment.php", data={"a": "x" * 1_000_001})
    assert response.status_code == 413
    assert sandbox.payments() == []


def test_requests_are_recorded(merchant, sandbox):
    payment_id = merchant.created(m_reference="A-1")
    merchant.send("/init_payment.php", merchant.order(), key="another key")
    good, bad = sandbox.requests
    assert good.signature_valid is True
    assert dict(good.fields)["m_reference"] == "A-1"
    assert good.payment_id == payment_id
    assert (good.operation, good.path, good.http_status) == ("create", "/init_payment.php", 200)
    assert (bad.signature_valid, bad.http_status, bad.payment_id) == (False, 401, None)


def test_healthcheck(merchant):
    assert merchant.http.get("/status/healthcheck").json["status"] == "ok"
