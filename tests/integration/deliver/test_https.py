"""The one POST to an address of the owner's: what it refuses."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from paylink.adapters.https import post
from paylink.domain.delivery import NotDelivered


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """An https server whose certificate nobody vouches for, and the bodies that it got."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}/", bodies
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_that_nobody_vouches_for_gets_nothing(self_signed: tuple[str, list[bytes]]) -> None:
    url, bodies = self_signed
    with pytest.raises(NotDelivered, match="SSLCertVerificationError"):
        post(url, b"secret", {}, seconds=5)
    assert bodies == []


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https://a:b@shop.example/",
        "",
        "shop",
    ],
)
def test_other_addresses_are_not_called(url: str) -> None:
    with pytest.raises(NotDelivered, match="the address must"):
        post(url, b"secret", {}, seconds=5)


def test_the_error_does_not_tell_the_address() -> None:
    with pytest.raises(NotDelivered) as caught:
        post("http://127.0.0.1:9/with-a-key", b"", {}, seconds=5)
    assert "with-a-key" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("header", [{"x": "a\r\nb: c"}, {"a\r\nb": "c"}])
def test_a_header_cannot_be_broken(header: dict[str, str], self_signed: tuple[str, list[bytes]]) -> None:
    url, bodies = self_signed
    with pytest.raises(NotDelivered):
        post(url.replace("https", "http"), b"", header, seconds=2)
    assert bodies == []
