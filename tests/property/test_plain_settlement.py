"""The one write of the plain case does exactly what the table of results does, and only where it fits.

`PlainSettlement.fits`, the write's condition and `judge_result` say the same thing in three languages; here
they are held together on rows that nearly fit, in moto's table.
"""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from engines.template import table_request
from paylink.adapters.order_row import to_row
from paylink.adapters.orders import Orders
from paylink.domain.link import AmountRange
from paylink.domain.notices import ResultNotice
from paylink.domain.order import Attention, Order, Payment, PaymentState, Refusal, Status
from paylink.domain.place import Place
from paylink.domain.plain_settlement import plain_settlement
from paylink.domain.settlement import Answer, Verdict, judge_result

NOW = datetime(2026, 3, 1, 9, 7, 0, 123_000, tzinfo=UTC)
MADE = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
TABLE = "plain-settlement"
FIRST, SECOND = "1000000001", "1000000002"
numbers = itertools.count(1)

OPEN = Payment(PaymentState.OPEN, 150_000)
PLAIN: dict[str, Any] = {
    "status": Status.PENDING,
    "amount": 150_000,
    "currency": "KZT",
    "test": True,
    "capture": "automatic",
    "payment_id": FIRST,
    "payments": {FIRST: OPEN},
    "amount_range": None,
    "places": (),
    "approved": None,
    "approved_until": None,
    "lease_until": None,
    "lease_owner": None,
    "attention": (),
    "refusal": None,
    "redirect_url": "https://gateway.example/1",
    "expires_at": NOW + timedelta(hours=1),
    "answers": {},
}
OTHERWISE: list[dict[str, Any]] = [
    *({"status": status} for status in Status if status is not Status.PENDING),
    {"amount": 150_001},
    {"currency": "USD"},
    {"test": False},
    {"capture": "manual"},
    {"payment_id": SECOND},
    {"payment_id": None},
    {"payments": {}},
    {"payments": {SECOND: OPEN}},
    {"payments": {FIRST: OPEN, SECOND: Payment(PaymentState.LOST, 150_000)}},
    *(
        {"payments": {FIRST: Payment(state, 150_000)}}
        for state in PaymentState
        if state is not PaymentState.OPEN
    ),
    {"amount_range": AmountRange(100_000, 200_000)},
    {"places": (Place("coffee", 1, 5),)},
    {"approved": FIRST, "approved_until": NOW + timedelta(minutes=1)},
    {"approved": SECOND, "approved_until": NOW + timedelta(minutes=1)},
    {"approved": SECOND, "approved_until": NOW - timedelta(minutes=1)},
    {"lease_until": NOW + timedelta(seconds=9), "lease_owner": "owner"},
    {"lease_until": NOW - timedelta(seconds=9)},
    {"lease_owner": "owner"},
    {"attention": (Attention.OUTCOME_UNKNOWN,)},
    {"refusal": Refusal(None, "earlier")},
    {"expires_at": NOW - timedelta(seconds=1)},
    {"answers": {"0123456789": "ok"}},
    {"answers": None},  # an answer to this very message, as a wrong mode leaves one
]

NOTICES = st.builds(
    ResultNotice,
    order_id=st.just(""),
    payment_id=st.sampled_from([FIRST, FIRST, FIRST, SECOND]),
    result=st.sampled_from([1, 1, 1, 1, 0, 2]),
    amount=st.sampled_from(["1500", "1500.00", "1500", "1500.01", "1500.001", "0"]).map(Decimal),
    currency=st.sampled_from(["KZT", "KZT", "KZT", "USD", "XXX"]),
    captured=st.sampled_from([True, True, None, None, False]),
    can_reject=st.booleans(),
    test=st.sampled_from([True, True, True, False, None]),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Order, ResultNotice]:
    notice = replace(draw(NOTICES), order_id=f"pl_{next(numbers):026d}")
    changes = draw(st.lists(st.sampled_from(OTHERWISE), max_size=2))
    values = {name: value for part in (PLAIN, *changes) for name, value in part.items()}
    if values["answers"] is None:
        values["answers"] = {notice.digest(): Answer.OTHER_MODE.value}
    order = Order(
        order_id=notice.order_id,
        fingerprint="00",
        created_at=MADE,
        description="Coffee",
        sequence=2,
        **values,
    )
    # The marks as the last write left them.
    return replace(order.changed(MADE), sequence=2), notice


@pytest.fixture(scope="module")
def orders() -> Iterator[Orders]:
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(**table_request(TABLE))
        yield Orders(client, TABLE)


def test_the_plain_result_of_a_plain_order_fits(orders: Orders) -> None:
    order, notice = a_plain_case()
    assert settled(orders, order, notice)
    assert not settled(orders, *a_plain_case(payment_id=SECOND))


def a_plain_case(**changes: Any) -> tuple[Order, ResultNotice]:
    order_id = f"pl_{next(numbers):026d}"
    values = PLAIN | changes
    order = Order(
        order_id=order_id, fingerprint="00", created_at=MADE, description="Coffee", sequence=2, **values
    )
    return order, ResultNotice(order_id, FIRST, 1, Decimal(1500), "KZT", captured=True, test=True)


@pytest.mark.parametrize("change", OTHERWISE, ids=str)
@pytest.mark.parametrize("captured", [True, None])
@pytest.mark.parametrize("can_reject", [False, True])
def test_an_order_that_differs_in_one_thing_is_settled_as_the_table_says(
    orders: Orders, change: dict[str, Any], *, captured: bool | None, can_reject: bool
) -> None:
    order, notice = a_plain_case()
    notice = replace(notice, captured=captured, can_reject=can_reject)
    answers = change.get("answers", {})
    change = change | {"answers": {notice.digest(): "other_mode"} if answers is None else answers}
    settled(orders, replace(replace(order, **change).changed(MADE), sequence=2), notice)


@settings(max_examples=150)
@given(case=cases())
def test_any_order_and_result_are_settled_as_the_table_says(
    orders: Orders, case: tuple[Order, ResultNotice]
) -> None:
    settled(orders, *case)


def settled(orders: Orders, order: Order, notice: ResultNotice) -> bool:
    """Whether the one write settled the order; asserts that it did so only by the table, or left all as it was."""
    assert orders.claim(order) is None
    plain = plain_settlement(notice, NOW)
    if plain is None:
        assert notice.result != 1 or notice.captured is False or notice.test is None or not fits_units(notice)
        return False
    answer = orders.settle_plain(plain)
    written = orders.get(order.order_id)
    assert written is not None
    if not plain.fits(order):
        assert answer == written == order
        assert to_row(written) == to_row(order)
        return False
    assert answer is True
    verdict = judge_result(order, notice, NOW)
    assert replace(verdict, order=None) == Verdict(Answer.OK)
    assert verdict.order is not None
    assert written == verdict.order
    assert to_row(written) == to_row(verdict.order)
    return True


def fits_units(notice: ResultNotice) -> bool:
    return notice.currency != "XXX" and notice.amount != Decimal("1500.001")


def test_a_result_for_an_order_that_is_not_there_settles_nothing(orders: Orders) -> None:
    order, notice = a_plain_case()
    plain = plain_settlement(notice, NOW)
    assert plain is not None
    assert orders.settle_plain(plain) is False
    assert orders.get(order.order_id) is None
