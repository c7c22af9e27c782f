"""A shop with a real address for the gateway to call, and a merchant that signs by hand."""

import hashlib
import socket
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
from defusedxml.ElementTree import fromstring

from freedompay_sandbox import Clock, Sandbox

KEY = "a key made up for tests"
MERCHANT = "500001"
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def flat_signature(script, fields, key=KEY):
    """Sign a message without nested values, straight from the protocol's text: values in order of their names."""
    values = [value for name, value in sorted(fields.items()) if name != "pg_sig"]
    return hashlib.md5(";".join([script, *values, key]).encode(), usedforsecurity=False).hexdigest()


def flat_signed(script, fields, key=KEY):
    salted = {"pg_salt": "ShopSalt1", **fields}
    return {**salted, "pg_sig": flat_signature(script, salted, key)}


def tree_values(element):
    """The values of a nested message as the protocol's text orders them: by name, lists as they come, in place."""
    if len(element) == 0:
        return [element.text or ""]
    ordered = sorted(element, key=lambda child: child.tag)
    return [value for child in ordered if child.tag != "pg_sig" for value in tree_values(child)]


def xml_fields(document):
    return {child.tag: child.text or "" for child in fromstring(document)}


@dataclass
class Received:
    """One call that reached the shop."""

    method: str
    path: str
    query: str
    content_type: str
    fields: dict[str, str]

    @property
    def verifies(self):
        return self.fields["pg_sig"] == flat_signature(self.path.rpartition("/")[2], self.fields)


@dataclass
class Shop:
    """What the shop got, and what it answers by path: a pg_status, an HTTP status, or raw bytes."""

    received: list[Received] = field(default_factory=list)
    answers: dict[str, object] = field(default_factory=dict)
    description: str = ""
    sign_with: str = KEY
    url: str = ""

    def at(self, path):
        return f"{self.url}{path}"

    def results(self):
        return [call for call in self.received if "pg_result" in call.fields]

    def reply(self, path):
        answer = self.answers.get(path, "ok")
        if isinstance(answer, int):
            return answer, b"not now"
        if isinstance(answer, bytes):
            return 200, answer
        fields = {"pg_status": answer, **({"pg_description": self.description} if self.description else {})}
        signed = flat_signed(path.rpartition("/")[2], fields, self.sign_with)
        root = Element("response")
        for name, value in signed.items():
            SubElement(root, name).text = value
        return 200, tostring(root, encoding="utf-8")


def body_fields(content_type, body):
    if content_type.startswith("multipart/form-data"):
        parts = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=HTTP)
        return {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True).decode()
            for part in parts.iter_parts()
        }
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return xml_fields(fields["pg_xml"]) if "pg_xml" in fields else fields


def handler_of(shop):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer(dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(body_fields(self.headers["Content-Type"], body))

        def answer(self, fields):
            parts = urlsplit(self.path)
            content_type = self.headers.get("Content-Type", "").partition(";")[0]
            shop.received.append(Received(self.command, parts.path, parts.query, content_type, fields))
            status, body = shop.reply(parts.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    return Handler


@pytest.fixture
def shop():
    shop = Shop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(shop))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    shop.url = f"http://127.0.0.1:{server.server_port}"
    yield shop
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def sandbox():
    return Sandbox(
        merchant_id=MERCHANT, secret_key=KEY, callback_timeout=5, clock=Clock(START, ticking=False)
    )


class Merchant:
    """Speaks to the gateway's addresses in process; `create` returns the answer's fields."""

    def __init__(self, sandbox, shop):
        self.sandbox = sandbox
        self.shop = shop
        self.http = sandbox.app.test_client()

    def order(self, **changes):
        fields = {
            "pg_merchant_id": MERCHANT,
            "pg_order_id": "order-1",
            "pg_amount": "20.00",
            "pg_currency": "KZT",
            "pg_description": "Кофе & чай",
            "pg_result_url": self.shop.at("/shop/result"),
            "pg_request_method": "POST",
            **changes,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def send(self, path, fields, key=KEY):
        script = path.rstrip("/").rpartition("/")[2]
        return self.http.post(path, data=flat_signed(script, fields, key))

    def create(self, path="/init_payment.php", **changes):
        response = self.send(path, self.order(**changes))
        fields = xml_fields(response.data)
        script = path.rstrip("/").rpartition("/")[2]
        if fields["pg_status"] == "ok":
            assert fields["pg_sig"] == flat_signature(script, fields)
        return fields

    def created(self, **changes):
        """Create a payment and return its id."""
        answer = self.create(**changes)
        assert answer["pg_status"] == "ok", answer
        return answer["pg_payment_id"]

    def status(self, path="/g2g/status_v2", **fields):
        response = self.send(path, {"pg_merchant_id": MERCHANT, **fields})
        return xml_fields(response.data)

    def operate(self, path, payment_id, key=KEY, **fields):
        """Ask for a clearing, cancel or refund and return the answer's fields, their signature checked."""
        response = self.send(path, {"pg_merchant_id": MERCHANT, "pg_payment_id": payment_id, **fields}, key)
        answer = xml_fields(response.data)
        if "pg_sig" in answer:
            assert answer["pg_sig"] == flat_signature(path.rpartition("/")[2], answer, key)
        return answer

    def status_tree(self, path, **fields):
        """Return the status as an XML tree, its signature checked."""
        response = self.send(path, {"pg_merchant_id": MERCHANT, **fields})
        root = fromstring(response.data)
        text = ";".join([path.rpartition("/")[2], *tree_values(root), KEY])
        assert root.findtext("pg_sig") == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return root


@pytest.fixture
def merchant(sandbox, shop):
    return Merchant(sandbox, shop)


@pytest.fixture
def paid(merchant, sandbox):
    """Return the id of a payment that was just paid: held by pg_auto_clearing="0", else cleared."""

    def pay(**changes):
        payment_id = merchant.created(**changes)
        sandbox.pay(payment_id)
        return payment_id

    return pay


@pytest.fixture
def refused_port():
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def signature_of():
    return flat_signature
