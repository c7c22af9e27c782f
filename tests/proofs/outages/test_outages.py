"""Each outage lived through by the real handlers, and what everyone sees held against docs/proofs/outages.md."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace

import botocore.endpoint
import pytest

from engines.places import ROOT
from integration.lambda_function import LoadedFunction
from integration.outlets import Outlets, stream_event
from integration.reconcile.stack import NOWHERE, Stack
from integration.stored_orders import stored_order
from paylink.domain.clock import utc_now
from paylink.domain.order import Status

from .outages import Row, out, refused, silent, throttled
from .scene import live_through

TABLE = [("table throttled", throttled), ("table down, refused", refused), ("table down, no answer", silent)]
SECRETS = [("secret store down, cold", True), ("secret store down, warm", False)]
OUTLETS = [
    ("event bus down", "events", "told to the bus; the owner's delivery once"),
    ("delivery queue down", "sqs", "queued for the owner; on the bus once"),
]
DOCUMENT = ROOT / "docs" / "proofs" / "outages.md"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK tries again as it does in Lambda, without the pauses in between."""
    monkeypatch.setattr(botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None))


@pytest.fixture
def gateway_out(stack: Stack) -> Callable[[], AbstractContextManager[None]]:
    """Nobody listens at the gateway's address."""

    @contextmanager
    def nobody() -> Iterator[None]:
        there, stack.gateway_url = stack.gateway_url, NOWHERE
        yield
        stack.gateway_url = there

    return nobody


@pytest.fixture
def gateway_slow(stack: Stack) -> Callable[[], AbstractContextManager[None]]:
    """It makes the payment, and answers later than is waited for."""

    @contextmanager
    def slow() -> Iterator[None]:
        stack.sandbox.faults.add("create", "slow", seconds=2.5)
        yield

    return slow


def assert_documented(row: Row) -> None:
    assert row.line in DOCUMENT.read_text(), f"docs/proofs/outages.md lacks:\n{row.line}"


def test_the_document_knows_no_other_outage() -> None:
    lines = [
        line
        for line in DOCUMENT.read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| Out |", "| --- |"))
    ]
    assert f"| {' | '.join(Row.HEAD)} |" in DOCUMENT.read_text()
    assert len(lines) == len(TABLE) + len(SECRETS) + 2 + len(OUTLETS)


@pytest.mark.parametrize(("name", "transport"), TABLE)
def test_the_table_is_out(stack: Stack, name: str, transport: Callable[..., object]) -> None:
    assert_documented(live_through(stack, name, lambda: out(transport, "dynamodb")))  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "is_cold"), SECRETS)
def test_the_secret_store_is_out(stack: Stack, name: str, is_cold: bool) -> None:
    if not is_cold:
        for function in ("link_page", "gateway_callback", "payment_status", "return_page", "reconcile"):
            stack.function(function)
        stack.function("gateway_callback").parts.answer._merchant.keys()
        stack.function("return_page").parts.send_back._merchant.keys()
        stack.function("reconcile").parts.run._asking._sync._merchant.keys()
    assert_documented(live_through(stack, name, lambda: out(refused, "secretsmanager"), is_cold=is_cold))


def test_the_gateway_is_out(stack: Stack, gateway_out: Callable[[], AbstractContextManager[None]]) -> None:
    assert_documented(live_through(stack, "gateway down", gateway_out))


def test_the_gateway_is_slow(stack: Stack, gateway_slow: Callable[[], AbstractContextManager[None]]) -> None:
    assert_documented(live_through(stack, "gateway slow", gateway_slow, milliseconds=5000))


@pytest.mark.parametrize(("name", "service", "afterwards"), OUTLETS)
def test_what_tells_others_is_out(
    load_function: Callable[..., LoadedFunction], outlets: Outlets, name: str, service: str, afterwards: str
) -> None:
    """The stream's record comes again until it is told; buyers and the gateway never wait for it."""
    publish = load_function("publish", WebhookUrl="https://shop.example/hook")
    batch = stream_event(
        [(stored_order(Status.PENDING), stored_order(Status.PAID, sequence=2))], at=utc_now().timestamp()
    )
    with out(refused, service):
        held = publish(batch)["batchItemFailures"]
    assert len(held) == 1, "the record has to come again"
    assert publish(batch) == {"batchItemFailures": []}
    assert [one["detail-type"] for one in outlets.heard()] == ["payment.paid"]
    assert [one["event"]["type"] for one in outlets.deliveries()] == ["payment.paid"]
    line = f"| {name} | the record stays in the stream and comes again | {afterwards} |"
    assert line in DOCUMENT.read_text().splitlines(), f"docs/proofs/outages.md lacks:\n{line}"
