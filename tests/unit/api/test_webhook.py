"""What goes to the shop's own address, against the document's section of webhooks."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import ValidationError

from paylink.adapters.webhook_sender import GONE, SECONDS
from paylink.domain.clock import to_text
from paylink.domain.events import TYPES, Event, events_of
from paylink.domain.operation import Refund, Source
from paylink.domain.order import Attention, Status
from paylink.domain.webhook import WebhookKeys, signature_headers
from unit.api.document import JSON, document, examples, resolved, validator, words
from unit.domain.examples import FIRST, a_pending_order, an_order, an_order_in

AT = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
KEYS = WebhookKeys(current=b"k" * 33, previous=())


def operation() -> Any:
    return document()["webhooks"]["event"]["post"]


def told() -> Iterator[Event]:
    """An event of every type, and of every kind of detail."""
    for status in Status:
        yield from events_of(
            a_pending_order() if status is not Status.PENDING else an_order(), an_order_in(status), AT
        )
    paid = an_order_in(Status.PAID)
    yield from events_of(paid, replace(paid, refunds={"r1": Refund(FIRST, 10_000, Source.EXTERNAL)}), AT)
    yield from events_of(paid, replace(paid, attention=tuple(Attention)), AT)
    held = an_order_in(Status.AUTHORIZED)
    yield from events_of(held, replace(held, hold_alerted_at=AT), AT)


def body(event: Event) -> bytes:
    """As `deliver` writes it; its own test holds that, tests/integration/deliver/test_webhook.py."""
    message = {"type": event.type, "timestamp": to_text(event.time), "data": dict(event.detail)}
    return json.dumps(message).encode()


def judge() -> Any:
    return validator(operation()["requestBody"]["content"][JSON]["schema"], closed=True)


def test_the_types_are_the_codes() -> None:
    assert words("EventType") == list(TYPES)
    assert {event.type for event in told()} == set(TYPES)


@pytest.mark.parametrize("event", list(told()), ids=lambda event: event.type)
def test_a_message_is_as_the_document_says(event: Event) -> None:
    judge().validate(json.loads(body(event)))


def test_another_member_would_be_found() -> None:
    event = next(told())
    message = json.loads(body(event))
    message["data"]["email"] = "buyer@example.com"
    with pytest.raises(ValidationError):
        judge().validate(message)


def test_the_headers_are_the_codes() -> None:
    event = next(told())
    sent = signature_headers(KEYS, event.id, body(event), AT)
    wanted = {one["name"]: one for one in operation()["parameters"]}
    assert set(sent) == set(wanted)
    for name, value in sent.items():
        validator(resolved(wanted[name]["schema"])).validate(value)


def test_its_numbers_are_the_codes() -> None:
    text = operation()["description"]
    assert f"within {SECONDS:g} seconds" in text
    assert str(GONE) in operation()["responses"]
    assert re.search(r"At least once", text)


def test_its_example_fits() -> None:
    for value in examples(operation()["requestBody"]["content"][JSON]):
        judge().validate(value)
