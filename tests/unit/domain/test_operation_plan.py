"""What a request for an operation comes to on an order, and what is refused before anything is sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from paylink.domain.errors import InvalidRequest, OperationInFlight, OperationNotAllowed
from paylink.domain.operation import MOST_OPERATIONS, Kind, Operation, OperationState
from paylink.domain.operation_plan import Plan, planned
from paylink.domain.operation_request import OperationRequest, parse_operation_request
from paylink.domain.order import Attention, Order, Payment, PaymentState, Status
from unit.domain.examples import FIRST, LATER, MINOR, NOW, SECOND, an_order_in

HOLD = Payment(PaymentState.AUTHORIZED, MINOR)
PAID = Payment(PaymentState.PAID, MINOR, MINOR)


def with_second(order: Order, payment: Payment) -> Order:
    return replace(order, payments={**order.payments, SECOND: payment})


def an_end(number: int = 0) -> Operation:
    return Operation(f"op_{number}", "00", Kind.REFUND, NOW, "KZT", OperationState.DONE)


def plan(order: Order, kind: Kind, gone: int = 0, **document: Any) -> Plan:
    return planned(order, parse_operation_request(kind, document), LATER, gone_at_gateway=gone)


@pytest.mark.parametrize(
    ("order", "document", "expected"),
    [
        (an_order_in(Status.PAID), {}, Plan(FIRST, MINOR, "KZT")),
        (an_order_in(Status.PAID), {"amount": "1500.00"}, Plan(FIRST, MINOR, "KZT")),
        (an_order_in(Status.PAID), {"amount": 1}, Plan(FIRST, 100, "KZT")),
        (an_order_in(Status.PARTIALLY_REFUNDED), {}, Plan(FIRST, MINOR - 1, "KZT")),
        (with_second(an_order_in(Status.PAID), PAID), {}, Plan(FIRST, MINOR, "KZT")),
        (with_second(an_order_in(Status.PAID), PAID), {"payment_id": SECOND}, Plan(SECOND, MINOR, "KZT")),
        (with_second(an_order_in(Status.REFUNDED), PAID), {"payment_id": SECOND}, Plan(SECOND, MINOR, "KZT")),
        (with_second(an_order_in(Status.FAILED), PAID), {}, Plan(SECOND, MINOR, "KZT")),
        (with_second(an_order_in(Status.CANCELLED), PAID), {}, Plan(SECOND, MINOR, "KZT")),
        (
            with_second(an_order_in(Status.PAID), replace(PAID, currency="USD")),
            {"payment_id": SECOND, "amount": "2.50"},
            Plan(SECOND, 250, "USD"),
        ),
        (
            with_second(
                an_order_in(Status.PAID), Payment(PaymentState.PAID, currency="XXX", foreign="7.001")
            ),
            {"payment_id": SECOND},
            Plan(SECOND, 0, "XXX", whole=True),
        ),
    ],
)
def test_a_refund(order: Order, document: dict[str, Any], expected: Plan) -> None:
    assert plan(order, Kind.REFUND, **document) == expected


def test_a_refund_is_of_a_sum_and_all_that_is_left_unless_something_else_is_said() -> None:
    assert planned(an_order_in(Status.PAID), OperationRequest(Kind.REFUND), LATER) == Plan(
        FIRST, MINOR, "KZT", whole=False
    )


def test_a_sum_that_is_no_whole_number_of_minor_units_is_refunded_whole() -> None:
    odd = Payment(PaymentState.PAID, currency="KZT", foreign="7.001")
    order = with_second(an_order_in(Status.PAID), odd)
    assert plan(order, Kind.REFUND, payment_id=SECOND) == Plan(SECOND, 0, "KZT", whole=True)


@pytest.mark.parametrize("document", [{}, {"amount": "1"}])
def test_a_refunded_payment_has_nothing_left(document: dict[str, Any]) -> None:
    with pytest.raises(OperationNotAllowed, match="Nothing is left on this payment"):
        plan(an_order_in(Status.REFUNDED), Kind.REFUND, **document)


@pytest.mark.parametrize(
    ("order", "document"),
    [
        (an_order_in(Status.PENDING), {}),
        (an_order_in(Status.AUTHORIZED), {}),
        (an_order_in(Status.REFUNDED), {}),
        (an_order_in(Status.PAID), {"amount": "1500.01"}),
        (an_order_in(Status.PARTIALLY_REFUNDED), {"amount": "1500"}),
        (
            with_second(an_order_in(Status.PAID), replace(PAID, state=PaymentState.REVERSED)),
            {"payment_id": SECOND},
        ),
        (with_second(an_order_in(Status.PAID), replace(PAID, refunded=MINOR)), {"payment_id": SECOND}),
        (
            with_second(an_order_in(Status.PAID), replace(PAID, state=PaymentState.REJECTED)),
            {"payment_id": SECOND},
        ),
        (
            with_second(
                an_order_in(Status.PAID), Payment(PaymentState.PAID, currency="XXX", foreign="7.001")
            ),
            {"payment_id": SECOND, "amount": "7"},
        ),
    ],
)
def test_a_refund_that_is_not_allowed(order: Order, document: dict[str, Any]) -> None:
    with pytest.raises(OperationNotAllowed):
        plan(order, Kind.REFUND, **document)


def test_what_the_gateway_says_went_back_counts_even_if_it_lists_nothing() -> None:
    assert plan(an_order_in(Status.PAID), Kind.REFUND, gone=1000).amount == MINOR - 1000
    for document in ({"amount": "1500"}, {}):
        with pytest.raises(OperationNotAllowed):
            plan(an_order_in(Status.PAID), Kind.REFUND, gone=1000 if document else MINOR, **document)


@pytest.mark.parametrize(
    ("order", "document", "field"),
    [
        (an_order_in(Status.PAID), {"payment_id": "77"}, "payment_id"),
        (replace(an_order_in(Status.FAILED), payments={FIRST: PAID, SECOND: PAID}), {}, "payment_id"),
        (an_order_in(Status.PAID), {"amount": "0"}, "amount"),
        (replace(an_order_in(Status.PAID), currency="KRW"), {"amount": "1.50"}, "amount"),
    ],
)
def test_a_refund_that_needs_other_fields(order: Order, document: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        plan(order, Kind.REFUND, **document)
    assert [entry.field for entry in caught.value.entries] == [field]


def test_a_capture() -> None:
    held = an_order_in(Status.AUTHORIZED)
    assert plan(held, Kind.CAPTURE) == Plan(FIRST, MINOR, "KZT")
    assert plan(held, Kind.CAPTURE, amount="0.01") == Plan(FIRST, 1, "KZT")
    with pytest.raises(OperationNotAllowed):
        plan(held, Kind.CAPTURE, amount="1500.01")
    for status in set(Status) - {Status.AUTHORIZED}:
        with pytest.raises(OperationNotAllowed):
            plan(an_order_in(status), Kind.CAPTURE)


def test_a_cancellation() -> None:
    assert plan(an_order_in(Status.AUTHORIZED), Kind.CANCEL) == Plan(FIRST, MINOR, "KZT")
    assert plan(an_order_in(Status.PENDING), Kind.CANCEL) == Plan(None, 0, "KZT")
    beside = with_second(an_order_in(Status.PAID), HOLD)
    assert plan(beside, Kind.CANCEL, payment_id=SECOND) == Plan(SECOND, MINOR, "KZT")
    with pytest.raises(OperationNotAllowed):
        plan(beside, Kind.CANCEL, payment_id=FIRST)
    for status in set(Status) - {Status.AUTHORIZED, Status.PENDING}:
        with pytest.raises(OperationNotAllowed):
            plan(an_order_in(status), Kind.CANCEL)


def test_an_order_whose_page_is_being_made_is_not_cancelled() -> None:
    order = an_order_in(Status.PENDING, lease_until=LATER + timedelta(seconds=1))
    with pytest.raises(OperationInFlight):
        plan(order, Kind.CANCEL)


def test_one_at_a_time_but_resolving_is_always_possible() -> None:
    order = an_order_in(
        Status.PAID,
        operation=replace(an_end(), state=OperationState.UNKNOWN),
        attention=(Attention.OUTCOME_UNKNOWN,),
    )
    with pytest.raises(OperationInFlight):
        plan(order, Kind.REFUND)
    assert plan(order, Kind.RESOLVE, note="Seen.") == Plan(None, 0, "KZT")
    with pytest.raises(OperationNotAllowed):
        plan(an_order_in(Status.PAID), Kind.RESOLVE, note="Seen.")


# A resolution is always taken, so that there may be more than the most.
@pytest.mark.parametrize("count", [MOST_OPERATIONS, MOST_OPERATIONS + 1])
def test_what_cannot_be_remembered_is_not_done(count: int) -> None:
    ended = {f"op_{number}": an_end(number) for number in range(count)}
    order = an_order_in(Status.PAID, operations=ended, attention=(Attention.OVERSOLD,))
    with pytest.raises(OperationNotAllowed, match="takes no more"):
        plan(order, Kind.REFUND)
    assert plan(order, Kind.RESOLVE, note="Seen.") == Plan(None, 0, "KZT")


@pytest.mark.parametrize(
    ("kind", "document", "fields"),
    [
        (Kind.REFUND, {"amount": 1.5}, ["amount"]),
        (Kind.REFUND, {"amount": "1.555", "payment_id": 7}, ["amount", "payment_id"]),
        (Kind.REFUND, {"note": "why"}, ["note"]),
        (Kind.CAPTURE, {"payment_id": "7"}, ["payment_id"]),
        (Kind.CANCEL, {"amount": "1"}, ["amount"]),
        (Kind.CANCEL, {"payment_id": "x" * 3}, ["payment_id"]),
        (Kind.CANCEL, {"payment_id": "1" * 21}, ["payment_id"]),
        (Kind.RESOLVE, {}, ["note"]),
        (Kind.RESOLVE, {"note": "x" * 501}, ["note"]),
        (Kind.RESOLVE, {"note": "a\nb"}, ["note"]),
    ],
)
def test_requests_that_do_not_fit(kind: Kind, document: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_operation_request(kind, document)
    assert [entry.field for entry in caught.value.entries] == fields


def test_the_longest_that_fits() -> None:
    assert parse_operation_request(Kind.RESOLVE, {"note": "x" * 500}).note == "x" * 500
    assert parse_operation_request(Kind.CANCEL, {"payment_id": "1" * 20}).payment_id == "1" * 20


def test_two_spellings_of_one_sum_are_the_same_request() -> None:
    spellings: tuple[Any, ...] = ("500", "500.0", "500.00", 500)
    contents = [parse_operation_request(Kind.REFUND, {"amount": amount}).content() for amount in spellings]
    assert contents == [OperationRequest(Kind.REFUND, amount="500.00").content()] * 4
