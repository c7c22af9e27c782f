"""publish: the table's stream on the bus and in the delivery queue."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.aws_failures import NO_ANSWER, Failing, refused
from integration.deployment import Deployment
from integration.lambda_function import LoadedFunction
from integration.metrics_printed import counted
from integration.outlets import Outlets, stream_event, stream_record
from integration.stored_orders import stored_order
from paylink.domain.events import event_id
from paylink.domain.order import Attention, Order, Status

CREATING, PENDING, PAID = (
    replace(stored_order(status), sequence=number)
    for number, status in enumerate((Status.CREATING, Status.PENDING, Status.PAID), start=1)
)
CHANNELS = {
    "WebhookUrl": "https://shop.example/hook",
    "MessageEmail": "owner@shop.example",
    "TelegramChat": "-100123",
}
ALL_WELL: dict[str, Any] = {"batchItemFailures": []}


def now() -> float:
    return datetime.now(UTC).timestamp()


def other(order: Order, number: int) -> Order:
    """The same order under another id."""
    return replace(order, order_id=f"pl_{number:026d}")


def records_of(answer: dict[str, Any]) -> list[str]:
    return [entry["itemIdentifier"] for entry in answer["batchItemFailures"]]


@pytest.fixture
def publish(load_function: Callable[..., LoadedFunction], outlets: Outlets) -> LoadedFunction:
    return load_function("publish", **CHANNELS)


def test_an_orders_way_to_paid(publish: LoadedFunction, outlets: Outlets) -> None:
    batch = stream_event([(None, CREATING), (CREATING, PENDING), (PENDING, PAID)], at=1772355600.5)
    assert publish(batch) == ALL_WELL
    heard = outlets.heard()
    assert [(one["source"], one["detail-type"]) for one in heard] == [
        ("paylink", "payment.pending"),
        ("paylink", "payment.paid"),
    ]
    detail = heard[1]["detail"]
    assert detail["event_id"] == event_id(PAID.order_id, 3, "payment.paid")
    assert (detail["order_id"], detail["sequence"], detail["status"]) == (PAID.order_id, 3, "paid")
    assert (detail["amount"], detail["currency"], detail["time"]) == (
        "1500.00",
        "KZT",
        "2026-03-01T09:00:00.500Z",
    )
    queued = sorted((one["event"]["type"], one["channel"]) for one in outlets.deliveries())
    assert queued == [
        ("payment.paid", "email"),
        ("payment.paid", "telegram"),
        ("payment.paid", "webhook"),
        ("payment.pending", "webhook"),
    ]


def test_only_the_channels_that_the_owner_uses(
    load_function: Callable[..., LoadedFunction], outlets: Outlets
) -> None:
    assert load_function("publish")(stream_event([(PENDING, PAID)], at=now())) == ALL_WELL
    assert len(outlets.heard()) == 1
    assert outlets.deliveries() == []


def test_the_bus_is_the_one_that_is_named(
    load_function: Callable[..., LoadedFunction], outlets: Outlets
) -> None:
    outlets.events.create_event_bus(Name="shop")
    load_function("publish", EventBus="shop")(stream_event([(PENDING, PAID)], at=now()))
    assert outlets.heard() == [], "the rule listens to the default one"


def test_what_means_nothing_is_not_told(publish: LoadedFunction, outlets: Outlets) -> None:
    answered = replace(PAID, answers={"0123": "ok"}, sequence=4)
    assert publish(stream_event([(PAID, answered)], at=now())) == ALL_WELL
    assert publish({"Records": [{**stream_record(None, PAID, 0, now()), "eventName": "REMOVE"}]}) == ALL_WELL
    assert outlets.heard() == []
    assert outlets.drained("UnpublishedQueue") == []


def test_a_repeated_batch_has_the_same_ids(
    load_function: Callable[..., LoadedFunction], outlets: Outlets
) -> None:
    batch = stream_event([(PENDING, PAID)], at=now())
    ids = set()
    for _ in range(2):
        load_function("publish", **CHANNELS)(batch)
        ids |= {one["detail"]["event_id"] for one in outlets.heard()}
    assert len(ids) == 1


def test_a_batch_that_comes_again_to_the_same_process_is_told_once(
    publish: LoadedFunction, outlets: Outlets
) -> None:
    batch = stream_event([(PENDING, PAID)], at=now())
    assert publish(batch) == publish(batch) == ALL_WELL
    assert len(outlets.heard()) == 1
    assert len(outlets.deliveries()) == 3


def test_more_than_ten_events_are_several_calls(
    publish: LoadedFunction, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Failing(monkeypatch, outlets.events, "put_events")
    batch = stream_event([(other(PENDING, n), other(PAID, n)) for n in range(25)], at=now())
    assert publish(batch) == ALL_WELL
    assert [len(call["Entries"]) for call in calls.calls] == [10, 10, 5]
    assert len(outlets.deliveries()) == 75


def test_large_events_share_no_call_beyond_its_limit(
    publish: LoadedFunction, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Failing(monkeypatch, outlets.events, "put_events")
    large = replace(PAID, description="ж" * 60_000)
    batch = stream_event([(PENDING, replace(large, order_id=f"pl_{n:026d}")) for n in range(5)], at=now())
    assert publish(batch) == ALL_WELL
    sizes = [sum(len(entry["Detail"].encode()) for entry in call["Entries"]) for call in calls.calls]
    assert len(sizes) == 3
    assert max(sizes) <= 256 * 1024


@pytest.mark.parametrize("failure", [*NO_ANSWER.values(), refused("ThrottlingException")], ids=str)
@pytest.mark.parametrize("service", ["events", "sqs"])
def test_while_aws_fails_the_record_comes_again(
    service: str,
    failure: Exception,
    publish: LoadedFunction,
    outlets: Outlets,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    operation = {"events": "put_events", "sqs": "send_message_batch"}[service]
    failing = Failing(monkeypatch, getattr(outlets, service), operation)
    failing.failure = failure
    batch = stream_event([(PENDING, PAID)], at=now())
    assert records_of(publish(batch)) == [batch["Records"][0]["dynamodb"]["SequenceNumber"]]
    failing.mend()
    assert publish(batch) == ALL_WELL
    assert len(outlets.heard()) == 1, "what had passed is not repeated by the same process"
    assert len(outlets.deliveries()) == 3
    assert outlets.drained("UnpublishedQueue") == []


def answering(outlets: Outlets, monkeypatch: pytest.MonkeyPatch, code: str, order_id: str) -> None:
    """PutEvents takes all entries but those of one order."""
    real = outlets.events.put_events

    def partly(**request: list[dict[str, Any]]) -> dict[str, Any]:
        entries = request["Entries"]
        passing = [entry for entry in entries if order_id not in entry["Detail"]]
        passed = iter(real(Entries=passing)["Entries"] if passing else [])
        results = [
            {"ErrorCode": code, "ErrorMessage": "no"} if order_id in entry["Detail"] else next(passed)
            for entry in entries
        ]
        return {"FailedEntryCount": len(entries) - len(passing), "Entries": results}

    monkeypatch.setattr(outlets.events, "put_events", partly)


def test_one_entry_that_fails_holds_only_its_own_order_back(
    publish: LoadedFunction, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = PAID.order_id
    answering(outlets, monkeypatch, "ThrottlingException", bad)
    attention = replace(PAID, attention=(Attention.OVERSOLD,), sequence=4)
    batch = stream_event(
        [
            (PENDING, PAID),
            (other(PENDING, 1), other(PAID, 1)),
            (PAID, attention),
            (other(PENDING, 2), other(PAID, 2)),
        ],
        at=now(),
    )
    numbers = [record["dynamodb"]["SequenceNumber"] for record in batch["Records"]]
    assert sorted(records_of(publish(batch))) == [numbers[0], numbers[2]]
    assert {one["detail"]["order_id"] for one in outlets.heard()} == {
        other(PAID, 1).order_id,
        other(PAID, 2).order_id,
    }


@pytest.mark.parametrize("code", ["MalformedDetail", "InvalidArgument"])
def test_what_can_never_pass_is_parked_at_once(
    code: str, publish: LoadedFunction, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(outlets, monkeypatch, code, PAID.order_id)
    attention = replace(PAID, attention=(Attention.OVERSOLD,), sequence=4)
    batch = stream_event([(PENDING, PAID), (PAID, attention), (other(PENDING, 1), other(PAID, 1))], at=now())
    assert publish(batch) == ALL_WELL
    parked = [json.loads(body) for body in outlets.drained("UnpublishedQueue")]
    assert [(one["order_id"], one["sequence"]) for one in parked] == [(PAID.order_id, 3), (PAID.order_id, 4)]
    assert [[mark["type"] for mark in one["events"]] for one in parked] == [
        ["payment.paid"],
        ["payment.attention"],
    ]
    assert len(outlets.heard()) == 1


def test_an_event_that_is_too_large_is_parked(publish: LoadedFunction, outlets: Outlets) -> None:
    assert publish(stream_event([(PENDING, replace(PAID, description="a" * 270_000))], at=now())) == ALL_WELL
    assert len(outlets.drained("UnpublishedQueue")) == 1
    assert outlets.heard() == []


def test_what_fails_for_a_quarter_of_an_hour_is_parked(
    publish: LoadedFunction,
    outlets: Outlets,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    failing = Failing(monkeypatch, outlets.events, "put_events")
    failing.failure = refused("InternalException", 500)
    young, old = (datetime.now(UTC) - timedelta(minutes=minutes) for minutes in (14, 16))
    assert len(records_of(publish(stream_event([(PENDING, PAID)], at=young.timestamp())))) == 1
    assert outlets.drained("UnpublishedQueue") == []
    assert publish(stream_event([(PENDING, PAID)], at=old.timestamp())) == ALL_WELL
    [parked] = [json.loads(body) for body in outlets.drained("UnpublishedQueue")]
    assert (parked["order_id"], parked["sequence"]) == (PAID.order_id, 3)
    assert set(parked) == {"order_id", "sequence", "time", "events"}
    printed = counted(capsys.readouterr().out)
    assert (printed["PublishFailed"], printed["Unpublished"]) == (2, 1)


def test_a_row_that_cannot_be_read_is_parked_and_blocks_nothing(
    publish: LoadedFunction, outlets: Outlets
) -> None:
    batch = stream_event([(PENDING, PAID), (other(PENDING, 1), other(PAID, 1))], at=now())
    batch["Records"][0]["dynamodb"]["NewImage"]["status"] = {"S": "from-the-future"}
    assert publish(batch) == ALL_WELL
    [parked] = [json.loads(body) for body in outlets.drained("UnpublishedQueue")]
    assert (parked["order_id"], parked["sequence"], parked["events"]) == (PAID.order_id, 3, [])
    assert len(outlets.heard()) == 1


def test_what_cannot_even_be_parked_comes_again(
    publish: LoadedFunction, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(monkeypatch, outlets.sqs, "send_message")
    failing.failure = refused("AccessDenied", 403)
    batch = stream_event([(PENDING, PAID)], at=now())
    batch["Records"][0]["dynamodb"]["NewImage"]["status"] = {"S": "from-the-future"}
    assert len(records_of(publish(batch))) == 1


def test_nothing_of_the_buyer_leaves(
    deployment: Deployment, publish: LoadedFunction, outlets: Outlets
) -> None:
    publish(stream_event([(PENDING, PAID)], at=now()))
    text = json.dumps([outlets.heard(), outlets.deliveries()])
    for hidden in ("customer.freedompay.kz", PAID.fingerprint):
        assert hidden not in text
