"""The client's calls: what is sent, and what each answer becomes."""

import logging
import socket
import threading
from urllib.parse import parse_qsl, urlsplit

import pytest

from paylink.freedompay.client import Credentials, FreedomPayClient, PaymentState
from paylink.freedompay.errors import (
    ERRORS,
    AmbiguousMessage,
    ForgedAnswer,
    GatewayError,
    NoAnswer,
    UnreadableAnswer,
)
from paylink.freedompay.forms import nested
from paylink.freedompay.messages import write_xml
from paylink.freedompay.signature import verify

KEY = "a-made-up-secret-key"
MERCHANT = Credentials("123456", KEY)
FIELDS = [
    ("pg_order_id", "pl_1"),
    ("pg_amount", "1500.00"),
    ("pg_description", "Кофе & пирог"),
    ("m_note", "third floor"),
]
CREATED = (
    ("pg_status", "ok"),
    ("pg_payment_id", "1432343252"),
    ("pg_redirect_url", "https://customer.freedompay.kz/pay.html?customer=0a1b"),
    ("pg_redirect_url_type", "need data"),
)
STATUS = (
    ("pg_status", "ok"),
    ("pg_payment_id", "1432343252"),
    ("pg_order_id", "pl_1"),
    ("pg_payment_status", "success"),
    ("pg_captured", "1"),
    ("pg_amount", "1500"),
)


@pytest.fixture
def client(gateway):
    client = FreedomPayClient(gateway.url)
    yield client
    client.close()


def _http(document: bytes, status: str = "200 OK", extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(document)}\r\n{extra}\r\n"
    return head.encode() + document


