"""Which changes of an order are events, and that their ids outlive repeats."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paylink.domain.events import TYPES, Mark, event_id, events_of, events_with, marks_of
from paylink.domain.operation import Refund, Source
from paylink.domain.order import Attention, Order, Payment, PaymentState, Status
from unit.domain.examples import FIRST, NOW, ORDER_ID, SECOND, a_pending_order, an_order, an_order_in

AT = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
SILENT = {Status.CREATING, Status.REFUSED}


def types(before: Order | None, after: Order) -> list[str]:
    return [event.type for event in events_of(before, after, AT)]


def test_the_types_are_the_contracts() -> None:
    words = (
        "pending paid authorized failed expired cancelled partially_refunded refunded attention hold_expiring"
    )
    assert set(TYPES) == {f"payment.{word}" for word in words.split()}


def test_the_first_event_is_that_it_can_be_paid() -> None:
    assert types(None, an_order()) == []
    assert types(an_order(), a_pending_order()) == ["payment.pending"]


@pytest.mark.parametrize("status", [one for one in Status if one not in SILENT | {Status.PENDING}])
def test_a_new_state_is_an_event(status: Status) -> None:
    assert types(a_pending_order(), an_order_in(status)) == [f"payment.{status.value}"]


@pytest.mark.parametrize("status", list(Status))
def test_a_change_within_a_state_is_none(status: Status) -> None:
    order = an_order_in(status)
    changed = replace(order, sequence=order.sequence + 1, answers={"0123": "ok"}, approved="1")
    assert types(order, changed) == []


def test_a_result_before_the_page_was_known_is_paid_at_once() -> None:
    assert types(an_order(), an_order_in(Status.PAID)) == ["payment.paid"]


def test_a_further_attempt_can_be_paid_again() -> None:
    assert types(an_order_in(Status.FAILED), a_pending_order()) == ["payment.pending"]


def test_every_refund_is_an_event_of_its_own() -> None:
    paid = an_order_in(Status.PAID)
    refunds = {
        "r1": Refund(FIRST, 10_000, Source.PAYLINK),
        "r2": Refund(FIRST, 20_050, Source.EXTERNAL),
    }
    both = replace(
        paid, status=Status.PARTIALLY_REFUNDED, refunded_amount=30_050, refunds=refunds, sequence=9
    )
    first, second = events_of(paid, both, AT)
    assert (first.type, second.type) == ("payment.partially_refunded",) * 2
    assert first.id != second.id
    assert first.detail["refund"] == {
        "id": "r1",
        "payment_id": FIRST,
        "amount": "100.00",
        "currency": "KZT",
        "source": "paylink",
    }
    assert second.detail["refund"]["source"] == "external"
    assert second.detail["refunded_amount"] == "300.50"
    more = replace(both, refunds={**refunds, "r3": Refund(FIRST, 1, Source.PAYLINK)}, sequence=10)
    [third] = events_of(both, replace(more, refunded_amount=30_051), AT)
    assert (third.type, third.detail["refund"]["id"]) == ("payment.partially_refunded", "r3")


def test_a_hold_found_cleared_and_given_back_is_told_as_paid_first() -> None:
    held = an_order_in(Status.AUTHORIZED)
    refunds = {"r1": Refund(FIRST, 10_000, Source.EXTERNAL)}
    after = replace(an_order_in(Status.PARTIALLY_REFUNDED), refunds=refunds)
    assert types(held, after) == ["payment.paid", "payment.partially_refunded"]


def test_the_last_refund_makes_it_refunded() -> None:
    paid = an_order_in(Status.PAID)
    whole = replace(
        paid,
        status=Status.REFUNDED,
        refunded_amount=paid.amount,
        refunds={"r": Refund(FIRST, paid.amount, Source.PAYLINK)},
    )
    assert types(paid, whole) == ["payment.refunded"]


def test_a_refund_of_a_second_charge_is_told_though_the_order_stays_paid() -> None:
    paid = an_order_in(Status.PAID)
    paid = replace(paid, payments={**paid.payments, SECOND: Payment(PaymentState.PAID, 150_000, 150_000)})
    back = replace(paid, refunds={"r": Refund(SECOND, 150_000, Source.PAYLINK)}, sequence=paid.sequence + 1)
    [event] = events_of(paid, back, AT)
    assert (event.type, event.detail["status"]) == ("payment.partially_refunded", "paid")
    assert event.detail["refund"]["payment_id"] == SECOND


@pytest.mark.parametrize(
    ("payments", "currency"),
    [({SECOND: Payment(PaymentState.PAID, 150_000, 150_000, currency="USD")}, "USD"), ({}, "KZT")],
    ids=["the payment's own", "the order's where the payment is not known"],
)
def test_a_refund_is_told_in_its_payments_currency(payments: dict[str, Payment], currency: str) -> None:
    paid = an_order_in(Status.PAID)
    paid = replace(paid, payments={**paid.payments, **payments})
    [event] = events_of(paid, replace(paid, refunds={"r": Refund(SECOND, 250, Source.EXTERNAL)}), AT)
    assert event.detail["refund"] == {
        "id": "r",
        "payment_id": SECOND,
        "amount": "2.50",
        "currency": currency,
        "source": "external",
    }


@pytest.mark.parametrize(
    ("was", "refunds", "total", "kept"),
    [
        (500, {"8": 500}, 500, []),
        (500, {"8": 200, f"unlisted-{FIRST}": 300}, 500, []),
        (500, {"8": 500, "9": 1}, 501, ["9"]),
        (500, {"8": 200}, 200, []),
        (200, {"8": 200, "9": 200}, 400, ["9"]),
        (500, {"8": 501}, 501, ["8"]),
        (500, {"8": 300, "9": 200, "10": 1}, 501, ["10"]),
        (500, {"8": 300, f"unlisted-{FIRST}": 300}, 600, ["8"]),
    ],
    ids=["listed", "partly", "and more", "less", "twice the sum", "a greater one", "in parts", "beside more"],
)
def test_what_was_told_as_a_sum_in_no_list_is_not_told_again_by_its_id(
    was: int, refunds: dict[str, int], total: int, kept: list[str]
) -> None:
    def after(known: dict[str, int], refunded: int) -> Order:
        return replace(
            an_order_in(Status.PARTIALLY_REFUNDED),
            payments={FIRST: Payment(PaymentState.PAID, 150_000, 150_000, refunded)},
            refunds={one: Refund(FIRST, amount, Source.EXTERNAL) for one, amount in known.items()},
            refunded_amount=refunded,
        )

    told = marks_of(after({f"unlisted-{FIRST}": was}, was), after(refunds, total))
    assert [mark.refund for mark in told if mark.refund] == kept


def test_a_refund_of_ours_is_told_whatever_a_sum_in_no_list_told() -> None:
    before = replace(
        an_order_in(Status.PARTIALLY_REFUNDED),
        refunds={f"unlisted-{FIRST}": Refund(FIRST, 5, Source.EXTERNAL)},
    )
    listed = {"8": Refund(FIRST, 5, Source.PAYLINK), "9": Refund(FIRST, 5, Source.EXTERNAL)}
    assert [mark.refund for mark in marks_of(before, replace(before, refunds=listed))] == ["8"]


def test_a_sum_in_no_list_of_one_payment_hides_no_refund_of_another() -> None:
    paid = an_order_in(Status.PAID)
    second = {SECOND: Payment(PaymentState.PAID, 150_000, 150_000)}
    unlisted = {f"unlisted-{SECOND}": Refund(SECOND, 1, Source.EXTERNAL)}
    before = replace(paid, payments={**paid.payments, **second}, refunds=unlisted)
    after = replace(before, refunds={**unlisted, "8": Refund(FIRST, 1, Source.EXTERNAL)})
    assert [mark.refund for mark in marks_of(before, after)] == ["8"]


def test_a_refund_that_the_order_no_longer_lists_is_told_without_its_sum() -> None:
    # What the gateway did not list at first goes under an id of ours until it does.
    kind = "payment.partially_refunded"
    mark = Mark(kind, refund=f"unlisted-{FIRST}")
    [event] = events_with(an_order_in(Status.PARTIALLY_REFUNDED), [mark], 7, AT)
    assert event.id == event_id(ORDER_ID, 7, kind, f"unlisted-{FIRST}")
    assert "refund" not in event.detail


def test_a_larger_refunded_sum_is_told_without_a_new_refund() -> None:
    before = an_order_in(Status.PARTIALLY_REFUNDED, refunded_amount=2000)
    [event] = events_of(before, replace(before, refunded_amount=3000), AT)
    assert event.type == "payment.partially_refunded"
    assert "refund" not in event.detail


@pytest.mark.parametrize("status", [Status.PARTIALLY_REFUNDED, Status.REFUNDED])
def test_a_refund_that_fails_after_all_is_told_as_no_refund(status: Status) -> None:
    before = an_order_in(status, refunded_amount=2000)
    after = replace(before, refunded_amount=1000, attention=(Attention.REFUND_FAILED,))
    assert [event.type for event in events_of(before, after, AT)] == ["payment.attention"]
    # The first one is still to be looked at when a second one fails too.
    [event] = events_of(after, replace(after, refunded_amount=0), AT)
    assert (event.type, event.detail["reasons"]) == ("payment.attention", ["refund_failed"])
    assert event.detail["refunded_amount"] == "0.00"


def test_a_refund_that_failed_is_no_refund() -> None:
    paid = an_order_in(Status.PAID)
    failed = replace(
        paid,
        refunds={"r": Refund(FIRST, 1, Source.PAYLINK, failed=True)},
        attention=(Attention.REFUND_FAILED,),
    )
    [event] = events_of(paid, failed, AT)
    assert (event.type, event.detail["reasons"]) == ("payment.attention", ["refund_failed"])


def test_only_a_new_reason_is_told() -> None:
    before = replace(an_order_in(Status.PAID), attention=(Attention.SECOND_CHARGE,))
    after = replace(before, attention=(Attention.SECOND_CHARGE, Attention.OVERSOLD))
    [event] = events_of(before, after, AT)
    assert event.type == "payment.attention"
    assert event.detail["reasons"] == ["oversold"]
    assert event.detail["attention"] == ["second_charge", "oversold"]
    assert types(after, before) == [], "resolved"


def test_state_and_attention_of_one_change_are_both_told() -> None:
    after = replace(an_order_in(Status.PAID), attention=(Attention.OVERSOLD,))
    assert types(a_pending_order(), after) == ["payment.paid", "payment.attention"]


def test_a_hold_near_its_end_is_told_once() -> None:
    held = an_order_in(Status.AUTHORIZED)
    alerted = replace(held, hold_alerted_at=NOW + timedelta(days=4))
    assert types(held, alerted) == ["payment.hold_expiring"]
    assert types(alerted, replace(alerted, hold_alerted_at=NOW + timedelta(days=4, hours=1))) == []


def test_the_ids_of_repeats_are_the_same_whenever_they_are_told() -> None:
    before, after = a_pending_order(), an_order_in(Status.PAID)
    first, again = (events_of(before, after, AT + timedelta(hours=hours))[0] for hours in (0, 5))
    assert first.id == again.id == event_id(ORDER_ID, after.sequence, "payment.paid")
    assert re.fullmatch("evt_[0-9a-f]{32}", first.id), "the contract; the specification signs it between dots"


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(TYPES), st.sampled_from(TYPES))
def test_other_events_have_other_ids(first: int, second: int, kind: str, other: str) -> None:
    assert (event_id("a", first, kind) == event_id("a", second, other)) == ((first, kind) == (second, other))


def test_what_is_rebuilt_from_marks_has_the_same_ids() -> None:
    paid = an_order_in(Status.PAID)
    after = replace(
        paid,
        status=Status.PARTIALLY_REFUNDED,
        refunds={"r": Refund(FIRST, 5, Source.EXTERNAL)},
        attention=(Attention.OVERSOLD,),
        sequence=7,
    )
    later = replace(after, sequence=12, attention=())
    told = events_of(paid, after, AT)
    again = events_with(later, marks_of(paid, after), 7, AT)
    assert [event.id for event in again] == [event.id for event in told]
    assert [event.sequence for event in again] == [7, 7]
    assert again[0].detail["refund"] == told[0].detail["refund"]
    assert again[1].detail["reasons"] == ["oversold"]


@pytest.mark.parametrize("status", [one for one in Status if one not in SILENT])
def test_the_detail_is_plain_json_without_what_is_nobodys_business(status: Status) -> None:
    order = an_order_in(status)
    order = replace(
        order, redirect_url="https://pay.example/secret-page", lease_owner="owner-7", answers={"d1g": "ok"}
    )
    [event] = events_of(None, order, AT)
    text = json.dumps(event.detail)
    for hidden in ("secret-page", "owner-7", "d1g", order.fingerprint):
        assert hidden not in text
    assert event.detail["event_id"] == event.id
    assert event.detail["time"] == "2026-03-01T09:05:00.000Z"
    assert (event.detail["amount"], event.detail["currency"]) == ("1500.00", "KZT")
    assert event.detail["sequence"] == order.sequence


def test_money_of_an_unknown_currency_is_shown_as_it_was_written() -> None:
    odd = Payment(PaymentState.PAID, 0, currency="XTS", foreign="12.345")
    [event] = events_of(None, replace(an_order_in(Status.PAID), payments={FIRST: odd}), AT)
    assert event.detail["payments"] == [
        {"payment_id": FIRST, "status": "paid", "amount": "12.345", "currency": "XTS"}
    ]
