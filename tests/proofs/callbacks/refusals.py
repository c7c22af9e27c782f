"""What is refused before anything is parsed: by its length, or by its document type."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from paylink.app import gateway_callback
from paylink.freedompay import pg_xml
from proofs.callbacks.hostile import BOMBS, PATH, TOO_LARGE
from proofs.callbacks.scene import Scene
from proofs.callbacks.wire import XML, Wire


@dataclass(frozen=True)
class Refusal:
    """How a body was refused. `cpu` in seconds, the handler's alone."""

    name: str
    length: int
    status: int
    parsed: bool
    cpu: float


def refusals(scene: Scene) -> Iterator[Refusal]:
    """Each too large body and each bomb, and whether a parser was called with it."""
    called: list[str] = []

    def watched(*_: object) -> object:
        called.append("parsed")
        raise AssertionError("a parser was called")

    with pytest.MonkeyPatch.context() as patch:
        for name, body in TOO_LARGE.items():
            kind, text = body()
            patch.setattr(gateway_callback, "read_request", watched)
            yield _refused(scene, name, kind, text, called)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pg_xml, "_parsed", watched)
        for name, text in BOMBS.items():
            yield _refused(scene, name, XML, text, called)


def _refused(scene: Scene, name: str, kind: str, body: bytes, called: list[str]) -> Refusal:
    called.clear()
    wire = Wire("", PATH, "POST", "", kind, body, in_base64=True)
    event = wire.event()
    started = time.thread_time()
    answer = scene.function.module.handler(event, None)
    return Refusal(name, len(body), answer["statusCode"], bool(called), time.thread_time() - started)