class TestCreate:
    def test_a_signed_form_is_sent_and_the_answer_read(self, gateway, client):
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        created = client.create(MERCHANT, iter(FIELDS))
        assert created.payment_id == "1432343252"
        assert created.redirect_url == "https://customer.freedompay.kz/pay.html?customer=0a1b"
        (request,) = gateway.received
        assert request.line == "POST /init_payment.php HTTP/1.1"
        assert request.headers.keys() == {
            *("host", "user-agent", "accept", "accept-encoding", "content-type", "content-length")
        }
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        assert request.headers["accept-encoding"] == "identity"
        sent = request.fields
        assert [name for name, _ in sent] == [
            *("pg_merchant_id", "pg_order_id", "pg_amount", "pg_description", "m_note", "pg_salt", "pg_sig")
        ]
        assert dict(sent).items() >= dict([*FIELDS, ("pg_merchant_id", "123456")]).items()
        assert verify("init_payment.php", sent, [KEY])

    @pytest.mark.parametrize(
        ("path", "script"),
        [("/init_payment", "init_payment"), ("/g2g/payment_page", "payment_page")],
    )
    def test_the_script_name_follows_the_path(self, gateway, path, script):
        client = FreedomPayClient(f"{gateway.url}/", create_path=path)
        gateway.answers(gateway.says(script, *CREATED))
        assert client.create(MERCHANT, FIELDS).payment_id == "1432343252"
        assert gateway.received[0].path == path
        assert verify(script, gateway.received[0].fields, [KEY])
        client.close()

    def test_a_path_with_a_slash_at_its_end_has_its_script_name_told(self, gateway):
        with pytest.raises(ValueError, match="script name"):
            FreedomPayClient(gateway.url, create_path="/g2g/payment_page/")
        client = FreedomPayClient(gateway.url, create_path="/g2g/payment_page/", create_script="payment_page")
        gateway.answers(gateway.says("payment_page", *CREATED))
        assert client.create(MERCHANT, FIELDS).payment_id == "1432343252"
        client.close()

    def test_receipt_positions_are_sent_in_numbered_brackets(self, gateway, client):
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        positions = [
            ("pg_receipt_positions", (("count", "1"), ("name", f"item {number}"), ("price", "10")))
            for number in range(10)
        ]
        client.create(MERCHANT, [*FIELDS, *positions])
        sent = gateway.received[0].fields
        assert ("pg_receipt_positions[9][name]", "item 9") in sent
        assert verify("init_payment.php", nested(sent), [KEY])

    def test_any_amount(self, gateway, client):
        gateway.answers(gateway.says("any_amount", *CREATED, ("pg_redirect_qr", "aGk=")))
        created = client.any_amount(MERCHANT, [("pg_order_id", "1"), ("pg_amount_interval_from", "100")])
        assert created.qr == "data:image/png;base64,aGk="
        assert gateway.received[0].path == "/g2g/any_amount"

    @pytest.mark.parametrize("field", [("pg_order_id", "a;b"), ("pg_user_id", ""), ("pg_merchant_id", "9")])
    def test_nothing_ambiguous_is_sent(self, gateway, client, field):
        with pytest.raises(AmbiguousMessage):
            client.create(MERCHANT, [field])
        with pytest.raises(AmbiguousMessage):
            client.browser_address(MERCHANT, [field])
        assert gateway.connections == 0

    def test_newer_names_may_be_answered_for(self, gateway):
        client = FreedomPayClient(gateway.url, also_known={"pg_brand_new"})
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        assert client.create(MERCHANT, [*FIELDS, ("pg_brand_new", "1")]).payment_id
        client.close()

    def test_an_answer_signed_with_a_former_key(self, gateway, client):
        gateway.answers(gateway.says("init_payment.php", *CREATED, key="the-former-key"))
        merchant = Credentials("123456", KEY, ("the-former-key",))
        assert client.create(merchant, FIELDS).payment_id == "1432343252"
        assert verify("init_payment.php", gateway.received[0].fields, [KEY])

    def test_an_unsigned_error_with_another_http_status(self, gateway, client):
        document = write_xml([("pg_status", "error"), ("pg_error_code", "1100")])
        gateway.answers(_http(document, "401 Unauthorized"))
        with pytest.raises(ERRORS[1100]) as caught:
            client.create(MERCHANT, FIELDS)
        assert caught.value.http_status == 401
        assert len(gateway.received) == 1

    @pytest.mark.parametrize(
        ("script", "key"), [("init_payment.php", "another"), ("payment.php", KEY), ("", KEY)]
    )
    def test_an_answer_whose_signature_does_not_fit(self, gateway, client, script, key):
        gateway.answers(gateway.says(script, *CREATED, key=key))
        with pytest.raises(ForgedAnswer):
            client.create(MERCHANT, FIELDS)

    @pytest.mark.parametrize(
        ("answer", "status"),
        [
            pytest.param(_http(b"<html><body>Bad gateway</body></html>", "502 Bad Gateway"), 502, id="HTML"),
            pytest.param(_http(b"", "500 Internal Server Error"), 500, id="empty"),
            pytest.param(_http(b"garbage"), 200, id="garbage"),
            pytest.param(_http(b"\x1f\x8b\x08", extra="Content-Encoding: gzip\r\n"), 200, id="compressed"),
            pytest.param(_http(b"", "204 No Content"), 204, id="no content"),
            pytest.param(
                _http(b"moved", "302 Found", "Location: http://127.0.0.1:1/other\r\n"), 302, id="redirect"
            ),
            pytest.param(
                _http(b"", "307 Temporary Redirect", "Location: http://[\r\n"), 307, id="bad redirect"
            ),
        ],
    )
    def test_what_is_no_answer_of_the_protocol(self, gateway, client, answer, status):
        gateway.answers(answer)
        with pytest.raises(UnreadableAnswer) as caught:
            client.create(MERCHANT, FIELDS)
        assert caught.value.http_status == status
        assert len(gateway.received) == 1

    def test_the_page_may_be_plain_http_where_the_gateway_is(self, gateway, client):
        page = f"{gateway.url}/pay/1"
        changed = [(name, page if name == "pg_redirect_url" else value) for name, value in CREATED]
        gateway.answers(gateway.says("init_payment.php", *changed))
        assert client.create(MERCHANT, FIELDS).redirect_url == page


class TestBrowserAddress:
    def test_the_address_holds_the_signed_message(self, gateway, client):
        address = urlsplit(client.browser_address(MERCHANT, FIELDS))
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{gateway.url}/payment.php"
        message = parse_qsl(address.query, strict_parsing=True)
        assert dict(message)["pg_description"] == "Кофе & пирог"
        assert verify("payment.php", message, [KEY])
        assert gateway.connections == 0


