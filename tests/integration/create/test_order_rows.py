"""An order as a row: whatever an order may hold comes back, and nothing that is empty is written."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from paylink.adapters.order_row import from_row, key_of, marshal, to_row, unmarshal
from paylink.domain.link import AUTOMATIC, MANUAL, AmountRange
from paylink.domain.operation import Kind, Operation, OperationState, Source
from paylink.domain.operation import Refund as MadeRefund
from paylink.domain.order import Attention, Order, Payment, PaymentState, Refusal, Status
from paylink.domain.place import Place
from paylink.domain.receipt import Position, Receipt
from paylink.domain.text import LANGUAGES

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30)
AMOUNT = st.integers(1, 99_999_999_00)
MOMENT = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 — made aware
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
PAYMENT = st.builds(
    Payment,
    state=st.sampled_from(PaymentState),
    amount=AMOUNT,
    captured=st.integers(0, 10**10),
    refunded=st.integers(0, 10**10),
    currency=st.none() | st.sampled_from(["USD", "KGS"]),
)
POSITION = st.builds(
    Position,
    name=TEXT,
    count=st.integers(1, 10_000),
    price=AMOUNT,
    receipt=st.builds(Receipt, st.integers(0, 11), st.none() | TEXT, st.none() | TEXT, st.none() | TEXT),
)
OPERATION = st.builds(
    Operation,
    id=TEXT,
    fingerprint=TEXT,
    kind=st.sampled_from(Kind),
    created_at=MOMENT,
    currency=st.sampled_from(["KZT", "KRW"]),
    state=st.sampled_from(OperationState),
    payment_id=st.none() | TEXT,
    amount=AMOUNT,
    lease_until=st.none() | MOMENT,
    owner=st.none() | TEXT,
    seen=st.lists(TEXT, max_size=3).map(tuple),
    seen_sum=AMOUNT,
    reads=st.integers(0, 3),
    refund_id=st.none() | TEXT,
    gateway_code=st.none() | st.integers(100, 9999),
    gateway_description=st.text(max_size=20),
    finished_at=st.none() | MOMENT,
    note=st.none() | TEXT,
    by=st.none() | TEXT,
    reasons=st.lists(TEXT, max_size=3).map(tuple),
)
REFUND = st.builds(MadeRefund, TEXT, AMOUNT, st.sampled_from(Source), st.booleans())
ORDER = st.builds(
    Order,
    order_id=st.just("pl_0123456789abcdefghjkmnpqrs"),
    fingerprint=TEXT,
    status=st.sampled_from(Status),
    created_at=MOMENT,
    amount=AMOUNT,
    currency=st.sampled_from(["KZT", "KRW"]),
    description=TEXT,
    test=st.booleans(),
    attempt=st.integers(1, 1000),
    sent=st.integers(1, 1000),
    lease_until=st.none() | MOMENT,
    lease_owner=st.none() | TEXT,
    amount_range=st.none() | st.builds(AmountRange, AMOUNT, AMOUNT),
    capture=st.sampled_from([AUTOMATIC, MANUAL]),
    items=st.dictionaries(TEXT, st.integers(1, 10_000), max_size=3),
    places=st.lists(st.builds(Place, TEXT, st.integers(1, 99), st.integers(1, 99)), max_size=2).map(tuple),
    positions=st.lists(POSITION, max_size=3).map(tuple),
    lifetime=st.integers(300, 604_800),
    language=st.sampled_from(LANGUAGES),
    reference=st.none() | TEXT,
    metadata=st.dictionaries(TEXT, TEXT, max_size=3),
    success_url=st.none() | TEXT,
    failure_url=st.none() | TEXT,
    payment_id=st.none() | TEXT,
    redirect_url=st.none() | TEXT,
    redirect_url_type=st.none() | TEXT,
    expires_at=st.none() | MOMENT,
    paid_at=st.none() | MOMENT,
    captured_amount=st.integers(0, 10**10),
    refunded_amount=st.integers(0, 10**10),
    payments=st.dictionaries(TEXT, PAYMENT, max_size=3),
    answers=st.dictionaries(TEXT, TEXT, max_size=3),
    attention=st.lists(st.sampled_from(Attention), unique=True).map(tuple),
    approved=st.none() | TEXT,
    approved_until=st.none() | MOMENT,
    refusal=st.none() | st.builds(Refusal, st.none() | st.integers(100, 9999), st.text(max_size=20)),
    waiting=st.booleans(),
    keep_until=st.none() | MOMENT.map(lambda moment: moment.replace(microsecond=0)),
    sequence=st.integers(1, 10**6),
    held_at=st.none() | MOMENT,
    hold_alerted_at=st.none() | MOMENT,
    operation=st.none() | OPERATION,
    operations=st.lists(OPERATION, max_size=2).map(lambda made: {one.id: one for one in made}),
    refunds=st.dictionaries(TEXT, REFUND, max_size=3),
)


@given(order=ORDER)
def test_every_field_of_an_order_comes_back(order: Order) -> None:
    row = unmarshal(marshal(to_row(order)))
    assert from_row(row) == order
    assert None not in row.values()


def test_the_property_above_varies_every_field() -> None:
    varied = {field.name for field in fields(Order)}
    assert varied == set(ORDER.wrapped_strategy.kwargs)  # type: ignore[attr-defined]


@given(order=ORDER)
def test_the_indexes_keys_follow_from_the_order(order: Order) -> None:
    row = to_row(order)
    assert {name: row[name] for name in ("pk", "sk")} == {"pk": order.order_id, "sk": "order"}
    assert key_of(order.order_id) == {"pk": {"S": order.order_id}, "sk": {"S": "order"}}
    assert row.get("waiting") == ("1" if order.waiting else None)
    assert row["day"] == order.created_at.date().isoformat()
    assert row["created_at"].startswith(row["day"])


@given(first=MOMENT, second=MOMENT)
def test_times_sort_as_texts(first: datetime, second: datetime) -> None:
    """The range key of both indexes."""
    order = Order("pl_0", "f", Status.CREATING, first, 1, "KZT", "x", test=True)
    rows = [to_row(order), to_row(Order("pl_1", "f", Status.CREATING, second, 1, "KZT", "x", test=True))]
    assert (rows[0]["created_at"] < rows[1]["created_at"]) == (first < second)


def test_a_fresh_order_writes_nothing_that_is_empty() -> None:
    now = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    order = Order(
        "pl_0123456789abcdefghjkmnpqrs",
        "00ff",
        Status.CREATING,
        now,
        150_000,
        "KZT",
        "Coffee",
        test=True,
        lease_until=now + timedelta(seconds=30),
        lease_owner="0a0b0c0d",
        expires_at=now + timedelta(hours=1),
    )
    assert to_row(order) == {
        "pk": "pl_0123456789abcdefghjkmnpqrs",
        "sk": "order",
        "fingerprint": "00ff",
        "status": "creating",
        "created_at": "2026-03-01T09:30:00.000Z",
        "day": "2026-03-01",
        "waiting": "1",
        "amount": 150_000,
        "currency": "KZT",
        "description": "Coffee",
        "test": True,
        "attempt": 1,
        "sent": 1,
        "lease_until": "2026-03-01T09:30:30.000Z",
        "lease_owner": "0a0b0c0d",
        "capture": "automatic",
        "items": {},
        "lifetime": 3600,
        "language": "ru",
        "expires_at": "2026-03-01T10:30:00.000Z",
        "payments": {},
        "answers": {},
        "sequence": 1,
    }
