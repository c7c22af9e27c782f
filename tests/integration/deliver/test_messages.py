"""deliver: short messages to the owner, by e-mail and Telegram."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.aws_failures import Failing, refused
from integration.deliver.conftest import failures
from integration.deliver.receiver import Receiver
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from integration.outlets import BOT_TOKEN, Outlets
from integration.stored_orders import stored_order
from paylink.adapters.contacts import Contacts
from paylink.adapters.messengers import TelegramBot, telegram_text
from paylink.domain.delivery import Channel, ShortMessage
from paylink.domain.events import Event
from paylink.domain.order import Attention, Status
from paylink.domain.payment_request import Customer

Send = Callable[..., Event]
Load = Callable[..., LoadedFunction]
ADDRESS = {"name": "Aigerim <b>&", "address": "Abay 1;\n2"}


def keep_contacts(deployment: Deployment, order_id: str) -> None:
    customer = Customer(email="buyer@example.com", phone="77771234567")
    Contacts(deployment.dynamodb, deployment.table, 30).keep(order_id, customer, ADDRESS, datetime.now(UTC))


def through_telegram(function: LoadedFunction, receiver: Receiver) -> None:
    """Points the bot at the web server of this test."""
    bot = function.parts.deliver._parts.messengers[Channel.TELEGRAM]
    bot._api = receiver.url.rpartition("/hook")[0]


@pytest.fixture
def telegram(load_function: Load, receiver: Receiver, outlets: Outlets) -> LoadedFunction:
    function = load_function(
        "deliver", TelegramChat="-100123", Language="en", KeepContacts="30", LogLevel="INFO"
    )
    through_telegram(function, receiver)
    return function


def test_a_paid_order_is_one_mail(deliver: LoadedFunction, send: Send, outlets: Outlets) -> None:
    order = stored_order(
        Status.PAID, items={"coffee": 2, "cake": 1}, description="Чашка кофе × 2, торт", test=False
    )
    send(Channel.EMAIL, after=order)
    assert failures(deliver(outlets.queue_event(), milliseconds=60_000)) == []
    [mail] = outlets.mails()
    assert mail["Subject"] == f"Paylink: paid, 1500.00 KZT, {order.order_id}"
    assert mail["Message"].splitlines() == [
        "Paid: 1500.00 KZT",
        "",
        "Чашка кофе × 2, торт",
        "Items: coffee × 2, cake × 1",
        f"Order: {order.order_id}",
        "Shop's number: INV-42",
        f"Freedom Pay payment: {order.payment_id}",
        f"The buyer's details are not stored here: see payment {order.payment_id} in Freedom Pay's cabinet.",
    ]


def test_the_buyers_fields_stand_in_it_where_they_are_kept(
    load_function: Load, send: Send, outlets: Outlets, deployment: Deployment
) -> None:
    function = load_function("deliver", KeepContacts="30", Language="ru")
    event = send(Channel.EMAIL)
    keep_contacts(deployment, event.order_id)
    assert failures(function(outlets.queue_event(), milliseconds=60_000)) == []
    lines = outlets.mails()[0]["Message"].splitlines()
    assert lines[0] == "Оплачено: 1500.00 KZT (тест, деньги не списаны)"
    wanted = {"Имя: Aigerim <b>&", "Адрес: Abay 1; 2", "Телефон: 77771234567", "Эл. почта: buyer@example.com"}
    assert wanted <= set(lines)


def test_attention_says_what_is_wrong_and_nothing_of_the_buyer(
    load_function: Load, send: Send, outlets: Outlets, deployment: Deployment
) -> None:
    function = load_function("deliver", KeepContacts="30", Language="en")
    before = stored_order(Status.PAID)
    after = replace(before, attention=(Attention.REFUND_FAILED, Attention.SECOND_CHARGE), sequence=9)
    event = send(Channel.EMAIL, before=before, after=after)
    keep_contacts(deployment, event.order_id)
    function(outlets.queue_event(), milliseconds=60_000)
    [mail] = outlets.mails()
    assert "A refund did not go through." in mail["Message"]
    assert "paid a second time" in mail["Message"]
    assert "Aigerim" not in mail["Message"]


def test_telegram_gets_what_was_sold_with_everything_escaped(
    telegram: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver, deployment: Deployment
) -> None:
    order = stored_order(Status.PAID, description="Tom & Jerry <script>*_`")
    event = send(Channel.TELEGRAM, after=order)
    keep_contacts(deployment, event.order_id)
    assert failures(telegram(outlets.queue_event(), milliseconds=60_000)) == []
    [got] = receiver.got
    assert got.path == f"/bot{BOT_TOKEN}/sendMessage"
    body = json.loads(got.body)
    assert (body["chat_id"], body["parse_mode"]) == ("-100123", "HTML")
    assert body["text"].startswith(
        "<b>Paid: 1500.00 KZT (a test, no money moved)</b>\nTom &amp; Jerry &lt;script&gt;*_`\n"
    )
    assert "Name: Aigerim &lt;b&gt;&amp;\nAddress: Abay 1; 2" in body["text"]


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500])
def test_what_telegram_refuses_comes_again_and_shows_no_token(
    *,
    status: int,
    telegram: LoadedFunction,
    send: Send,
    outlets: Outlets,
    receiver: Receiver,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hiding = Failing(monkeypatch, outlets.sqs, "change_message_visibility")
    receiver.status = status
    receiver.content = json.dumps({"ok": False, "parameters": {"retry_after": 40}}).encode()
    send(Channel.TELEGRAM)
    assert len(failures(telegram(outlets.queue_event(), milliseconds=60_000))) == 1
    assert 40 <= hiding.calls[0]["VisibilityTimeout"] <= 44
    assert BOT_TOKEN not in capsys.readouterr().out


def test_after_a_failure_the_same_message_is_tried_again_at_once(
    telegram: LoadedFunction, send: Send, outlets: Outlets, receiver: Receiver
) -> None:
    receiver.status = 500
    send(Channel.TELEGRAM)
    event = outlets.queue_event()
    telegram(event, milliseconds=60_000)
    receiver.status = 200
    assert failures(telegram(event, milliseconds=60_000)) == []
    assert len(receiver.got) == 2


@pytest.mark.parametrize("value", ["", "not-a-token", '{"token": 7}', "123:short"])
def test_without_a_usable_token_nothing_is_sent(
    *,
    value: str,
    telegram: LoadedFunction,
    send: Send,
    outlets: Outlets,
    receiver: Receiver,
    deployment: Deployment,
) -> None:
    if value:
        deployment.secrets.put_secret_value(SecretId="telegram-secret", SecretString=value)
    else:
        deployment.secrets.delete_secret(SecretId="telegram-secret", ForceDeleteWithoutRecovery=True)
        deployment.secrets.create_secret(Name="telegram-secret")
    send(Channel.TELEGRAM)
    assert len(failures(telegram(outlets.queue_event(), milliseconds=60_000))) == 1
    assert receiver.got == []


@pytest.mark.parametrize("value", [BOT_TOKEN, f" {BOT_TOKEN}\n", json.dumps({"token": BOT_TOKEN})])
def test_the_token_as_text_or_json(
    *,
    value: str,
    telegram: LoadedFunction,
    send: Send,
    outlets: Outlets,
    receiver: Receiver,
    deployment: Deployment,
) -> None:
    deployment.secrets.put_secret_value(SecretId="telegram-secret", SecretString=value)
    send(Channel.TELEGRAM)
    assert failures(telegram(outlets.queue_event(), milliseconds=60_000)) == []
    assert receiver.got[0].path == f"/bot{BOT_TOKEN}/sendMessage"


def test_one_event_told_twice_is_one_message(deliver: LoadedFunction, send: Send, outlets: Outlets) -> None:
    send(Channel.EMAIL)
    send(Channel.EMAIL)
    for _ in range(2):
        assert failures(deliver(outlets.queue_event(1), milliseconds=60_000)) == []
    assert len(outlets.mails()) == 1


def test_a_process_that_died_while_sending_is_followed_by_its_own_message_at_once(
    deliver: LoadedFunction, send: Send, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def die(**_: Any) -> None:
        raise Died

    send(Channel.EMAIL)
    event = outlets.queue_event()
    with monkeypatch.context() as patch:
        patch.setattr(outlets.sns, "publish", die)
        with pytest.raises(Died):
            deliver(event, milliseconds=60_000)
    assert failures(deliver(event, milliseconds=60_000)) == []
    assert len(outlets.mails()) == 1


def test_another_message_for_the_same_event_waits_for_the_one_that_is_being_sent(
    deliver: LoadedFunction, send: Send, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(Channel.EMAIL)
    send(Channel.EMAIL)
    first, second = outlets.queue_event(1), outlets.queue_event(1)
    with monkeypatch.context() as patch:
        Failing(patch, outlets.sns, "publish").failure = refused("InternalError", 500)
        assert len(failures(deliver(first, milliseconds=60_000))) == 1
    assert len(failures(deliver(second, milliseconds=60_000))) == 1
    assert outlets.mails() == []
    parts = deliver.parts.deliver._parts
    object.__setattr__(parts, "now", lambda: datetime.now(UTC) + timedelta(minutes=2))
    second["Records"][0]["attributes"]["ApproximateFirstReceiveTimestamp"] = str(
        int((time.time() + 120) * 1000)
    )
    assert failures(deliver(second, milliseconds=60_000)) == []
    assert len(outlets.mails()) == 1


def test_a_note_that_fails_after_sending_sends_no_second_one(
    deliver: LoadedFunction,
    send: Send,
    outlets: Outlets,
    deployment: Deployment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send(Channel.EMAIL)
    Failing(monkeypatch, deployment.dynamodb, "update_item").failure = refused("InternalServerError", 500)
    assert failures(deliver(outlets.queue_event(), milliseconds=60_000)) == []
    assert len(outlets.mails()) == 1


def test_what_is_noted_forgets_itself_and_holds_nothing_of_the_buyer(
    deliver: LoadedFunction, send: Send, outlets: Outlets, deployment: Deployment
) -> None:
    event = send(Channel.EMAIL)
    deliver(outlets.queue_event(), milliseconds=60_000)
    row = deployment.row(event.order_id, f"sent#email#{event.id}")
    assert set(row) == {"pk", "sk", "owner", "done_at", "ttl"}
    assert 29 * 86_400 < int(row["ttl"]) - time.time() < 31 * 86_400


def test_a_bots_long_message_is_cut_between_lines() -> None:
    text = telegram_text(ShortMessage("s", "t", tuple("<" * 400 for _ in range(30))))
    assert len(text) < 4096
    assert text.endswith("\n…")
    assert text.count("&lt;") % 400 == 0


def test_the_log_tells_ids_and_no_contents(
    deliver: LoadedFunction, send: Send, outlets: Outlets, capsys: pytest.CaptureFixture[str]
) -> None:
    event = send(Channel.EMAIL)
    deliver(outlets.queue_event(), milliseconds=60_000)
    printed = capsys.readouterr().out
    assert event.id in printed
    assert "Чашка" not in printed


def test_the_bot_is_telegrams() -> None:
    assert TelegramBot.__init__.__kwdefaults__ == {"api": "https://api.telegram.org"}
