"""A gateway of raw sockets on loopback, so that a test decides every byte and every silence of the answer."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import pytest

from paylink.freedompay.messages import write_xml
from paylink.freedompay.signature import signed

KEY = "a-made-up-secret-key"


@dataclass
class Received:
    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> list[tuple[str, str]]:
        return parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True)

    @property
    def path(self) -> str:
        return self.line.split(" ")[1]


Behaviour = Callable[[socket.socket], None]


def http_answer(document: bytes, status: str = "200 OK", extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {len(document)}\r\n{extra}\r\n"
    return head.encode() + document


@dataclass
class RawGateway:
    """Answers each request with the next behaviour; the last one repeats."""

    behaviours: list[Behaviour] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    wrap: Callable[[socket.socket], socket.socket] | None = None

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._threads[0].start()

    def answers(self, *answers: bytes | Behaviour) -> None:
        """Say what happens to each of the next requests: bytes are sent, a function gets the connection."""
        self.behaviours = [_sends(answer) if isinstance(answer, bytes) else answer for answer in answers]

    def says(self, script: str, *fields: tuple[str, object], key: str = KEY) -> bytes:
        """Return a signed answer as the gateway writes it."""
        return http_answer(write_xml(signed(script, fields, key)))

    def stop(self) -> None:
        self.stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _accept(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.ExitStack() as stack:
            stack.enter_context(contextlib.suppress(OSError))
            stack.enter_context(connection)
            if self.wrap:
                connection = stack.enter_context(self.wrap(connection))
                self._open.append(connection)
            reader = stack.enter_context(connection.makefile("rb"))
            while request := _read_request(reader):
                self.received.append(request)
                behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
                behaviour(connection)


def _sends(answer: bytes) -> Behaviour:
    return lambda connection: connection.sendall(answer)


def _read_request(reader) -> Received | None:
    line = reader.readline().decode().rstrip("\r\n")
    if not line:
        return None
    headers = {}
    while header := reader.readline().decode().rstrip("\r\n"):
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Received(line, headers, reader.read(int(headers.get("content-length", "0"))))


@pytest.fixture
def gateway() -> Iterator[RawGateway]:
    server = RawGateway()
    yield server
    server.stop()


@pytest.fixture
def closed_port() -> int:
    """A loopback port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
