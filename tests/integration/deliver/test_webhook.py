"""deliver: the owner's webhook, from the queue to the wire and back."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.aws_failures import Failing, refused
from integration.deliver.conftest import failures
from integration.deliver.receiver import Receiver
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from integration.metrics_printed import counted, logged
from integration.outlets import WEBHOOK_KEY, Outlets, queue_url
from paylink.adapters import webhook_sender
from paylink.domain.delivery import Channel
from paylink.domain.events import Event

Send = Callable[..., Event]
DAY = 86_400


def hidden_for(monkeypatch: pytest.MonkeyPatch, outlets: Outlets) -> Failing:
    """Notes for how long messages are hidden."""
    return Failing(monkeypatch, outlets.sqs, "change_message_visibility")


def expected_signature(event_id: str, got: Any, key: str = WEBHOOK_KEY) -> str:
    """The signature, computed as the specification words it."""
    content = f"{event_id}.{got.headers['webhook-timestamp']}.{got.body.decode()}"
    digest = hmac.new(base64.b64decode(key), content.encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def test_an_event_arrives_signed(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver
) -> None:
    event = send(Channel.WEBHOOK)
    assert failures(deliver(outlets.queue_event(), milliseconds=60_000)) == []
    [got] = receiver.got
    assert got.path == "/hook/path?shop=1"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"] == event.id
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 10
    assert got.headers["webhook-signature"] == expected_signature(event.id, got)
    body = json.loads(got.body)
    assert (body["type"], body["timestamp"]) == ("payment.paid", "2026-03-01T09:00:30.000Z")
    assert body["data"] == event.detail
    assert body["data"]["description"] == "Чашка кофе"


def test_while_keys_overlap_either_verifies(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver, deployment: Deployment
) -> None:
    new = base64.b64encode(b"n" * 32).decode()
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    secret = {"current": f"whsec_{new}", "previous": [{"secret": WEBHOOK_KEY, "accept_until": until}]}
    deployment.secrets.put_secret_value(SecretId="webhook-secret", SecretString=json.dumps(secret))
    event = send(Channel.WEBHOOK)
    deliver(outlets.queue_event(), milliseconds=60_000)
    [got] = receiver.got
    both = [expected_signature(event.id, got, new), expected_signature(event.id, got)]
    assert got.headers["webhook-signature"].split(" ") == both


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_done(
    status: int, deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver
) -> None:
    receiver.status = status
    send(Channel.WEBHOOK)
    assert failures(deliver(outlets.queue_event(), milliseconds=60_000)) == []
    assert outlets.drained("DeadLetters") == []


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
def test_anything_else_comes_again(
    *,
    status: int,
    deliver: LoadedFunction,
    send: Send,
    outlets: Outlets,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hiding = hidden_for(monkeypatch, outlets)
    receiver.status, receiver.headers = status, {"location": receiver.url}
    send(Channel.WEBHOOK)
    event = outlets.queue_event()
    assert failures(deliver(event, milliseconds=60_000)) == [event["Records"][0]["messageId"]]
    assert len(receiver.got) == 1, "a redirect is not followed"
    assert [call["VisibilityTimeout"] for call in hiding.calls] == [5]


# Seconds since it first came out of the queue, and those until the next try; a spread of a tenth comes on top.
VISITS = [
    (0, 5),
    (5, 300),
    (305, 1800),
    (2105, 7200),
    (9305, 18000),
    (27305, 36000),
    (63305, 36000),
    (113705, 36000),
]


@pytest.mark.parametrize(("elapsed", "wait"), VISITS)
def test_a_failing_receiver_is_tried_at_the_specifications_times(
    *,
    elapsed: int,
    wait: int,
    deliver: LoadedFunction,
    send: Send,
    outlets: Outlets,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hiding = hidden_for(monkeypatch, outlets)
    receiver.status = 500
    send(Channel.WEBHOOK)
    deliver(outlets.queue_event(first_seen=time.time() - elapsed), milliseconds=60_000)
    assert len(receiver.got) == 1
    [call] = hiding.calls
    assert wait - 2 <= call["VisibilityTimeout"] <= wait * 1.1 + 1
    assert call["VisibilityTimeout"] < 12 * 3600


def test_within_a_wait_that_the_queue_cannot_hold_nothing_is_tried(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hiding = hidden_for(monkeypatch, outlets)
    send(Channel.WEBHOOK)
    event = outlets.queue_event(first_seen=time.time() - (63_305 + 36_000 + 10))
    assert len(failures(deliver(event, milliseconds=60_000))) == 1
    assert receiver.got == []
    assert 14_000 < hiding.calls[0]["VisibilityTimeout"] < 16_000


def test_after_the_last_try_it_is_a_dead_letter(
    deliver: LoadedFunction,
    send: Send,
    outlets: Outlets,
    receiver: Receiver,
    capsys: pytest.CaptureFixture[str],
) -> None:
    receiver.status = 500
    send(Channel.WEBHOOK)
    event = outlets.queue_event(first_seen=time.time() - 272_110)
    assert failures(deliver(event, milliseconds=60_000)) == []
    assert len(receiver.got) == 1
    assert outlets.drained("DeadLetters") == [event["Records"][0]["body"]]
    assert counted(capsys.readouterr().out)["DeliveryGivenUp"] == 1


def test_a_receiver_may_ask_for_more_time(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hiding = hidden_for(monkeypatch, outlets)
    receiver.status, receiver.headers = 429, {"retry-after": "600"}
    send(Channel.WEBHOOK)
    deliver(outlets.queue_event(), milliseconds=60_000)
    assert 600 <= hiding.calls[0]["VisibilityTimeout"] <= 660


def test_a_receiver_that_is_gone_is_left_alone_for_a_day(
    deliver: LoadedFunction,
    send: Send,
    outlets: Outlets,
    receiver: Receiver,
    capsys: pytest.CaptureFixture[str],
) -> None:
    receiver.status = 410
    for _ in range(2):
        send(Channel.WEBHOOK)
        assert failures(deliver(outlets.queue_event(), milliseconds=60_000)) == []
    assert len(receiver.got) == 1, "the second one is not even tried"
    assert len(outlets.drained("DeadLetters")) == 2, "nothing is lost"
    assert counted(capsys.readouterr().out)["WebhookGone"] == 2
    receiver.status = 200
    later = deliver.parts.deliver._parts
    object.__setattr__(later, "now", lambda: datetime.now(UTC) + timedelta(days=1, seconds=5))
    send(Channel.WEBHOOK)
    # It came out just now, by the turned clock.
    deliver(outlets.queue_event(first_seen=time.time() + DAY), milliseconds=60_000)
    assert len(receiver.got) == 2


def test_an_answer_in_drops_is_ended(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_sender, "SECONDS", 0.5)
    receiver.drips = True
    send(Channel.WEBHOOK)
    started = time.monotonic()
    assert len(failures(deliver(outlets.queue_event(), milliseconds=60_000))) == 1
    assert time.monotonic() - started < 5


def test_a_large_answer_is_not_read_whole(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver
) -> None:
    receiver.content = b"x" * 1_000_000
    send(Channel.WEBHOOK)
    assert failures(deliver(outlets.queue_event(), milliseconds=60_000)) == []


def test_nobody_listening_comes_again(
    load_function: Callable[..., LoadedFunction],
    send: Send,
    outlets: Outlets,
    capsys: pytest.CaptureFixture[str],
) -> None:
    function = load_function("deliver", WebhookUrl="http://127.0.0.1:9/hook-with-a-key", LogLevel="INFO")
    send(Channel.WEBHOOK)
    assert len(failures(function(outlets.queue_event(), milliseconds=60_000))) == 1
    printed = capsys.readouterr().out
    assert "hook-with-a-key" not in printed
    [line] = [line for line in logged(printed) if line["message"] == "delivery_failed"]
    assert line["reason"] == "no answer: ConnectionRefusedError"


def test_an_owner_who_took_the_webhook_off_gets_nothing(
    load_function: Callable[..., LoadedFunction], send: Send, outlets: Outlets
) -> None:
    function = load_function("deliver")
    send(Channel.WEBHOOK)
    assert failures(function(outlets.queue_event(), milliseconds=60_000)) == []


def test_without_a_usable_key_nothing_is_sent_unsigned(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver, deployment: Deployment
) -> None:
    deployment.secrets.put_secret_value(SecretId="webhook-secret", SecretString='{"current": "short"}')
    send(Channel.WEBHOOK)
    assert len(failures(deliver(outlets.queue_event(), milliseconds=60_000))) == 1
    assert receiver.got == []


def test_one_that_fails_repeats_no_other(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.status = 500
    send(Channel.WEBHOOK, Channel.EMAIL)
    event = outlets.queue_event()
    bad = [one["messageId"] for one in event["Records"] if '"webhook"' in one["body"]]
    assert failures(deliver(event, milliseconds=60_000)) == bad
    assert len(outlets.mails()) == 1


@pytest.mark.parametrize("body", ["", "{}", "[]", "null", '{"channel": "pigeon", "event": {}}', "\x00"])
def test_what_is_no_delivery_is_a_dead_letter(
    body: str, deliver: LoadedFunction, send: Send, outlets: Outlets
) -> None:
    send(Channel.EMAIL)
    event = outlets.queue_event()
    event["Records"][0]["body"] = body
    if body not in ("", "\x00"):
        assert failures(deliver(event, milliseconds=60_000)) == []
        assert outlets.drained("DeadLetters") == [body]


def test_without_time_nothing_is_begun(
    deliver: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver
) -> None:
    send(Channel.WEBHOOK)
    assert len(failures(deliver(outlets.queue_event(), milliseconds=10_000))) == 1
    assert receiver.got == []


@pytest.mark.parametrize("operation", ["change_message_visibility", "send_message"])
def test_a_queue_that_fails_loses_nothing(
    *,
    operation: str,
    deliver: LoadedFunction,
    send: Send,
    outlets: Outlets,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiver.status = 500
    send(Channel.WEBHOOK)
    Failing(monkeypatch, outlets.sqs, operation).failure = refused("InternalError", 500)
    elapsed = 272_110 if operation == "send_message" else 0
    event = outlets.queue_event(first_seen=time.time() - elapsed)
    assert len(failures(deliver(event, milliseconds=60_000))) == 1
    attributes = outlets.sqs.get_queue_attributes(
        QueueUrl=queue_url("DeliveryQueue"), AttributeNames=["All"]
    )["Attributes"]
    assert int(attributes["ApproximateNumberOfMessagesNotVisible"]) == 1
