"""How a call may fail on the wire: each failure is told apart by whether anything was sent, and ends on time."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import struct
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from paylink.freedompay import client as client_module
from paylink.freedompay.client import MAX_ANSWER_BYTES, Credentials, FreedomPayClient
from paylink.freedompay.errors import GatewayUnclear, NoAnswer, NotReached, UnreadableAnswer

KEY = "a-made-up-secret-key"
MERCHANT = Credentials("123456", KEY)
FIELDS = [("pg_order_id", "pl_1"), ("pg_amount", "1500.00"), ("pg_description", "Coffee")]
CREATED = (
    ("pg_status", "ok"),
    ("pg_payment_id", "1432343252"),
    ("pg_redirect_url", "https://customer.freedompay.kz/pay.html?customer=0a1b"),
)
SOON = 0.6
"""Seconds that the calls of these tests may take."""
SLACK = 1.0


@pytest.fixture
def client(gateway):
    client = FreedomPayClient(gateway.url)
    yield client
    client.close()


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """The pauses before second tries, which are recorded and not made."""
    made: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", made.append)
    return made


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())


def _hang(gateway):
    return lambda _: gateway.stopped.wait(10)


def _drip(gateway, first: bytes, drop: bytes):
    def behave(connection: socket.socket) -> None:
        connection.sendall(first)
        while not gateway.stopped.wait(0.05):
            connection.sendall(drop)

    return behave


def _flood(first: bytes, piece: bytes):
    def behave(connection: socket.socket) -> None:
        connection.sendall(first)
        with contextlib.suppress(OSError):
            for _ in range(10_000):
                connection.sendall(piece)

    return behave


class TestNotReached:
    def test_refused(self, closed_port, pauses):
        client = FreedomPayClient(f"http://127.0.0.1:{closed_port}")
        with pytest.raises(NotReached):
            client.create(MERCHANT, FIELDS)
        assert pauses == [client_module.RETRY_PAUSE]

    def test_no_such_name(self, monkeypatch, pauses):
        def fail(*args: object, **kwargs: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", fail)
        with pytest.raises(NotReached):
            FreedomPayClient("https://api.freedompay.kz").create(MERCHANT, FIELDS)
        assert len(pauses) == 1

    def test_connecting_takes_too_long(self, monkeypatch, pauses):
        monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.2)
        with socket.socket() as full, contextlib.ExitStack() as queue:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            for _ in range(3):  # what fills the queue, so that the next one waits in vain
                waiting = queue.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(full.getsockname())
            client = FreedomPayClient(f"http://127.0.0.1:{full.getsockname()[1]}")
            started = time.monotonic()
            with pytest.raises(NotReached):
                client.create(MERCHANT, FIELDS)
        assert 0.4 <= time.monotonic() - started < 0.4 + SLACK
        assert len(pauses) == 1

    def test_the_second_try_may_get_through(self, gateway, client, monkeypatch, pauses):
        real, calls = socket.getaddrinfo, []

        def fail_once(*args: object, **kwargs: object) -> object:
            calls.append(args)
            if len(calls) == 1:
                raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
            return real(*args, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", fail_once)
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        assert client.create(MERCHANT, FIELDS).payment_id == "1432343252"
        assert len(gateway.received) == 1
        assert len(pauses) == 1

    def test_no_second_try_without_time_for_it(self, closed_port, pauses):
        client = FreedomPayClient(f"http://127.0.0.1:{closed_port}")
        with pytest.raises(NotReached):
            client.create(MERCHANT, FIELDS, timeout=0.5)
        assert pauses == []


class TestNoAnswer:
    @pytest.mark.parametrize(
        "behaviour",
        [
            pytest.param(lambda connection: connection.shutdown(socket.SHUT_RDWR), id="closed at once"),
            pytest.param(_reset, id="reset"),
            pytest.param(b"NOT HTTP AT ALL\r\n\r\n", id="not HTTP"),
            pytest.param(b"HTTP/1.1 200 OK\r\n" + b"x" * 70_000, id="endless header"),
        ],
    )
    def test_sent_and_nothing_usable_back(self, gateway, client, pauses, behaviour):
        gateway.answers(behaviour)
        with pytest.raises(NoAnswer):
            client.create(MERCHANT, FIELDS, timeout=5)
        assert len(gateway.received) == 1
        assert pauses == []

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            pytest.param(
                b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<response>", NoAnswer, id="body cut off"
            ),
            pytest.param(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<response>",
                NoAnswer,
                id="chunk cut off",
            ),
            pytest.param(b"HTTP/1.1 2", NoAnswer, id="status line cut off"),
            # The end of the stream passes for the end of the headers, and of a body without a length.
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", UnreadableAnswer, id="headers cut off"),
            pytest.param(b"HTTP/1.1 200 OK\r\n\r\n<response>", UnreadableAnswer, id="no length, cut off"),
        ],
    )
    def test_an_answer_that_ends_early(self, gateway, client, pauses, answer, error):
        def cut_off(connection: socket.socket) -> None:
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_RDWR)

        gateway.answers(cut_off)
        with pytest.raises(error):
            client.create(MERCHANT, FIELDS, timeout=5)
        assert len(gateway.received) == 1
        assert pauses == []

    def test_silence_ends_at_the_deadline(self, gateway, client, pauses):
        gateway.answers(_hang(gateway))
        _ends_on_time(client)
        assert len(gateway.received) == 1
        assert pauses == []

    @pytest.mark.parametrize(
        ("first", "drop"),
        [
            pytest.param(b"", b"H", id="status line"),
            pytest.param(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x", id="header"),
            pytest.param(b"HTTP/1.1 200 OK\r\n", b"X-Many: x\r\n", id="headers"),
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b" ", id="body"),
            pytest.param(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", id="chunks"
            ),
            pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", b" ", id="body without a length"),
            pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", id="continue"),
        ],
    )
    def test_an_answer_in_drops_ends_at_the_deadline(self, gateway, client, pauses, first, drop):
        gateway.answers(_drip(gateway, first, drop))
        _ends_on_time(client)
        assert len(gateway.received) == 1
        assert pauses == []

    def test_silence_after_drops_ends_at_the_deadline(self, gateway, client):
        def fall_silent(connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
            for _ in range(16):
                connection.sendall(b" ")
                gateway.stopped.wait(0.1)
            gateway.stopped.wait(10)

        gateway.answers(fall_silent)
        # A timeout that did not shrink would let the last read wait as long as the whole call may.
        _ends_on_time(client, 2.0)


def _ends_on_time(client: FreedomPayClient, timeout: float = SOON) -> None:
    started = time.monotonic()
    with pytest.raises(NoAnswer):
        client.create(MERCHANT, FIELDS, timeout=timeout)
    assert timeout * 0.9 <= time.monotonic() - started < timeout + SLACK


class TestTooMuch:
    @pytest.mark.parametrize(
        ("first", "piece"),
        [
            pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", b" " * 65536, id="length"),
            pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", b" " * 65536, id="no length"),
            pytest.param(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"10000\r\n" + b" " * 65536 + b"\r\n",
                id="chunks",
            ),
            pytest.param(
                b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 99999999\r\n\r\n",
                b" " * 65536,
                id="redirect",
            ),
        ],
    )
    def test_reading_stops_at_the_limit(self, gateway, client, first, piece):
        gateway.answers(_flood(first, piece))
        with pytest.raises(UnreadableAnswer, match=str(MAX_ANSWER_BYTES)):
            client.create(MERCHANT, FIELDS, timeout=10)


class TestKeptConnections:
    def test_a_connection_is_used_again(self, gateway, client):
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        for _ in range(3):
            client.create(MERCHANT, FIELDS)
        assert (len(gateway.received), gateway.connections) == (3, 1)

    def test_one_that_was_idle_for_long_is_not(self, gateway, client, monkeypatch):
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        client.create(MERCHANT, FIELDS)
        monkeypatch.setattr(client_module, "MAX_IDLE", -1.0)
        client.create(MERCHANT, FIELDS)
        assert (len(gateway.received), gateway.connections) == (2, 2)

    def test_time_may_pass_on_either_clock(self, gateway, client, monkeypatch):
        gateway.answers(gateway.says("init_payment.php", *CREATED))
        client.create(MERCHANT, FIELDS)
        real = time.time
        monkeypatch.setattr(client_module.time, "time", lambda: real() + 60)
        client.create(MERCHANT, FIELDS)
        assert gateway.connections == 2

    def test_one_that_the_gateway_closed_before_is_replaced(self, gateway, client):
        answer = gateway.says("init_payment.php", *CREATED)
        closed = threading.Event()

        def answer_and_close(connection: socket.socket) -> None:
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_RDWR)
            closed.set()

        gateway.answers(answer_and_close, answer)
        client.create(MERCHANT, FIELDS)
        assert closed.wait(5)
        assert client.create(MERCHANT, FIELDS).payment_id == "1432343252"
        assert (len(gateway.received), gateway.connections) == (2, 2)

    def test_one_that_is_dropped_under_the_request_is_no_answer(self, gateway, client, pauses):
        gateway.answers(
            gateway.says("init_payment.php", *CREATED),
            lambda connection: connection.shutdown(socket.SHUT_RDWR),
            gateway.says("init_payment.php", *CREATED),
        )
        client.create(MERCHANT, FIELDS)
        with pytest.raises(NoAnswer):
            client.create(MERCHANT, FIELDS)
        assert (len(gateway.received), gateway.connections) == (2, 1)
        assert pauses == []
        assert client.create(MERCHANT, FIELDS).payment_id == "1432343252"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return str(path)


class TestTls:
    def test_a_certificate_that_nobody_vouches_for(self, gateway, certificate, pauses):
        _serve_tls(gateway, certificate)
        client = FreedomPayClient(f"https://127.0.0.1:{gateway.port}")
        with pytest.raises(NotReached):
            client.create(MERCHANT, FIELDS)
        assert gateway.received == []
        assert len(pauses) == 1

    def test_a_handshake_that_never_ends(self, gateway, monkeypatch, pauses):
        monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.2)

        def never(connection: socket.socket) -> socket.socket:
            gateway.stopped.wait(10)
            raise ConnectionAbortedError

        gateway.wrap = never
        client = FreedomPayClient(f"https://127.0.0.1:{gateway.port}")
        started = time.monotonic()
        with pytest.raises(NotReached):
            client.create(MERCHANT, FIELDS)
        assert time.monotonic() - started < 0.4 + SLACK
        assert gateway.received == []

    def test_over_tls_the_answer_is_read_and_the_deadline_kept(self, gateway, certificate, pauses):
        _serve_tls(gateway, certificate)
        client = FreedomPayClient(f"https://127.0.0.1:{gateway.port}")
        client._session.verify = certificate
        gateway.answers(
            gateway.says("init_payment.php", *CREATED),
            _drip(gateway, b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b" "),
        )
        assert client.create(MERCHANT, FIELDS).payment_id == "1432343252"
        _ends_on_time(client)
        assert (len(gateway.received), gateway.connections) == (2, 1)
        assert pauses == []
        client.close()


def _serve_tls(gateway, certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    gateway.wrap = lambda connection: context.wrap_socket(connection, server_side=True)


def test_every_failure_of_a_call_is_one_of_the_package(gateway, client):
    for behaviour in (
        _reset,
        b"x",
        b"HTTP/1.1 999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    ):
        gateway.answers(behaviour)
        with pytest.raises(GatewayUnclear):
            client.create(MERCHANT, FIELDS, timeout=SOON)