class TestStatus:
    def test_by_order(self, gateway, client):
        gateway.answers(gateway.says("get_status3.php", *STATUS))
        status = client.status(MERCHANT, order_id="pl_1")
        assert status.state is PaymentState.PAID
        (request,) = gateway.received
        assert request.path == "/get_status3.php"
        assert [name for name, _ in request.fields] == ["pg_merchant_id", "pg_order_id", "pg_salt", "pg_sig"]

    def test_by_payment_and_order_under_g2g(self, gateway):
        client = FreedomPayClient(gateway.url, create_path="/g2g/payment_page")
        gateway.answers(gateway.says("status_v2", *STATUS))
        assert client.status(MERCHANT, order_id="pl_1", payment_id="1432343252").payment_id == "1432343252"
        assert gateway.received[0].path == "/g2g/status_v2"
        client.close()

    def test_the_path_may_be_chosen(self, gateway):
        client = FreedomPayClient(gateway.url, status_path="/get_status.php")
        gateway.answers(gateway.says("get_status.php", *STATUS))
        assert client.status(MERCHANT, payment_id="1432343252").order_id == "pl_1"
        client.close()

    @pytest.mark.parametrize("asked", [{"order_id": "pl_2"}, {"payment_id": "9"}])
    def test_a_status_of_another_payment_counts_for_nothing(self, gateway, client, asked):
        gateway.answers(gateway.says("get_status3.php", *STATUS))
        with pytest.raises(ForgedAnswer):
            client.status(MERCHANT, **asked)

    def test_a_payment_that_is_not_there(self, gateway, client):
        document = write_xml([("pg_status", "error"), ("pg_error_code", "11068")])
        gateway.answers(_http(document))
        with pytest.raises(ERRORS[11068]):
            client.status(MERCHANT, order_id="pl_1")

    def test_without_an_id_nothing_is_asked(self, gateway, client):
        with pytest.raises(ValueError, match="order id or a payment id"):
            client.status(MERCHANT)
        with pytest.raises(ValueError, match="order id or a payment id"):
            client.status(MERCHANT, order_id="", payment_id=None)
        assert gateway.connections == 0


class TestSession:
    def test_the_environment_has_no_say(self, gateway, client, monkeypatch, tmp_path, closed_port):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login someone password something\n", encoding="utf-8")
        monkeypatch.setenv("NETRC", str(netrc))
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        assert client.create(MERCHANT, FIELDS).payment_id == "1432343252"
        assert "authorization" not in gateway.received[0].headers

    def test_no_cookie_is_kept(self, gateway, client):
        answer = gateway.says("init_payment.php", *CREATED)
        gateway.answers(answer.replace(b"Content-Type", b"Set-Cookie: id=1; Path=/\r\nContent-Type"), answer)
        client.create(MERCHANT, FIELDS)
        client.create(MERCHANT, FIELDS)
        assert [request.headers.get("cookie") for request in gateway.received] == [None, None]

    def test_a_client_is_shared_by_threads(self, gateway, client):
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        created = []
        threads = [
            threading.Thread(target=lambda: created.append(client.create(MERCHANT, FIELDS))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert len(created) == 8

    @pytest.mark.parametrize(
        "url",
        [
            *("http://api.freedompay.kz", "http://10.0.0.1", "ftp://127.0.0.1", "api.freedompay.kz", ""),
            *("https://", "https://user:pass@api.freedompay.kz", "https://a/?x=1", "https://a/#x"),
        ],
    )
    def test_addresses_that_cannot_be_a_gateway(self, url):
        with pytest.raises(ValueError, match="gateway"):
            FreedomPayClient(url)

    @pytest.mark.parametrize("path", ["init_payment.php", "/a?b", "/a#b", "/a b", "/я", "/a/"])
    def test_paths_that_cannot_be_called(self, path):
        with pytest.raises(ValueError, match="path"):
            FreedomPayClient("https://api.freedompay.kz", create_path=path)


class TestSecrets:
    def test_credentials_show_no_key(self):
        merchant = Credentials("123456", KEY, ("former-key",))
        assert "123456" in repr(merchant)
        for secret in (KEY, "former-key"):
            assert secret not in repr(merchant)
            assert secret not in str(merchant)

    def test_a_former_key_that_is_no_tuple_is_refused(self):
        with pytest.raises(TypeError) as caught:
            Credentials("123456", KEY, "former-key")
        assert "former-key" not in str(caught.value)

    def test_no_log_line_and_no_error_holds_a_key_a_signature_or_a_buyer(self, gateway, client, caplog):
        caplog.set_level(logging.DEBUG)
        error = write_xml([("pg_status", "error"), ("pg_error_code", "200")])
        gateway.answers(
            gateway.says("init_payment.php", *CREATED),
            gateway.says("init_payment.php", *CREATED, key="another"),
            _http(error),
            lambda connection: connection.shutdown(socket.SHUT_RDWR),
        )
        fields = [*FIELDS, ("pg_user_phone", "77771234567")]
        told = [repr(client.create(MERCHANT, fields)), repr(client), repr(client.__dict__)]
        for error in (ForgedAnswer, GatewayError, NoAnswer):
            with pytest.raises(error) as caught:
                client.create(MERCHANT, fields)
            told += [str(caught.value), repr(caught.value), str(caught.value.__cause__)]
        told += [record.getMessage() for record in caplog.records]
        signatures = [dict(request.fields)["pg_sig"] for request in gateway.received]
        assert len(signatures) == 4
        for secret in (KEY, "77771234567", *signatures):
            assert all(secret not in line for line in told)
